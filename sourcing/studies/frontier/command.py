"""``sourcing frontier``: two or three measures against each other, each point a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sourcing.terminal.drawing import draw_found, refuse_drawing
from sourcing.terminal.options import AsJson, CaseName, Gap, QuestionName, Threads, TimeLimit, place_for
from sourcing.terminal.output import print_json, print_result, progress, screen_width
from sourcing.terminal.runs import new_folders

EXAMPLE = 'sourcing frontier diversified --of cost --of hhi --material "NdPr oxide" --points 4'
PLACE = 70

Measures = Annotated[
    list[str] | None,
    typer.Option(
        "--of", metavar="MEASURE", help="cost, shortage, carbon, lead-time or hhi; two or three, --of for each."
    ),
]
Points = Annotated[int, typer.Option(metavar="N", help="How many points at most.")]
Material = Annotated[
    str, typer.Option(metavar="NAME", help="The material (or element) that hhi and lead-time are of, by code or name.")
]
Lens = Annotated[str, typer.Option(metavar="LENS", help="What hhi sorts by, as in limits: country, owner, supplier …")]
ChartFile = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help="Also draw the points, as .svg, .png or .html.")
]
Stage = Annotated[str, typer.Option(metavar="STAGE", help="The stage at which hhi counts, as in limits.")]

Folder = Annotated[Path | None, place_for("the frontier and its plans", "<question>-frontier")]


def frontier(  # noqa: PLR0913, PLR0917 - one argument per option
    question: QuestionName = "diversified",
    of: Measures = None,
    material: Material = "",
    by: Lens = "",
    stage: Stage = "",
    points: Points = 8,
    case: CaseName = None,
    out: Folder = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    chart: ChartFile = None,
    as_json: AsJson = False,
) -> None:
    """Weigh two or three measures against each other, each over the whole horizon: no plan beats a point in all.

    Shortage stays at its least unless it is one of them. Every point is a plan in a folder of its own.
    """
    from sourcing.answer.options import RunOptions
    from sourcing.studies.frontier.call import frontier as find_frontier
    from sourcing.studies.frontier.request import Trade
    from sourcing.studies.frontier.screen import frontier_as_json, render_frontier

    refuse_drawing(chart)
    trade = Trade(tuple(of or ()), points, material, by, stage)
    options = RunOptions(gap=gap, time_limit=time_limit, threads=threads)
    places = out or new_folders(f"{Path(question).stem}-frontier.toml")
    with progress(shown=not as_json) as watch:
        found = find_frontier(question, trade, case=case, out=places, options=options, progress=watch)
    if not as_json:
        print_result(render_frontier(found, screen_width()))
    if chart is not None:
        from sourcing.studies.frontier.chart import draw

        draw_found(found, draw, chart)
    if as_json:
        print_json(frontier_as_json(found))
