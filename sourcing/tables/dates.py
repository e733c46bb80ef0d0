"""Dates and periods as a planner writes them."""

from __future__ import annotations

import re
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1900, 2200

_PERIOD = re.compile(r"(?P<year>\d{4})(-Q(?P<quarter>[1-4])|-(?P<month>\d\d)(-(?P<day>\d\d))?)?")

_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_STORED = re.compile(r"\d{5}([.,]\d+)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/. ](\d{1,2})[-/. ](\d{1,2})|(\d\d)(\d\d))")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")


def parse_date(text: str) -> date | None:
    """Return the day "2027-03-15" or the first day of "2027-03"; None if it is neither or outside 1900-2200.

    >>> parse_date("2027-03")
    datetime.date(2027, 3, 1)
    """
    found = _PERIOD.fullmatch(text)
    if not found or not found["month"]:
        return None
    return _day(int(found["year"]), int(found["month"]), int(found["day"] or 1))


def parse_dotted(text: str) -> date | None:
    """Return the day "31.01.2027", which has one reading only; None if it is none.

    >>> parse_dotted("31.01.2027")
    datetime.date(2027, 1, 31)
    """
    found = _DOTTED.fullmatch(text)
    return _day(int(found[3]), int(found[2]), int(found[1])) if found else None


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


def stored_day(text: str) -> date | None:
    """Return the day that a spreadsheet stores as this number ("46023", days since 1899-12-30); None if it is none.

    >>> stored_day("46023")
    datetime.date(2026, 1, 1)
    """
    if not _STORED.fullmatch(text):
        return None
    day = date(1899, 12, 30) + timedelta(days=int(text[:5]))
    return day if day.year <= LAST_YEAR else None


def days_meant(text: str) -> list[date]:
    """Return the days that a date in another order of year, month and day may mean; none, one or two.

    >>> [str(day) for day in days_meant("03/04/2027")]
    ['2027-04-03', '2027-03-04']
    """
    if found := _YEAR_FIRST.fullmatch(text):
        orders = [(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))]
    elif found := _YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        year += 2000 if year < 100 else 0
        orders = [(year, second, first), (year, first, second)]
    else:
        return []
    return [day for day in dict.fromkeys(_day(*order) for order in orders) if day]


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
