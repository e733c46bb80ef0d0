"""Put finished ranges where they were asked for: tables, manifest and the different plans, or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sourcing.plan.result import keep_plans

if TYPE_CHECKING:
    from sourcing.interrupts import Interrupts
    from sourcing.plan.drafts import Places
    from sourcing.studies.alternatives.found import Alternatives


def keep_alternatives(found: Alternatives, out: Places, heard: Interrupts) -> Alternatives:
    """Write the answer into a new folder, each plan into alternative-1 …; return it with its place.

    Raises
    ------
    AuditFailure : the audit refuses one of the plans; all is kept under a name that says so.
    SolverError : it cannot be written there.
    """
    places = [f"alternative-{number}" for number in range(1, len(found.plans) + 1)]
    folder = keep_plans(found, places, out, heard, "what was found")
    plans = (replace(plan, folder=folder / place) for plan, place in zip(found.plans, places, strict=True))
    return replace(found, plans=tuple(plans), folder=folder)
