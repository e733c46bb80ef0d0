"""How much stock can still be used: the bound that keeps a plan from buying what nobody needs."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay.custody import keeps_apart
from sourcing.replay.kept import most_asked
from sourcing.replay.must_take import more_than_asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point

    Arcs = Mapping[Point, Mapping[Point, float]]

GAIN = 1 + 1e-9  # products of factors closer than this are the same number, or rounding would look like a gain


def arcs(facts: Facts) -> Arcs:
    """Return t needed at the first point per t at the second: 1 along a lane, input / output through a process."""
    return facts.once(_arcs)


def _arcs(facts: Facts) -> Arcs:
    found: dict[Point, dict[Point, float]] = defaultdict(dict)
    for origin, destination, material, _ in facts.ships:
        _raise(found, (origin, material), (destination, material), 1.0)
    for code, process in facts.records.processes.items():
        for taken, needed in facts.records.intake(code).items():
            for made, given in facts.records.output(code).items():
                _raise(found, (process.site, taken), (process.site, made), needed / given)
    return found


def loops(facts: Facts) -> set[Point]:
    """Return the points from which material can go in circles that gain. It is shared."""
    return facts.once(_loops)


def _loops(facts: Facts) -> set[Point]:
    return gaining(facts.points.known, arcs(facts))


def reach(facts: Facts, point: Point) -> dict[Point, float]:
    """Return F[point, p'] for every point p' that material can go to from a point. It is shared."""
    return facts.once(_reach, point)


def _reach(facts: Facts, point: Point) -> dict[Point, float]:
    return factors(point, arcs(facts))


def _raise(found: dict[Point, dict[Point, float]], start: Point, end: Point, factor: float) -> None:
    """Keep the larger factor of an arc."""
    found[start][end] = max(factor, found[start].get(end, 0.0))


def gaining(known: frozenset[Point], graph: Arcs) -> set[Point]:
    """Return the points that can reach a loop whose factors multiply to more than 1.

    Products over chains of at most k arcs stop growing after as many rounds as there are points, unless a loop gains.
    """
    best = dict.fromkeys(known, 1.0)
    grown: set[Point] = set()
    for _ in range(len(known) + 1):
        grown = set()
        for start, ends in graph.items():
            value = max((factor * best[end] for end, factor in ends.items()), default=0.0)
            if value > best[start] * GAIN:
                best[start] = value
                grown.add(start)
        if not grown:
            return grown
    return _reaching(grown, graph)


def _reaching(ends: set[Point], graph: Arcs) -> set[Point]:
    """Return the points from which any of ``ends`` can be reached, themselves included."""
    found, size = set(ends), 0
    while len(found) > size:
        size = len(found)
        found |= {start for start, following in graph.items() if not found.isdisjoint(following)}
    return found


def factors(start: Point, graph: Arcs) -> dict[Point, float]:
    """Return F[start, p'] for every point p' within reach: the largest product over chains of arcs."""
    best = {start: 1.0}
    waiting = [start]
    while waiting:
        point = waiting.pop(0)
        for end, factor in graph.get(point, {}).items():
            value = best[point] * factor
            if value > best.get(end, 0.0) * GAIN:
                best[end] = value
                waiting.append(end)
    return best


def remaining(facts: Facts) -> dict[Point, list[float]]:
    """Return by point and node: demand and disposal after n, what must be left at the end, one lot of every owner.

    It is infinite where any amount can be disposed of after n.
    """
    found, more = {}, more_than_asked(facts)
    for site, material in facts.points.known:
        stock = facts.records.stocks.get((site, material))
        total = more[site, material] + most_asked(facts, (site, material))
        disposed = 0.0 if stock is None else stock.most_disposed
        later = []
        for n in reversed(facts.calendar.nodes):
            later.append(total)
            total += facts.demand(site, material, n) + disposed * facts.calendar.years(n)
        found[(site, material)] = later[::-1]
    return found


def use_bounds(facts: Facts) -> dict[tuple[str, str, int], float]:
    """Return the most stock that (site, material, node) may end with, but for what orders bring too much.

    Points without a bound are left out; it is infinite where any amount can be disposed of later. What terms bring to
    a point may lie beside what is there anyway; where any amount can be disposed of, it is not left at the end. So may
    what is there beside all that is used, where lots are kept apart: it may be of an origin that must not be used.
    """
    needs, brought = remaining(facts), more_than_asked(facts)
    beside = keeps_apart(facts)
    awaited: dict[Point, float] = defaultdict(float)
    for order in facts.records.open_orders:
        awaited[(order.site, order.material)] += order.quantity
    found = {}
    for point in sorted(facts.points.known - loops(facts)):
        stock = facts.records.stocks.get(point)
        given = awaited[point] + (0.0 if stock is None else stock.opening)
        floor = most_asked(facts, point)
        onward = reach(facts, point)
        gone = stock is not None and math.isinf(stock.most_disposed)
        for n in facts.calendar.nodes:
            use = sum(factor * needs[end][n] for end, factor in onward.items()) - brought[point]
            most = max(floor, use) + given if beside else max(floor, use, given)
            found[(*point, n)] = most + (0.0 if gone else brought[point])
    return found
