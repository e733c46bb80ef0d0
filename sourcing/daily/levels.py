"""Inventory simulation by days: stock at the end of each day, where own activities wait for material.

On a day first comes what is due to arrive, then own activities take what they mean to, then demand, and on the last day
of a period disposal. Demand is taken whatever is there: stock may go below zero, and that is the finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sourcing.daily.flows import Flows
    from sourcing.replay.records import Point

    Reals = NDArray[np.float64]
    Ints = NDArray[np.int64]

NOISE, TRACE = 1e-6, 1e-12
"""Of all that comes to a point and leaves it, and t: what the last digits of a plan, and of this arithmetic, may be."""
_AT_ONCE = 500
"""Points that are counted together: a few megabytes for each year of days."""


@dataclass(frozen=True, eq=False)
class Levels:
    """Stock of some points: t by (point, day), at the end of the day.

    ``used`` is what is due and what own activities mean to take, t by (point, day); ``has_demand`` and ``noise`` (t
    that are none) are by point.
    """

    points: list[Point]
    stock: Reals
    used: Reals
    has_demand: NDArray[np.bool_]
    noise: Reals


class Waiting(NamedTuple):
    """What could not be done in time for want of material: t, on how many days some waited, and what never was done."""

    kind: str
    key: tuple[str, ...]
    planned: float
    days: int
    first: int
    not_done: float


def levels(flows: Flows) -> Iterator[tuple[Levels, list[Waiting]]]:
    """Yield the stock of all points, block by block, with what waited there."""
    if flows.coupled:
        yield _Coupled(flows).replayed()
    for at in range(0, len(flows.alone), _AT_ONCE):
        points = flows.alone[at : at + _AT_ONCE]
        comes, due = _comes(flows, points), _due(flows, points)
        yield _told(points, np.cumsum(comes - due, axis=1), (comes, due, np.zeros_like(due)), flows), []


def _comes(flows: Flows, points: Sequence[Point]) -> Reals:
    found = np.zeros((len(points), flows.days))
    for at, point in enumerate(points):
        for day, tonnes in flows.comes.get(point, ()):
            found[at, day] += tonnes
    return found


def _due(flows: Flows, points: Sequence[Point]) -> Reals:
    nothing = np.zeros(flows.days)
    return np.array([flows.due.get(point, nothing) for point in points]).reshape(len(points), flows.days)


def _told(points: list[Point], stock: Reals, moved: tuple[Reals, Reals, Reals], flows: Flows) -> Levels:
    """Return levels with what is noise at each point: ``moved`` is what comes, is due and is taken."""
    comes, due, taken = moved
    noise = TRACE + NOISE * (comes.sum(axis=1) + due.sum(axis=1) + taken.sum(axis=1))
    return Levels(points, stock, due + taken, np.array([point in flows.due for point in points]), noise)


class _Coupled:
    """The points between which own activities move material, from the first day on which any of it has to wait.

    Entries ``take`` and ``give`` are (activity, point, t per t); before that day all is done as planned.
    """

    def __init__(self, flows: Flows) -> None:
        self.flows, self.points = flows, flows.coupled
        at = {point: i for i, point in enumerate(self.points)}
        each = list(enumerate(flows.activities))
        self.take = _entries([(a, at[point], part) for a, one in each for point, part in one.takes])
        self.give = _entries([(a, at[point], part) for a, one in each for point, part in one.gives])
        shape = (len(each), flows.days)
        self.wanted = np.array([one.wanted for _, one in each]).reshape(shape)
        self.days = np.array([one.days for _, one in each], np.int64).reshape(shape)
        self.works = np.array([one.works for _, one in each], bool).reshape(shape)
        self.comes, self.due = _comes(flows, self.points), _due(flows, self.points)
        self.taken, self.disposed = np.zeros_like(self.due), np.zeros_like(self.due)
        np.add.at(self.taken, self.take.point, self.wanted[self.take.activity] * self.take.part[:, None])
        for point, parts in flows.disposed.items():
            for day, tonnes in parts:
                self.disposed[at[point], day] += tonnes

    def replayed(self) -> tuple[Levels, list[Waiting]]:
        """Return the stock and what waited."""
        comes = self._brought(self.flows.days)
        stock = np.cumsum(comes - self.taken - self.due - self.disposed, axis=1)
        told = _told(self.points, stock, (comes, self.due, self.taken), self.flows)
        before = stock + self.due + self.disposed
        wrong = (before < -told.noise[:, None]) & (self.taken > 0)
        wrong |= (stock < -told.noise[:, None]) & (self.disposed > 0)
        if not wrong.any():
            return told, []
        return told, self._wait(told, int(np.flatnonzero(wrong.any(axis=0))[0]))

    def _brought(self, until: int) -> Reals:
        """Return what comes, with what is done as planned before a day; what comes after the horizon is under way."""
        comes, give = self.comes.copy(), self.give
        lands = np.arange(until) + self.days[give.activity, :until]
        entry, day = np.nonzero(lands < self.flows.days)
        amount = (self.wanted[give.activity, :until] * give.part[:, None])[entry, day]
        np.add.at(comes, (give.point[entry], lands[entry, day]), amount)
        return comes

    def _wait(self, told: Levels, first: int) -> list[Waiting]:
        """Go on day by day from the first on which something waits; write the stock, and return what waited."""
        comes, stock = self._brought(first), told.stock
        level = stock[:, first - 1].copy() if first else np.zeros(len(self.points))
        left, slack = np.zeros(len(self.wanted)), TRACE + NOISE * self.wanted.sum(axis=1)
        waiting, staying = _Tally(len(left)), _Tally(len(level))
        stays = np.zeros(len(level))
        for day in range(first, self.flows.days):
            level += comes[:, day]
            left += self.wanted[:, day]
            level = self._act(level, left, comes, day) - self.due[:, day]
            gone = np.minimum(self.disposed[:, day], np.maximum(level, 0.0))
            level -= gone
            stays += self.disposed[:, day] - gone
            waiting.note(left > slack, day)
            staying.note(self.disposed[:, day] - gone > told.noise, day)
            stock[:, day] = level
        undone = np.where(left > slack, left, 0.0)
        each, planned, disposed = self.flows.activities, self.wanted.sum(axis=1), self.disposed.sum(axis=1)
        found = [
            Waiting(each[a].kind, each[a].key, float(planned[a]), days, since, float(undone[a]))
            for a, days, since in waiting.noted()
        ]
        stayed = [
            Waiting("disposal", self.points[at], float(disposed[at]), days, since, float(stays[at]))
            for at, days, since in staying.noted()
        ]
        return [*found, *stayed]

    def _act(self, level: Reals, left: Reals, comes: Reals, day: int) -> Reals:
        """Do what there is material for, of what is ``left`` to do; return the level.

        Where not all can be done each gets the same part of what it waits for, and of several inputs the scarcest
        decides. What passes on within the day is there for the next one. What stands still on the day does nothing.
        """
        works = self.works[:, day]
        take, give, count = self.take, self.give, len(level)
        same_day = self.days[give.activity, day] == 0
        for _ in range(len(left) + 1):
            able = np.where(works, left, 0.0)
            asked = np.bincount(take.point, able[take.activity] * take.part, count)
            there = np.maximum(level, 0.0)
            part = np.divide(there, asked, out=np.ones(count), where=asked > there)
            done = able.copy()
            np.minimum.at(done, take.activity, able[take.activity] * part[take.point])
            left -= done
            level = level - np.bincount(take.point, done[take.activity] * take.part, count)
            amount = done[give.activity] * give.part
            later = ~same_day & (day + self.days[give.activity, day] < self.flows.days)
            np.add.at(comes, (give.point[later], day + self.days[give.activity, day][later]), amount[later])
            level += np.bincount(give.point[same_day], amount[same_day], count)
            if not (amount[same_day] > TRACE).any():
                break
        return level


class _Tally:
    """On how many days something was so, and on which first."""

    def __init__(self, count: int) -> None:
        self.days, self.first = np.zeros(count, np.int64), np.zeros(count, np.int64)

    def note(self, which: NDArray[np.bool_], day: int) -> None:
        """Count a day for some."""
        self.first[which & (self.days == 0)] = day
        self.days += which

    def noted(self) -> list[tuple[int, int, int]]:
        """Return who was so at all, on how many days and on which first."""
        there = np.flatnonzero(self.days)
        return [*zip(there.tolist(), self.days[there].tolist(), self.first[there].tolist(), strict=True)]


class _Entries(NamedTuple):
    activity: Ints
    point: Ints
    part: Reals


def _entries(found: list[tuple[int, int, float]]) -> _Entries:
    """Return entries as arrays."""
    activity, point, part = zip(*found, strict=True) if found else ((), (), ())
    return _Entries(np.array(activity, np.int64), np.array(point, np.int64), np.array(part, float))
