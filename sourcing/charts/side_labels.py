"""Side labels of points: a thin line from each to the right, and there a line or two on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sourcing.charts.colours import ALARM, INK, RULE, SOFT
from sourcing.charts.labels import broken, shortened, spread
from sourcing.charts.marks import rules, words
from sourcing.charts.theme import LABEL
from sourcing.report.figures import tonnes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt

    from sourcing.charts.plane import Plane

PLOT, _WORDS = 430.0, 400.0
"""Pixels of the drawing, and of the words beside it."""

_NOTHING = 1e-6
_FEW = 9
"""Points that may have two lines each for what happens there; of more, each has one."""


class Told(NamedTuple):
    """A point of a drawing, what it is in a line, what happens there, and whether somebody goes short there."""

    x: float
    y: float
    first: str
    rest: str
    short: bool = False


def alarm(table: pd.DataFrame, findings: Sequence[str]) -> str:
    """Return that the audit refuses a plan, or what is short, by the table's ``short``; blank if neither is so."""
    if findings:
        return "The audit does not agree with these plans"
    low, high = (float(end) for end in (table["short"].min(), table["short"].max()))
    if high <= _NOTHING:
        return ""
    alike = tonnes(low) == tonnes(high)
    return f"Short: {tonnes(high)} at every point" if alike else f"Short: {tonnes(low)} to {tonnes(high)}, by the point"


def height_for(points: int) -> float:
    """Return the pixels that a drawing with so many points beside it is high, at the least."""
    return max(340.0, _gap(points) * (points + 1))


def _gap(points: int) -> float:
    """Return pixels from the words of one point to those of the next."""
    return 52.0 if points <= _FEW else 35.0


def beside(points: Sequence[Told], plane: Plane) -> tuple[alt.Chart, list[alt.Chart]]:
    """Return the lines from the points, and the words at their ends; the points are in the order of their heights."""
    few = len(points) <= _FEW
    wanted = [(point.y - plane.bottom) / plane.per_y for point in points]
    heights = spread(wanted, _gap(len(points)), 26 if few else 12, plane.height - 4)
    rows = []
    for point, height in zip(points, heights, strict=True):
        lines = broken(point.rest, _WORDS, LABEL)
        rest = (
            [lines[0], shortened(" ".join(lines[1:]), _WORDS, LABEL)] if few else [shortened(point.rest, _WORDS, LABEL)]
        )
        rows += [
            (point.x, point.y, plane.bottom + (height - 15 * at) * plane.per_y, at, text, ALARM if point.short else INK)
            for at, text in enumerate((shortened(point.first, _WORDS, LABEL), *rest))
        ]
    told = pd.DataFrame(rows, columns=["x", "y", "y2", "line", "words", "ink"]).assign(x2=plane.right)
    leads = rules(told.loc[told["line"] == 0, ["x", "x2", "y", "y2"]], plane, RULE)
    at_end = told.assign(x=told["x2"] + 6 * plane.per_x, y=told["y2"])
    firsts, others = at_end[at_end["line"] == 0], at_end[at_end["line"] > 0].assign(ink=SOFT)
    return leads, [*words(firsts, plane, align="left", bold=True), *words(others, plane, align="left")]
