"""One panel of an inventory projection: stock as an area between its bounds, and bars of what comes and goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self

import altair as alt
import numpy as np
import pandas as pd

from sourcing.charts.colours import ALARM, INK, MAIN, RULE, paler
from sourcing.charts.marks import boxes, layered, rules
from sourcing.charts.plane import Plane
from sourcing.report.figures import day

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.plan import Plan
    from sourcing.report.stores import Store

    Reals = NDArray[np.float64]

_HIGH, _LOW = 110.0, 64.0
"""Pixels of the area, and of the bars."""
_MONTH = 365.25 / 12
_FAR = 2.0
"""A maximum so many times the most in stock is not drawn: the stock would be a line at the bottom."""
_EXTENT = 46
_SHOWN = {"span": "Period", "said": "Flow", "amount": "Tonnes|,.1f"}
_UP, _DOWN = MAIN, paler(MAIN, 0.45)


@dataclass(frozen=True, eq=False)
class Level:
    """What a panel shows: a store, what it began with, what is asked of it, what came, and what was short (t)."""

    store: Store
    opening: float
    asked: Reals
    maximum: float | None
    came: Reals
    short: Reals
    has_demand: bool

    @classmethod
    def of(cls, plan: Plan, store: Store, asked: Reals) -> Self:
        """Return the level of one place of a plan."""
        site, material = store.place
        sheet, stocks = plan.tables["stock"], plan.case["stocks"]
        mine = sheet[(sheet["site"] == site) & (sheet["material"] == material)].sort_values("node")
        most = stocks.loc[(stocks["site"] == site) & (stocks["material"] == material), "maximum"].dropna()
        came = mine[["bought", "shipped_in", "made", "open_orders"]].sum(axis=1).to_numpy(float)
        maximum = float(most.iloc[0]) if len(most) else None
        opening, has_demand = float(mine["start"].iloc[0]), bool((mine["demand"] > 0).any())
        return cls(store, opening, asked, maximum, came, mine["short"].to_numpy(float), has_demand)


def drawn(level: Level, width: float) -> alt.VConcatChart:
    """Return the panel, without a title."""
    return alt.vconcat(_area(level, width), _bars(level, width), spacing=6)


def _edges(level: Level) -> Reals:
    first = level.store.bounds[0].toordinal()
    return np.array([bound.toordinal() - first for bound in level.store.bounds], float)


def _area(level: Level, width: float) -> alt.LayerChart:
    edges, asked = _edges(level), level.asked
    most = max(level.opening, float(level.store.held.max()), float(asked.max()))
    maximum = level.maximum if level.maximum is not None and level.maximum <= _FAR * most else None
    top = 1.08 * max(most, maximum or 0.0)
    plane = Plane(width, _HIGH, 0.0, float(edges[-1]), 0.0, top, _times(level, labels=False), _amounts("t in stock"))
    line = pd.DataFrame({"x": edges, "y": [level.opening, *level.store.held]})
    base = alt.Chart(line)
    filled = base.mark_area(color=paler(MAIN, 0.25)).encode(x=plane.x(), y=plane.y())
    rim = base.mark_line(color=MAIN, strokeWidth=2).encode(x=plane.x(), y=plane.y())
    steps = pd.DataFrame({"x": edges[:-1], "x2": edges[1:], "y": asked})
    held = [rules(steps[steps["y"] > 0], plane, INK, wide=1.2, dashed=True)] if (asked > 0).any() else []
    held += [rules(pd.DataFrame({"y": [maximum]}), plane, INK, wide=1.5)] if maximum is not None else []
    return layered([filled, rim, *held], plane)


def _bars(level: Level, width: float) -> alt.LayerChart:
    edges, store = _edges(level), level.store
    months = np.diff(edges) / _MONTH
    came, used, short = level.came / months, store.used / months, level.short / months
    span = [f"{day(first)} to {day(store.last_day(at))}" for at, first in enumerate(store.bounds[:-1])]
    sides = {"left": edges[:-1], "right": edges[1:], "span": span}
    flows = [
        pd.DataFrame({**sides, "low": 0.0, "high": came, "colour": _UP, "said": "arrives", "amount": level.came}),
        pd.DataFrame({**sides, "low": -used, "high": 0.0, "colour": _DOWN, "said": "used", "amount": store.used}),
        pd.DataFrame(
            {**sides, "low": -used - short, "high": -used, "colour": ALARM, "said": "short", "amount": level.short}
        ),
    ]
    table = pd.concat(flows, ignore_index=True)
    table = table[table["high"] > table["low"]]
    ends = (1.08 * min(float(table["low"].min()), 0.0), 1.08 * max(float(table["high"].max()), 0.0))
    plane = Plane(width, _LOW, 0.0, float(edges[-1]), *ends, _times(level, labels=True), _amounts("t a month"))
    return layered([boxes(table, plane, _SHOWN), rules(pd.DataFrame({"y": [0.0]}), plane, RULE)], plane)


def _amounts(title: str) -> alt.Axis:
    """Return an axis of tonnes, without signs: what goes down is less than 0 in the drawing only."""
    shown = "format(abs(datum.value), ',')"
    return alt.Axis(title=title, grid=False, tickCount=3, minExtent=_EXTENT, maxExtent=_EXTENT, labelExpr=shown)


def _times(level: Level, *, labels: bool) -> alt.Axis:
    """Return the axis of days: New Years; in less than two years quarters, in less than four months months."""
    bounds = level.store.bounds
    first, last = bounds[0], bounds[-1]
    days = (last - first).days
    step = 12 if days > 730 else 3 if days > 120 else 1
    ticks = [date(at // 12, at % 12 + 1, 1) for at in range(first.year * 12, last.year * 12 + 12, step)]
    ticks = [tick for tick in ticks if first <= tick < last]
    places = [(tick - first).days for tick in ticks]
    named = {str(at): str(tick.year) if step == 12 else f"{tick:%b %Y}" for at, tick in zip(places, ticks, strict=True)}
    shown = f"{json.dumps(named)}[datum.value]" if labels else "''"
    return alt.Axis(
        values=places,
        labelExpr=shown,
        title=None,
        grid=True,
        gridColor=RULE,
        ticks=labels,
        domain=labels,
        labelAlign="left",
    )
