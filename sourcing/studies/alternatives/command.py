"""``sourcing alternatives``: what every plan nearly as cheap has in common, and the most different ones of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sourcing.terminal.options import AsJson, Threads, TimeLimit, place_for, value_of
from sourcing.terminal.output import print_json, print_result, progress, screen_width
from sourcing.terminal.runs import existing_plan, new_folders

EXAMPLE = "sourcing alternatives latest --within 1% --plans 1"
PLACE = 80

Folder = Annotated[Path | None, place_for("the ranges and the plans", "<question>-alternatives")]


def alternatives(  # noqa: PLR0913, PLR0917 - one argument per option
    plan: Annotated[
        str, typer.Argument(metavar="PLAN|latest", help="The folder of a plan, its name in runs/, or latest.")
    ] = "latest",
    within: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE", parser=value_of, help="How much dearer than the cheapest a plan may be (default: 1%)."
        ),
    ] = None,
    plans: Annotated[int, typer.Option(metavar="N", help="How many different plans to find, at most.")] = 3,
    out: Folder = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Say from whom every plan nearly as cheap buys, from whom none does, and find the most different ones.

    Shortage stays where it is in the plan, unless the question gives it a price.
    """
    from sourcing.answer.audit import load_plan
    from sourcing.answer.options import RunOptions
    from sourcing.studies.alternatives.call import Wanted
    from sourcing.studies.alternatives.call import alternatives as find_alternatives
    from sourcing.studies.alternatives.screen import alternatives_as_json, render_alternatives

    asked = load_plan(existing_plan(plan))
    places = out or new_folders(f"{asked.question.name or 'plan'}-alternatives.toml")
    wanted = Wanted(plans=plans) if within is None else Wanted(within, plans)
    options = RunOptions(time_limit=time_limit, threads=threads)
    with progress(shown=not as_json) as watch:
        found = find_alternatives(asked, wanted, out=places, options=options, progress=watch)
    if as_json:
        print_json(alternatives_as_json(found))
    else:
        print_result(render_alternatives(found, screen_width()))
