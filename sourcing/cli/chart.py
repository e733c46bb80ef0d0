"""``sourcing chart``: a picture of a finished plan."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sourcing.cli.options import AsJson
from sourcing.cli.output import print_json, print_result
from sourcing.cli.runs import existing_plan

EXAMPLE = "sourcing chart latest mix"


class Kind(StrEnum):
    """The pictures there are."""

    mix = "mix"
    map = "map"
    cost = "cost"
    concentration = "concentration"


def chart(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN|latest", help="The folder of a plan, its name in runs/, or latest.")
    ],
    kind: Annotated[Kind, typer.Argument(metavar="mix|map|cost|concentration", help="What to draw.")],
    material: Annotated[
        str | None, typer.Option(metavar="NAME", help="Draw one element or material only (not for cost).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An .svg, .png or .html file (default: KIND.svg, here).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw where the tonnes come from (mix, map), what they cost, or how concentrated they are; no network is needed.

    Titles say what is to be seen. An older file of that name is replaced.
    """
    from sourcing.charts.files import refuse_picture
    from sourcing.plan.store import read_plan

    if material is not None and kind is Kind.cost:
        raise typer.BadParameter("cost is drawn by head, not by material; leave --material out")
    file = out or Path(f"{kind}.svg")
    folder = existing_plan(plan)
    refuse_picture(file)
    from sourcing.charts.pictures import as_json as told
    from sourcing.charts.pictures import draw
    from sourcing.charts.save import save

    picture = draw(read_plan(folder), kind, material)
    save(picture, file)
    if as_json:
        print_json({"chart": {"file": str(file), **told(picture)}})
    else:
        words = (picture.headline, *picture.sentences[:1]) if picture.alarm else (picture.headline,)
        print_result("\n".join([*words, f"Picture in {file}"]))
