"""``sourcing comply``: how a finished plan stands to laws and policies on origin."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sourcing.terminal.options import AsJson, new_file
from sourcing.terminal.output import print_json, print_result, screen_width, tell
from sourcing.terminal.runs import existing_plan

EXAMPLE = "sourcing comply latest --rule eu-crma-2030"
PLACE = 50


def comply(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN|latest", help="The folder of a plan, its name in runs/, or latest.")
    ] = "latest",
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="RULE", help="A preset by name or file; all ready ones if none is given."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", callback=new_file, help="A new file for the statement, in Markdown."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say by stage and year whether a plan meets rules such as the EU's 65 %, and what cannot be shown.

    A question is held to the same rules by presets = ["eu-crma-2030"].
    """
    from sourcing.plan.drafts import write_new
    from sourcing.report.comply import compliance_as_json, render_compliance, statement
    from sourcing.run import comply as stand

    found = stand(existing_plan(plan), rule or ())
    if out is not None:
        write_new(out, statement(found))
        tell(f"The statement is in {out}.")
    if as_json:
        print_json(compliance_as_json(found))
    else:
        print_result(render_compliance(found, screen_width()))
