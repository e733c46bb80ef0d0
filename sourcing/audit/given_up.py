"""Rules that the manifest calls given up: they are not held, and each has to be one that may give way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sourcing.families import cards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.replay import Facts, Residual


@dataclass(frozen=True)
class _Limit:
    limit: str
    priority: float = 0.0


@dataclass(frozen=True)
class _Condition:
    condition: str
    priority: float = 0.0


def held(facts: Facts, manifest: Mapping[str, Any], promised: Sequence[Residual]) -> tuple[list[Residual], list[str]]:
    """Return the rows that the plan has to keep, and a finding for each rule given up that never gives way."""
    given_up = {(str(one["table"]), str(one["name"])) for one in manifest.get("given_up", [])}
    if not given_up:
        return list(promised), []
    may = {("limits", row.limit) for row in facts.records.table("limits", _Limit) if row.priority > 0}
    may |= {("conditions", row.condition) for row in facts.records.table("conditions", _Condition) if row.priority > 0}
    table = {rule.name: rule.table for card in cards().values() for rule in card.rules}
    kept = [row for row in promised if (table.get(row.rule, ""), str(row.key[0])) not in given_up & may]
    unasked = [f"manifest: gives up {name} of {of}, which has no priority" for of, name in sorted(given_up - may)]
    return kept, unasked
