"""What could be used at a point from a period on: there, and wherever material can go from there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.disposed import at_hand, last_tiers, open_ended, there_in_all
from sourcing.replay.forced import more_than_asked
from sourcing.replay.lots import Lots
from sourcing.replay.use import arcs, factors, gaining
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
        point = (facts.routes[key].destination, facts.routes[key].material)
        return self[point, n] / self.parts.of("buy", (*key, n), point)

    def shipment(self, ship: tuple[str, str, str, str], n: int) -> float:
        """Return t of an own shipment in period n of which all that can be used is used."""
        point = (ship[1], ship[2])
        return self[point, n] / self.parts.of("ship", (*ship, n), point)

    def runs(self, facts: Facts, process: str, n: int) -> list[float]:
        """Return by output the t of activity of a process in period n of which all that can be used is used."""
        site, made = facts.records.processes[process].site, facts.records.output(process).items()
        key = (process, n)
        return [self[(site, what), n] / self.parts.of("make", key, (site, what), quantity) for what, quantity in made]


def outlets(facts: Facts, lots: Lots) -> dict[tuple[Point, int], float]:
    """Return t that a point itself could take from period n on: demand, disposal, the stock asked, a lot each."""
    more = more_than_asked(facts, lots)
    found: dict[tuple[Point, int], float] = {}
    for point in facts.points.known:
        stock = facts.records.stocks.get(point)
        total = more[point] + (0.0 if stock is None else max(stock.final, stock.safety))
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
    graph, own = arcs(facts), outlets(facts, Lots.of(facts))
    loops = gaining(facts.points.known, graph)
    reach = {point: factors(point, graph) for point in facts.points.known - loops}
    found: dict[tuple[Point, int], float] = {}
    for point in facts.points.known:
        for n in facts.calendar.nodes:
            found[point, n] = sum(f * own[end, n] for end, f in reach[point].items()) if point in reach else math.inf
    endless, more, parts = open_ended(facts), last_tiers(facts), used_parts(facts)
    use = {p: found[p, 0] + sum(f * more[end] for end, f in reach.get(p, {}).items()) for p in facts.points.known}
    come = {p: tonnes * parts.arriving[p] for p, tonnes in use.items()}
    for point, tonnes in (there_in_all(facts, endless, come) if endless else {}).items():
        found.update({(point, n): tonnes for n in facts.calendar.nodes})
    return Uses(found, parts)


def all_of_use(facts: Facts, use: Uses) -> dict[Point, float]:
    """Return t by point that can arrive in all and be used, or stay instead of what is there; inf with disposal."""
    graph, there = arcs(facts), at_hand(facts)
    found: dict[Point, float] = {}
    for point in facts.points.known:
        most = use[point, 0]
        for end, factor in (factors(point, graph) if math.isfinite(most) else {}).items():
            stock = facts.records.stocks.get(end)
            most += math.inf if stock is not None and stock.disposal_cost is not None else factor * there[end]
        found[point] = most * use.parts.arriving[point]
    return found


def useful_run(facts: Facts, use: Uses, process: str, n: int) -> float:
    """Return t of activity of a process in period n of which every output could be used (``use`` as of ``useful``)."""
    return min(use.runs(facts, process, n), default=0.0)
