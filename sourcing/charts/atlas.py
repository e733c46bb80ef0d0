"""One sheet of a map: land, lines, dots and labels of what lies in a frame."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, NamedTuple

import altair as alt
import pandas as pd

from sourcing.charts.colours import INK, PAPER, SOFT, colour_of, paler
from sourcing.charts.labels import shortened
from sourcing.charts.marks import layered, rules, words
from sourcing.charts.places import places, world
from sourcing.charts.signs import Field, Sign, placed
from sourcing.charts.subject import country_words
from sourcing.charts.theme import LABEL
from sourcing.report.figures import tonnes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.charts.flows import Flows
    from sourcing.charts.frames import Frame
    from sourcing.charts.places import Flat
    from sourcing.charts.plane import Plane

_LAND = "#EDEDED"
_BESIDE = 17.0
"""Pixels from its point within which a label needs no line to it."""


class Scene(NamedTuple):
    """What a map shows: flows, the map, points along lines, countries in pixels of the map, and which have a label."""

    found: Flows
    flat: Flat
    lines: pd.DataFrame
    where: Mapping[str, tuple[float, float]]
    named: Sequence[str]


def sheet(scene: Scene, frame: Frame, close: Frame | None = None) -> alt.LayerChart:
    """Return what lies in a frame; countries within ``close`` have their labels elsewhere, and a box around them."""
    plane = frame.plane
    where = {code: frame.at(point) for code, point in scene.where.items() if frame.holds(point)}
    elsewhere = {code for code, point in scene.where.items() if close is not None and close.holds(point)}
    named = [code for code in scene.named if code in where and code not in elsewhere]
    lines = scene.lines.assign(
        x=(scene.lines["x"] - frame.left) * frame.zoom, y=(scene.lines["y"] - frame.top) * frame.zoom
    )
    texts, points = [label(scene.found, code) for code in named], [where[code] for code in named]
    if close is not None:
        texts.append((f"{len(elsewhere)} countries, enlarged below",))
        points.append((close.left + close.width / close.zoom / 2, close.top + close.height / close.zoom))
    field = Field(frame.width, frame.height, list(where.values()), lines[["x", "y", "wide"]].to_numpy(float))
    signs = placed(texts, points, LABEL, field)
    layers = [_land(scene, frame), *_lines(lines, plane), _dots(scene.found, where, plane)]
    boxes = [*([_box(close, plane)] if close is not None else []), *([_edge(plane)] if frame.zoom != 1.0 else [])]
    return layered([*layers, *boxes, *_labels(texts, signs, plane)], plane)


def _box(close: Frame, plane: Plane) -> alt.Chart:
    """Return the rim of the part of the map that is enlarged."""
    return _rim(
        close.left, close.top, close.left + close.width / close.zoom, close.top + close.height / close.zoom, plane
    )


def _edge(plane: Plane) -> alt.Chart:
    return _rim(0.0, 0.0, plane.width, plane.height, plane)


def _rim(left: float, top: float, right: float, bottom: float, plane: Plane) -> alt.Chart:
    sides = [(left, right, y, y) for y in (top, bottom)] + [(x, x, top, bottom) for x in (left, right)]
    return rules(pd.DataFrame(sides, columns=["x", "x2", "y", "y2"]), plane, SOFT)


def label(found: Flows, code: str) -> tuple[str, ...]:
    """Return a country's label: its name, and what it sends and takes."""
    sends = float(found.between.loc[found.between["origin"] == code, "tonnes"].sum())
    takes, within = found.takes.get(code, 0.0), found.within.get(code, 0.0)
    said = [(sends, f"sends {tonnes(sends)}")] if sends else []
    if takes:
        sites = found.places[code]
        at = sites[0] if len(sites) == 1 else f"{len(sites)} sites"
        said.append((takes, f"takes {tonnes(takes)} ({shortened(at, 90, LABEL)})"))
    said = sorted(said, reverse=True)
    home = [f"{tonnes(within)} from home"] if within else []
    return (country_words(code), *(words for _, words in said), *home)


def _land(scene: Scene, frame: Frame) -> alt.Chart:
    """Return the countries, those that send anything in a pale shade of their colour."""
    found, flat = scene.found, scene.flat
    origins = {*found.between["origin"], *found.within}
    fills = {places()[code].number: paler(colour_of(code)) for code in sorted(origins & set(places()))}
    x, y = frame.at(flat.origin)
    form = alt.TopoDataFormat(type="topojson", feature="countries")
    shapes = alt.InlineData(values=json.dumps(world()), format=form)  # text: objects are copied at every step
    land: alt.Chart = (
        alt.Chart(shapes)
        .transform_calculate(fill=f"{json.dumps(fills)}[datum.id] || '{_LAND}'")
        .mark_geoshape(stroke=PAPER, strokeWidth=0.5, clip=True)
        .encode(color=alt.Color("fill:N", scale=None))
        .project(
            type="equalEarth",
            rotate=[-flat.middle, 0, 0],
            scale=flat.scale * frame.zoom,
            translate=[x, y],
            precision=_precision(frame),
        )
    )
    return land


def _precision(frame: Frame) -> float:
    """Return about 0.7 pixels, another number for another frame.

    Vega-Lite takes two projections for one where nothing but their scale and translation differ.
    """
    return round(0.7 + 1e-3 * math.sin(frame.left) + 1e-3 * math.sin(frame.top + 2) + 1e-3 * frame.zoom, 9)


def _lines(lines: pd.DataFrame, plane: Plane) -> list[alt.Chart]:
    if lines.empty:
        return []
    drawn_lines = alt.Chart(lines).mark_line(opacity=0.8, strokeCap="round", clip=True)
    return [
        drawn_lines.encode(
            x=plane.x(),
            y=plane.y(),
            order="step:Q",
            detail="pair:N",
            strokeWidth=alt.StrokeWidth("wide:Q", scale=None),
            color=alt.Color("colour:N", scale=None),
            tooltip=alt.Tooltip("words:N", title=" "),
        )
    ]


def _dots(found: Flows, where: dict[str, tuple[float, float]], plane: Plane) -> alt.Chart:
    """Return a dot for each country; a dark ring where goods are delivered."""
    rows = [
        (x, y, colour_of(code), INK if code in found.takes else PAPER, 2.0 if code in found.takes else 1.0)
        for code, (x, y) in where.items()
    ]
    dots = alt.Chart(pd.DataFrame(rows, columns=["x", "y", "colour", "ring", "wide"])).mark_circle(size=75, opacity=1)
    drawn_dots: alt.Chart = dots.encode(
        x=plane.x(),
        y=plane.y(),
        fill=alt.Fill("colour:N", scale=None),
        stroke=alt.Stroke("ring:N", scale=None),
        strokeWidth=alt.StrokeWidth("wide:Q", scale=None),
    )
    return drawn_dots


def _labels(texts: Sequence[Sequence[str]], signs: Sequence[Sign], plane: Plane) -> list[alt.Chart]:
    """Return the labels on a white rim, and a thin line to the point where a label is not beside it."""
    rows = [
        (sign.left, sign.top + at * (LABEL + 3) + LABEL / 2 + 1, line, at)
        for text, sign in zip(texts, signs, strict=True)
        for at, line in enumerate(text)
    ]
    told = pd.DataFrame(rows, columns=["x", "y", "words", "line"])
    far = [sign for sign in signs if math.dist(sign.anchor, sign.nearest) > _BESIDE]
    leads = pd.DataFrame([(*sign.anchor, *sign.nearest) for sign in far], columns=["x", "y", "x2", "y2"])
    names, others = told[told["line"] == 0], told[told["line"] > 0]
    return [
        rules(leads, plane, SOFT),
        *words(names, plane, align="left", bold=True, rim=True),
        *words(others, plane, align="left", rim=True),
    ]
