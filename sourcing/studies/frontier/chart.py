"""Measures against each other: the points of a frontier, what is proven between them, and what happens at each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from sourcing.charts.colours import ALARM, MAIN, PAPER, SECOND
from sourcing.charts.marks import layered
from sourcing.charts.plane import Plane
from sourcing.charts.side_labels import PLOT, Told, alarm, beside, height_for
from sourcing.charts.theme import Picture
from sourcing.outcome.carbon import trust_words
from sourcing.report.figures import tonnes
from sourcing.report.rows import each
from sourcing.report.shortage import NOTHING
from sourcing.studies.frontier.frontier_words import both, called, figure, finding, of
from sourcing.studies.frontier.measures import COST, SHORTAGE, any_estimated, kind_of, weighed
from sourcing.studies.frontier.screen import at_points, more_words
from sourcing.studies.frontier.tables import column_of

if TYPE_CHECKING:
    from sourcing.studies.frontier.found import Frontier

_AXES = {COST: "USD M as minimised, at today's value", SHORTAGE: "shortage, weighted by priority and value"}
"""What stands at the axis of an objective."""
_MILLION = 1e6
_SMALLEST, _LARGEST = 60.0, 260.0
"""Pixels that a point covers, with the least and the most of a third measure."""


def draw(found: Frontier) -> Picture:
    """Return the points of ``sourcing frontier``: the first measure upwards, the second less and less to the right.

    A third is told by the size of the points.
    """
    title, rest = _parted(finding(found).removesuffix("."))
    return Picture(
        kind="frontier",
        title=title,
        drawing=_drawn(found),
        table=_table(found),
        said=(
            *rest,
            f"No plan is better than a point in {both(found)}; each is a plan that was solved and audited",
        ),
        notes=(str(found.manifest["question"]), _between(found), *_third(found), *_trust(found)),
        alarm=alarm(found.tables["frontier"], found.manifest["findings"]),
    )


def _parted(sentence: str) -> tuple[str, list[str]]:
    """Return a sentence up to its first stop, and what comes after that as one of its own."""
    parts = re.split("; |: ", sentence, maxsplit=1)
    return parts[0], [f"{part[:1].upper()}{part[1:]}" for part in parts[1:]]


def _between(found: Frontier) -> str:
    """Return what is known between the points, as the screen says it."""
    if "band" in found.tables and len(found.tables["band"]):
        wide = figure(found.measures[0], found.manifest["widest"] or 0.0)
        unit = " (weighted tonnes)" if found.measures[0] == SHORTAGE else ""
        return (
            f"Shaded: no plan is below; at its upper edge is a mixture of two plans. It is {wide}{unit} wide at most."
        )
    gap = f"With whole numbers, each plan is proven to within {100 * found.manifest['gap']:.2g} % of its cost. "
    return f"{gap if found.manifest['whole'] else ''}Between the points nothing is claimed."


def _third(found: Frontier) -> tuple[str, ...]:
    return (f"The larger a point, the higher {called(found, found.measures[2])}.",) if len(found.measures) == 3 else ()


def _trust(found: Frontier) -> tuple[str, ...]:
    """Return how far the figures of carbon can be trusted, where it is weighed."""
    words = trust_words(found.plans[0].case) if any_estimated(found.measures) else ""
    return (f"{words}.",) if words else ()


def _scaled(name: str) -> float:
    return _MILLION if name == COST else 1.0


def _drawn(found: Frontier) -> alt.LayerChart:
    first, second = found.measures[:2]
    table, per = found.tables["frontier"], _scaled(first)
    points = pd.DataFrame({"x": table[column_of(second)], "y": table[column_of(first)] / per, "knee": table["knee"]})
    points["size"] = _sizes(found)
    points["fill"] = points["knee"].map({True: SECOND, False: MAIN}).mask(table["short"] > NOTHING, PAPER)
    points["rim"] = pd.Series(PAPER, points.index).mask(table["short"] > NOTHING, ALARM)
    points["words"] = [_first(found, row, "") for row in each(table)]
    plane = _plane(found, points)
    marks = alt.Chart(points).mark_point(filled=True, opacity=1, strokeWidth=1.5)
    dots = marks.encode(
        x=plane.x(),
        y=plane.y(),
        size=alt.Size("size:Q", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("rim:N", scale=None),
        tooltip=alt.Tooltip("words:N", title=" "),
    )
    leads, said = beside(_told(found, points), plane)
    return layered([*_band(found, plane, per), leads, dots, *said], plane)


def _sizes(found: Frontier) -> pd.Series[float]:
    """Return pixels by point: as large as its third measure, if there is one."""
    if len(found.measures) < 3:
        return pd.Series(_SMALLEST + 10, found.tables["frontier"].index)
    third = found.tables["frontier"][column_of(found.measures[2])]
    span = float(third.max() - third.min()) or 1.0
    sizes: pd.Series[float] = _SMALLEST + (_LARGEST - _SMALLEST) * (third - third.min()) / span
    return sizes


def _band(found: Frontier, plane: Plane, per: float) -> list[alt.Chart]:
    band = found.tables.get("band")
    if band is None or band.empty:
        return []
    scaled = pd.DataFrame({"x": band["value"], "y": band["upper"] / per, "lower": band["lower"] / per})
    area = alt.Chart(scaled).mark_area(color=MAIN, opacity=0.35, line={"color": MAIN, "strokeWidth": 1.5})
    return [area.encode(x=plane.x(), y=plane.y(), y2="lower:Q")]


def _plane(found: Frontier, points: pd.DataFrame) -> Plane:
    first, second = found.measures[:2]
    names = _axis(found, second), f"{_axis(found, first)} (the axis does not begin at 0)"
    x_axis, y_axis = (
        alt.Axis(title=name, tickCount=6, grid=False, labelExpr="format(datum.value, ',')") for name in names
    )
    most, least = float(points["x"].max()), float(points["x"].min())
    aside = _span(most, least) * 0.05
    low, high = float(points["y"].min()), float(points["y"].max())
    room = _span(high, low) * 0.07
    return Plane(PLOT, height_for(len(points)), most + aside, least - aside, low - room, high + room, x_axis, y_axis)


def _span(high: float, low: float) -> float:
    """Return how far a measure goes; of one that has one value, that value."""
    return high - low if high - low > NOTHING * abs(high) else abs(high) or 1.0


def _axis(found: Frontier, name: str) -> str:
    words, unit = called(found, name), weighed()[name].unit
    said = _AXES.get(name) or (words if unit in words else f"{words}, {unit}")
    return f"{said[:1].upper()}{said[1:]}"


def _told(found: Frontier, points: pd.DataFrame) -> list[Told]:
    rows = zip(each(points), each(found.tables["frontier"]), at_points(found), strict=True)
    return [
        Told(at.x, at.y, _first(found, row, point.mark), point.words, bool(row.short > NOTHING))
        for at, row, point in rows
    ]


def _figure(name: str, row: Any) -> str:
    """Return a measure as a point has it: an index by what it is called."""
    return f"{weighed()[name].head} {of(name, row)}" if kind_of(name) == "index" else of(name, row)


def _first(found: Frontier, row: Any, mark: str) -> str:
    """Return a point's number, its measures, the tonnes it leaves short, and what it is called."""
    names = [name for name in found.measures if name != SHORTAGE]
    one, *others = (_figure(name, row) for name in names)
    none = "nothing short" if SHORTAGE in found.measures else ""
    left = f"{tonnes(row.short)} short" if row.short > NOTHING else none
    return " · ".join(filter(None, (str(row.point), one, more_words(found, row), *others, left, mark)))


def _table(found: Frontier) -> pd.DataFrame:
    rows = []
    for row, point in zip(each(found.tables["frontier"]), at_points(found), strict=True):
        short = tonnes(row.short) if row.short > NOTHING else "none"
        measures = [of(name, row) for name in found.measures]
        rows.append([point.number, *measures, more_words(found, row), short, point.mark, point.words])
    heads = [f"{words[:1].upper()}{words[1:]}" for words in (called(found, name) for name in found.measures)]
    return pd.DataFrame(rows, columns=["Point", *heads, "More", "Short", "Mark", "What changes"])
