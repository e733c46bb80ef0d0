"""``sourcing chart``: a picture of a finished plan, or of a curve."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sourcing import studies
from sourcing.characters import one_line
from sourcing.terminal.options import AsJson
from sourcing.terminal.output import print_json, print_result
from sourcing.terminal.runs import existing_curve, existing_plan

if TYPE_CHECKING:
    from sourcing.charts.theme import Picture

EXAMPLE = "sourcing chart latest mix"
PLACE = 110


class Kind(StrEnum):
    """The pictures there are."""

    mix = "mix"
    map = "map"
    cost = "cost"
    concentration = "concentration"
    stock = "stock"
    curve = "curve"


def chart(
    plan: Annotated[
        str,
        typer.Argument(
            metavar="PLAN|latest",
            help="A folder of a plan (for curve: of a curve or frontier), its name in runs/, or latest.",
        ),
    ],
    kind: Annotated[Kind, typer.Argument(metavar="mix|map|cost|concentration|stock|curve", help="What to draw.")],
    material: Annotated[
        str | None, typer.Option(metavar="NAME", help="Draw one element or material only (not for cost and curve).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An .svg, .png or .html file (default: KIND.svg, here).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw where tonnes come from (mix, map) and lie (stock), what they cost, how concentrated they are; no network.

    A curve is what sourcing target or sourcing frontier found. Titles say what is to be seen. An older file of that
    name is replaced.
    """
    from sourcing.charts.files import refuse_picture

    if material is not None and kind in {Kind.cost, Kind.curve}:
        by = "by head" if kind is Kind.cost else "as it was found"
        raise typer.BadParameter(f"{kind} is drawn {by}, not by material; leave --material out")
    file = out or Path(f"{kind}.svg")
    folder = existing_curve(plan, studies.having("stored")) if kind is Kind.curve else existing_plan(plan)
    refuse_picture(file)
    from sourcing.charts.pictures import as_json as told
    from sourcing.charts.save import save

    picture = _picture(folder, kind, material)
    save(picture, file)
    if as_json:
        print_json({"chart": {"file": str(file), **told(picture)}})
    else:
        words = (picture.headline, *picture.sentences[:1]) if picture.alarm else (picture.headline,)
        print_result("\n".join([*words, f"Picture in {one_line(str(file))}"]))


def _picture(folder: Path, kind: Kind, material: str | None) -> Picture:
    from sourcing.charts.pictures import draw
    from sourcing.run import load_plan

    return _curve(folder) if kind is Kind.curve else draw(load_plan(folder), kind, material)


def _curve(folder: Path) -> Picture:
    from sourcing.plan.curves import opened_curve

    kept, study = opened_curve(folder, studies.having("stored"))
    picture: Picture = studies.part_of(study, "chart").draw(studies.part_of(study, "stored").read_stored(kept))
    return picture
