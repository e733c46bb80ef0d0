"""The hatching of what is wanted and does not come."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sourcing.charts.colours import ALARM, PAPER
from sourcing.charts.marks import boxes, rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import altair as alt

    from sourcing.charts.plane import Plane

_APART = 7.0
"""Pixels between the lines."""


class Box(NamedTuple):
    """A rectangle, in values."""

    left: float
    right: float
    low: float
    high: float


def hatched(found: Iterable[Box], plane: Plane) -> list[alt.Chart]:
    """Return boxes that are white, with a red rim and slanted lines."""
    table = pd.DataFrame(list(found), columns=["left", "right", "low", "high"])
    if table.empty:
        return []
    some = [Box(*row) for row in table.itertuples(index=False)]
    lines = pd.DataFrame([line for box in some for line in _slanted(box, plane)], columns=["x", "x2", "y", "y2"])
    sides = pd.DataFrame([side for box in some for side in _sides(box)], columns=["x", "x2", "y", "y2"])
    return [boxes(table.assign(colour=PAPER), plane), rules(lines, plane, ALARM), rules(sides, plane, ALARM)]


def _sides(box: Box) -> Iterator[tuple[float, float, float, float]]:
    for y in (box.low, box.high):
        yield box.left, box.right, y, y
    for x in (box.left, box.right):
        yield x, x, box.low, box.high


def _slanted(box: Box, plane: Plane) -> Iterator[tuple[float, float, float, float]]:
    """Yield lines at 45 degrees that end at the sides of a box: x, x2, y, y2 in values."""
    wide, tall = abs((box.right - box.left) / plane.per_x), abs((box.high - box.low) / plane.per_y)
    across, up = (box.right - box.left) / max(wide, 1e-9), (box.high - box.low) / max(tall, 1e-9)
    start = _APART - tall
    while start < wide:
        x, x2 = max(start, 0.0), min(start + tall, wide)
        if x2 > x:
            yield box.left + x * across, box.left + x2 * across, box.low + (x - start) * up, box.low + (x2 - start) * up
        start += _APART
