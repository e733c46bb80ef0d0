"""What orders have to bring too much: the part that comes after the need for which they were placed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.lead import split
from sourcing.replay.plan import Replay
from sourcing.replay.use import arcs, factors, gaining

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point

Column = tuple[str, tuple[object, ...]]


class Coming(NamedTuple):
    """One tonne of an order, a shipment or a run: where it comes to, and how much of it by the end of each period."""

    column: Column
    point: Point
    parts: tuple[tuple[int, float], ...]

    @property
    def first(self) -> int:
        """The period in which the first of it comes."""
        return self.parts[0][0]

    def by(self, n: int) -> float:
        """Return the t that have come by the end of period n."""
        return sum(part for m, part in self.parts if m <= n)

    def spans(self, t: int) -> bool:
        """Say whether some of it comes by the end of period t and some later."""
        return self.first <= t < self.parts[-1][0]

    def too_much(self, n: int, rates: dict[int, float]) -> float:
        """Return the t that it has to bring too much by the end of period n; ``rates`` as of ``covered``."""
        each = [self.by(n) - self.by(t) * (1 + rates[t]) for t in rates if t < n and self.spans(t)]
        return max([0.0, *each])


def surplus(facts: Facts, plan: Replay) -> dict[tuple[str, str, int], float]:
    """Return t by (site, material, node) that a plan's orders, shipments and runs had to bring too much."""
    tonnes: dict[Column, float] = {("buy", key): amount for key, amount in plan.buy.items()}
    tonnes |= {("ship", key): amount for key, amount in plan.ship.items()}
    tonnes |= {("make", key): amount for key, amount in plan.make.items()}
    here: dict[Point, list[Coming]] = defaultdict(list)
    for each in coming(facts):
        if len(each.parts) > 1:
            here[each.point].append(each)
    graph = arcs(facts)
    loops = gaining(facts.points.known, graph)
    found: dict[tuple[str, str, int], float] = defaultdict(float)
    for point, streams in here.items():
        if point not in loops:
            rates = covered(facts, factors(point, graph), streams)
            for each in streams:
                amount, spanned = tonnes.get(each.column, 0.0), {t: rates[t] for t in rates if each.spans(t)}
                for n in facts.calendar.nodes if amount else ():
                    found[(*point, n)] += amount * each.too_much(n, spanned)
    return found


def covered(facts: Facts, reach: dict[Point, float], streams: list[Coming]) -> dict[int, float]:
    """Return by period t the use after it, over the use and stock that what spans it can have been needed for by t."""
    rates = {}
    for t in facts.calendar.nodes:
        begun = min((each.first for each in streams if each.spans(t)), default=None)
        if begun is not None:
            early = later = 0.0
            for end, factor in reach.items():
                stock = facts.records.stocks.get(end)
                early += 0.0 if stock is None else factor * max(stock.safety, stock.final)
                early += sum(factor * facts.demand(*end, n) for n in facts.calendar.nodes if begun <= n <= t)
                later += sum(factor * facts.demand(*end, n) for n in facts.calendar.nodes if n > t)
            if early > 0:
                rates[t] = later / early
    return rates


def coming(facts: Facts) -> Iterator[Coming]:
    """Yield whatever could be ordered, shipped or run, with what a tonne of it brings to each point."""
    possible = Replay.everything(facts)
    for offer, destination, mode, m in possible.buy:
        route = facts.routes[offer, destination, mode]
        parts = split(facts.calendar, facts.ordering(route, m)).parts
        yield Coming(("buy", (offer, destination, mode, m)), (destination, route.material), parts)
    for origin, destination, material, mode, m in possible.ship:
        ship = (origin, destination, material, mode)
        parts = split(facts.calendar, facts.shipping(ship, m)).parts
        yield Coming(("ship", (*ship, m)), (destination, material), parts)
    for code, m in possible.make:
        process = facts.records.processes[code]
        parts = split(facts.calendar, facts.running(code, m)).parts
        for made, quantity in facts.records.output(code).items():
            scaled = tuple((n, quantity * part) for n, part in parts)
            yield Coming(("make", (code, m)), (process.site, made), scaled)
