"""What orders have to bring too much: the part that comes after the need for which they were placed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sourcing.replay.custody import keeps_apart
from sourcing.replay.kept import most_asked
from sourcing.replay.plan import Replay
from sourcing.replay.use import loops, reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point

_Key = TypeVar("_Key")
Column = tuple[str, tuple[object, ...]]
Parts = tuple[tuple[int, float], ...]
"""Periods in order, and the part of a tonne, or of what a tonne makes, that comes in each."""


class Coming(NamedTuple):
    """One tonne of an order, a shipment or a run: where it comes to, and how much of it in each period."""

    column: Column
    point: Point
    parts: Parts


def ends(parts: Parts) -> tuple[int, int]:
    """Return the periods in which the first and the last of something come: it spans the ends from the first on."""
    return parts[0][0], parts[-1][0]


def too_much(parts: Parts, n: int, rates: Mapping[int, float]) -> float:
    """Return the t that something has to bring too much by the end of period n; ``rates`` as of ``covered``."""
    first, last = ends(parts)
    each = [_by(parts, n) - _by(parts, t) * (1 + rates[t]) for t in range(first, min(n, last)) if t in rates]
    return max([0.0, *each])


def _by(parts: Parts, n: int) -> float:
    """Return the t that have come by the end of period n."""
    return sum(part for m, part in parts if m <= n)


def surplus(facts: Facts, plan: Replay) -> dict[tuple[str, str, int], float]:
    """Return t by (site, material, node) that a plan's orders, shipments and runs had to bring too much."""
    tonnes: dict[str, Mapping[tuple[Any, ...], float]] = {"buy": plan.buy, "ship": plan.ship, "make": plan.make}
    found: dict[Point, list[float]] = {}
    known: dict[tuple[Point, Parts], list[float]] = {}
    spread = covered_there(facts)
    for (kind, key), point, parts in coming(facts, plan):
        if len(parts) < 2 or point not in spread:
            continue
        (first, last), shape = ends(parts), (point, parts)
        if shape not in known:
            known[shape] = [too_much(parts, n, spread[point]) for n in range(first, last + 1)]
        more, amount = known[shape], tonnes[kind][key]
        if any(more):
            there = found.setdefault(point, [0.0] * len(facts.calendar.nodes))
            for n in range(first, len(there)):
                there[n] += amount * more[min(n, last) - first]
    return {(*point, n): amount for point, there in found.items() for n, amount in enumerate(there)}


def shapes(facts: Facts) -> Mapping[Point, Mapping[Parts, None]]:
    """Return by point all ways in which a tonne of anything could be spread over the periods in which it comes there.

    It is shared; the parts are in the order in which they were found.
    """
    return facts.once(_shapes)


def _shapes(facts: Facts) -> dict[Point, dict[Parts, None]]:
    found = {point: dict(parts) for point, parts in brought(facts).items()}
    for each in _made(facts, Replay.everything(facts).make):
        if each.parts:
            found.setdefault(each.point, {})[each.parts] = None
    return found


def brought(facts: Facts) -> Mapping[Point, Mapping[Parts, None]]:
    """Return the same of orders and shipments only."""
    return facts.once(_brought)


def _brought(facts: Facts) -> dict[Point, dict[Parts, None]]:
    found: dict[Point, dict[Parts, None]] = {}
    seen = set()
    for key, nodes in facts.buying.items():
        _, destination, _, material, *_ = facts.routes[key]
        point, passages = (destination, material), facts.orders[key]
        kind = point, id(passages), id(nodes)
        if kind not in seen:
            seen.add(kind)
            found.setdefault(point, {}).update((passages[n].parts, None) for n in nodes if passages[n].parts)
    for each in _sent(facts, Replay.everything(facts).ship):
        if each.parts:
            found.setdefault(each.point, {})[each.parts] = None
    return found


def covered_there(facts: Facts) -> dict[Point, dict[int, float]]:
    """Return what ``covered`` says of each point to which anything could come bit by bit, but for loops that gain."""
    return facts.once(_covered_there)


def _covered_there(facts: Facts) -> dict[Point, dict[int, float]]:
    spanned = {point: {ends(each) for each in found if len(each) > 1} for point, found in shapes(facts).items()}
    inside = loops(facts)
    return {p: covered(facts, reach(facts, p), among) for p, among in spanned.items() if among and p not in inside}


def covered(facts: Facts, reach: dict[Point, float], spanned: set[tuple[int, int]]) -> dict[int, float]:
    """Return by period t the use after it, over the use and stock that what spans it can have been needed for by t.

    Where lots are kept apart, that use may be forbidden, or dearer: it is left out, and 0 is returned for t.
    ``spanned`` are the periods in which the first and the last of something come.
    """
    nodes, rates = facts.calendar.nodes, {}
    forbidden = keeps_apart(facts)
    use = {end: [factor * facts.demand(*end, n) for n in nodes] for end, factor in reach.items()}
    for t in nodes:
        begun = min((first for first, last in spanned if first <= t < last), default=None)
        if begun is not None:
            early = later = 0.0
            for end, factor in reach.items():
                early += factor * most_asked(facts, end)
                early += sum(use[end][begun : t + 1])
                later += 0.0 if forbidden else sum(use[end][t + 1 :])
            if early > 0:
                rates[t] = later / early
    return rates


def coming(facts: Facts, plan: Replay) -> Iterator[Coming]:
    """Yield whatever is ordered, shipped or run, and could be, with what a tonne of it brings to each point."""
    possible = Replay.everything(facts)
    for offer, destination, mode, m in _any(possible.buy, plan.buy):
        route = (offer, destination, mode)
        point = (destination, facts.routes[route].material)
        yield Coming(("buy", (*route, m)), point, facts.orders[route][m].parts)
    yield from _sent(facts, _any(possible.ship, plan.ship))
    yield from _made(facts, _any(possible.make, plan.make))


def _sent(facts: Facts, keys: Iterable[tuple[str, str, str, str, int]]) -> Iterator[Coming]:
    for origin, destination, material, mode, m in keys:
        ship = (origin, destination, material, mode)
        yield Coming(("ship", (*ship, m)), (destination, material), facts.shipped(ship, m).parts)


def _made(facts: Facts, keys: Iterable[tuple[str, int]]) -> Iterator[Coming]:
    for code, m in keys:
        site, parts = facts.records.processes[code].site, facts.run(code, m).parts
        for made, quantity in facts.records.output(code).items():
            yield Coming(("make", (code, m)), (site, made), scaled(parts, quantity))


def scaled(parts: Parts, quantity: float) -> Parts:
    """Return the parts of so many tonnes."""
    return tuple((n, quantity * part) for n, part in parts)


def _any(possible: Mapping[_Key, float], some: Mapping[_Key, float]) -> Iterator[_Key]:
    """Yield what is possible and there is any of, in the order of what is possible."""
    return (key for key in possible if some.get(key))
