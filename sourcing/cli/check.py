"""``sourcing check``: look for everything wrong with a question and its tables before solving."""

from __future__ import annotations

from typing import Annotated

import typer

from sourcing.cli.options import AsJson
from sourcing.cli.output import print_json, print_result, screen_width
from sourcing.errors import DataError

EXAMPLE = "sourcing check diversified"


def check(
    subject: Annotated[
        str, typer.Argument(metavar="QUESTION|CASE", help="A question or a case, by name or by path.")
    ] = "diversified",
    as_json: AsJson = False,
) -> int:
    """Read a question and its tables and list every fault, each with its place and the likely repair.

    Ends with 0 if a plan can be looked for, with 3 if there are faults.
    """
    from sourcing import run
    from sourcing.report.findings import check_as_json, render_check

    report = run.check(subject)
    if as_json:
        print_json(check_as_json(report))
    else:
        print_result(render_check(report, subject, screen_width()))
    return DataError.exit_code if report.faults else 0
