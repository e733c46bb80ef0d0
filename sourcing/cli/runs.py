"""Where plans are kept: ``runs/<date>-<question>``, and which of them is the latest."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.errors import Fault, QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    visible = (folder for folder in RUNS.glob("*") if not folder.name.startswith("."))
    plans = [(created, folder) for folder in visible if (created := _created(folder))]
    if not plans:
        raise QuestionError(
            [Fault("latest", f"no plan in {RUNS.resolve()}", "make one: sourcing optimize", "PLAN-001")]
        )
    return max(plans)[1]


def plan_folder(plan: str) -> Path | None:
    """Return the folder of a plan by ``latest``, its path or its name in ``runs``; None if it is none of these."""
    if plan == "latest":
        return latest()
    return next((folder for folder in (Path(plan), RUNS / plan) if (folder / MANIFEST).is_file()), None)


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


def _created(folder: Path) -> str:
    """Return when a plan was made, as its manifest says; nothing if the folder holds no readable plan."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    return str(manifest.get("created", "")) if isinstance(manifest, dict) else ""
