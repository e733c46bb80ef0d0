"""Awards fixed by hand: for whom, when, how much, and what they may bring beyond what is of use."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.dates import interval, overlap

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point


@dataclass(frozen=True)
class Award:
    """A row of `awards`: a share (0..1) or a quantity (t) of an offer in a period; a blank site is all of them."""

    offer: str
    period: str
    site: str = ""
    share: float | None = None
    quantity: float | None = None

    def covers(self, destination: str) -> bool:
        """Say whether what goes to a site counts."""
        return self.site in ("", destination)

    def parts(self, facts: Facts) -> dict[int, float]:
        """Return the part of each period's days that lies in the award's, where there is one."""
        calendar = facts.calendar
        return {n: days / calendar.days(n) for n, days in self._days(facts).items()}

    def tonnes(self, facts: Facts) -> float:
        """Return the quantity for the days that lie in the horizon; 0 of a share."""
        start, end = interval(self.period)
        return (self.quantity or 0.0) * sum(self._days(facts).values()) / (end - start).days

    def _days(self, facts: Facts) -> dict[int, int]:
        (start, end), calendar = interval(self.period), facts.calendar
        days = {n: overlap(start, end, calendar.starts[n], calendar.ends[n]) for n in calendar.nodes}
        return {n: count for n, count in days.items() if count}


def awards(facts: Facts) -> list[Award]:
    """Return what is must_take by hand."""
    return facts.records.table("awards", Award)


def must_take(facts: Facts) -> dict[Point, float]:
    """Return t by point that awards may bring beyond what is asked for: each wherever a route of its offer leads."""
    found: dict[Point, float] = defaultdict(float)
    for award in awards(facts):
        for offer, destination, mode in facts.routes:
            if offer == award.offer and award.covers(destination):
                found[destination, facts.routes[offer, destination, mode].material] += award.tonnes(facts)
    return found
