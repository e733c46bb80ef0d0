"""Lead time: which part of a period's orders arrives in which later period."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from sourcing.replay.dates import Calendar

DUST = 1e-9  # days; a sliver this thin is rounding in a sum of fractional days, not a delivery


class Split(NamedTuple):
    """What becomes of one tonne ordered: (node, share) where it arrives, and the share after the horizon."""

    parts: tuple[tuple[int, float], ...]
    late: float


def split(calendar: Calendar, m: int, days: float) -> Split:
    """Return the split of orders spread evenly over period m that take ``days`` >= 0 to arrive."""
    origin, length = calendar.starts[0], calendar.days(m)
    low = (calendar.starts[m] - origin).days + days
    high = low + length
    parts = []
    for n in range(m, len(calendar.starts)):
        start = (calendar.starts[n] - origin).days
        if start >= high:
            break
        common = min(high, (calendar.ends[n] - origin).days) - max(low, start)
        if common > DUST:
            parts.append((n, common / length))
    horizon = (calendar.ends[-1] - origin).days
    return Split(tuple(parts), max(high - max(low, horizon), 0.0) / length)


def landings(calendar: Calendar, m: int, days: float) -> list[tuple[int, float]]:
    """Return (node, share) where freight and duty are charged: on arrival, what is late at the last node."""
    parts, late = split(calendar, m, days)
    return [*parts, (calendar.last, late)] if late > 0 else list(parts)


def whole_days(days: float) -> timedelta:
    """Return days rounded up to whole ones, as dates are shown."""
    return timedelta(days=math.ceil(days - DUST))


def window(calendar: Calendar, m: int, days: float) -> tuple[date, date]:
    """Return the first and the last day on which orders of period m arrive (or leave) after ``days``."""
    shift = whole_days(days)
    return calendar.starts[m] + shift, calendar.ends[m] - timedelta(days=1) + shift
