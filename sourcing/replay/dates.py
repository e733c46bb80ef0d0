"""Periods, their names and their years, counted in whole days."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.replay.lead import Split, Stretch

DAYS = {"day": 1, "week": 7}
AFTER = " (after the horizon)"
"""What is said behind the name of a period, or of a window, of the tail."""
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Calendar:
    """The periods [starts[n], ends[n]), n = 0 … N-1; of these the first ``reported``, the others are the tail."""

    starts: tuple[date, ...]
    ends: tuple[date, ...]
    reported: int

    @property
    def nodes(self) -> range:
        """Every node."""
        return range(len(self.starts))

    @property
    def last(self) -> int:
        """The last node."""
        return len(self.starts) - 1

    @property
    def has_tail(self) -> bool:
        """Whether periods follow that are not reported."""
        return self.reported < len(self.starts)

    @property
    def reported_end(self) -> date:
        """The day after the last that is reported."""
        return self.ends[self.reported - 1]

    @cached_property
    def offsets(self) -> tuple[list[int], list[int]]:
        """Starts and ends of the periods, in days after the start of the horizon."""
        first = self.starts[0]
        return [(day - first).days for day in self.starts], [(day - first).days for day in self.ends]

    @cached_property
    def parts_of_years(self) -> list[list[tuple[int, int]]]:
        """By period its days in each calendar year, with the days of that year."""
        cut = [by_year(start, end) for start, end in zip(self.starts, self.ends, strict=True)]
        return [[((high - low).days, days) for low, high, days in parts] for parts in cut]

    @cached_property
    def splits(self) -> dict[tuple[Stretch, ...], Split]:
        """What becomes of a tonne by the stretches that it was spread over, as ``lead.split`` has found so far."""
        return {}

    def days(self, n: int) -> int:
        """Return the length of period n in days."""
        return (self.ends[n] - self.starts[n]).days

    def years(self, n: int) -> float:
        """Return the length of period n in years."""
        return year_fraction(self.starts[n], self.ends[n])

    def label(self, n: int) -> str:
        """Return the name of period n."""
        return self._labels[n]

    @cached_property
    def _labels(self) -> list[str]:
        """The name of every period: every sentence has one."""
        named = [label(start, end) for start, end in zip(self.starts, self.ends, strict=True)]
        return [name if n < self.reported else name + AFTER for n, name in enumerate(named)]

    def holding(self, day: date) -> int | None:
        """Return the node whose period holds a day, ``None`` outside the horizon."""
        n = bisect_right(self.starts, day) - 1
        return n if n >= 0 and day < self.ends[n] else None

    def meeting(self, start: date, end: date) -> range:
        """Return the nodes whose periods share days with [start, end)."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))

    def part_before(self, n: int, day: float) -> float:
        """Return the part of period n's days that lies before a day, counted from the start of the horizon."""
        return min(max(day - (self.starts[n] - self.starts[0]).days, 0.0), self.days(n)) / self.days(n)

    def inside(self, n: int, since: date | None, until: date | None) -> float:
        """Return the part of period n's days that lies in [since, until), a blank end being open."""
        return overlap(self.starts[n], self.ends[n], since or date.min, until or date.max) / self.days(n)


def calendar(start: date, steps: Sequence[tuple[str, int]], tail: int = 0) -> Calendar:
    """Return periods of lengths such as "quarter" or "90 days", each as often as it says, the first from ``start``.

    ``tail`` more follow, each as long as the last.

    Months in a row are counted from the first day of the first of them, so a start on the 31st falls on the last day of
    shorter months.
    """
    first = start.date() if isinstance(start, datetime) else start
    edges, counted = [first], 0
    for length, times in [*steps, (steps[-1][0], tail)]:
        count, unit = parse_length(length)
        for _ in range(times):
            if unit in DAYS:
                first, counted = edges[-1] + timedelta(days=count * DAYS[unit]), 0
            else:
                counted += count * MONTHS[unit]
            edges.append(add_months(first, counted))
    return Calendar(tuple(edges[:-1]), tuple(edges[1:]), len(edges) - 1 - tail)


def parse_length(length: str) -> tuple[int, str]:
    """Return the number and the unit ("day", "week", "month", "quarter", "year") of a length."""
    found = re.fullmatch(r"(?:(\d+)\s+)?(day|week|month|quarter|year)s?", length.strip())
    if found is None:
        raise ValueError(f"'{length}' is not a period length; write month, quarter, 90 days or the like")
    return int(found.group(1) or 1), found.group(2)


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def label(start: date, end: date) -> str:
    """Return "2027", "2027-Q1" or "2027-03" when the period is exactly that, else its first day."""
    if start.day == 1:
        if start.month == 1 and end == add_months(start, 12):
            return f"{start.year}"
        if start.month % 3 == 1 and end == add_months(start, 3):
            return f"{start.year}-Q{(start.month + 2) // 3}"
        if end == add_months(start, 1):
            return f"{start.year}-{start.month:02d}"
    return start.isoformat()


@lru_cache(maxsize=4096)
def interval(period: str) -> tuple[date, date]:
    """Return [start, end) of a period as demand is written: "2027", "2027-Q3", "2027-03" or "2027-03-15"."""
    text = period.strip()
    if re.fullmatch(r"\d{4}", text):
        return date(int(text), 1, 1), date(int(text) + 1, 1, 1)
    quarter = re.fullmatch(r"(\d{4})-Q([1-4])", text)
    if quarter:
        start = date(int(quarter.group(1)), 3 * int(quarter.group(2)) - 2, 1)
        return start, add_months(start, 3)
    if re.fullmatch(r"\d{4}-\d{2}", text):
        start = date.fromisoformat(text + "-01")
        return start, add_months(start, 1)
    start = date.fromisoformat(text)
    return start, start + timedelta(days=1)


def overlap(a: date, b: date, c: date, d: date) -> int:
    """Return the days that [a, b) and [c, d) have in common."""
    return max((min(b, d) - max(a, c)).days, 0)


def days_in_year(year: int) -> int:
    """Return 365 or 366."""
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


@lru_cache(maxsize=4096)
def by_year(a: date, b: date) -> tuple[tuple[date, date, int], ...]:
    """Return [a, b) cut where calendar years end: each part with the days of its year."""
    edges = [a, *(date(year, 1, 1) for year in range(a.year + 1, b.year + 1) if date(year, 1, 1) < b), b]
    return tuple((low, high, days_in_year(low.year)) for low, high in pairwise(edges) if low < high)


@lru_cache(maxsize=4096)
def year_fraction(a: date, b: date) -> float:
    """Return the years in [a, b): every calendar year counts its own days, so a whole one is exactly 1."""
    return sum(((high - low).days / days for low, high, days in by_year(a, b)), 0.0)


def discount(periods: Calendar, n: int, rate: float) -> float:
    """Return the weight of a dollar spent in the middle of period n, seen from the start of the horizon."""
    return float((1 + rate) ** -(year_fraction(periods.starts[0], periods.starts[n]) + periods.years(n) / 2))
