"""The last plan's orders over the periods of this one: what stands, until when, and what a change costs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.dates import overlap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sourcing.replay.facts import Facts
    from sourcing.replay.points import RouteKey
    from sourcing.replay.records import Point


@dataclass(frozen=True)
class LastOrder:
    """A row of `last_orders`: t ordered in [since, until)."""

    offer: str
    destination: str
    since: date
    until: date
    tonnes: float
    mode: str = ""
    supplier: str = ""
    material: str = ""

    @property
    def way(self) -> RouteKey:
        """What names the order's route in a plan."""
        return (self.offer, self.destination, self.mode)

    def between(self, first: date, last: date) -> float:
        """Return the t dated in [first, last)."""
        return self.tonnes * (overlap(self.since, self.until, first, last) / (self.until - self.since).days)


@dataclass(frozen=True)
class ChangeTerms:
    """A row of `change_terms`; a blank offer is every offer without a row."""

    offer: str = ""
    frozen_until: date | None = None
    cost_more: float = 0.0
    cost_less: float = 0.0

    def window(self, first: date, last: date) -> date:
        """Return the end of what is frozen of [first, last)."""
        return first if self.frozen_until is None else min(max(self.frozen_until, first), last)


@dataclass(frozen=True)
class Stability:
    """The last plan by (way, node), t: all of it, and what is frozen; and the terms of changes by offer."""

    tonnes: Mapping[tuple[RouteKey, int], float]
    frozen: Mapping[tuple[RouteKey, int], float]
    terms: Mapping[str, ChangeTerms]

    def of(self, offer: str) -> ChangeTerms:
        """Return the terms of an offer."""
        return self.terms.get(offer) or self.terms.get("", ChangeTerms())

    def is_shut(self, facts: Facts, offer: str, n: int) -> bool:
        """Say whether all of a period is frozen."""
        until = self.of(offer).frozen_until
        return until is not None and facts.calendar.ends[n] <= until


def last_orders(facts: Facts) -> list[LastOrder]:
    """Return what the last plan ordered."""
    return facts.records.table("last_orders", LastOrder)


def stability(facts: Facts) -> Stability:
    """Spread the last plan over the periods."""
    terms = {row.offer: row for row in facts.records.table("change_terms", ChangeTerms)}
    tonnes: dict[tuple[RouteKey, int], float] = defaultdict(float)
    frozen: dict[tuple[RouteKey, int], float] = defaultdict(float)
    found = Stability(tonnes, frozen, terms)
    starts, ends = facts.calendar.starts, facts.calendar.ends
    for order in last_orders(facts):
        for n in range(bisect_right(ends, order.since), bisect_left(starts, order.until)):
            first, last = starts[n], ends[n]
            tonnes[order.way, n] += order.between(first, last)
            frozen[order.way, n] += order.between(first, found.of(order.offer).window(first, last))
    return found


def must_take(facts: Facts) -> dict[Point, float]:
    """Return t by point that are frozen, whatever is needed by now."""
    found: dict[Point, float] = defaultdict(float)
    if facts.records.table("change_terms", ChangeTerms):
        for (way, _), tonnes in stability(facts).frozen.items():
            if way in facts.routes:
                found[way[1], facts.routes[way].material] += tonnes
    return found
