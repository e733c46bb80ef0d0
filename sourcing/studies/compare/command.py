"""``sourcing compare``: plans side by side, and what each limit of the first one costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sourcing.terminal.options import AsJson, new_place
from sourcing.terminal.output import print_json, print_result, screen_width
from sourcing.terminal.runs import existing_plan

EXAMPLE = "sourcing compare latest --rules"
PLACE = 100


def compare(
    plans: Annotated[
        list[str], typer.Argument(metavar="PLAN...", help="Folders of plans, their names in runs/, or latest.")
    ],
    rules: Annotated[
        bool, typer.Option("--rules", help="Also say what each limit of the first plan costs, solving without it.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", callback=new_place, help="Also write all of it as CSV to FOLDER.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set plans beside the first of them: cost, shortage, sources, concentration, orders that differ."""
    from sourcing.studies.compare.call import compare as set_beside
    from sourcing.studies.compare.screen import comparison_as_json, render_comparison

    if len(plans) < 2 and not rules:
        raise typer.BadParameter("one plan has nothing to be compared with; name another, or ask for --rules")
    comparison = set_beside([existing_plan(plan) for plan in plans], rules=rules, out=out)
    if as_json:
        print_json(comparison_as_json(comparison))
    else:
        print_result(render_comparison(comparison, screen_width()))
