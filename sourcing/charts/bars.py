"""Horizontal bars, each with its name on the left and its figure beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from sourcing.charts.colours import INK, SOFT
from sourcing.charts.hatching import Box, hatched
from sourcing.charts.labels import shortened, width_of
from sourcing.charts.marks import boxes, layered, rules, words
from sourcing.charts.plane import Plane
from sourcing.charts.theme import LABEL, WIDTH
from sourcing.report.rows import each

if TYPE_CHECKING:
    from collections.abc import Sequence


STEP = 34.0
"""Pixels from one bar to the next."""

_NAMES = 240


def across(bars: pd.DataFrame, title: str, *, base: float = 0.0, width: float = WIDTH) -> alt.LayerChart:
    """Return bars from the top to the bottom in the order of the table.

    Parameters
    ----------
    bars : name, start and end (values on the axis, in any order), said (the words beside the bar), colour, and missing:
        True for what is no value like the others, drawn hatched after a gap.
    title : of the axis, with its unit.
    base : the value that all bars are seen from; a line is drawn there.
    width : pixels of the whole, names and figures included.
    """
    rows = bars.reset_index(drop=True)
    names = [shortened(str(name), _NAMES, LABEL) for name in rows["name"]]
    left = max(width_of(name, LABEL) for name in names) + 12
    right = max(width_of(str(said), LABEL) for said in rows["said"]) + 12
    plane = _plane(rows, names, title, base, max(width - left - right, 200.0))
    rows = rows.assign(y=_places(rows), at=rows[["start", "end"]].max(axis=1).clip(lower=base))
    rows = rows.assign(low=rows["y"] - 0.36, high=rows["y"] + 0.36)
    missing = rows["missing"].astype(bool)
    unpaid = [Box(row.start, row.end, row.low, row.high) for row in each(rows[missing])]
    solid = rows[~missing].assign(left=rows["start"], right=rows["end"])
    text = pd.DataFrame({"x": rows["at"] + 7 * plane.per_x, "y": rows["y"], "words": rows["said"]})
    layers = [
        boxes(solid, plane, {"name": " ", "said": " "}),
        *hatched(unpaid, plane),
        rules(pd.DataFrame({"x": [base]}), plane, SOFT),
        *words(text, plane, align="left"),
    ]
    return layered(layers, plane)


def _places(rows: pd.DataFrame) -> list[float]:
    """Return how far down each bar is, in steps; what is missing stands apart."""
    return [at + (0.5 if missing else 0.0) for at, missing in enumerate(rows["missing"].astype(bool))]


def _plane(rows: pd.DataFrame, names: Sequence[str], title: str, base: float, width: float) -> Plane:
    places = _places(rows)
    ends = [base, *rows["start"], *rows["end"]]
    quoted = json.dumps(dict(zip((f"{place:g}" for place in places), names, strict=True)), ensure_ascii=False)
    values = alt.Axis(title=title, tickCount=6, grid=False, labelFlush=False)
    called = alt.Axis(
        values=places,
        labelExpr=f"{quoted}[datum.value]",
        labelColor=INK,
        labelFontSize=LABEL,
        labelLimit=_NAMES + 20,
        labelPadding=8,
        title=None,
        grid=False,
        domain=False,
        ticks=False,
        labelOverlap=False,
    )
    low, high = min(ends), max(ends)
    high = high if high > low else low + 1.0
    return Plane(width, STEP * (places[-1] + 1), low, high, places[-1] + 0.5, -0.5, values, called)
