"""One panel of stacked bars with names beside them, what is short on top, and the line of a largest share."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from sourcing.charts.colours import ALARM, INK, SOFT, ink_on
from sourcing.charts.hatching import Box, hatched
from sourcing.charts.labels import shortened, spread, width_of
from sourcing.charts.marks import bounds, boxes, layered, swatches, words
from sourcing.charts.plane import Plane
from sourcing.charts.theme import LABEL
from sourcing.report.figures import lasting, share, tonnes
from sourcing.report.rows import each

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.report.stores import Year

NAMES = 130
"""Pixels for the names beside the bars."""

_WIDEST, _LINE, _MARK = 96.0, 16.0, "■"
_ROWS, _CALLED = ("used", "left", "lasts"), 78.0
_NONE = "-"
"""A figure that is none: a line with nothing in it would be left out, and those below it move up."""
_SHOWN = {"country": "Country", "year": "Year", "tonnes": "Tonnes|,.1f", "share": "Share|.1%"}


@dataclass(frozen=True, eq=False)
class Stack:
    """What a panel shows.

    ``parts`` has a row for each part of a bar, the lowest first: year, group, country (in words), tonnes, share, low,
    high (t a year), colour, rank, held (at its limit). ``short`` is tonnes by year, ``lines`` the
    largest share of the lowest part by year, ``part`` the part of each year that the plan is for: the bar is that wide,
    and its area the tonnes; ``kept`` what is used, left, and how long that lasts. ``whose`` is whose the used is, by
    name and year, as it stands there.
    """

    name: str
    parts: pd.DataFrame
    short: Mapping[int, float]
    lines: Mapping[int, float]
    part: Mapping[int, float]
    kept: Mapping[int, Year]
    whose: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    @property
    def rows(self) -> list[str]:
        """Return what the rows of figures below the years are called."""
        return [_ROWS[0], *self.whose, *_ROWS[1:]]

    @property
    def years(self) -> list[int]:
        """Return all years in which anything arrives or is short."""
        return sorted({*map(int, self.parts["year"]), *self.short})

    @property
    def whole(self) -> dict[int, float]:
        """Return what arrives in each year, in t a year."""
        return {year: float(self.parts.loc[self.parts["year"] == year, "high"].max()) for year in self.arriving}

    @property
    def missing(self) -> dict[int, float]:
        """Return what is short in each year, in t a year."""
        return {year: short / self.part[year] for year, short in self.short.items()}

    @property
    def arriving(self) -> list[int]:
        """Return the years in which anything arrives."""
        return sorted(set(map(int, self.parts["year"])))


def stacked(stack: Stack, width: float, height: float) -> alt.LayerChart:
    """Return the panel, without a title."""
    years, whole = stack.years, stack.whole
    top = 1.12 * max(whole.get(year, 0.0) + stack.missing.get(year, 0.0) for year in years)
    plane = Plane(width, height, -0.5, len(years) - 0.5, 0.0, top, *_axes(stack))
    widest = min(0.36, _WIDEST / 2 * plane.per_x)
    half = {year: widest * stack.part[year] for year in years}
    place = {year: float(at) for at, year in enumerate(years)}
    parts = stack.parts.assign(x=stack.parts["year"].map(place))
    side = parts["year"].map(half)
    parts = parts.assign(left=parts["x"] - side, right=parts["x"] + side)
    missing = [
        Box(place[year] - half[year], place[year] + half[year], whole.get(year, 0.0), whole.get(year, 0.0) + short)
        for year, short in stack.missing.items()
    ]
    layers = [
        boxes(parts, plane, _SHOWN),
        *hatched(missing, plane),
        *_lines(stack, place, half, plane),
        *_inside(stack, parts, half, plane),
        *_totals(stack, place, plane),
        *_names(parts, years[-1], plane),
        *_rows(stack, plane),
    ]
    return layered(layers, plane)


def _axes(stack: Stack) -> tuple[alt.Axis, alt.Axis]:
    names = json.dumps([[str(year), *_figures(stack, year)] for year in stack.years])
    step = -(-len(stack.years) // 12)
    ticks = list(range(0, len(stack.years), step))
    years = alt.Axis(
        values=ticks,
        labelExpr=f"{names}[datum.value]",
        labelLineHeight=_LINE,
        title=None,
        ticks=False,
        domain=False,
        grid=False,
    )
    amounts = alt.Axis(title=f"t of {stack.name} a year", grid=False, tickCount=5, minExtent=42, maxExtent=42)
    return years, amounts


def _figures(stack: Stack, at: int) -> tuple[str, ...]:
    """Return what stands below a year: used, whose that is, left at its end, and for how long that lasts."""
    whose, year = [said.get(at, _NONE) for said in stack.whose.values()], stack.kept.get(at)
    if year is None:
        return "-", *whose, "-", "-"
    return tonnes(year.used), *whose, "-" if math.isnan(year.held) else tonnes(year.held), lasting(year.lasts)


def _rows(stack: Stack, plane: Plane) -> list[alt.Chart]:
    """Return what the rows of figures below the years are called."""
    called = [shortened(name, _CALLED, LABEL) for name in stack.rows]
    names = pd.DataFrame({"words": called, "x": plane.left - 8 * plane.per_x})
    names["y"] = [-(_LINE * (row + 1) + _LINE / 2) * plane.per_y for row in range(len(called))]
    return words(names, plane, align="right", ink=SOFT)


def _inside(stack: Stack, parts: pd.DataFrame, half: Mapping[int, float], plane: Plane) -> list[alt.Chart]:
    """Return the percentages in those parts that have room for them, beside the line that may cross them."""
    whole, rows = stack.whole, []
    for row in each(parts):
        line = stack.lines.get(int(row.year), 0.0) * whole[int(row.year)]
        crossed = row.low < line < row.high
        low, high = max([(row.low, line), (line, row.high)], key=_length) if crossed else (row.low, row.high)
        text = share(row.share) + (f" {_MARK}" if row.held else "")
        room = 2 * half[int(row.year)] / plane.per_x - width_of(text, LABEL)
        rows.append((row.x, (low + high) / 2, (high - low) / plane.per_y, text, ink_on(row.colour), room))
    said = pd.DataFrame(rows, columns=["x", "y", "tall", "words", "ink", "room"])
    said = said[(said["tall"] >= LABEL + 1) & (said["room"] >= 0)].drop(columns="room")
    return words(said, plane)


def _length(ends: tuple[float, float]) -> float:
    return ends[1] - ends[0]


def _lines(stack: Stack, place: Mapping[int, float], half: Mapping[int, float], plane: Plane) -> list[alt.Chart]:
    """Return a line across each bar at the largest share that its lowest part may have."""
    whole = stack.whole
    rows = [
        (place[year] - half[year] - 5 * plane.per_x, place[year] + half[year] + 5 * plane.per_x, value * whole[year])
        for year, value in stack.lines.items()
        if year in whole
    ]
    return bounds(pd.DataFrame(rows, columns=["x", "x2", "y"]), plane)


def _totals(stack: Stack, place: Mapping[int, float], plane: Plane) -> list[alt.Chart]:
    """Return what arrives above each bar, and what is short above that, where the bars are wide enough."""
    rows, tall = [], stack.whole
    came = stack.parts.groupby("year")["tonnes"].sum().to_dict()
    for year in stack.years:
        short, arrives = stack.short.get(year, 0.0), float(came.get(year, 0.0))
        high = tall.get(year, 0.0) + stack.missing.get(year, 0.0)
        rows.append((place[year], high + 10 * plane.per_y, tonnes(arrives), INK))
        if short:
            rows[-1] = (place[year], high + 24 * plane.per_y, tonnes(arrives), INK)
            rows.append((place[year], high + 10 * plane.per_y, f"{tonnes(short)} short", ALARM))
    if max(width_of(text, LABEL, bold=True) for _, _, text, _ in rows) > 1 / plane.per_x:
        return []
    return words(pd.DataFrame(rows, columns=["x", "y", "words", "ink"]), plane, bold=True)


def _names(parts: pd.DataFrame, last: int, plane: Plane) -> list[alt.Chart]:
    """Return the countries' names beside the last bar, in the order of the bars and near their part of it."""
    known = parts.sort_values(["rank", "year"]).drop_duplicates("group")[["group", "country", "colour", "rank"]]
    ends = parts[parts["year"] == last].set_index("group")
    wanted, before = [], 0.0
    for row in each(known):
        if row.group in ends.index:
            before = float(ends.loc[row.group, ["low", "high"]].mean())
        wanted.append(before / plane.per_y)
    heights = spread(wanted, _LINE, 6, plane.height)
    rows = known.assign(
        y=[height * plane.per_y for height in heights],
        x=plane.right + 12 * plane.per_x,
        words=[shortened(name, NAMES - 24, LABEL) for name in known["country"]],
    )
    return swatches(rows, plane)
