"""Put a finished curve where it was asked for: its tables, its manifest and the plan at each point, or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sourcing.plan.result import keep_plans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.interrupts import Interrupts
    from sourcing.plan.drafts import Places
    from sourcing.studies.target.found import Target

_DIGITS, _MOST = 6, 17


def keep_target(found: Target, out: Places, heard: Interrupts) -> Target:
    """Write a curve into a new folder; return it with its place.

    Raises
    ------
    AuditFailure : the audit refuses a plan of the curve; it is kept under a name that says so.
    SolverError : it cannot be written there.
    """
    places = point_folders([float(plan.manifest["target"]["value"]) for plan in found.plans])
    folder = keep_plans(found, places, out, heard, "the curve")
    plans = (replace(plan, folder=folder / place) for plan, place in zip(found.plans, places, strict=True))
    return replace(found, plans=tuple(plans), folder=folder)


def point_folders(values: Sequence[float]) -> list[str]:
    """Return a name for the folder of each point: its value in six digits, or in as many as tell them apart.

    >>> point_folders([0.5, 0.25]), point_folders([0.5, 0.49999999])
    (['points/0.5', 'points/0.25'], ['points/0.5', 'points/0.49999999'])
    """
    named = ([f"points/{value:.{digits}g}" for value in values] for digits in range(_DIGITS, _MOST))
    return next((names for names in named if len(set(names)) == len(names)), [f"points/{value!r}" for value in values])
