"""Conditions: the rows of the table, and what counts as used."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.lots import Lots

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point


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


def must_take(facts: Facts) -> dict[Point, float]:
    """Return t by point that conditions may ask for: enough of what they name, in every period or once."""
    found: dict[Point, float] = defaultdict(float)
    asked = conditions(facts)
    stated = Lots.of(facts).stated if asked else {}
    for row in asked:
        enough = row.at_least if row.at_least is not None else stated[row.kind, row.then]
        times = 1 + (facts.calendar.reported < len(facts.calendar.nodes))
        enough *= times if row.per == "horizon" else len(facts.calendar.nodes)
        if row.kind == "offer":
            for route in facts.routes.values():
                if route.offer == row.then:
                    found[route.destination, route.material] += enough
        else:
            site = facts.records.processes[row.then].site
            for material, quantity in facts.records.recipes.get(row.then, {}).items():
                found[site, material] += enough * abs(quantity)
    return found
