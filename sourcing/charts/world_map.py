"""From where to where: lines between countries, as wide as the tonnes they stand for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import pandas as pd

from sourcing.charts.atlas import Scene, sheet
from sourcing.charts.colours import colour_of
from sourcing.charts.flows import Flows, flows
from sourcing.charts.frames import Frame, enlarged
from sourcing.charts.places import Flat, places
from sourcing.charts.subject import alarm, chosen, country_words, nothing_to_draw, subject_notes
from sourcing.charts.theme import WIDTH, Picture, heading
from sourcing.report.figures import share, tonnes
from sourcing.report.rows import each

if TYPE_CHECKING:
    from sourcing.plan import Plan

MIDDLES = (10.0, 150.0)
"""Meridians that the middle of a map may be: Europe's, or the western Pacific's if the lines get shorter by it."""

NAMED = 14
"""Countries with a label, those that move most."""

_WIDEST, _THINNEST = 16.0, 0.6
"""Pixels: of the line with the most tonnes, and of any line."""

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


def drawn(found: Flows) -> alt.LayerChart | alt.VConcatChart:
    """Return one map, without a title; where countries stand close, they are told in a second one below, enlarged."""
    flat = flat_for(found)
    where = {code: flat.at(places()[code]) for code in found.countries if code in places()}
    scene = Scene(found, flat, arcs(found, flat), where, list(where)[:NAMED])
    close = enlarged(where)
    world_sheet = sheet(scene, Frame(0.0, 0.0, 1.0, flat.width, flat.height), close)
    return world_sheet if close is None else alt.vconcat(world_sheet, sheet(scene, close), spacing=12)


def _table(found: Flows) -> pd.DataFrame:
    rows = [
        (found.name, country_words(row.origin), country_words(row.destination), tonnes(row.tonnes))
        for row in each(found.between)
    ]
    rows += [(found.name, country_words(code), country_words(code), tonnes(t)) for code, t in found.within.items()]
    return pd.DataFrame(rows, columns=["Of", "From", "To", "Tonnes"])
