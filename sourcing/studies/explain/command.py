"""``sourcing explain``: why the plan is as it is, or why there is none."""

from __future__ import annotations

from typing import Annotated

import typer

from sourcing.terminal.options import AsJson
from sourcing.terminal.output import print_json, print_result, screen_width
from sourcing.terminal.runs import plan_folder

EXAMPLE = "sourcing explain latest"
PLACE = 40


def explain(
    subject: Annotated[
        str, typer.Argument(metavar="QUESTION|PLAN|latest", help="A question, a finished plan, or latest.")
    ] = "latest",
    why_not: Annotated[
        str | None, typer.Option(metavar="OFFER", help="Say why it is not bought, or no more of it, and at what price.")
    ] = None,
    tonne: Annotated[
        str | None, typer.Option(metavar="MATERIAL", help="Say what a tonne of it costs, from mine to plant.")
    ] = None,
    at: Annotated[str, typer.Option(metavar="SITE", help="With --tonne: at this site only.")] = "",
    period: Annotated[str, typer.Option(metavar="PERIOD", help="With --tonne: in this period or year only.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say which rules hold the cost up and by how much; without a plan, the least that has to give way."""
    from sourcing.report.explanation import explanation_as_json, render_explanation
    from sourcing.studies.explain.call import explain as find_reasons

    if why_not is not None and tonne is not None:
        raise typer.BadParameter("--why-not and --tonne are two questions; ask one at a time")
    if tonne is None and (at or period):
        raise typer.BadParameter("--at and --period go with --tonne; name the material")
    wanted = None if tonne is None else (tonne, at, period)
    explanation = find_reasons(str(plan_folder(subject) or subject), why_not=why_not, tonne=wanted)
    if as_json:
        print_json(explanation_as_json(explanation))
    else:
        print_result(render_explanation(explanation, screen_width()))
