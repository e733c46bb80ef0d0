"""Stock, checked: safety, closing, maximum, no more than can be used; holding and disposal are charged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.reach import first_arrivals
from sourcing.replay.rows import Charge, Residual, at_least, at_most
from sourcing.replay.use import use_bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay
    from sourcing.replay.records import Stock


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "safety", "closing", "maximum", "use" and "dispose" (site, material, node), in t."""
    yield from _safety(facts, plan)
    for stock in facts.records.stocks.values():
        yield from _levels(facts, plan, stock)
        yield from _disposal(facts, plan, stock)
    for (site, material, n), bound in use_bounds(facts).items():
        held = plan.hold.get((site, material, n), 0.0)
        yield at_most("use", (site, material, n), held, bound, words.at_point(facts, site, material, n))


def _safety(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the safety rows, from the first period an order could arrive before."""
    reached = first_arrivals(facts)
    for (site, material), stock in facts.records.stocks.items():
        first = reached.get((site, material), math.inf)
        for n in facts.calendar.nodes if stock.safety > 0 else ():
            if (facts.calendar.starts[n] - facts.calendar.starts[0]).days >= first:
                held = plan.hold.get((site, material, n), 0.0)
                place = words.at_point(facts, site, material, n)
                yield at_least("safety", (site, material, n), held, stock.safety, place)


def _levels(facts: Facts, plan: Replay, stock: Stock) -> Iterator[Residual]:
    """Yield the rows on the maximum, and on what is left at the end."""
    for n in facts.calendar.nodes:
        key = (stock.site, stock.material, n)
        held, place = plan.hold.get(key, 0.0), words.at_point(facts, *key)
        if stock.maximum is not None:
            yield at_most("maximum", key, held, stock.maximum, place)
        if n == facts.calendar.last and stock.final > 0:
            yield at_least("closing", key, held, stock.final, place)


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
