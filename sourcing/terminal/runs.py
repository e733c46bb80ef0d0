"""Where plans are kept: ``runs/<date>-<question>``, and which of them is the latest."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.errors import Fault, QuestionError
from sourcing.resources import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RUNS = Path("runs")
MANIFEST = "manifest.json"


def new_folders(question: str) -> Iterator[Path]:
    """Yield the folders a new plan may go to, the first one free to be taken: today's, with -2, -3 … for repeats."""
    from sourcing.plan.drafts import numbered

    return numbered(RUNS / f"{date.today().isoformat()}-{Path(question).stem}")  # the planner's own calendar day


def latest() -> Path:
    """Return the folder of the newest plan in ``runs``.

    Raises
    ------
    QuestionError : PLAN-001 if there is none.
    """
    return _newest(
        "created", Fault("latest", f"no plan in {RUNS.resolve()}", "make one: sourcing optimize", "PLAN-001")
    )


def existing_curve(curve: str, kinds: Sequence[str]) -> Path:
    """Return the folder of a curve of one of some kinds by ``latest``, its path or its name in ``runs``.

    Raises
    ------
    QuestionError : PLAN-007 if ``runs`` holds none, PLAN-002 if there is nothing of this name.
    """
    if curve != "latest":
        return existing_plan(curve)
    repair = "make one: sourcing target, or sourcing frontier"
    return _newest("made", Fault("latest", f"no curve in {RUNS.resolve()}", repair, "PLAN-007"), kinds)


def _newest(moment: str, none: Fault, kinds: Sequence[str | None] = (None,)) -> Path:
    """Return the folder in ``runs`` whose manifest is of a kind and has the latest ``moment``; refuse if none has."""
    visible = (folder for folder in RUNS.glob("*") if not folder.name.startswith("."))
    found = [(when, folder) for folder in visible if (when := _made(folder, moment, kinds))]
    if not found:
        raise QuestionError([none])
    return max(found)[1]


def plan_folder(plan: str) -> Path | None:
    """Return the folder of a plan by ``latest``, its path or its name in ``runs``; None if it is none of these."""
    if plan == "latest":
        return latest()
    return next((folder for folder in (Path(plan), RUNS / plan) if kind_of(folder / MANIFEST) == "file"), None)


def existing_plan(plan: str) -> Path:
    """Return the folder of a plan.

    Raises
    ------
    QuestionError : PLAN-002 if there is no such plan.
    """
    folder = plan_folder(plan)
    if folder is None:
        repair = f"give latest, a folder with a {MANIFEST}, or a name in {RUNS}/"
        raise QuestionError([Fault(plan, "no plan of this name", repair, "PLAN-002")])
    return folder


def _made(folder: Path, moment: str, kinds: Sequence[str | None]) -> str:
    """Return when something was made, as its manifest says; nothing if it is of no such kind, or cannot be read."""
    from sourcing.plan.folder import Kept

    try:
        manifest = Kept(folder).values(MANIFEST)
    except QuestionError:
        return ""
    if not isinstance(manifest, dict) or manifest.get("kind") not in kinds:
        return ""
    made = manifest.get(moment)
    return made if isinstance(made, str) else ""
