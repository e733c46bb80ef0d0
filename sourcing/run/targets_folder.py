"""Put a finished curve where it was asked for: its tables, its manifest and the plan at each point, or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sourcing.errors import AuditFailure
from sourcing.plan.drafts import new_folder, writing
from sourcing.plan.store import write_manifest, write_plan
from sourcing.run.analyst import write_duals

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
    findings = found.manifest["findings"]
    with new_folder(out) as draft:
        if findings:
            draft.rename("audit-failed")
        with writing(draft.target):
            _fill(found, draft.path)
            heard.finish()
            draft.keep()
    plans = (replace(plan, folder=draft.target / _point(plan)) for plan in found.plans)
    if findings:
        raise AuditFailure([*findings, f"the curve is kept in {draft.target}"])
    return replace(found, plans=tuple(plans), folder=draft.target)


def _fill(found: Target, folder: Path) -> None:
    for name, table in found.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, date_format="%Y-%m-%d", lineterminator="\n")
    for plan, values in zip(found.plans, found.values, strict=True):
        place = folder / _point(plan)
        (place / "analyst").mkdir(parents=True)
        write_plan(plan, place)
        write_duals(values, place / "analyst")
        write_manifest(plan.manifest, place)
    write_manifest(found.manifest, folder)


def _point(plan: Plan) -> str:
    return f"points/{plan.manifest['target']['value']:.6g}"
