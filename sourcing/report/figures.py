"""Numbers and dates the way a planner writes them: ``1,240 t``, ``USD 412.6 M``, ``35 %``, ``Q2-Q3 2027``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_EIGHTHS = " ▏▎▍▌▋▊▉"


def tonnes(value: float) -> str:
    """Return tonnes: whole ones from 10 t, one decimal below, two significant digits below 0.1 t.

    >>> tonnes(1240.2), tonnes(0.42), tonnes(0.0312), tonnes(0)
    ('1,240 t', '0.4 t', '0.031 t', '0 t')
    """
    return f"{_short(value)} t"


def _short(value: float) -> str:
    size = abs(value)
    if size == 0:
        return "0"
    if round(size, 1) >= 10:
        return f"{value:,.0f}"
    if size >= 0.1:
        return f"{value:.1f}"
    return f"{value:.{1 - math.floor(math.log10(size))}f}" if size >= 1e-6 else f"{value:.0e}"


def money(value: float) -> str:
    """Return US dollars: millions with one decimal from half a million, whole dollars below, two digits below a cent.

    >>> money(412_601_000), money(14_300), money(3.456), money(2.5e9), money(-2e6), money(0.00312)
    ('USD 412.6 M', 'USD 14,300', 'USD 3.46', 'USD 2,500.0 M', 'USD -2.0 M', 'USD 0.0031')
    """
    return f"USD {millions(value)} M" if abs(value) >= 5e5 else f"USD {_dollars(value)}"


def _dollars(value: float) -> str:
    if 1e-6 <= abs(value) < 0.01:
        return f"{value:.{1 - math.floor(math.log10(abs(value)))}f}"
    return f"{value:,.0f}" if abs(value) >= 100 or value == 0 else f"{value:,.2f}"


def millions(value: float) -> str:
    """Return millions of dollars with one decimal, no unit.

    >>> millions(361_000_000), millions(20_000)
    ('361.0', '<0.1')
    """
    return "<0.1" if 0 < value < 5e4 else f"{value / 1e6:,.1f}"


def share(value: float) -> str:
    """Return a share in whole per cent; what is not quite nothing or everything is not rounded to it.

    >>> share(0.35), share(0.002), share(0), share(0.998), share(1)
    ('35 %', '<1 %', '-', '>99 %', '100 %')
    """
    if value <= 1e-9:
        return "-"
    if value < 0.005:
        return "<1 %"
    if 0.995 <= value < 1 - 1e-9:
        return ">99 %"
    return f"{value * 100:.0f} %"


def lasting(days: float) -> str:
    """Return how long a stock lasts: whole days, "unused" where nobody takes of it, a dash where there is none.

    >>> lasting(41.4), lasting(0.3), lasting(0), lasting(1), lasting(2400), lasting(math.inf), lasting(math.nan)
    ('41 days', '<1 day', '0 days', '1 day', '>999 days', 'unused', '-')
    """
    if math.isnan(days):
        return "-"
    if math.isinf(days):
        return "unused"
    if 0 < days < 0.5:
        return "<1 day"
    return ">999 days" if days >= 999.5 else f"{days:.0f} day{'' if round(days) == 1 else 's'}"


def percent(value: float) -> str:
    """Return a small part in per cent with one decimal, signed.

    >>> percent(0.063), percent(-0.004)
    ('+6.3 %', '-0.4 %')
    """
    return f"{value * 100:+.1f} %"


def bar(value: float, width: int) -> str:
    """Return a bar of block characters; ``value`` 1 fills ``width``, anything above 0 is visible if there is any room.

    >>> bar(0.5, 4), bar(0.001, 4), bar(0, 2), bar(1, 0)
    ('██  ', '▏   ', '  ', '')
    """
    eighths = round(min(max(value, 0.0), 1.0) * width * 8)
    if value > 1e-9 and width:
        eighths = max(eighths, 1)
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(width)


def day(moment: date, *, year: bool = True) -> str:
    """Return a date as ``31 Mar 2027``, or ``31 Mar``."""
    return f"{moment.day} {moment:%b}" + (f" {moment.year}" if year else "")


def window(first: date, last: date) -> str:
    """Return the quarters from ``first`` to ``last`` (both included), or the month if it is one.

    >>> from datetime import date
    >>> window(date(2027, 4, 1), date(2027, 9, 30)), window(date(2027, 11, 3), date(2028, 2, 1))
    ('Q2-Q3 2027', 'Q4 2027-Q1 2028')
    >>> window(date(2027, 3, 2), date(2027, 3, 31))
    'Mar 2027'
    """
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%b} {first.year}"
    left, right = f"Q{(first.month + 2) // 3}", f"Q{(last.month + 2) // 3}"
    if first.year != last.year:
        return f"{left} {first.year}-{right} {last.year}"
    return f"{left} {first.year}" if left == right else f"{left}-{right} {first.year}"
