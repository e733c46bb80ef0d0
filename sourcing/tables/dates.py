"""Dates and periods as a planner writes them."""

from __future__ import annotations

import re
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1900, 2200

_PERIOD = re.compile(r"(?P<year>\d{4})(-Q(?P<quarter>[1-4])|-(?P<month>\d\d)(-(?P<day>\d\d))?)?")


def parse_date(text: str) -> date | None:
    """Return the day "2027-03-15" or the first day of "2027-03"; None if it is neither or outside 1900-2200.

    >>> parse_date("2027-03")
    datetime.date(2027, 3, 1)
    """
    found = _PERIOD.fullmatch(text)
    if not found or not found["month"]:
        return None
    return _day(int(found["year"]), int(found["month"]), int(found["day"] or 1))


def parse_period(text: str) -> tuple[date, date] | None:
    """Return the first day of a year, quarter, month or day and the first day after it; None if it is none of these.

    >>> parse_period("2027-Q4")
    (datetime.date(2027, 10, 1), datetime.date(2028, 1, 1))
    """
    found = _PERIOD.fullmatch(text)
    if not found:
        return None
    year, month = int(found["year"]), int(found["month"] or 1)
    if found["day"]:
        day = _day(year, month, int(found["day"]))
        return (day, day + timedelta(days=1)) if day else None
    months = 1 if found["month"] else 3 if found["quarter"] else 12
    if found["quarter"]:
        month = 3 * int(found["quarter"]) - 2
    start = _day(year, month, 1)
    return (start, add_months(start, months)) if start else None


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or that month's last day if it is shorter.

    >>> add_months(date(2027, 1, 31), 1)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    after = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (after - timedelta(days=1)).day))


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
