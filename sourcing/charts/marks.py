"""What pictures are put together from: boxes, lines, words and swatches, each for the rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import altair as alt

from sourcing.charts.colours import INK, PAPER, SOFT
from sourcing.charts.theme import LABEL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sourcing.charts.plane import Plane

_DASHES = [2.0, 3.0]


def layered(layers: Sequence[alt.Chart], plane: Plane) -> alt.LayerChart:
    """Return layers in one drawing, the first at the bottom."""
    return alt.LayerChart(layer=list(layers), width=plane.width, height=plane.height)


def boxes(table: pd.DataFrame, plane: Plane, shown: Mapping[str, str] | None = None) -> alt.Chart:
    """Return a box for each row: left, right, low, high, colour.

    ``shown`` says by column what it is called under the pointer; a number has its format after ``|``.
    """
    tooltip = [_shown(column, words) for column, words in (shown or {}).items()]
    chart: alt.Chart = (
        alt.Chart(table)
        .mark_rect(stroke=PAPER, strokeWidth=1)
        .encode(
            x=plane.x("left"),
            x2="right:Q",
            y=plane.y("low"),
            y2="high:Q",
            color=alt.Color("colour:N", scale=None),
            tooltip=tooltip,
        )
    )
    return chart


def _shown(column: str, words: str) -> alt.Tooltip:
    title, _, form = words.partition("|")
    return alt.Tooltip(f"{column}:Q", title=title, format=form) if form else alt.Tooltip(f"{column}:N", title=title)


def rules(
    table: pd.DataFrame, plane: Plane, colour: str = INK, *, wide: float = 1.0, dashed: bool = False
) -> alt.Chart:
    """Return a line for each row, from x, y to x2, y2; without x2 it goes straight up, without x right across."""
    places: dict[str, Any] = {name: f"{name}:Q" for name in ("x2", "y2") if name in table}
    places |= {name: encoding() for name, encoding in (("x", plane.x), ("y", plane.y)) if name in table}
    mark = alt.Chart(table).mark_rule(color=colour, strokeWidth=wide, strokeDash=_DASHES if dashed else [1, 0])
    chart: alt.Chart = mark.encode(**places)
    return chart


def bounds(table: pd.DataFrame, plane: Plane) -> list[alt.Chart]:
    """Return dark lines, as of ``rules``, that can be seen on any colour; none for no rows."""
    return [rules(table, plane, PAPER, wide=5), rules(table, plane, INK, wide=2)] if len(table) else []


def words(
    table: pd.DataFrame,
    plane: Plane,
    *,
    align: Literal["left", "center", "right"] = "center",
    bold: bool = False,
    ink: str = INK,
    rim: bool = False,
) -> list[alt.Chart]:
    """Return the words of each row at x and y, in the row's ink if there is such a column; ``rim``: on a white rim."""
    if table.empty:
        return []
    weight: Literal["bold", "normal"] = "bold" if bold else "normal"
    base = alt.Chart(table)
    marks = [base.mark_text(align=align, baseline="middle", fontSize=LABEL, fontWeight=weight, color=ink)]
    if rim:
        under = base.mark_text(align=align, baseline="middle", fontSize=LABEL, fontWeight=weight)
        marks.insert(0, under.encode(color=alt.value(PAPER), stroke=alt.value(PAPER), strokeWidth=alt.value(3)))
    own = {"color": alt.Color("ink:N", scale=None)} if "ink" in table else {}
    return [mark.encode(x=plane.x(), y=plane.y(), text="words:N", **own) for mark in marks]


def swatches(table: pd.DataFrame, plane: Plane) -> list[alt.Chart]:
    """Return a square of each row's colour at x and y, and its words beside it."""
    squares: alt.Chart = (
        alt.Chart(table)
        .mark_square(size=90, opacity=1, stroke=SOFT, strokeWidth=0.4)
        .encode(x=plane.x(), y=plane.y(), color=alt.Color("colour:N", scale=None))
    )
    return [squares, *words(table.assign(x=table["x"] + 11 * plane.per_x), plane, align="left")]
