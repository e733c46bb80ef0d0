"""Conditions: the rows of the table, and what counts as used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts


@dataclass(frozen=True)
class Condition:
    """A row of `conditions`; a blank ``at_least`` is the least lot or run of what ``then`` names."""

    condition: str
    kind: str
    cause: str
    then: str
    per: str = "period"
    at_least: float | None = None


def conditions(facts: Facts) -> list[Condition]:
    """Return the conditions of a case."""
    return facts.records.table("conditions", Condition)
