"""Call-offs: what is ordered in a period, cut into dated parts by day, by calendar week or month, or by the lot."""

from __future__ import annotations

import math
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

EVEN, MONTHLY, WEEKLY, LOT = "even", "monthly", "weekly", "lot"
Spans = tuple[tuple[date, date], ...]
"""Stretches [first, after) of days on which something may be ordered, in order."""
_DUST = 1e-9
"""Of a lot, or of all that is ordered: what rounding may leave."""


class Manner(NamedTuple):
    """How an offer is called off: even, monthly, weekly or lot; t of a lot and of the least call-off (0: any)."""

    how: str
    lot: float = 0.0
    least: float = 0.0

    @property
    def smallest(self) -> float:
        """Tonnes of the smallest call-off: the least one in whole lots."""
        return self._whole(max(self.least, self.lot))

    def _whole(self, tonnes: float) -> float:
        return self.lot * math.ceil(tonnes / self.lot - _DUST) if self.lot else tonnes

    def is_kept_by(self, tonnes: float) -> bool:
        """Say whether so much can be called off by itself: whole lots, and no less than the least."""
        return tonnes >= self.smallest * (1 - _DUST) and abs(self._whole(tonnes) - tonnes) <= _DUST * tonnes

    def size(self, wanted: float) -> float:
        """Return the t of a call-off that is to bring at least so much."""
        return max(self._whole(wanted), self.smallest)


def call_offs(days: Spans, tonnes: float, manner: Manner) -> list[tuple[date, float]]:
    """Return days and tonnes (above 0) of the call-offs of what is ordered over some days; they add up to it.

    ``monthly`` and ``weekly`` call off on the first of the days in each calendar month, or week from Monday, what is
    even for all its days; ``even`` does so each day. Lots and the least call-off are kept to: more is called off where
    they ask for more, and then less the next time, and of lots each calendar month asks for as much. What would be left
    of less than the smallest call-off goes with the one before. ``lot`` calls off the smallest call-off on each day on
    which it is full if all is gathered evenly.
    """
    if manner.smallest == 0:
        steps = _steps(days, MONTHLY if manner.how == LOT else manner.how)
    elif manner.how == LOT:
        return _whenever_full(days, tonnes, manner.smallest)
    else:
        steps = _by_months(days) if manner.how == MONTHLY else _steps(days, manner.how)
    placed, found = 0.0, []
    for day, part in steps:
        wanted, left = tonnes * part - placed, tonnes - placed
        if wanted > _DUST * tonnes:
            size = manner.size(wanted)
            is_last = left - size < max(manner.smallest * (1 - _DUST), _DUST * tonnes)
            found.append((day, left if is_last else size))
            placed += left if is_last else size
    return _exactly(found, tonnes)


def _exactly(found: list[tuple[date, float]], tonnes: float) -> list[tuple[date, float]]:
    """Return call-offs of which the last has what the others leave, to the last bit."""
    *first, (day, _) = found
    return [*first, (day, tonnes - math.fsum(size for _, size in first))]


@lru_cache(maxsize=4096)
def _steps(days: Spans, how: str) -> tuple[tuple[date, float], ...]:
    """Return the days of call-offs, and which part of the days is over by the next one."""
    every = [low + timedelta(days=i) for low, high in days for i in range((high - low).days)]
    step = {EVEN: _day, WEEKLY: _monday, MONTHLY: _month}[how]
    over, found = 0, []
    for _, group in groupby(every, key=step):
        mine = list(group)
        over += len(mine)
        found.append((mine[0], over / len(every)))
    return tuple(found)


@lru_cache(maxsize=4096)
def _by_months(days: Spans) -> tuple[tuple[date, float], ...]:
    """Return the first of the days in each month, and which part of the months is over by the next one."""
    first = [day for day, _ in _steps(days, MONTHLY)]
    over = [_months(day) for day in (*first, days[-1][1])]
    return tuple((day, (until - over[0]) / (over[-1] - over[0])) for day, until in zip(first, over[1:], strict=True))


def _months(day: date) -> float:
    """Return the months of the calendar until the morning of a day, with the part of its own that is over."""
    return 12 * day.year + day.month + (day.day - 1) / monthrange(day.year, day.month)[1]


def _day(day: date) -> date:
    return day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)


def _whenever_full(days: Spans, tonnes: float, size: float) -> list[tuple[date, float]]:
    """Return what is full on the evening of each day, in whole sizes; what is left in the end goes with the last."""
    steps = _steps(days, EVEN)
    placed, found = 0.0, []
    for day, part in steps:
        full = size * math.floor(tonnes * part / size + _DUST)
        if full > placed:
            found.append((day, full - placed))
            placed = full
    return _exactly(found or [(steps[-1][0], tonnes)], tonnes)
