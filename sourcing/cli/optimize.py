"""``sourcing optimize``: answer a question with a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sourcing.characters import one_line
from sourcing.errors import SolverError, StoppedEarly
from sourcing.interrupts import interrupts
from sourcing.terminal.options import AsJson, CaseName, Gap, QuestionName, Threads, TimeLimit, place_for
from sourcing.terminal.output import print_json, print_result, progress, screen_width, tell, tell_at_once
from sourcing.terminal.runs import new_folders

EXAMPLE = "sourcing optimize diversified --gap 0.001"
PLACE = 10


_STOPPING = "Stopping. A plan that is found already will be kept; the same again stops at once and keeps nothing."


def _model_file(path: Path | None) -> Path | None:
    if path is not None and path.suffix not in {".lp", ".mps"}:
        raise typer.BadParameter("the name must end in .lp or .mps")
    return path


PlanFolder = Annotated[Path | None, place_for("the plan", "<question>")]
ModelFile = Annotated[
    Path | None, typer.Option(metavar="FILE", callback=_model_file, help="Also write the model, as .lp or .mps.")
]
NoCompare = Annotated[
    bool, typer.Option("--no-compare", help="Do not look for the cheapest plan without the question's limits.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print only the folder of the plan.")]


def optimize(  # noqa: PLR0913, PLR0917 - one argument per option
    question: QuestionName = "diversified",
    case: CaseName = None,
    out: PlanFolder = None,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    write_model: ModelFile = None,
    no_compare: NoCompare = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Find the best plan for a question, audit it, and write it to a folder.

    Ends with 0 if the plan is proven and audited, with 5 if it was stopped before proof and the plan so far is kept.
    """
    from sourcing.report.console import render_plan
    from sourcing.report.machine import render_json
    from sourcing.run import RunOptions
    from sourcing.run import optimize as find_plan

    options = RunOptions(
        gap=gap, time_limit=time_limit, threads=threads, write_model=write_model, compare=not no_compare
    )
    with interrupts(None if as_json else lambda: tell_at_once(_STOPPING)) as heard:
        with progress(shown=not (quiet or as_json)) as watch:
            plan = find_plan(question, case=case, out=out or new_folders(question), options=options, progress=watch)
        heard.listen()  # the plan is safe
        try:
            if as_json:
                print_json(render_json(plan))
            else:
                print_result(one_line(str(plan.folder)) if quiet else render_plan(plan, screen_width()))
        except (KeyboardInterrupt, SolverError) as end:
            heard.finish()
            tell(f"The plan is complete in {plan.folder}; {str(end) or 'only its showing was interrupted'}.")
            if isinstance(end, SolverError):
                return SolverError.exit_code
        heard.finish()
    return 0 if plan.manifest["status"] == "optimal" else StoppedEarly.exit_code
