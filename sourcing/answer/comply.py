"""How a finished plan stands to rule presets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.answer.audit import agreed_plan, terms_of
from sourcing.audit.compliance import Standing, standings
from sourcing.errors import Fault, QuestionError
from sourcing.presets import load_preset
from sourcing.replay import Facts, Replay
from sourcing.resources import preset_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sourcing.plan import Plan
    from sourcing.presets import Preset


@dataclass(frozen=True, eq=False)
class Compliance:
    """A plan, and for each preset how it stands to it; nothing where the preset speaks of nothing in the case."""

    plan: Plan
    found: list[tuple[Preset, list[Standing]]]


def comply(folder: str | Path, presets: Sequence[str] = ()) -> Compliance:
    """Hold a stored plan against presets by name or path, all ready ones that ask something if none is named.

    Raises
    ------
    QuestionError : there is no such plan, or no such preset, or one that asks nothing of origins.
    AuditFailure : the audit does not agree with the plan, so that nothing can be stated of it.
    """
    asked = [preset for name in presets or preset_names() if (preset := load_preset(name)).requirements or presets]
    for preset in asked:
        if not preset.requirements:
            fact, repair = "it closes days, and asks nothing of origins", "name a preset with [[requirements]]"
            raise QuestionError([Fault(f"{preset.name}.toml", fact, repair, "QUESTION-217")])
    plan = agreed_plan(folder)
    facts = Facts.of(plan.case.tables, terms_of(plan.question))
    done = Replay.of(plan.tables)
    return Compliance(plan, [(preset, list(standings(preset, facts, done))) for preset in asked])
