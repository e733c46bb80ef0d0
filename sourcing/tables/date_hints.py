"""Hints for a date or a period that cannot be read: what was probably meant by it."""

from __future__ import annotations

import re

from sourcing.tables.dates import days_meant, stored_day
from sourcing.tables.problems import listed, quoted

Said = tuple[str, str, str]
"""Fact, repair and code."""

_YEAR = re.compile(r"(\d{4})[.,]0+")
_QUARTER = re.compile(r"Q([1-4])[ /-]?(\d{4})|(\d{4})[ /]?Q([1-4])", re.IGNORECASE)
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})|(\d{4})[/.-](\d{1,2})")
_NAMED_MONTH = re.compile(r"[^\W\d]{3,9}[ .-]{0,2}(\d{2}|\d{4})|(\d{1,2})[ .-]{0,2}[^\W\d]{3,9}")


def about_date(text: str) -> Said:
    """Return what to say about a cell that is no date.

    >>> about_date("03/04/2027")[1]
    'write 2027-04-03 or 2027-03-04 (year-month-day)'
    """
    stored, meant = stored_day(text), days_meant(text)
    if stored:
        repair = f"write {stored}, or give the column a date format before saving"
        return f"'{text}' is how a spreadsheet stores {stored}", repair, "DATA-111"
    if len(meant) > 1:
        fact = f"'{text}' could be {listed(map(str, meant))}"
        return fact, f"write {listed(map(str, meant))} (year-month-day)", "DATA-123"
    example = str(meant[0]) if meant else "2027-01-31"
    return f"{quoted(text)} is not a date", f"write it as {example} (year-month-day)", "DATA-111"


def about_period(text: str) -> Said:
    """Return what to say about a cell that is no period.

    >>> about_period("Q3 2027")[1]
    'write 2027-Q3'
    """
    stored, meant = stored_day(text), days_meant(text)
    if stored:
        repair = f"write {stored:%Y-%m} or {stored}, in a column formatted as text"
        return f"'{text}' is how a spreadsheet stores {stored}", repair, "DATA-112"
    readings = [str(day) for day in meant] + [f"{day:%Y-%m}" for day in meant if day.day == 1]
    if len(readings) > 1:
        return f"'{text}' could be {listed(readings)}", f"write {listed(readings)}", "DATA-123"
    if readings:
        return f"{quoted(text)} is not a period", f"write {readings[0]}", "DATA-112"
    return f"{quoted(text)} is not a period", _period_repair(text), "DATA-112"


def _period_repair(text: str) -> str:
    if found := _YEAR.fullmatch(text):
        return f"write {found[1]}"
    if found := _QUARTER.fullmatch(text):
        return f"write {found[2] or found[3]}-Q{found[1] or found[4]}"
    found = _MONTH.fullmatch(text)
    if found and 1 <= int(found[1] or found[4]) <= 12:
        return f"write {found[2] or found[3]}-{int(found[1] or found[4]):02d}"
    if _NAMED_MONTH.fullmatch(text):
        return "write a month as 2027-03, in a column formatted as text: a spreadsheet turns it into a date"
    return "write a year, quarter, month or day: 2027, 2027-Q3, 2027-03 or 2027-03-15"
