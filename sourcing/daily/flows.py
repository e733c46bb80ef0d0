"""Material flow, day by day: what comes to each point and is asked for there, and what own activities mean to move."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from sourcing.replay.closures import no_work, run_days, ship_shut, timed
from sourcing.replay.lead import DUST, Stretch
from sourcing.replay.licence import licence_lag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sourcing.daily.orders import Order
    from sourcing.replay import Facts, Replay
    from sourcing.replay.points import ShipKey
    from sourcing.replay.records import Point

    Reals = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Activity(NamedTuple):
    """A process or a lane that own goods are sent over.

    ``wanted`` is t by day, as planned; ``days`` how many whole days it is, by the day it is done, until the goods are
    there. ``takes`` and ``gives`` are pairs of point and t per t. On days without ``works`` it stands still.
    """

    kind: Literal["process", "shipment"]
    key: tuple[str, ...]
    wanted: Reals
    days: Ints
    takes: tuple[tuple[Point, float], ...]
    gives: tuple[tuple[Point, float], ...]
    works: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Flows:
    """Days are counted from the start of the horizon, 0 … ``days`` - 1.

    ``comes`` and ``disposed`` are (day, t) by point; ``due`` is t by day of what is asked for less what the plan leaves
    short.
    """

    days: int
    comes: dict[Point, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    due: dict[Point, Reals] = field(default_factory=dict)
    disposed: dict[Point, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    activities: list[Activity] = field(default_factory=list)

    @property
    def coupled(self) -> list[Point]:
        """Points whose stock is moved on by what may have to wait, or be left: activities and disposal."""
        ends = {point for each in self.activities for point, _ in (*each.takes, *each.gives)}
        return sorted(ends | set(self.disposed))

    @property
    def alone(self) -> list[Point]:
        """The other points: what comes there comes, and what is due there is due."""
        return sorted({*self.comes, *self.due} - set(self.coupled))


def flows(facts: Facts, plan: Replay, dated: Sequence[Order]) -> Flows:
    """Return what moves on which day: orders on their own dates, all else as the plan spreads it."""
    found, first = Flows(facts.length), facts.calendar.starts[0]
    for point, stock in facts.records.stocks.items():
        if stock.opening > 0:
            found.comes[point].append((0, stock.opening))
    arriving = [((row.destination, row.material), row.arrive_on, row.tonnes) for row in dated]
    arriving += [((row.site, row.material), row.arrives, row.quantity) for row in facts.records.open_orders]
    for point, day, tonnes in arriving:
        if 0 <= (day - first).days < found.days:
            found.comes[point].append(((day - first).days, tonnes))
    for (site, material, n), tonnes in plan.disposed.items():
        if tonnes > 0:
            found.disposed[site, material].append((facts.calendar.offsets[1][n] - 1, tonnes))
    found.due.update(_due(facts, plan))
    found.activities.extend([*_runs(facts, plan), *_shipments(facts, plan)])
    return found


def _due(facts: Facts, plan: Replay) -> dict[Point, Reals]:
    """Return demand by point and day, each row even over its days, without what the plan leaves short.

    That is taken off the first days of its period: what comes in a period comes late in it rather than early.
    """
    found: dict[Point, Reals] = {}
    first, days = facts.calendar.starts[0], facts.length
    for row in facts.dated:
        low, high = ((day - first).days for day in (row.start, row.end))
        if max(low, 0) < min(high, days) and row.quantity > 0:
            due = found.setdefault((row.site, row.material), np.zeros(days))
            due[max(low, 0) : min(high, days)] += row.quantity / (high - low)
    starts, ends = facts.calendar.offsets
    for (site, material, n), short in plan.short.items():
        if short > 0 and (site, material) in found:
            due = found[site, material][starts[n] : ends[n]]
            met = np.maximum(np.cumsum(due) - short, 0.0)
            due[:] = np.diff(met, prepend=0.0)
    return found


def _runs(facts: Facts, plan: Replay) -> Iterator[Activity]:
    """Yield the processes that run."""
    wanted: dict[str, Reals] = defaultdict(lambda: np.zeros(facts.length))
    for (code, n), tonnes in plan.make.items():
        _spread(wanted[code], facts.running(code, n), tonnes)
    for code, by_day in wanted.items():
        row, records = facts.records.processes[code], facts.records
        takes = tuple(((row.site, what), quantity) for what, quantity in records.intake(code).items())
        gives = tuple(((row.site, what), quantity) for what, quantity in records.output(code).items())
        every = [day_after(facts.calendar.starts[0], day) for day in range(facts.length)]
        days = np.array([_whole(run_days(records, code, day)) for day in every], np.int64)
        works = np.array([day not in no_work(records, code) for day in every])
        yield Activity("process", (code,), by_day, days, takes, gives, works)


def _shipments(facts: Facts, plan: Replay) -> Iterator[Activity]:
    """Yield the lanes that own goods are sent over."""
    wanted: dict[ShipKey, Reals] = defaultdict(lambda: np.zeros(facts.length))
    for (*key, n), tonnes in plan.ship.items():
        ship = (key[0], key[1], key[2], key[3])
        _spread(wanted[ship], facts.shipping(ship, n), tonnes)
    for ship, by_day in wanted.items():
        origin, destination, material, _ = ship
        takes, gives = (((origin, material), 1.0),), (((destination, material), 1.0),)
        every = np.ones(facts.length, bool)
        yield Activity("shipment", ship, by_day, _under_way(facts, ship), takes, gives, every)


def _under_way(facts: Facts, ship: ShipKey) -> Ints:
    """Return by day of release how many whole days it is until the arrival, with that day's licence and closures."""
    start, end = facts.calendar.starts[0], facts.calendar.ends[-1]
    found, transit = np.zeros(facts.length, np.int64), facts.ships[ship].transit_days
    shut = ship_shut(facts.records, facts.ships[ship])
    changes = [day for day in facts.records.licence_changes if start < day < end]
    for since, until in pairwise([start, *changes, end]):
        lag = licence_lag(facts.records, facts.sent_by(ship), since)
        for each in timed(shut, start, [Stretch((since - start).days, (until - start).days, lag)], transit):
            found[round(each.since) : round(each.until)] = _whole(each.arrives)
    return found


def _spread(by_day: Reals, stretches: Sequence[Stretch], tonnes: float) -> None:
    """Add what is even over all of some stretches, which may begin or end within a day."""
    placed = sum(each.until - each.since for each in stretches)
    for since, until, _ in stretches:
        first, last = math.floor(since), math.ceil(until)
        part = np.ones(last - first)
        part[0] -= since - first
        part[-1] -= last - until
        by_day[first:last] += tonnes * part / placed


def _whole(days: float) -> int:
    return math.ceil(days - DUST)


def day_after(first: date, days: int) -> date:
    """Return the date of a day of the horizon."""
    return date.fromordinal(first.toordinal() + days)
