"""What orders have to bring too much: the part that comes after the need for which they were placed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sourcing.replay.lead import split
from sourcing.replay.plan import Replay
from sourcing.replay.use import arcs, factors, gaining

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point

_Key = TypeVar("_Key")
Column = tuple[str, tuple[object, ...]]


class Coming(NamedTuple):
    """One tonne of an order, a shipment or a run: where it comes to, and how much of it by the end of each period."""

    column: Column
    point: Point
    parts: tuple[tuple[int, float], ...]

    @property
    def ends(self) -> tuple[int, int]:
        """The periods in which the first and the last of it come; it spans the ends of those from the first on."""
        return self.parts[0][0], self.parts[-1][0]

    def by(self, n: int) -> float:
        """Return the t that have come by the end of period n."""
        return sum(part for m, part in self.parts if m <= n)

    def too_much(self, n: int, rates: Mapping[int, float]) -> float:
        """Return the t that it has to bring too much by the end of period n; ``rates`` as of ``covered``."""
        first, last = self.ends
        each = [self.by(n) - self.by(t) * (1 + rates[t]) for t in range(first, min(n, last)) if t in rates]
        return max([0.0, *each])


def surplus(facts: Facts, plan: Replay) -> dict[tuple[str, str, int], float]:
    """Return t by (site, material, node) that a plan's orders, shipments and runs had to bring too much."""
    tonnes: dict[str, Mapping[tuple[Any, ...], float]] = {"buy": plan.buy, "ship": plan.ship, "make": plan.make}
    found: dict[tuple[str, str, int], float] = defaultdict(float)
    rates = facts.once(_rates)
    for each in coming(facts, plan):
        if len(each.parts) > 1 and each.point in rates:
            kind, key = each.column
            (first, last), amount = each.ends, tonnes[kind][key]
            more = [each.too_much(n, rates[each.point]) for n in range(first, last + 1)]
            for n in range(first, facts.calendar.last + 1):
                found[(*each.point, n)] += amount * more[min(n, last) - first]
    return found


def _rates(facts: Facts) -> dict[Point, dict[int, float]]:
    """Return what ``covered`` says of each point to which anything could come bit by bit, but for loops that gain."""
    spanned: dict[Point, set[tuple[int, int]]] = defaultdict(set)
    for each in coming(facts):
        if len(each.parts) > 1:
            spanned[each.point].add(each.ends)
    graph = arcs(facts)
    loops = gaining(facts.points.known, graph)
    return {point: covered(facts, factors(point, graph), ends) for point, ends in spanned.items() if point not in loops}


def covered(facts: Facts, reach: dict[Point, float], spanned: set[tuple[int, int]]) -> dict[int, float]:
    """Return by period t the use after it, over the use and stock that what spans it can have been needed for by t.

    ``spanned`` are the periods in which the first and the last of something come.
    """
    nodes, rates = facts.calendar.nodes, {}
    use = {end: [factor * facts.demand(*end, n) for n in nodes] for end, factor in reach.items()}
    for t in nodes:
        begun = min((first for first, last in spanned if first <= t < last), default=None)
        if begun is not None:
            early = later = 0.0
            for end, factor in reach.items():
                stock = facts.records.stocks.get(end)
                early += 0.0 if stock is None else factor * max(stock.safety, stock.final)
                early += sum(use[end][begun : t + 1])
                later += sum(use[end][t + 1 :])
            if early > 0:
                rates[t] = later / early
    return rates


def coming(facts: Facts, plan: Replay | None = None) -> Iterator[Coming]:
    """Yield whatever could be ordered, shipped or run, with what a tonne of it brings to each point.

    With a plan, what there is any of in the plan, in the same order.
    """
    possible = Replay.everything(facts)
    some = possible if plan is None else plan
    for offer, destination, mode, m in _any(possible.buy, some.buy):
        route = facts.routes[offer, destination, mode]
        parts = split(facts.calendar, facts.ordering(route, m)).parts
        yield Coming(("buy", (offer, destination, mode, m)), (destination, route.material), parts)
    for origin, destination, material, mode, m in _any(possible.ship, some.ship):
        ship = (origin, destination, material, mode)
        parts = split(facts.calendar, facts.shipping(ship, m)).parts
        yield Coming(("ship", (*ship, m)), (destination, material), parts)
    for code, m in _any(possible.make, some.make):
        process = facts.records.processes[code]
        parts = split(facts.calendar, facts.running(code, m)).parts
        for made, quantity in facts.records.output(code).items():
            scaled = tuple((n, quantity * part) for n, part in parts)
            yield Coming(("make", (code, m)), (process.site, made), scaled)


def _any(possible: Mapping[_Key, float], some: Mapping[_Key, float]) -> Iterator[_Key]:
    """Yield what is possible and there is any of, in the order of what is possible."""
    return (key for key in possible if some.get(key))
