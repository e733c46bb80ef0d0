"""``sourcing check``: look for everything wrong with a question and its tables before solving."""

from __future__ import annotations

from typing import Annotated

import typer

from sourcing import resources
from sourcing.errors import DataError
from sourcing.terminal.options import AsJson
from sourcing.terminal.output import print_json, print_result, screen_width

EXAMPLE = "sourcing check diversified"
PLACE = 20


def check(
    subject: Annotated[
        str, typer.Argument(metavar="QUESTION|CASE", help="A question or a case, by name or by path.")
    ] = "diversified",
    as_json: AsJson = False,
) -> int:
    """Read a question and its tables and list every fault, each with its place and the likely repair.

    Ends with 0 if a plan can be looked for, with 3 if there are faults.
    """
    from sourcing.report.findings import check_as_json, render_check
    from sourcing.run import check as look_for_faults

    report = look_for_faults(subject)
    if as_json:
        print_json(check_as_json(report))
    else:
        is_folder = resources.kind_of(subject) == "folder"
        is_case = is_folder or (resources.find_case(subject) and not resources.find_model(subject))
        following = f"sourcing optimize {'--case ' if is_case else ''}{subject}"
        print_result(render_check(report, subject, following, screen_width()))
    return DataError.exit_code if report.faults else 0
