"""Saved plans to spoil: the bundled questions and random cases, each read once and audited in memory after a change."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cases.random_cases import seeded_cases, write_case

from sourcing.answer.audit import audit_plan, duals_of, verdict_on
from sourcing.cli import main
from sourcing.errors import InfeasiblePlan, QuestionError
from sourcing.plan.copies import FILE as COPY
from sourcing.plan.store import read_plan, read_table, records
from sourcing.run import optimize
from spoiling.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    import pandas as pd

    from sourcing.plan import Plan
    from spoiling.changes import Change

BUNDLED = ("diversified", "no-china-2027")
SEED = 20
SMALL = 100  # stock rows: above, an audit takes a quarter of a second


@dataclass(frozen=True, eq=False)
class Saved:
    """A plan in its folder, with the text of its tables."""

    plan: Plan
    folder: Path
    sheets: dict[str, Sheet]
    duals: pd.DataFrame

    @classmethod
    def read(cls, folder: Path) -> Saved:
        plan = read_plan(folder)
        sheets = {table: Sheet.read(folder / f"{table}.csv") for table in plan.tables}
        return cls(plan, folder, sheets, duals_of(folder))

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def is_small(self) -> bool:
        return len(self.plan.tables["stock"]) < SMALL

    def findings(self, change: Change) -> list[str]:
        """Return what the audit says of the plan with one change: what ``sourcing audit`` says of such a folder.

        That plan.json no longer repeats the table does not count: whoever falsifies a plan would change both.
        """
        try:
            frame = read_table(io.StringIO(self.sheets[change.table].text(change.rows)))
        except (ValueError, KeyError, TypeError) as error:  # what read_plan refuses
            return [f"the plan cannot be read ({error})"]
        return verdict_on(replace(self.plan, tables={**self.plan.tables, change.table: frame}), self.duals).findings

    def findings_without(self, table: str) -> list[str]:
        """Return what the audit says of the folder without the file of one table."""
        path = self.folder / f"{table}.csv"
        text = path.read_bytes()
        path.unlink()
        try:
            return [each for each in audit_plan(self.folder).findings if not each.startswith(COPY)]
        except QuestionError as error:
            return [str(error)]
        finally:
            path.write_bytes(text)

    def exit_code(self, change: Change) -> int:
        """Write the folder with one change and return how ``sourcing audit`` ends on it: 0 if it notices nothing."""
        with tempfile.TemporaryDirectory() as parent, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            return main(["audit", str(self.write(change, Path(parent) / self.name))])

    def write(self, change: Change, folder: Path) -> Path:
        """Write the whole folder with one change, plan.json changed along with the table; return it."""
        shutil.copytree(self.folder, folder)
        path = folder / f"{change.table}.csv"
        path.write_text(self.sheets[change.table].text(change.rows), "utf-8")
        content = json.loads((folder / COPY).read_text("utf-8"))
        content["tables"] |= records({change.table: read_table(path)})
        (folder / COPY).write_text(json.dumps(content), "utf-8")
        return folder


def bundled(folder: Path) -> Iterator[Saved]:
    """Yield the plans of the bundled questions."""
    for question in BUNDLED:
        optimize(question, out=folder / question)
        yield Saved.read(folder / question)


def invented(folder: Path, count: int, seed: int = SEED, only: Container[int] | None = None) -> Iterator[Saved]:
    """Yield the plans of random cases, every second one with whole numbers; a case without a plan yields none.

    ``only``: the places of some of the cases; the rest are drawn, and not planned.
    """
    drawn = zip(seeded_cases(count - count // 2, seed), seeded_cases(count - count // 2, seed, whole=True), strict=True)
    for number, case in enumerate([case for pair in drawn for case in pair][:count]):
        if only is not None and number not in only:
            continue
        out = folder / f"invented-{number}"
        try:
            optimize(write_case(folder / f"case-{number}", case), out=out)
        except InfeasiblePlan:
            continue
        yield Saved.read(out)
