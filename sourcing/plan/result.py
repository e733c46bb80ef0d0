"""Result of a study, persisted as one folder: its tables, its manifest and its plans, all of it or nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sourcing.errors import AuditFailure
from sourcing.interrupts import Interrupts
from sourcing.plan.analyst import write_duals
from sourcing.plan.drafts import new_folder, writing
from sourcing.plan.read_back import refuse_unlike
from sourcing.plan.store import write_manifest, write_plan
from sourcing.tables.csv_cells import write_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from sourcing.outcome import Values
    from sourcing.plan import Plan
    from sourcing.plan.drafts import Places


@dataclass(frozen=True, eq=False, kw_only=True)
class Result:
    """Tables by the name of their file, the manifest (empty: none is written), and where it is stored.

    ``CALLED`` is what a study calls its result where it speaks of the folder.
    """

    CALLED: ClassVar[str] = "what was found"

    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    def save(self, out: Places, heard: Interrupts | None = None) -> Self:
        """Write all of it into a new folder; return it with its place.

        Parameters
        ----------
        out : a folder that does not exist yet, or several, of which the first free one is taken.
        heard : who interrupts, told when all is written and only the name is missing.

        Raises
        ------
        AuditFailure : the audit refuses a plan of it; all is kept under a name that says so.
        SolverError : it cannot be written there, or a plan would not be read as it is.
        """
        findings = self._findings
        with new_folder(out) as draft:
            if findings:
                draft.rename("audit-failed")
            with writing(draft.target):
                self._write(draft.path)
                (heard or Interrupts()).finish()
                draft.keep()
        if findings:
            raise AuditFailure([*findings, f"{self.CALLED} is kept in {draft.target}"])
        return self._stored(draft.target)

    def agreed(self) -> Self:
        """Return what nobody writes, if the audit agrees with all of its plans.

        Raises
        ------
        AuditFailure : it does not.
        """
        if self._findings:
            raise AuditFailure(self._findings, self)
        return self

    @property
    def _findings(self) -> list[str]:
        return list(self.manifest.get("findings", ()))

    def _write(self, folder: Path) -> None:
        for name, table in self.tables.items():
            write_csv(table, folder / f"{name}.csv")
        if self.manifest:
            write_manifest(self.manifest, folder)

    def _stored(self, folder: Path) -> Self:
        return replace(self, folder=folder)


@dataclass(frozen=True, eq=False, kw_only=True)
class ResultWithPlans(Result, ABC):
    """A result with plans like any other, each in a folder below, and the solver's numbers behind them."""

    plans: tuple[Plan, ...]
    values: tuple[Values, ...] = field(default=(), repr=False)

    @property
    @abstractmethod
    def places(self) -> list[str]:
        """The folder of each plan, below that of the result."""

    def _write(self, folder: Path) -> None:
        for place, plan, values in zip(self.places, self.plans, self.values, strict=True):
            (folder / place / "analyst").mkdir(parents=True)
            write_whole(plan, values, folder / place)
        super()._write(folder)

    def _stored(self, folder: Path) -> Self:
        plans = (replace(plan, folder=folder / place) for place, plan in zip(self.places, self.plans, strict=True))
        return replace(self, plans=tuple(plans), folder=folder)


def write_whole(plan: Plan, values: Values, folder: Path, wrote: Callable[[], None] = lambda: None) -> None:
    """Write everything of a plan into a folder that has ``analyst/``, and read it back.

    ``wrote`` is called when all but the manifest is written.

    Raises
    ------
    SolverError : it would not be read as it is.
    OSError : it cannot be written.
    """
    write_plan(plan, folder)
    write_duals(values, folder / "analyst")
    wrote()
    write_manifest(plan.manifest, folder)
    refuse_unlike(plan, folder)
