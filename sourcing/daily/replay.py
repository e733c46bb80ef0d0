"""Time-phased replay of a plan by days: its tables orders, days, waits and options, and the verdict on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sourcing.daily import verdict
from sourcing.daily.flows import flows
from sourcing.daily.levels import levels
from sourcing.daily.options import Option, options
from sourcing.daily.orders import Order, orders
from sourcing.daily.safety import safety_by_day
from sourcing.daily.slips import allow, by_point

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from sourcing.daily.levels import Levels, Waiting
    from sourcing.replay import Facts, Replay
    from sourcing.replay.records import Point


class Low(NamedTuple):
    """A row of days.csv: what the stock of a point comes down to; a day that there is none of is None.

    ``days_of_use`` is the lowest stock over what is used a day in the period of that day (None: nothing is), ``safety``
    what is asked for on that day.
    """

    site: str
    material: str
    lowest: float
    on: date
    days_of_use: float | None
    first_empty: date | None
    days_empty: int
    safety: float
    days_below_safety: int
    first_below: date | None
    end: float


class Wait(NamedTuple):
    """A row of waits.csv: what own process, lane or disposal had to wait for material, and what was never done."""

    kind: str
    process: str
    site: str
    destination: str
    material: str
    mode: str
    planned: float
    days_waiting: int
    first_wait: date
    not_done: float


@dataclass(frozen=True, eq=False)
class DayByDay:
    """The tables orders, days, waits and options (docs/plan.md), and what is said of them.

    ``rows`` are those of the tables as plain values; ``noise`` is t by point that are none there. ``later`` are orders
    of the tail, which are in no table.
    """

    tables: Mapping[str, pd.DataFrame]
    rows: Mapping[str, Sequence[Any]]
    later: Sequence[Order]
    noise: Mapping[Point, float]
    said: verdict.Said


class _Found(NamedTuple):
    """Rows of days, those of points with demand, on which days any of these is empty, and t by point that are none."""

    rows: list[Low]
    asked: list[Low]
    empty: NDArray[np.bool_]
    noise: dict[Point, float]


def day_by_day(facts: Facts, plan: Replay) -> DayByDay:
    """Give the orders of a plan their dates, and count its stock day by day, as far as it is reported.

    Parameters
    ----------
    facts : of the tables and the question.
    plan : decisions that the facts allow; rows that they do not have to be left out.
    """
    dated = orders(facts, plan)
    end = facts.calendar.reported_end
    days = (end - facts.calendar.starts[0]).days
    found, waiting, coming = _Found([], [], np.zeros(days, bool), {}), list[Wait](), by_point(dated)
    for block, waits in levels(flows(facts, plan, dated)):
        allow(facts, block, dated, coming)
        _read(facts, replace(block, stock=block.stock[:, :days], used=block.used[:, :days]), found)
        waiting += [_wait(facts, each) for each in waits if each.first < days]
    placed = [each for each in dated if each.order_on < end]
    rows: dict[str, Sequence[Any]] = {"orders": placed, "days": sorted(found.rows), "waits": sorted(waiting)}
    rows |= {"options": options(facts, plan, dated)}
    tables = {name: _table(name, kind, rows[name]) for name, kind in _KINDS.items()}
    later = [each for each in dated if each.order_on >= end]
    return DayByDay(tables, rows, later, found.noise, _said(facts, plan, found, waiting))


def _read(facts: Facts, block: Levels, found: _Found) -> None:
    """Add what a block of points comes down to."""
    noise = block.noise[:, None]
    on = (block.stock <= block.stock.min(axis=1, keepdims=True) + noise).argmax(axis=1)
    low, end = (_clean(each, block.noise) for each in (block.stock.min(axis=1), block.stock[:, -1]))
    is_empty = (block.stock < -noise) & block.has_demand[:, None]
    days = block.stock.shape[1]
    safety = np.array([safety_by_day(facts, point)[:days] for point in block.points])
    is_below = (block.stock < safety - noise) & (safety > 0)
    found.empty[:] |= is_empty.any(axis=0)
    for at, (site, material) in enumerate(block.points):
        used = _used(facts, block.used[at], int(on[at]))
        row = Low(
            site=site,
            material=material,
            lowest=float(low[at]),
            on=_day(facts, int(on[at])),
            days_of_use=float(low[at]) / used if used > block.noise[at] / facts.length else None,
            first_empty=_first(facts, is_empty[at]),
            days_empty=int(is_empty[at].sum()),
            safety=float(safety[at, on[at]]),
            days_below_safety=int(is_below[at].sum()),
            first_below=_first(facts, is_below[at]),
            end=float(end[at]),
        )
        found.rows.append(row)
        found.noise[site, material] = float(block.noise[at])
        if block.has_demand[at]:
            found.asked.append(row)


def _clean(tonnes: NDArray[np.float64], noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return t of which those that are noise are none."""
    return np.where(np.abs(tonnes) > noise, tonnes, 0.0)


def _used(facts: Facts, by_day: NDArray[np.float64], day: int) -> float:
    """Return t a day that a point uses in the period that holds a day."""
    starts, ends = facts.calendar.offsets
    n = facts.calendar.holding(_day(facts, day)) or 0
    return float(by_day[starts[n] : ends[n]].mean())


def _day(facts: Facts, day: int) -> date:
    return facts.calendar.starts[0] + timedelta(days=day)


def _first(facts: Facts, days: NDArray[np.bool_]) -> date | None:
    return _day(facts, int(days.argmax())) if days.any() else None


def _wait(facts: Facts, each: Waiting) -> Wait:
    process = site = destination = material = mode = ""
    if each.kind == "process":
        (process,) = each.key
        site = facts.records.processes[process].site
    elif each.kind == "shipment":
        site, destination, material, mode = each.key
    else:
        site, material = each.key
    day = _day(facts, each.first)
    return Wait(each.kind, process, site, destination, material, mode, each.planned, each.days, day, each.not_done)


def _said(facts: Facts, plan: Replay, found: _Found, waiting: Sequence[Wait]) -> verdict.Said:
    """Return the verdict; without demand there is nothing to say."""
    if not found.asked:
        return verdict.Said("")
    undone = sum(row.not_done for row in waiting if row.kind != "disposal")
    first = [(row.first_empty, (row.site, row.material)) for row in found.asked if row.first_empty is not None]
    if first:
        days = int(found.empty.sum())
        return verdict.Said(verdict.empty(facts, days, min(first)), days, min(first)[0], undone)
    cover = [(row.days_of_use, row.on, (row.site, row.material)) for row in found.asked if row.days_of_use is not None]
    if not cover:
        return verdict.Said("never empty", not_done=undone)
    left, on, point = min(cover)
    is_short = any(tonnes > 0 for tonnes in plan.short.values())
    words = verdict.never_empty(facts, verdict.Lowest(point, left, on), is_short=is_short)
    return verdict.Said(words, not_done=undone)


def _table(name: str, kind: type[Any], rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """Return rows as a table of a plan: dates as days, blank numbers as NaN."""
    table = pd.DataFrame(list(rows), columns=list(kind._fields))
    for column in _DATES[name]:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[ns]")
    for column in _BLANK[name]:
        table[column] = table[column].astype(float)
    return table


_KINDS = {"orders": Order, "days": Low, "waits": Wait, "options": Option}
_DATES = {
    "orders": ("order_on", "apply_by", "ship_on", "arrive_on", "last_safe_date"),
    "days": ("on", "first_empty", "first_below"),
    "waits": ("first_wait",),
    "options": ("decide_by", "needed_on"),
}
_BLANK = {
    "orders": ("lots", "slip_to_safety", "slip_to_empty"),
    "days": ("days_of_use",),
    "waits": (),
    "options": ("tonnes",),
}
"""Columns of numbers that may be blank."""
