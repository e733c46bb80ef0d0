"""Put a finished frontier where it was asked for: its tables, its manifest and the plan at each point, or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sourcing.plan.result import keep_plans

if TYPE_CHECKING:
    from sourcing.interrupts import Interrupts
    from sourcing.plan import Plan
    from sourcing.plan.drafts import Places
    from sourcing.studies.frontier.found import Frontier


def keep_frontier(found: Frontier, out: Places, heard: Interrupts) -> Frontier:
    """Write a frontier into a new folder; return it with its place.

    Raises
    ------
    AuditFailure : the audit refuses a plan; all is kept under a name that says so.
    SolverError : it cannot be written there.
    """
    folder = keep_plans(found, [point_folder(plan) for plan in found.plans], out, heard, "the frontier")
    plans = (replace(plan, folder=folder / point_folder(plan)) for plan in found.plans)
    return replace(found, plans=tuple(plans), folder=folder)


def point_folder(plan: Plan) -> str:
    """Return the name of a point's folder."""
    return f"point-{plan.manifest['frontier']['point']:02d}"
