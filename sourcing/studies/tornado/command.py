"""``sourcing tornado``: which numbers a plan hangs on, and which is worth checking first."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from sourcing.terminal.options import AsJson, Threads, TimeLimit, place_for
from sourcing.terminal.output import print_json, print_result, progress, screen_width
from sourcing.terminal.runs import existing_plan, new_folders

EXAMPLE = "sourcing tornado latest --kind licence --kind duty"
PLACE = 90


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2027-06-30") from None


PlanName = Annotated[
    str, typer.Argument(metavar="PLAN|latest", help="The folder of a plan, its name in runs/, or latest.")
]
Top = Annotated[int, typer.Option(metavar="N", min=1, max=1000, help="Numbers shown in the tornado.")]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND", help="Only this kind of number, such as price or licence; again for more."),
]
ChangeBy = Annotated[
    date | None,
    typer.Option(
        metavar="DAY", parser=_day, help="First day on which orders can be changed (default: after the first period)."
    ),
]
RangesFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="How far numbers may be off, instead of data/confidence.toml.")
]
TablesFolder = Annotated[Path | None, place_for("the tables", "tornado")]


def tornado(  # noqa: PLR0913, PLR0917 - one argument per option
    plan: PlanName = "latest",
    kind: Kinds = None,
    top: Top = 10,
    change_by: ChangeBy = None,
    ranges: RangesFile = None,
    out: TablesFolder = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Say which number of the tables to check first, and how far each one swings shortage and cost.

    Each is moved to both ends of the range that its confidence stands for, and the question is answered again: once
    with all orders free, once with those kept that the plan places before --change-by.
    """
    from sourcing.answer.options import RunOptions
    from sourcing.studies.tornado.call import Doubts
    from sourcing.studies.tornado.call import tornado as find
    from sourcing.studies.tornado.screen import render_tornado, tornado_as_json

    doubts, options = (
        Doubts(ranges, tuple(kind or ()), change_by, top),
        RunOptions(time_limit=time_limit, threads=threads),
    )
    folder = existing_plan(plan)
    with progress(shown=not as_json) as watch:
        found = find(folder, doubts, out=out or new_folders("tornado.toml"), options=options, progress=watch)
    if as_json:
        print_json(tornado_as_json(found))
    else:
        print_result(render_tornado(found, top, screen_width()))
