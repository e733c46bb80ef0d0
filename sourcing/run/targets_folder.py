"""Put a finished curve where it was asked for: its tables, its manifest and the plan at each point, or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sourcing.run.keep_plans import keep_plans

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sourcing.interrupts import Interrupts
    from sourcing.plan import Plan
    from sourcing.targets import Target


def keep_target(found: Target, out: Path | Iterable[Path], heard: Interrupts) -> Target:
    """Write a curve into a new folder; return it with its place.

    Raises
    ------
    AuditFailure : the audit refuses a plan of the curve; it is kept under a name that says so.
    SolverError : it cannot be written there.
    """
    folder = keep_plans(found, [_point(plan) for plan in found.plans], out, heard, "the curve")
    plans = (replace(plan, folder=folder / _point(plan)) for plan in found.plans)
    return replace(found, plans=tuple(plans), folder=folder)


def _point(plan: Plan) -> str:
    return f"points/{plan.manifest['target']['value']:.6g}"
