"""Worst days, checked: on the eve of what comes next there is what is asked for, by each stream's own days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.worst_day.records import days, streams
from sourcing.replay import words
from sourcing.replay.kept import due_until, safety_on
from sourcing.replay.movements import start_stock
from sourcing.replay.reach import first_arrivals
from sourcing.replay.rows import Residual

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sourcing.replay import Facts, Replay
    from sourcing.replay.records import Point


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "worst_day" (site, material, day, node), in t."""
    if facts.within == "nothing":
        return
    start, known = facts.calendar.starts[0], facts.once(streams)
    decided: dict[str, Mapping[tuple[Any, ...], float]] = {"buy": plan.buy, "ship": plan.ship, "make": plan.make}
    for (*at, n), on in sorted(facts.once(days).items()):
        point, key = (at[0], at[1]), (at[0], at[1], n)
        begun, short = start_stock(facts, plan, *key), plan.short.get(key, 0.0)
        for day in on:
            moved = [each.until(day) * decided[each.kind].get(each.key, 0.0) for each in known[key]]
            asked, owed = _asked(facts, point, n, day), _owed(facts, point, n, day)
            date = start.fromordinal(start.toordinal() + day).isoformat()
            size = sum(map(abs, moved)) + abs(begun) + short + abs(owed) + asked
            left, place = begun + short + sum(moved) - owed - asked, words.at_point(facts, *key)
            opening = begun if n == 0 else 0.0
            yield Residual("worst_day", (*point, date, n), ">=", left, size, place, asked + owed - opening)


def _asked(facts: Facts, point: Point, n: int, day: int) -> float:
    """Return the t that are to be there: the safety stock, if the period before had to end with all of it."""
    stock = facts.records.stocks.get(point)
    first = facts.once(first_arrivals).get(point)
    if facts.within != "safety" or stock is None or first is None or n == 0 or facts.calendar.offsets[0][n - 1] < first:
        return 0.0
    return safety_on(facts, stock, n, day)


def _owed(facts: Facts, point: Point, n: int, day: int) -> float:
    """Return the t due in a period before a day, less what open orders bring before it."""
    since, start = facts.calendar.offsets[0][n], facts.calendar.starts[0]
    awaited = sum(
        row.quantity
        for row in facts.records.open_orders
        if (row.site, row.material) == point and since <= (row.arrives - start).days < day
    )
    return due_until(facts, point, day, since) - awaited
