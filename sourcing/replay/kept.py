"""Safety stock and cover asked for by period: no more than is there before an order can arrive."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay.movements import expected, movements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay.facts import Facts
    from sourcing.replay.plan import Replay
    from sourcing.replay.records import Point, Stock

DUST = 1e-9  # tonnes; a difference this small is rounding, and no stock


def safety_asked(facts: Facts, stock: Stock, n: int, first: float) -> float:
    """Return the t of safety stock that period n has to end with; ``first`` as in ``counted``."""
    full = max(stock.safety, due_after(facts, stock, n, stock.safety_days))
    return _that_can_be_there(facts, stock, n, (first, full))


def cover_asked(facts: Facts, stock: Stock, n: int, first: float) -> float:
    """Return the t that period n has to end with for the days to be covered; ``first`` as in ``counted``."""
    return _that_can_be_there(facts, stock, n, (first, due_after(facts, stock, n, stock.cover_days)))


def _that_can_be_there(facts: Facts, stock: Stock, n: int, asked: tuple[float, float]) -> float:
    """Return what is asked for of some t at the end of period n, where an order can first have come on a day."""
    (first, full), start = asked, facts.calendar.starts[0]
    if (facts.calendar.starts[n] - start).days >= first:
        return full
    if stock.disposal_cost is None and (facts.calendar.ends[n] - start).days <= first:
        return 0.0  # nothing can take it away but demand: the balance keeps it
    point, after = (stock.site, stock.material), facts.calendar.ends[n]
    awaited = sum(
        row.quantity for row in facts.records.open_orders if (row.site, row.material) == point and row.arrives < after
    )
    left = stock.opening + awaited - due_until(facts, point, min(first, (after - start).days))
    return min(left, full) if left > DUST else 0.0


def room(facts: Facts, stock: Stock) -> list[float]:
    """Return the t that each period may end with; infinite without a maximum.

    Where nothing but demand takes goods away there is room for what lies there though nothing is ordered.
    """
    point, maximum = (stock.site, stock.material), math.inf if stock.maximum is None else stock.maximum
    goes = stock.disposal_cost is not None or any(
        ship[0] == stock.site and ship[2] == stock.material for ship in facts.ships
    )
    goes |= any(
        row.site == stock.site and stock.material in facts.records.intake(code)
        for code, row in facts.records.processes.items()
    )
    lies, found, awaited = stock.opening, list[float](), expected(facts)
    for n in facts.calendar.nodes:
        lies = max(lies + awaited.get((*point, n), 0.0) - facts.demand(*point, n), 0.0)
        found.append(maximum if goes else max(maximum, lies))
    return found


def due_after(facts: Facts, stock: Stock, n: int, days: float | None) -> float:
    """Return the t due in some days after period n, walking on through the periods, the last one again."""
    left, tonnes = days or 0.0, 0.0
    while left > 0:
        n += 1
        period = min(n, facts.calendar.last)
        length = facts.calendar.days(period)
        taken = min(left, length) if n == period else left
        tonnes += facts.demand(stock.site, stock.material, period) * taken / length
        left -= taken
    return tonnes


def counted(facts: Facts, plan: Replay, point: Point, first: float) -> Iterator[tuple[int, float]]:
    """Yield each period with the t that count as kept at its end.

    ``first`` is the day after the start on which an order can first have come: what went on before it counts, too, in
    periods that begin before it.
    """
    moved, gone = movements(facts, plan), 0.0
    for n in facts.calendar.nodes:
        early, key = facts.calendar.part_before(n, first), (*point, n)
        gone += early * (moved.shipped_out[key] + moved.used[key])
        yield n, plan.hold.get(key, 0.0) + (gone if early > 0 else 0.0)


def most_asked(facts: Facts, point: Point) -> float:
    """Return the t that have to be at a point at some time: safety or closing stock, or the days of both at the end."""
    stock = facts.records.stocks.get(point)
    if stock is None:
        return 0.0
    ends = (due_after(facts, stock, facts.calendar.last, days) for days in (stock.safety_days, stock.cover_days))
    return max(stock.safety, stock.final, *ends)


def safety_on(facts: Facts, stock: Stock, n: int, day: float) -> float:
    """Return the t of safety stock on a day of period n: of tonnes and days of the demand that follows the larger."""
    if not stock.safety_days:
        return stock.safety
    left = min(facts.calendar.offsets[1][n] - day, stock.safety_days)
    here = facts.demand(stock.site, stock.material, n) * left / facts.calendar.days(n)
    return max(stock.safety, here + due_after(facts, stock, n, stock.safety_days - left))


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
    for row in facts.dated:
        low, high = ((day - start).days for day in (row.start, row.end))
        found[row.site, row.material].append((row.quantity, low, high))
    return found
