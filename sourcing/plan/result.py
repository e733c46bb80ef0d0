"""Put what has plans of its own where it was asked for: its tables, its manifest and the plans, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sourcing.errors import AuditFailure
from sourcing.plan.analyst import write_duals
from sourcing.plan.drafts import new_folder, writing
from sourcing.plan.read_back import refuse_unlike
from sourcing.plan.store import write_manifest, write_plan
from sourcing.tables.csv_cells import write_csv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sourcing.interrupts import Interrupts
    from sourcing.outcome import Values
    from sourcing.plan import Plan
    from sourcing.plan.drafts import Places


class WithPlans(Protocol):
    """Something with tables, a manifest with the ``findings`` of the audits, and plans of its own."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables by the name of their file."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What it was made from."""

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Plans like any other."""

    @property
    def values(self) -> tuple[Values, ...]:
        """The solver's numbers behind them."""


_Found = TypeVar("_Found", bound=WithPlans)


def keep_plans(found: WithPlans, places: Sequence[str], out: Places, heard: Interrupts, called: str) -> Path:
    """Write tables, a manifest and plans, each in its place below, into a new folder; return that.

    Raises
    ------
    AuditFailure : the audit refuses a plan; what is ``called`` so is kept under a name that says so.
    SolverError : it cannot be written there, or a plan would not be read as it is.
    """
    findings = found.manifest["findings"]
    with new_folder(out) as draft:
        if findings:
            draft.rename("audit-failed")
        with writing(draft.target):
            _fill(found, places, draft.path)
            heard.finish()
            draft.keep()
    if findings:
        raise AuditFailure([*findings, f"{called} is kept in {draft.target}"])
    return draft.target


def agreed(found: _Found) -> _Found:
    """Return what nobody writes, if the audit agrees with all of its plans.

    Raises
    ------
    AuditFailure : it does not.
    """
    if found.manifest["findings"]:
        raise AuditFailure(list(found.manifest["findings"]), found)
    return found


def _fill(found: WithPlans, places: Sequence[str], folder: Path) -> None:
    for name, table in found.tables.items():
        write_csv(table, folder / f"{name}.csv")
    for at, plan, values in zip(places, found.plans, found.values, strict=True):
        place = folder / at
        (place / "analyst").mkdir(parents=True)
        write_plan(plan, place)
        write_duals(values, place / "analyst")
        write_manifest(plan.manifest, place)
        refuse_unlike(plan, place)
    write_manifest(found.manifest, folder)
