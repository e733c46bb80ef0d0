"""Splits: the sites that share one, the part of each, and what arrives at them from each supplier."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.lead import split as spread

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.plan import Replay


@dataclass(frozen=True)
class Site:
    """A row of `splits`; a blank weight is the demand of each year, ``within`` (0..1) a part of what arrives."""

    split: str
    site: str
    material: str
    weight: float | None = None
    within: float = 0.0

    def required(self, facts: Facts, nodes: list[int]) -> float:
        """Return what the site requires in a year, in t or in whatever weights are."""
        due = sum(facts.demand(self.site, self.material, n) for n in nodes)
        return due if self.weight is None else self.weight


def splits(facts: Facts) -> dict[str, list[Site]]:
    """Return the sites of each split."""
    found: dict[str, list[Site]] = defaultdict(list)
    for row in facts.records.table("splits", Site):
        found[row.split].append(row)
    return found


def suppliers(facts: Facts, sites: list[Site]) -> list[str]:
    """Return who has a route to any of the sites with their material."""
    ends = {(row.site, row.material) for row in sites}
    routes = [route for route in facts.routes.values() if (route.destination, route.material) in ends]
    return sorted({facts.records.offers[route.offer].supplier for route in routes})


def arriving(facts: Facts, plan: Replay) -> dict[tuple[str, str, str, int], float]:
    """Return t by supplier, site, material and year (its number) in which they arrive, within the horizon."""
    found: dict[tuple[str, str, str, int], float] = defaultdict(float)
    for (offer, destination, mode, m), tonnes in plan.buy.items():
        route = facts.routes[offer, destination, mode]
        who = facts.records.offers[offer].supplier
        for n, share in spread(facts.calendar, facts.ordering(route, m)).parts:
            found[who, destination, route.material, facts.calendar.starts[n].year] += share * tonnes
    return found
