"""Safety stock asked for by period: no more than is there before an order can arrive."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay.dates import interval

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point, Stock

DUST = 1e-9  # tonnes; a difference this small is rounding, and no stock


def safety_asked(facts: Facts, stock: Stock, n: int, first: float) -> float:
    """Return the t that period n has to end with, where an order can first have come ``first`` days after the start."""
    start = facts.calendar.starts[0]
    if (facts.calendar.starts[n] - start).days >= first:
        return stock.safety
    if stock.disposal_cost is None and (facts.calendar.ends[n] - start).days <= first:
        return 0.0  # nothing can take it away but demand: the balance keeps it
    point, after = (stock.site, stock.material), facts.calendar.ends[n]
    awaited = sum(
        row.quantity for row in facts.records.open_orders if (row.site, row.material) == point and row.arrives < after
    )
    left = stock.opening + awaited - due_until(facts, point, min(first, (after - start).days))
    return min(left, stock.safety) if left > DUST else 0.0


def due_until(facts: Facts, point: Point, days: float, since: float = 0.0) -> float:
    """Return the t due at a point from day ``since`` to day ``days`` after the start, each row spread evenly."""
    total = 0.0
    for quantity, low, high in facts.once(_dated).get(point, ()):
        if low < days and high > since:
            total += quantity * (min(high, days) - max(low, since)) / (high - low)
    return total


def _dated(facts: Facts) -> dict[Point, list[tuple[float, int, int]]]:
    """Return by point the rows of demand: t, and their first day and the one after their last, from the start."""
    start = facts.calendar.starts[0]
    found: dict[Point, list[tuple[float, int, int]]] = defaultdict(list)
    for row in facts.records.demand:
        low, high = ((day - start).days for day in interval(row.period))
        found[row.site, row.material].append((row.quantity, low, high))
    return found
