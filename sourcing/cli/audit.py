"""``sourcing audit``: check a finished plan by plain arithmetic."""

from __future__ import annotations

from typing import Annotated

import typer

from sourcing.errors import AuditFailure
from sourcing.terminal.options import AsJson
from sourcing.terminal.output import print_json, print_result, screen_width
from sourcing.terminal.runs import existing_plan

EXAMPLE = "sourcing audit latest"
PLACE = 30


def audit(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN|latest", help="The folder of a plan, its name in runs/, or latest.")
    ] = "latest",
    as_json: AsJson = False,
) -> int:
    """Check every balance, limit and invoice of a plan again, by code that shares nothing with the optimisation.

    Ends with 0 if all of it agrees, with 6 if not.
    """
    from sourcing.report.findings import render_verdict, verdict_as_json
    from sourcing.run import audit_plan

    folder = existing_plan(plan)
    verdict = audit_plan(folder)
    if as_json:
        print_json(verdict_as_json(verdict, folder))
    else:
        print_result(render_verdict(verdict, folder, screen_width()))
    return 0 if verdict.is_clean else AuditFailure.exit_code
