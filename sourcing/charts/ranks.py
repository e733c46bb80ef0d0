"""One panel of horizontal bars of shares: a bar for each stage and year, the largest country first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import altair as alt
import pandas as pd

from sourcing.charts.colours import INK, SOFT, ink_on
from sourcing.charts.labels import width_of
from sourcing.charts.marks import bounds, boxes, layered, swatches, words
from sourcing.charts.plane import Plane
from sourcing.charts.theme import LABEL, WIDTH
from sourcing.report.figures import share
from sourcing.report.rows import each

_STEP, _GAP = 23.0, 1.1
"""Pixels from one bar to the next, and steps before the first bar of a stage."""

_LEFT, _RIGHT = 60.0, 175.0
_SHOWN = {"country": "Country", "year": "Year", "share": "Share|.1%"}


class Mixed(NamedTuple):
    """An index of concentration, the most it may be (None = no limit), whether it is that, and the limit's name."""

    value: float
    limit: float | None = None
    held: bool = False
    name: str = ""

    @property
    def words(self) -> str:
        """Return how it is told beside a bar."""
        if self.limit is not None:
            return f"HHI {self.value:.2f}, limit {self.limit:.2f}{' ■' if self.held else ''}"
        return f"HHI {self.value:.2f}, as {1 / self.value:.1f} equal sources"


Lines = Mapping[tuple[str, int], list[float]]


@dataclass(frozen=True, eq=False)
class Ranks:
    """What a panel shows.

    ``parts`` has a row for each part of a bar: stage, year, group, country (in words), share, place (0 is the largest),
    low, high, colour, held. ``limits`` has limit, stage, year, group, member (blank = any) and value. ``words`` are by
    stage (" as oxide"), ``indices`` by stage and year. ``main`` is the stage that the finding is about. ``used`` has
    by stage, and by the limit that counts it, lines on whose the used is.
    """

    name: str
    parts: pd.DataFrame
    words: Mapping[str, str]
    main: str
    limits: pd.DataFrame
    indices: Mapping[tuple[str, int], Mixed]
    traced: bool = False
    years_left: int = 0
    used: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)

    @property
    def named(self) -> set[str]:
        """Return the limits that are drawn or told."""
        of_use = [name for limits in self.used.values() for name in limits]
        return {*self.limits["limit"], *(mixed.name for mixed in self.indices.values()), *of_use}


def ranked(found: Ranks) -> alt.LayerChart:
    """Return the panel, without a title."""
    height, heads, used = {}, [], []
    key = _key(found.parts)
    at = max(y for _, y, _, _ in key) + 0.9
    for stage, text in found.words.items():
        heads.append((0.0, at + 0.1, f"{found.name}{text}"))
        at += _GAP
        for year in sorted(set(map(int, found.parts.loc[found.parts["stage"] == stage, "year"]))):
            height[stage, year] = at
            at += 1.0
        for text in (line for lines in found.used.get(stage, {}).values() for line in lines):
            used.append((0.0, at - 0.1, text))
            at += 0.75
        at += 0.25
    plane = _plane(height, at)
    parts = found.parts.assign(y=[height[row.stage, int(row.year)] for row in each(found.parts)])
    lines = _lines(found)
    layers = [
        boxes(
            parts.assign(left=parts["low"], right=parts["high"], low=parts["y"] - 0.42, high=parts["y"] + 0.42),
            plane,
            _SHOWN,
        ),
        *_limits(lines, height, plane),
        *_inside(parts, lines, plane),
    ]
    layers += [
        *_beside(found, height, plane),
        *words(pd.DataFrame(heads, columns=["x", "y", "words"]), plane, align="left", bold=True),
        *words(pd.DataFrame(used, columns=["x", "y", "words"]), plane, align="left", ink=SOFT),
        *_names(key, plane),
    ]
    return layered(layers, plane)


def _plane(height: Mapping[tuple[str, int], float], end: float) -> Plane:
    years = json.dumps({f"{at:g}": str(year) for (_, year), at in height.items()})
    percent = "round(datum.value * 100) + ' %'"
    shares = alt.Axis(title="share of the tonnes", labelExpr=percent, tickCount=5, grid=False, labelFlush=False)
    named = alt.Axis(
        values=[round(at, 6) for at in height.values()],
        labelExpr=f"{years}[format(datum.value, '~r')] || {years}[datum.value]",
        labelColor=INK,
        labelOverlap=False,
        title=None,
        grid=False,
        domain=False,
        ticks=False,
        labelPadding=8,
        minExtent=_LEFT - 20,
        maxExtent=_LEFT - 20,
    )
    return Plane(WIDTH - _LEFT - _RIGHT, _STEP * end, 0.0, 1.0, end - 0.5, -0.5, shares, named)


def _inside(parts: pd.DataFrame, lines: Lines, plane: Plane) -> list[alt.Chart]:
    """Return each part's country and share, or one of the two, as far as there is room beside the lines."""
    rows = []
    for row in each(parts):
        said = share(row.share) + (" ■" if row.held else "")
        cuts = [row.low, *(x for x in lines.get((row.stage, int(row.year)), []) if row.low < x < row.high), row.high]
        low, high = max(pairwise(sorted(cuts)), key=lambda ends: ends[1] - ends[0])
        room = (high - low) / plane.per_x - 6
        fitting = [text for text in (f"{row.country} {said}", row.country, said) if width_of(text, LABEL) <= room]
        if fitting:
            rows.append(((low + high) / 2, row.y, fitting[0], ink_on(row.colour)))
    return words(pd.DataFrame(rows, columns=["x", "y", "words", "ink"]), plane)


def _lines(found: Ranks) -> Lines:
    """Return how far each largest share reaches, by stage and year; one of a member begins where its part begins."""
    begins = {(row.stage, int(row.year), row.group): float(row.low) for row in each(found.parts)}
    lines: dict[tuple[str, int], list[float]] = {}
    for row in each(found.limits.drop_duplicates(["stage", "year", "member", "value"])):
        start = begins.get((row.stage, row.year, row.member)) if row.member else 0.0
        if start is not None and start + row.value < 1 - 1e-9:
            lines.setdefault((row.stage, row.year), []).append(start + row.value)
    return lines


def _limits(lines: Lines, height: Mapping[tuple[str, int], float], plane: Plane) -> list[alt.Chart]:
    rows = [(x, height[key] - 0.5, height[key] + 0.5) for key, some in lines.items() if key in height for x in some]
    return bounds(pd.DataFrame(rows, columns=["x", "y", "y2"]), plane)


def _beside(found: Ranks, height: Mapping[tuple[str, int], float], plane: Plane) -> list[alt.Chart]:
    """Return the index of each bar, and as how many equal sources that is."""
    rows = [
        (1.0 + 12 * plane.per_x, height[key], mixed.words)
        for key, mixed in found.indices.items()
        if key in height and mixed.value > 0
    ]
    return words(pd.DataFrame(rows, columns=["x", "y", "words"]), plane, align="left", ink=SOFT)


def _key(parts: pd.DataFrame) -> list[tuple[float, float, str, str]]:
    """Return each country with a colour of its own: pixels from the left, steps from the top, its name, its colour."""
    weight = parts.groupby(["group", "country", "colour"], as_index=False)["share"].sum()
    weight = weight[weight["group"] != "other"].sort_values(["share", "group"], ascending=[False, True])
    x, y, key = 0.0, 0.0, []
    for row in each(weight):
        wide = width_of(row.country, LABEL) + 34
        if x + wide > WIDTH - _LEFT:
            x, y = 0.0, y + 0.8
        key.append((x, y, row.country, row.colour))
        x += wide
    return key


def _names(key: list[tuple[float, float, str, str]], plane: Plane) -> list[alt.Chart]:
    rows = pd.DataFrame(key, columns=["pixels", "y", "words", "colour"])
    return swatches(rows.assign(x=(rows["pixels"] + 6) * plane.per_x), plane)
