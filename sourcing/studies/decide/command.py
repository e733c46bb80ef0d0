"""``sourcing decide``: until when each option of a plan has to be decided, and what missing it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sourcing.errors import StoppedEarly
from sourcing.terminal.options import AsJson, Threads, TimeLimit, place_for
from sourcing.terminal.output import print_json, print_result, progress, screen_width
from sourcing.terminal.runs import new_folders, plan_folder

EXAMPLE = "sourcing decide latest"
PLACE = 95

Folder = Annotated[Path | None, place_for("the tables", "<question>-decide")]


def decide(
    subject: Annotated[
        str, typer.Argument(metavar="QUESTION|PLAN|latest", help="A question, a finished plan, or latest.")
    ] = "latest",
    out: Folder = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    as_json: AsJson = False,
) -> int:
    """Say by when each approval, contract, licence or opening has to be decided, and what missing that costs.

    Each is missed alone, a period later and for good, and the question is answered again. Ends with 5 if there was no
    time for all of them.
    """
    from sourcing.answer.audit import load_plan
    from sourcing.answer.optimize import optimize
    from sourcing.answer.options import RunOptions
    from sourcing.studies.decide.call import decide as find_dates
    from sourcing.studies.decide.screen import decisions_as_json, render_decisions

    options = RunOptions(time_limit=time_limit, threads=threads)
    folder = plan_folder(subject)
    with progress(shown=not as_json) as watch:
        plan = load_plan(folder) if folder else optimize(subject, options=options, progress=watch)
        places = out or new_folders(f"{plan.question.name or 'plan'}-decide.toml")
        found = find_dates(plan, out=places, options=options, progress=watch)
    if as_json:
        print_json(decisions_as_json(found))
    else:
        print_result(render_decisions(found, screen_width()))
    return StoppedEarly.exit_code if found.manifest["untried"] else 0
