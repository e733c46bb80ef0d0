"""``sourcing target``: what a limit costs at every value, how far it can go, and by when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sourcing.terminal.drawing import draw_found, refuse_drawing
from sourcing.terminal.options import AsJson, CaseName, QuestionName, Threads, TimeLimit, place_for, value_of
from sourcing.terminal.output import print_json, print_result, progress, screen_width
from sourcing.terminal.runs import new_folders

EXAMPLE = "sourcing target diversified --limit dy-one-country --from 60% --to 50%"
PLACE = 60


LimitName = Annotated[str, typer.Option(metavar="NAME", help="Name of the limit.")]
Loose = Annotated[
    float | None,
    typer.Option("--from", metavar="VALUE", parser=value_of, help="Loosest value (default: where it stops binding)."),
]
Tight = Annotated[
    float | None,
    typer.Option("--to", metavar="VALUE", parser=value_of, help="Tightest value (default: as far as it can go)."),
]
Tolerance = Annotated[
    float,
    typer.Option(min=1e-6, max=1.0, metavar="SHARE", help="How well the cost between the points is to be known."),
]
ChartFile = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help="Also draw the curve, as .svg, .png or .html.")
]

Folder = Annotated[Path | None, place_for("the curve and its plans", "<question>-<limit>")]


def target(  # noqa: PLR0913, PLR0917 - one argument per option
    limit: LimitName,
    question: QuestionName = "diversified",
    loosest: Loose = None,
    tightest: Tight = None,
    tolerance: Tolerance = 0.002,
    case: CaseName = None,
    out: Folder = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    chart: ChartFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what a limit costs at every value from one to another, how far it can go, and by when.

    Shortage stays where it is without the limit: a value is possible if no more goes short.
    """
    from sourcing.answer.options import RunOptions
    from sourcing.studies.target.call import target as find_curve
    from sourcing.studies.target.request import Sweep
    from sourcing.studies.target.screen import render_target, target_as_json

    refuse_drawing(chart)
    sweep, options = Sweep(limit, loosest, tightest, tolerance), RunOptions(time_limit=time_limit, threads=threads)
    places = out or new_folders(f"{Path(question).stem}-{limit}.toml")
    with progress(shown=not as_json) as watch:
        found = find_curve(question, sweep, case=case, out=places, options=options, progress=watch)
    if not as_json:
        print_result(render_target(found, screen_width()))
    if chart is not None:
        from sourcing.studies.target.chart import draw

        draw_found(found, draw, chart)
    if as_json:
        print_json(target_as_json(found))
