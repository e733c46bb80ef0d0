"""Lead time: which part of a period's orders arrives in which later period."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sourcing.replay.dates import Calendar

DUST = 1e-9  # days; a sliver this thin is rounding in a sum of fractional days, not a delivery


class Split(NamedTuple):
    """What becomes of one tonne ordered: (node, share) where it arrives, and the share after the horizon."""

    parts: tuple[tuple[int, float], ...]
    late: float


class Stretch(NamedTuple):
    """Days [since, until) after the start of the horizon, and how many days what is placed on them takes."""

    since: float
    until: float
    days: float


def split(calendar: Calendar, stretches: Sequence[Stretch]) -> Split:
    """Return the split of a tonne spread evenly over all days of some stretches; many ways have the same."""
    placed = tuple(stretches)
    if placed not in calendar.splits:
        calendar.splits[placed] = _split(calendar, placed)
    return calendar.splits[placed]


def _split(calendar: Calendar, stretches: Sequence[Stretch]) -> Split:
    if len(stretches) == 1:
        (since, until, days), after = stretches[0], calendar.offsets[1][-1]
        low, high, placed = since + days, until + days, until - since
        parts = [(n, common / placed) for n, common in _landing(calendar, low, high)]
        return Split(tuple(parts), max(high - max(low, after), 0.0) / placed)
    after, placed = calendar.offsets[1][-1], sum(each.until - each.since for each in stretches)
    arriving: dict[int, float] = defaultdict(float)
    late = 0.0
    for since, until, days in stretches:
        low, high = since + days, until + days
        for n, common in _landing(calendar, low, high):
            arriving[n] += common / placed
        late += max(high - max(low, after), 0.0) / placed
    return Split(tuple(sorted(arriving.items())), late)


def _landing(calendar: Calendar, low: float, high: float) -> Iterator[tuple[int, float]]:
    """Yield the nodes that have days between two, and how many."""
    starts, ends = calendar.offsets
    for n in range(bisect_right(ends, low), len(ends)):
        if starts[n] >= high:
            break
        common = min(high, ends[n]) - max(low, starts[n])
        if common > DUST:
            yield n, common


class Passage:
    """Days on which something is placed, in stretches, and what becomes of it: worked out once for all that share them.

    Attributes
    ----------
    stretches : the days, with how many what is placed on them takes; none where nothing can be placed.
    parts, late : node and share of a tonne of what arrives within the horizon, and the share that does after it.
    """

    def __init__(self, calendar: Calendar, stretches: Sequence[Stretch]) -> None:
        self.stretches = stretches
        self.parts, self.late = split(calendar, stretches)
        self._calendar = calendar

    @property
    def after(self) -> float:
        """The share that arrives after the horizon, be it in the tail."""
        return self.late + sum(share for n, share in self.parts if n >= self._calendar.reported)

    @property
    def lands(self) -> float:
        """The day after the start on which the first of it arrives."""
        return min([since + days for since, _, days in self.stretches])

    @cached_property
    def landings(self) -> list[tuple[int, float]]:
        """Node and share as ``landings`` gives them."""
        return landings(self._calendar, self.stretches)

    @cached_property
    def arriving(self) -> list[tuple[int, float, tuple[float, float]]]:
        """Node, share and days as ``arriving`` gives them."""
        return list(arriving(self._calendar, self.stretches))

    @cached_property
    def window(self) -> tuple[date, date]:
        """The first and the last day of arrival."""
        return window(self._calendar, self.stretches)

    @cached_property
    def placed(self) -> tuple[date, date]:
        """The first and the last day on which it is placed."""
        return window(self._calendar, [each._replace(days=0.0) for each in self.stretches])


def landings(calendar: Calendar, stretches: Sequence[Stretch]) -> list[tuple[int, float]]:
    """Return (node, share) where freight and duty are charged: on arrival, what is late at the last node."""
    parts, late = split(calendar, stretches)
    return [*parts, (calendar.last, late)] if late > 0 else list(parts)


def arriving(calendar: Calendar, stretches: Sequence[Stretch]) -> Iterator[tuple[int, float, tuple[float, float]]]:
    """Yield node, share and days (since the start) of every part that arrives; what is late at the last node."""
    placed = sum(each.until - each.since for each in stretches)
    starts, ends = [*calendar.offsets[0], calendar.offsets[1][-1]], [*map(float, calendar.offsets[1]), math.inf]
    for since, until, days in stretches:
        for n in range(bisect_right(ends, since + days), len(ends)):
            if starts[n] >= until + days:
                break
            low, high = max(since + days, starts[n]), min(until + days, ends[n])
            if high - low > DUST:
                yield min(n, calendar.last), (high - low) / placed, (low, high)


def mean_days(calendar: Calendar, stretches: Sequence[Stretch]) -> Iterator[tuple[int, float, float]]:
    """Yield node, share and days since it was placed of everything that arrives within the horizon."""
    placed = sum(each.until - each.since for each in stretches)
    for each in stretches:
        part = (each.until - each.since) / placed
        for n, share in split(calendar, [each]).parts:
            yield n, share * part, each.days


def whole_days(days: float) -> timedelta:
    """Return days rounded up to whole ones, as dates are shown."""
    return timedelta(days=math.ceil(days - DUST))


def window(calendar: Calendar, stretches: Sequence[Stretch]) -> tuple[date, date]:
    """Return the first and the last day on which what is placed in some stretches arrives (or leaves)."""
    first = min([math.ceil(since + days - DUST) for since, _, days in stretches])
    last = max([math.ceil(until - 1 + days - DUST) for _, until, days in stretches])
    return calendar.starts[0] + timedelta(days=first), calendar.starts[0] + timedelta(days=max(first, last))
