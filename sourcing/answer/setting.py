"""From a question to what can be solved: the case after its edits, the network over its periods, the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcing import families
from sourcing.answer.last_plan import beside_last
from sourcing.answer.screens.calendar_years import in_two_years
from sourcing.answer.screens.customs import little_told
from sourcing.answer.screens.long_periods import too_long
from sourcing.answer.screens.transit import left_behind
from sourcing.answer.screens.uncounted import uncounted
from sourcing.answer.screens.unmatched import unmatched
from sourcing.answer.tail import default_tail
from sourcing.answer.threads import capped
from sourcing.answer.without_families import leave_out
from sourcing.calendar import build_path
from sourcing.errors import QuestionError
from sourcing.network import Network
from sourcing.parts import Screen
from sourcing.question import Question, checked, load_question
from sourcing.question.horizon import NOTHING, WITHIN
from sourcing.tables import Case, Finding, read_case, screen

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.tables.case import Source

_SCREENS = (
    Screen(lambda net, _: unmatched(net), 60),
    Screen(lambda net, _: uncounted(net), 65),
    Screen(lambda net, _: left_behind(net), 70),
    Screen(lambda net, _: little_told(net), 75),
    Screen(lambda net, _: in_two_years(net), 80),
    Screen(too_long, 85),
    Screen(lambda _, asked: capped(asked.solver.threads, f"{asked.name or 'question'}.toml, solver.threads"), 90),
)
"""What is looked at of any question with its network; families have others."""


@dataclass(frozen=True, eq=False)
class Setting:
    """A question, its case after edits, and what was found before any solve: notes on the reading, then the screens."""

    question: Question
    case: Case
    findings: list[Finding]

    @property
    def network(self) -> Network:
        """The case over the question's periods."""
        return network_of(self.question, self.case)


def network_of(question: Question, case: Case) -> Network:
    """Return a case (after edits) over the periods of a question."""
    horizon = question.horizon
    bounds = np.array(horizon.boundaries_with_tail, "datetime64[D]")
    tree = build_path(bounds, question.objective.discount_rate, horizon.count)
    return Network(case, tree, question.objective.shortage, horizon.within or NOTHING)


def ask(question: str | Path | Question, case: Source | None = None) -> Setting:
    """Read a question and its case, apply its edits and look at the necessary conditions.

    Raises
    ------
    FaultyInput : everything wrong with the question or the tables.
    """
    asked = checked(question, with_case=case is None) if isinstance(question, Question) else load_question(question)
    source = case if case is not None else (asked.case_path or asked.case)
    read = source.unchanged() if isinstance(source, Case) else read_case(source)
    edited = leave_out(asked, beside_last(asked, read))
    if asked.horizon.tail is None:
        asked = _with(asked, tail=default_tail(asked.horizon, network_of(asked, edited)))
        if asked.stability is not None:  # what differs from the last plan's question is told with it
            edited = leave_out(asked, beside_last(asked, read))
    if asked.horizon.within is None:
        asked = _with(asked, within=WITHIN)
    net = network_of(asked, edited)
    terms = [finding for each in _screens(asked) for finding in each.findings(net, asked)]
    return Setting(asked, edited, [*noted(edited), *screen(edited, asked), *terms])


def _with(asked: Question, **said: object) -> Question:
    """Return a question whose horizon says more."""
    return asked.model_copy(update={"horizon": asked.horizon.model_copy(update=said)})


def _screens(question: Question) -> list[Screen]:
    """Return what is looked at with the network, in order: what is of any question, and of families it has."""
    return sorted([*_SCREENS, *families.screens("network", question.without)], key=lambda each: each.place)


def noted(case: Case) -> list[Finding]:
    """Return how the tables were read where that had to be found out."""
    return [Finding("note", note.place, note.fact, note.repair, note.code) for note in case.notes]


def refuse_contradictions(setting: Setting) -> None:
    """Raise what contradicts itself; what merely cannot be met is left to the explanation.

    Raises
    ------
    QuestionError : an open order from before the start, a stock asked for above its maximum, a lot, a qualification,
        a count or a facility without an end, a hard minimum that its offer cannot give, a frozen order that nobody can
        place, an award that its offer or a limit does not allow.
    """
    every = [*_SCREENS, *families.screens("network"), *families.screens("supply")]
    refused = {code for each in every for code in each.refuses}
    found = [each.fault for each in setting.findings if each.code in refused and each.severity == "error"]
    if found:
        raise QuestionError(found)
