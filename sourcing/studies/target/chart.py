"""What a limit costs at every value: the solved points, the proven band between them, and what happens at each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from sourcing.charts.colours import MAIN, PAPER, SECOND, SOFT
from sourcing.charts.marks import layered, rules, words
from sourcing.charts.plane import Plane
from sourcing.charts.side_labels import PLOT, Told, alarm, beside, height_for
from sourcing.charts.theme import Picture
from sourcing.outcome.carbon import trust_words
from sourcing.report.figures import money, percent
from sourcing.report.rows import each
from sourcing.studies.target.screen import at_points, average, counted, tighter, unit, value_words, when, within

if TYPE_CHECKING:
    from sourcing.studies.target.found import Target


def draw(target: Target) -> Picture:
    """Return the curve of ``sourcing target``, from the loosest value on the left to the tightest on the right."""
    manifest = target.manifest
    return Picture(
        kind="curve",
        title=finding(target),
        drawing=_drawn(target),
        table=_table(target),
        said=(f"Limit {when(target)}",),
        notes=(
            str(manifest["question"]),
            f"Shaded: where the cost between solved plans is proven to lie, within ±{within(manifest['widest'])}. "
            "Cost is what was minimised, at today's value.",
            *_steep(manifest),
            *_trust(target),
        ),
        alarm=alarm(target.tables["curve"], manifest["findings"]),
    )


def finding(target: Target) -> str:
    """Return what a step costs on either side of the knee, or what the whole way costs."""
    table = target.tables["curve"]
    first, last = table.iloc[0], table.iloc[-1]
    what, step, way = counted(target), unit(target), tighter(target)
    if table["knee"].any():
        at = int(table["knee"].to_numpy().argmax())
        before, after = (money(average(target, part)) for part in (table.iloc[: at + 1], table.iloc[at:]))
        value = value_words(target, float(table["value"].iloc[at]))
        to = "Down" if target.limit["sense"] == "max" else "Up"
        if unit(target) in {"point", "tonne"}:
            return f"{to} to {value}, a {step} {way} of {what} costs {before}; beyond it {after}"
        return f"{what[:1].upper()}{what[1:]}: {to.lower()} to {value} a {step} {way} costs {before}; beyond it {after}"
    rise = float(last["cost"] - first["cost"])
    ends = f"from {value_words(target, first['value'])} to {value_words(target, last['value'])}"
    return f"{what[:1].upper()}{what[1:]}: {ends} costs {money(rise)} more ({percent(rise / abs(first['cost']))})"


def _steep(manifest: Any) -> tuple[str, ...]:
    steep = manifest["steep"]
    if not steep:
        return ()
    return (f"It goes all but straight up {steep['words']}; elsewhere it lies within ±{within(steep['elsewhere'])}.",)


def _trust(target: Target) -> tuple[str, ...]:
    """Return how far the figures of carbon can be trusted, where the limit is on it."""
    words = trust_words(target.plans[0].case) if target.measure.estimated else ""
    return (f"{words}.",) if words else ()


def _drawn(target: Target) -> alt.LayerChart:
    table, free = target.tables["curve"], target.manifest["free"]
    points = table[["value", "cost", "more", "knee"]].assign(cost=table["cost"] / 1e6)
    plane = _plane(target, points)
    band = target.tables["band"].assign(lower=lambda t: t["lower"] / 1e6, upper=lambda t: t["upper"] / 1e6)
    level, *level_words = _without(free["cost"] / 1e6, plane)
    layers = [level, *_asked(target, plane)]
    if len(band):
        area = alt.Chart(band).mark_area(color=MAIN, opacity=0.35, line={"color": MAIN, "strokeWidth": 1.5})
        layers.append(area.encode(x=plane.x("value"), y=plane.y("upper"), y2="lower:Q"))
    marks = alt.Chart(points.assign(shape=points["knee"].map({True: "diamond", False: "circle"})))
    dots = marks.mark_point(filled=True, size=70, opacity=1, stroke=PAPER, strokeWidth=1)
    knee = alt.condition(alt.FieldEqualPredicate(field="knee", equal=True), alt.value(SECOND), alt.value(MAIN))
    dots = dots.encode(
        x=plane.x("value"),
        y=plane.y("cost"),
        color=knee,
        shape=alt.Shape("shape:N", scale=None),
        tooltip=[alt.Tooltip("value:Q", title="Limit"), alt.Tooltip("cost:Q", title="Cost, USD M", format=",.1f")],
    )
    leads, said = beside(_told(target, points), plane)
    return layered([*layers, leads, *level_words, dots, *said], plane)


def _plane(target: Target, points: pd.DataFrame) -> Plane:
    is_share = target.measure.kind == "share"
    named = "round(datum.value * 1000) / 10 + ' %'" if is_share else "format(datum.value, ',')"
    name = f"{counted(target)}, {'at most' if target.limit['sense'] == 'max' else 'at least'}"
    limits = alt.Axis(
        title=name if unit(target) in name or is_share else f"{name} ({unit(target)}s)",
        labelExpr=named,
        tickCount=6,
        grid=False,
    )
    money_axis = alt.Axis(
        title="USD M as minimised, at today's value (the axis does not begin at 0)", tickCount=6, grid=False
    )
    low = min(target.manifest["free"]["cost"] / 1e6, float(points["cost"].min()))
    high = float(points["cost"].max())
    room = max(high - low, abs(high) * 1e-6, 1e-6) * 0.07
    ends = float(points["value"].iloc[0]), float(points["value"].iloc[-1])
    aside = (ends[1] - ends[0]) * 0.04
    return Plane(
        PLOT, height_for(len(points)), ends[0] - aside, ends[1] + aside, low - room, high + room, limits, money_axis
    )


def _without(cost: float, plane: Plane) -> list[alt.Chart]:
    """Return a line at the cost without the limit."""
    text = f"without this limit: {money(cost * 1e6)}"
    one = pd.DataFrame({"x": [plane.left + 6 * plane.per_x], "y": [cost - 9 * plane.per_y], "words": [text]})
    line = rules(pd.DataFrame({"y": [cost]}), plane, SOFT, dashed=True)
    return [line, *words(one, plane, align="left", ink=SOFT, rim=True)]


def _asked(target: Target, plane: Plane) -> list[alt.Chart]:
    """Return a line at the question's own value, where the curve passes it."""
    value = float(target.limit["value"])
    if not min(plane.left, plane.right) < value < max(plane.left, plane.right):
        return []
    text = f"the question's {value_words(target, value)}"
    one = pd.DataFrame({"x": [value - 5 * plane.per_x], "y": [plane.top - 8 * plane.per_y], "words": [text]})
    return [
        rules(pd.DataFrame({"x": [value]}), plane, SOFT, dashed=True),
        *words(one, plane, align="right", ink=SOFT),
    ]


def _told(target: Target, points: pd.DataFrame) -> list[Told]:
    """Return what each point costs and what happens at it."""
    free, found = target.manifest["free"]["cost"], []
    for row, point in zip(each(points), at_points(target), strict=True):
        more = percent(row.more / free) if row.more >= 1 else ""
        first = " · ".join(filter(None, (point.value, money(row.cost * 1e6), more, point.mark)))
        found.append(Told(row.value, row.cost, first, point.words))
    return found


def _table(target: Target) -> pd.DataFrame:
    free = target.manifest["free"]["cost"]
    rows = [
        (
            point.value,
            money(row.cost),
            percent(row.more / free) if row.more >= 1 else "",
            "" if pd.isna(row.next) else money(row.next),
            point.mark,
            point.words,
        )
        for row, point in zip(each(target.tables["curve"]), at_points(target), strict=True)
    ]
    step = f"Each {unit(target)} {tighter(target)} from here"
    return pd.DataFrame(rows, columns=["Limit", "Cost", "More", step, "Mark", "What happens"])
