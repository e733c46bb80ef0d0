"""What could supply a case over a horizon: points, routes, processes, and the earliest day anything can arrive."""

from __future__ import annotations

import bisect
import math
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.tables.dates import parse_period
from sourcing.tables.screens.capacity import Capacity, capacity, ramp_steps
from sourcing.tables.screens.licences import Licences

if TYPE_CHECKING:
    from sourcing.question.schema import Question
    from sourcing.tables.case import Case

Point = tuple[str, str]
"""Site, material."""


@dataclass(frozen=True)
class Process:
    """A process with its recipe (t per t of activity) and the time it takes."""

    site: str
    inputs: dict[str, float]
    outputs: dict[str, float]
    days: float
    capacity: Capacity
    line: str = ""


@dataclass(frozen=True)
class Due:
    """One row of demand: days [first, last) from the start of the horizon, and tonnes."""

    row: int
    first: float
    last: float
    tonnes: float

    def within(self, start: float, end: float) -> float:
        """Return the tonnes that fall into days [start, end)."""
        overlap = min(self.last, end) - max(self.first, start)
        return self.tonnes * max(overlap, 0.0) / (self.last - self.first)


@dataclass(frozen=True)
class Supply:
    """A case as the screens see it; all days count from the start of the horizon."""

    case: Case
    question: Question
    origin: pd.Timestamp
    bounds: list[float]
    due: dict[Point, list[Due]]
    offers: dict[str, Capacity]
    processes: dict[str, Process]
    lanes: dict[str, list[tuple[str, str, float]]] = field(default_factory=dict)
    """Origin -> (destination, material or "", days on the way)."""
    lines: dict[str, Capacity] = field(default_factory=dict)
    """What the processes of each line may do together; "" stands for no line and has no end."""
    counted: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    """The groups of what was looked at so far: lens, material, element and stage -> them."""

    @classmethod
    def of(cls, case: Case, question: Question) -> Supply:
        """Read what the screens need from the tables."""
        horizon = question.horizon
        origin = pd.Timestamp(horizon.first)
        bounds = [float((day - horizon.first).days) for day in horizon.boundaries]
        lanes: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
        frame = case["lanes"][case["lanes"]["capacity"] != 0]
        read = (frame[name].tolist() for name in ("origin", "destination", "material", "transit_days"))
        for start, end, material, days in zip(*read, strict=True):
            lanes[start].append((end, material, float(days)))
        makers, shared = _processes(case, origin), _lines(case, origin)
        return cls(case, question, origin, bounds, _due(case, origin), _offers(case, origin), makers, lanes, shared)

    @property
    def end(self) -> float:
        """Days in the horizon."""
        return self.bounds[-1]

    @property
    def planned(self) -> float:
        """Days that are planned: those of the horizon and of its tail."""
        horizon = self.question.horizon
        return float((horizon.boundaries_with_tail[-1] - horizon.first).days)

    @property
    def must_meet(self) -> bool:
        """Whether demand has to be met, so that what cannot be met is an error."""
        return self.question.objective.shortage == "none"

    def period(self, day: float) -> float:
        """Return the first day of the period that holds ``day``: within a period, what comes is there all along."""
        at = bisect.bisect_right(self.bounds, day) - 1
        return self.bounds[max(min(at, len(self.bounds) - 1), 0)]

    def day(self, day: float) -> str:
        """Return a day as a date."""
        return f"{self.origin + pd.Timedelta(days=math.floor(day)):%Y-%m-%d}"

    @cached_property
    def sites(self) -> dict[str, dict[str, Any]]:
        """The row of each site."""
        rows = self.case["sites"].to_dict("records")
        return {row["site"]: {str(name): value for name, value in row.items()} for row in rows}

    @cached_property
    def opening(self) -> dict[Point, float]:
        """Stock on the first day, t."""
        frame = self.case["stocks"]
        return dict(zip(zip(frame["site"], frame["material"], strict=True), frame["opening"], strict=True))

    @cached_property
    def usable(self) -> set[Point]:
        """Points that goods may be brought to."""
        taken = {(process.site, material) for process in self.processes.values() for material in process.inputs}
        return set(self.due) | taken | set(self.opening) | self.leading_on

    @cached_property
    def may_send(self) -> set[Point]:
        """Points that goods may be shipped from."""
        made = {(process.site, material) for process in self.processes.values() for material in process.outputs}
        return made | set(self.opening) | self.leading_on

    @cached_property
    def leading_on(self) -> set[Point]:
        """Points that goods can be brought to, by lane, offer or open order, and from where a lane takes them on."""
        names = set(self.case["materials"]["material"])
        lanes = [
            (site, end, material)
            for site, ways in self.lanes.items()
            for end, carries, _ in ways
            if end != site
            for material in ([carries] if carries else names)
        ]
        offers = self.case["offers"]
        brought = {(end, material) for _, end, material in lanes} | set(self.open_orders)
        brought |= set(zip(offers["destination"], offers["material"], strict=True))
        return brought & {(site, material) for site, _, material in lanes}

    @cached_property
    def open_orders(self) -> dict[Point, list[tuple[float, float]]]:
        """Open orders by point: (day of arrival, t)."""
        frame = self.case["open_orders"]
        days = (frame["arrives"] - self.origin).dt.days
        orders: dict[Point, list[tuple[float, float]]] = defaultdict(list)
        for site, material, day, tonnes in zip(frame["site"], frame["material"], days, frame["quantity"], strict=True):
            orders[site, material].append((float(day), float(tonnes)))
        return orders

    @cached_property
    def arrivals(self) -> dict[Point, float]:
        """The earliest day anything can come to each point, its opening stock apart; points nothing reaches left out.

        Days after the horizon are kept: they tell "too late" from "never".
        """
        first: dict[Point, float] = {}
        for point, orders in self.open_orders.items():
            _sooner(first, point, min((day for day, tonnes in orders if tonnes > 0 and day >= 0), default=math.inf))
        self._bought(first)
        while self._made(first) or self._shipped(first):
            pass
        return first

    def _bought(self, first: dict[Point, float]) -> None:
        frame, usable = self.case["offers"], self.usable
        for code, site, material, destination, lead in zip(
            frame["offer"], frame["site"], frame["material"], frame["destination"], frame["lead_days"], strict=True
        ):
            opens = self.offers[code].first(self.end)
            if opens is None:
                continue
            routes = [(end, days) for end, of, days in self.lanes.get(site, []) if of in {"", material}]
            begins = self.period(opens)
            for end, days in [(destination, 0.0)] if destination else [*routes, (site, 0.0)]:
                if (end, material) in usable:
                    ready = self._licences.earliest(begins, site, end, material)
                    _sooner(first, (end, material), ready + float(lead) + days)

    def _made(self, first: dict[Point, float]) -> bool:
        changed = False
        for process in self.processes.values():
            opens = [each.first(self.end) for each in (process.capacity, self.lines[process.line])]
            ready = [self._at_hand(first, (process.site, material)) for material in process.inputs]
            begins = max([*(day if day is not None else math.inf for day in opens), *ready])
            for material in process.outputs:
                if begins < self.end:
                    day = self.period(begins) + process.days
                    changed |= _sooner(first, (process.site, material), day)
        return changed

    def _shipped(self, first: dict[Point, float]) -> bool:
        changed = False
        for site, material in self.may_send:
            ready = self._at_hand(first, (site, material))
            for end, of, days in self.lanes.get(site, []) if ready < self.end else []:
                if of in {"", material} and (end, material) in self.usable and end != site:
                    day = self._licences.earliest(self.period(ready), site, end, material) + days
                    changed |= _sooner(first, (end, material), day)
        return changed

    def _at_hand(self, first: dict[Point, float], point: Point) -> float:
        return 0.0 if self.opening.get(point, 0.0) > 0 else first.get(point, math.inf)

    @cached_property
    def _licences(self) -> Licences:
        return Licences.of(self.case, self.origin, self.bounds, is_on="lead_time" not in self.question.without)


def _sooner(first: dict[Point, float], point: Point, day: float) -> bool:
    if day >= first.get(point, math.inf):
        return False
    first[point] = day
    return True


def _due(case: Case, origin: pd.Timestamp) -> dict[Point, list[Due]]:
    due: dict[Point, list[Due]] = defaultdict(list)
    frame = case["demand"]
    for site, material, period, tonnes, row in zip(
        frame["site"], frame["material"], frame["period"], frame["quantity"], frame["row"], strict=True
    ):
        first, last = parse_period(period) or (origin.date(), origin.date())
        days = [float((day - origin.date()).days) for day in (first, last)]
        due[site, material].append(Due(int(row), days[0], days[1], float(tonnes)))
    return due


def _offers(case: Case, origin: pd.Timestamp) -> dict[str, Capacity]:
    frame = case["offers"]
    steps = ramp_steps(case["ramps"], "offer", origin)
    starts = (frame["start"] - origin).dt.days.fillna(-math.inf)
    ends = (frame["end"] - origin).dt.days.fillna(math.inf)
    return {
        code: capacity(float(base), steps.get(code, []), float(start), float(end))
        for code, base, start, end in zip(frame["offer"], frame["capacity"], starts, ends, strict=True)
    }


def _processes(case: Case, origin: pd.Timestamp) -> dict[str, Process]:
    frame = case["processes"]
    steps = ramp_steps(case["ramps"], "process", origin)
    recipes: dict[str, dict[str, float]] = defaultdict(dict)
    rows = case["recipes"]
    for code, material, quantity in zip(rows["process"], rows["material"], rows["quantity"], strict=True):
        recipes[code][material] = float(quantity)
    return {
        code: Process(
            site,
            {material: -quantity for material, quantity in recipes[code].items() if quantity < 0},
            {material: quantity for material, quantity in recipes[code].items() if quantity > 0},
            float(days),
            capacity(float(base), steps.get(code, []), -math.inf, math.inf),
            line,
        )
        for code, site, days, base, line in zip(
            frame["process"], frame["site"], frame["days"], frame["capacity"], frame["line"], strict=True
        )
    }


def _lines(case: Case, origin: pd.Timestamp) -> dict[str, Capacity]:
    frame = case["lines"]
    steps = ramp_steps(case["ramps"], "line", origin)
    named = {
        code: capacity(float(base), steps.get(code, []), -math.inf, math.inf)
        for code, base in zip(frame["line"], frame["capacity"], strict=True)
    }
    return {"": capacity(math.inf, [], -math.inf, math.inf), **named}
