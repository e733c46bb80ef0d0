"""Demand, spread over the periods by days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.dates import add_months, interval, overlap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sourcing.replay.case import Records
    from sourcing.replay.dates import Calendar
    from sourcing.replay.records import DemandRow


@dataclass(frozen=True)
class Due:
    """What a point owes in a period: t, and the quantity-weighted priority and USD/t when short."""

    quantity: float
    priority: float
    shortage_cost: float


class Dated(NamedTuple):
    """What a point is owed, evenly over the days [start, end): t, priority, and USD/t when short."""

    site: str
    material: str
    start: date
    end: date
    quantity: float
    priority: float
    shortage_cost: float


def dated(records: Records, calendar: Calendar) -> list[Dated]:
    """Return every row of demand with its days, then what the tail repeats of it.

    What a point was owed in the last twelve months of the horizon (in all of it, if it is shorter) is owed again after
    it, year after year. Where the table goes on after the horizon, it stands to its last day, and the twelve months
    before that day are repeated.
    """
    rows = [_dated(records, row) for row in records.demand]
    if not calendar.has_tail:
        return rows
    ends: dict[tuple[str, str], date] = defaultdict(lambda: calendar.reported_end)
    for row in rows:
        ends[row.site, row.material] = max(ends[row.site, row.material], row.end)
    return [*rows, *(again for row in rows for again in _again(row, ends[row.site, row.material], calendar))]


def _dated(records: Records, row: DemandRow) -> Dated:
    cost = records.materials[row.material].shortage_cost if row.shortage_cost is None else row.shortage_cost
    return Dated(row.site, row.material, *interval(row.period), row.quantity, row.priority, cost or 0.0)


def _again(row: Dated, last: date, calendar: Calendar) -> Iterator[Dated]:
    """Yield a row of demand again after a day, as far as it lies in the months before it, until the tail ends."""
    a_year_before = add_months(last, -12)
    since = max(a_year_before, calendar.starts[0])
    opens, closes = max(row.start, since), min(row.end, last)
    times = 1
    while opens < closes:
        if since == a_year_before:
            low, high = add_months(opens, 12 * times), add_months(closes, 12 * times)
        else:
            low, high = (day + times * (last - since) for day in (opens, closes))
        low = max(low, last)
        if low >= calendar.ends[-1]:
            return
        part = (closes - opens).days / (row.end - row.start).days
        yield row._replace(start=low, end=max(high, low + timedelta(days=1)), quantity=row.quantity * part)
        times += 1


def demand(rows: Iterable[Dated], calendar: Calendar) -> dict[tuple[str, str, int], Due]:
    """Return what is due at (site, material, node), where more than nothing is."""
    parts: dict[tuple[str, str, int], list[tuple[float, float, float]]] = defaultdict(list)
    for row in rows:
        for n in calendar.meeting(row.start, row.end):
            days = overlap(row.start, row.end, calendar.starts[n], calendar.ends[n])
            quantity = row.quantity * days / (row.end - row.start).days
            if quantity > 0:
                parts[(row.site, row.material, n)].append((quantity, row.priority, row.shortage_cost))
    return {key: _mean(rows) for key, rows in parts.items()}


def _mean(rows: list[tuple[float, float, float]]) -> Due:
    """Return the rows of one point and period as one."""
    quantity = sum(q for q, _, _ in rows)
    return Due(quantity, sum(q * p for q, p, _ in rows) / quantity, sum(q * c for q, _, c in rows) / quantity)
