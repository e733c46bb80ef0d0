"""What could be used at a point from a period on: there, and wherever material can go from there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.disposed import at_hand, last_tiers, open_ended, there_in_all
from sourcing.replay.kept import most_asked
from sourcing.replay.must_take import more_than_asked
from sourcing.replay.use import loops, reach
from sourcing.replay.used_part import UsedParts, used_parts

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point


@dataclass(frozen=True)
class Uses:
    """What could be used, in t by point from a period on, and the part of every decision that can be."""

    tonnes: dict[tuple[Point, int], float]
    parts: UsedParts

    def __getitem__(self, cell: tuple[Point, int]) -> float:
        """Return t that could be used at a point from a period on."""
        return self.tonnes[cell]

    def order(self, facts: Facts, key: tuple[str, str, str], n: int) -> float:
        """Return t of an order by a route in period n of which all that can be used is used."""
        return self.tonnes[(key[1], facts.routes[key].material), n] / self.parts.order(facts, key, n)

    def shipment(self, facts: Facts, ship: tuple[str, str, str, str], n: int) -> float:
        """Return t of an own shipment in period n of which all that can be used is used."""
        return self[(ship[1], ship[2]), n] / self.parts.shipment(facts, ship, n)

    def runs(self, facts: Facts, process: str, n: int) -> list[float]:
        """Return by output the t of activity of a process in period n of which all that can be used is used."""
        site, made = facts.records.processes[process].site, facts.records.output(process).items()
        return [self[(site, each[0]), n] / self.parts.run(facts, process, n, each) for each in made]


def outlets(facts: Facts) -> dict[tuple[Point, int], float]:
    """Return t that a point itself could take from period n on: demand, disposal, the stock asked, a lot each."""
    more = more_than_asked(facts)
    found: dict[tuple[Point, int], float] = {}
    for point in facts.points.known:
        stock = facts.records.stocks.get(point)
        total = more[point] + most_asked(facts, point)
        for n in reversed(facts.calendar.nodes):
            total += facts.demand(*point, n)
            if stock is not None and stock.disposal_cost is not None and stock.disposal_maximum is not None:
                total += stock.disposal_maximum * facts.calendar.years(n)
            found[point, n] = total
    return found


def useful(facts: Facts) -> Uses:
    """Return t that could be used at each point from period n on, there and wherever material can go from there.

    Where any amount can be disposed of, it is all that could come there; infinite where nothing says how much.
    """
    return facts.once(_useful)


def _useful(facts: Facts) -> Uses:
    own = outlets(facts)
    onward = {point: reach(facts, point) for point in facts.points.known - loops(facts)}
    found: dict[tuple[Point, int], float] = {}
    for point in facts.points.known:
        for n in facts.calendar.nodes:
            found[point, n] = sum(f * own[end, n] for end, f in onward[point].items()) if point in onward else math.inf
    endless, more, parts = open_ended(facts), last_tiers(facts), used_parts(facts)
    use = {p: found[p, 0] + sum(f * more[end] for end, f in onward.get(p, {}).items()) for p in facts.points.known}
    come = {p: tonnes * parts.arriving[p] for p, tonnes in use.items()}
    for point, tonnes in (there_in_all(facts, endless, come) if endless else {}).items():
        found.update({(point, n): tonnes for n in facts.calendar.nodes})
    return Uses(found, parts)


def all_of_use(facts: Facts, use: Uses) -> dict[Point, float]:
    """Return t by point that can arrive in all and be used, or stay instead of what is there; inf with disposal."""
    there = at_hand(facts)
    found: dict[Point, float] = {}
    for point in facts.points.known:
        most = use[point, 0]
        for end, factor in (reach(facts, point) if math.isfinite(most) else {}).items():
            stock = facts.records.stocks.get(end)
            most += math.inf if stock is not None and stock.disposal_cost is not None else factor * there[end]
        found[point] = most * use.parts.arriving[point]
    return found


def useful_run(facts: Facts, use: Uses, process: str, n: int) -> float:
    """Return t of activity of a process in period n of which every output could be used (``use`` as of ``useful``)."""
    return min(use.runs(facts, process, n), default=0.0)
