"""Longest path: how long a tail is where a question says nothing of one, from the longest way from order to use."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.network.reach import components
from sourcing.question.horizon import MOST_PERIODS, step_of
from sourcing.tables.dates import LAST_YEAR, add_months

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.question.horizon import Horizon

    Reals = NDArray[np.float64]
    Ints = NDArray[np.int64]

_YEAR = 365.25
_MONTHS = 12


class _Steps(NamedTuple):
    """Lanes, and processes from each input to each output: stock points, and days with the longest licence."""

    start: Ints
    end: Ints
    days: Reals


def default_tail(horizon: Horizon, net: Network) -> int:
    """Return how many periods of the last length make the whole years in which the last orders are used.

    What is ordered on the last day of the horizon is there after the longest way (``longest_way``), and is used until
    the next order could be: a period later. ``net`` is over the horizon without a tail. 0 if no order leads to
    anything that is due, or all are there at once; fewer than the years ask for where the calendar or the number of
    periods ends before.
    """
    longest = longest_way(net)
    if not np.isfinite(longest) or longest <= 0:
        return 0
    number, unit = step_of(horizon.lengths[-1][0])
    each = number if unit == "day" else number * _YEAR / _MONTHS
    need = longest + float(net.tree.days[-1])
    years = max(math.ceil(need / _YEAR), 1)
    room = MOST_PERIODS - horizon.count, int((LAST_YEAR - add_months(horizon.end, _MONTHS).year) * _YEAR / each)
    return max(min(max(round(years * _YEAR / each), math.ceil(need / each)), *room), 0)


def longest_way(net: Network) -> float:
    """Return the most days from an order to a point where something is due; -infinity if no way leads to one.

    By every route of an offer with capacity, licence and transit included, and on by lanes and processes, whichever
    take longest; what is in stock or on its way sets out at once. Between points that lead to each other and back,
    a way is the quickest there is: round and round would take for ever.
    """
    onward = _onward(np.asarray(net.demand.tonnes.any(axis=1)), _steps(net))
    windows, sold = net.route_days, np.asarray((net.offer_capacity > 0).any(axis=1))[net.routes["code"].to_numpy()]
    lead = np.full(len(net.routes), -np.inf)
    np.maximum.at(lead, windows.cell // len(net.tree), windows.lead)
    bought = (lead + onward[net.routes["point"].to_numpy()])[sold]
    stocks = net.case["stocks"]
    filled = net.points.find(stocks["site"], stocks["material"])[(stocks["opening"] > 0).to_numpy()]
    return float(np.concatenate([[-np.inf], bought, onward[filled], onward[net.order_point]]).max())


def _steps(net: Network) -> _Steps:
    ways = net.ways
    days = np.full(ways.number, -np.inf)
    np.maximum.at(days, ways.pieces["way"].to_numpy(np.int64), ways.pieces["days"].to_numpy(float))
    taken, given = (pd.DataFrame({"way": way, "point": point}) for way, point in (ways.taken, ways.given))
    pairs = taken.merge(given, on="way", suffixes=("", "_to"))
    pairs = pairs[np.isfinite(days)[pairs["way"].to_numpy(np.int64)]]
    way, start, end = (pairs[name].to_numpy(np.int64) for name in ("way", "point", "point_to"))
    return _Steps(start, end, days[way])


def _onward(due: NDArray[np.bool_], steps: _Steps) -> Reals:
    """Return by point the most days to a point where something is due, -infinity if there is no way."""
    component = components(len(due), steps.start, steps.end)
    inside = component[steps.start] == component[steps.end]
    loops = [_within(component == each, steps, inside) for each in np.unique(component[steps.start[inside]])]
    start, end, days = (side[~inside] for side in steps)
    onward, before = np.where(due, 0.0, -np.inf), np.full(len(due), np.nan)
    while not np.array_equal(before, onward):
        before = onward
        onward = np.where(due, 0.0, -np.inf)
        np.maximum.at(onward, start, days + before[end])
        for member, quickest in loops:
            onward[member] = (quickest + onward[member]).max(axis=1)
    return onward


def _within(of: NDArray[np.bool_], steps: _Steps, inside: NDArray[np.bool_]) -> tuple[Ints, Reals]:
    """Return the points of a loop, and the fewest days from each to each."""
    member = np.flatnonzero(of)
    place = np.full(len(of), -1)
    place[member] = np.arange(len(member))
    own = inside & of[steps.start]
    quickest = np.where(np.eye(len(member), dtype=bool), 0.0, np.inf)
    np.minimum.at(quickest, (place[steps.start[own]], place[steps.end[own]]), steps.days[own])
    for via in range(len(member)):
        np.minimum(quickest, quickest[:, via, None] + quickest[None, via], out=quickest)
    return member, quickest
