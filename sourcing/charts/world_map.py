"""From where to where: lines between countries, as wide as the tonnes they stand for."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import pandas as pd

from sourcing.charts.colours import INK, PAPER, SOFT, colour_of, paler
from sourcing.charts.flows import Flows, flows
from sourcing.charts.labels import shortened
from sourcing.charts.marks import layered, rules, words
from sourcing.charts.places import Flat, places, world
from sourcing.charts.plane import Plane
from sourcing.charts.signs import Field, Sign, placed
from sourcing.charts.subject import alarm, chosen, country_words, nothing_to_draw, subject_notes
from sourcing.charts.theme import LABEL, WIDTH, Picture, heading
from sourcing.report.figures import share, tonnes
from sourcing.report.rows import each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan import Plan

MIDDLES = (10.0, 150.0)
"""Meridians that the middle of a map may be: Europe's, or the western Pacific's if the lines get shorter by it."""

NAMED = 14
"""Countries with a label, those that move most."""

_LAND = "#EDEDED"
_WIDEST, _THINNEST, _BESIDE = 16.0, 0.6, 17.0
"""Pixels: of the line with the most tonnes, of any line, and how far from its point a label needs no line to it."""

_STEPS, _BEND = 28, 0.16


def world_map(plan: Plan, material: str | None = None) -> Picture:
    """Return what moves from country to country over the horizon, a map for each element (or bought material).

    Raises
    ------
    QuestionError : PLAN-006, nothing moves.
    """
    found = [one for one in (flows(plan, block) for block in chosen(plan, material)) if one.countries]
    if not found:
        raise nothing_to_draw(plan, "nothing is bought or shipped in this plan")
    maps = []
    for at, one in enumerate(found):
        said = [*([finding(one)] if at else []), *([_widest(one)] if len(one.between) else [])]
        maps.append(drawn(one).properties(title=heading(one.name, said)))
    return Picture(
        kind="map",
        title=finding(found[0]),
        drawing=maps[0] if len(maps) == 1 else alt.vconcat(*maps, spacing=24),
        table=pd.concat([_table(one) for one in found], ignore_index=True),
        said=(
            "Lines are as wide as their tonnes, in the colour of the country they leave; dark rings: delivered there",
        ),
        notes=(
            *subject_notes(plan, material, traced=True),
            "A country is drawn at its centre, wherever its sites are; lines are no routes. Open orders count; own "
            "goods that are shipped on are drawn again. Shapes: Natural Earth; they take no position on borders.",
        ),
        alarm=alarm(plan),
    )


def finding(found: Flows) -> str:
    """Return "China ships 67 % of the NdPr that is bought, most of it to Germany"."""
    if not found.bought:
        return f"No {found.name} is bought"
    first = min(found.bought, key=lambda code: (-found.bought[code], code))
    part = share(found.bought[first] / sum(found.bought.values()))
    apart = found.between[found.between["origin"] == first]
    home = found.within.get(first, 0.0)
    ways = [(float(row.tonnes), country_words(row.destination)) for row in each(apart)] + [(home, "its own sites")]
    amount, to = max(ways, key=lambda way: way[0])
    part_of_it = amount / sum(t for t, _ in ways)
    most = "all" if part_of_it > 1 - 1e-9 else "most" if part_of_it > 0.5 else "the largest part"
    return f"{country_words(first)} ships {part} of the {found.name} that is bought, {most} of it to {to}"


def _widest(found: Flows) -> str:
    first = found.between.iloc[0]
    ends = (country_words(str(first[name])) for name in ("origin", "destination"))
    return f"Widest line: {tonnes(first['tonnes'])} of {found.name} from {' to '.join(ends)}"


def flat_for(found: Flows) -> Flat:
    """Return the map on which the lines are shortest, tonnes counted."""

    def length(flat: Flat) -> float:
        ends = [(flat.at(places()[row.origin]), flat.at(places()[row.destination])) for row in each(found.between)]
        return sum(math.dist(*pair) * float(t) for pair, t in zip(ends, found.between["tonnes"], strict=True))

    return min((Flat(middle, WIDTH) for middle in MIDDLES), key=length)


def arcs(found: Flows, flat: Flat) -> pd.DataFrame:
    """Return points along each line, in pixels from the left and from the top: pair, step, x, y, tonnes, colour, words.

    A line stays on the map between its ends, so none runs over the edge and on from the other side.
    """
    along = np.linspace(0.0, 1.0, _STEPS)[:, None]
    most = float(found.between["tonnes"].max())
    lines = []
    for pair, row in enumerate(each(found.between)):
        start, end = (np.array(flat.at(places()[code])) for code in (row.origin, row.destination))
        aside = (end - start)[::-1] * np.array([1.0, -1.0]) * _BEND
        over = (start + end) / 2 + aside
        curve = (1 - along) ** 2 * start + 2 * along * (1 - along) * over + along**2 * end
        said = f"{country_words(row.origin)} to {country_words(row.destination)}: {tonnes(row.tonnes)}"
        points = pd.DataFrame(np.clip(curve, 0.0, [flat.width, flat.height]), columns=["x", "y"])
        lines.append(
            points.assign(
                pair=pair,
                step=range(_STEPS),
                wide=max(_WIDEST * row.tonnes / most, _THINNEST),
                colour=colour_of(row.origin),
                words=said,
            )
        )
    columns = ["x", "y", "pair", "step", "wide", "colour", "words"]
    return pd.concat(lines, ignore_index=True) if lines else pd.DataFrame(columns=columns)


def drawn(found: Flows) -> alt.LayerChart:
    """Return one map, without a title."""
    flat = flat_for(found)
    plane = Plane(flat.width, flat.height, 0.0, flat.width, flat.height, 0.0)
    lines = arcs(found, flat)
    where = {code: flat.at(places()[code]) for code in found.countries if code in places()}
    layers = [_land(found, flat), *_lines(lines, plane), _dots(found, where, plane)]
    named = list(where)[:NAMED]
    texts = [label(found, code) for code in named]
    field = Field(flat.width, flat.height, list(where.values()), lines[["x", "y", "wide"]].to_numpy(float))
    signs = placed(texts, [where[code] for code in named], LABEL, field)
    return layered([*layers, *_labels(texts, signs, plane)], plane)


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


def _land(found: Flows, flat: Flat) -> alt.Chart:
    """Return the countries, those that send anything in a pale shade of their colour."""
    origins = {*found.between["origin"], *found.within}
    fills = {places()[code].number: paler(colour_of(code)) for code in sorted(origins & set(places()))}
    x, y = flat.origin
    form = alt.TopoDataFormat(type="topojson", feature="countries")
    shapes = alt.InlineData(values=json.dumps(world()), format=form)  # text: objects are copied at every step
    land: alt.Chart = (
        alt.Chart(shapes)
        .transform_calculate(fill=f"{json.dumps(fills)}[datum.id] || '{_LAND}'")
        .mark_geoshape(stroke=PAPER, strokeWidth=0.5)
        .encode(color=alt.Color("fill:N", scale=None))
        .project(type="equalEarth", rotate=[-flat.middle, 0, 0], scale=flat.scale, translate=[x, y])
    )
    return land


def _lines(lines: pd.DataFrame, plane: Plane) -> list[alt.Chart]:
    if lines.empty:
        return []
    drawn_lines = alt.Chart(lines).mark_line(opacity=0.8, strokeCap="round")
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


def _table(found: Flows) -> pd.DataFrame:
    rows = [
        (found.name, country_words(row.origin), country_words(row.destination), tonnes(row.tonnes))
        for row in each(found.between)
    ]
    rows += [(found.name, country_words(code), country_words(code), tonnes(t)) for code, t in found.within.items()]
    return pd.DataFrame(rows, columns=["Of", "From", "To", "Tonnes"])
