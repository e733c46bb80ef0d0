"""Stock, checked: safety, closing, maximum, no more than can be used; holding and disposal are charged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.kept import counted, room, safety_asked
from sourcing.replay.reach import first_arrivals
from sourcing.replay.rows import Charge, Residual, at_least, at_most
from sourcing.replay.surplus import surplus
from sourcing.replay.use import use_bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay
    from sourcing.replay.records import Point, Stock


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "safety", "closing", "maximum", "use" and "dispose" (site, material, node), in t."""
    reached = facts.once(first_arrivals)
    yield from _safety(facts, plan, reached)
    for point, stock in facts.records.stocks.items():
        yield from _levels(facts, plan, stock, reached.get(point, math.inf))
        yield from _disposal(facts, plan, stock)
    brought = surplus(facts, plan)
    for (site, material, n), bound in facts.once(use_bounds).items():
        key, passes = (site, material, n), (site, material) in facts.points.transit
        if facts.calendar.has_tail and n < facts.calendar.last and not passes:
            continue  # what is not left at the end of the tail is used
        held, more = plan.hold.get(key, 0.0), brought.get(key, 0.0)
        if passes:
            bound = more = 0.0
        elif math.isinf(bound):
            continue
        size, place = abs(held) + abs(more) + abs(bound), words.at_point(facts, *key)
        yield Residual("use", key, "<=", bound + more - held, size, place, bound)


def _safety(facts: Facts, plan: Replay, reached: dict[Point, float]) -> Iterator[Residual]:
    """Yield the safety rows: what is kept, and what went on before an order could have come, against what is asked."""
    for point, stock in facts.records.stocks.items():
        first = reached.get(point, math.inf)
        for n, kept in counted(facts, plan, point, first) if stock.safety > 0 or stock.safety_days else ():
            asked = safety_asked(facts, stock, n, first)
            if asked > 0:
                yield at_least("safety", (*point, n), kept, asked, words.at_point(facts, *point, n))


def _levels(facts: Facts, plan: Replay, stock: Stock, first: float) -> Iterator[Residual]:
    """Yield the rows on the maximum, and on what is left at the end: the safety stock only if an order can come."""
    comes = first < (facts.calendar.ends[-1] - facts.calendar.starts[0]).days
    asked = stock.final if comes or stock.closing is not None else 0.0
    end = facts.calendar.last if stock.closing is None else facts.calendar.reported - 1
    most = room(facts, stock)
    for n in facts.calendar.nodes:
        key = (stock.site, stock.material, n)
        held, place = plan.hold.get(key, 0.0), words.at_point(facts, *key)
        if stock.maximum is not None:
            yield at_most("maximum", key, held, most[n], place)
        if n == end and asked > 0:
            yield at_least("closing", key, held, asked, place)


def _disposal(facts: Facts, plan: Replay, stock: Stock) -> Iterator[Residual]:
    """Yield the bound on what is disposed of."""
    if stock.disposal_cost is None or stock.disposal_maximum is None:
        return
    for n in facts.calendar.nodes:
        key = (stock.site, stock.material, n)
        bound = stock.disposal_maximum * facts.calendar.years(n)
        yield at_most("dispose", key, plan.disposed.get(key, 0.0), bound, words.at_point(facts, *key))


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield the cost of holding what a period ends with, and of disposal."""
    for (site, material, n), tonnes in plan.hold.items():
        stock = facts.records.stocks.get((site, material))
        if stock is not None:
            amount = stock.holding_cost * facts.calendar.years(n) * tonnes
            yield Charge("holding", n, amount, (site, material, n))
    for (site, material, n), tonnes in plan.disposed.items():
        stock = facts.records.stocks.get((site, material))
        if stock is not None:
            yield Charge("disposal", n, (stock.disposal_cost or 0.0) * tonnes, (site, material, n))
