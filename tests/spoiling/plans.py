"""Spoil saved plans in every way and print what share the audit notices, by kind: ``python -m spoiling.plans``."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.errors import AuditFailure, QuestionError
from spoiling import page
from spoiling.changes import changes
from spoiling.saved import bundled, invented
from spoiling.sheet import same_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spoiling.changes import Change
    from spoiling.saved import Saved

NOTICED, EQUIVALENT, MISSED = "noticed", "equivalent", "missed"
FILE_REMOVED = "file removed"
INVENTED, SEED = 14, 1
REFUSED = (QuestionError.exit_code, AuditFailure.exit_code)


@dataclass
class Tally:
    """How many changes were made and noticed, by kind and table, and a line for each that was not noticed."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    lines: list[tuple[str, str]] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)

    def add(self, saved: Saved, seed: str, each: int) -> None:
        """Spoil one plan in every way, ``each`` times per kind and column."""
        self.plans.append(saved.name)
        for table, sheet in saved.sheets.items():
            self._count((FILE_REMOVED, table), saved.findings_without(table), f"{saved.name}, {table}.csv removed")
            for change in changes(sheet, random.Random(f"{seed}-{table}"), each):
                found = self._findings(saved, change)
                same = not found and same_plan(sheet, change.rows)
                self._count((change.kind, table), found, f"{saved.name}, {change}", same)

    def _findings(self, saved: Saved, change: Change) -> list[str]:
        """Return what the audit says; of the first change of a kind to a table, what the command ends with."""
        if (change.kind, change.table) in self.asked:
            return saved.findings(change)
        self.asked.add((change.kind, change.table))
        code = saved.exit_code(change)
        return [f"exit code {code}"] if code in REFUSED else []

    def _count(self, what: tuple[str, str], findings: list[str], told: str, same: bool = False) -> None:
        outcome = NOTICED if findings else EQUIVALENT if same else MISSED
        self.counts[(*what, outcome)] += 1
        if outcome != NOTICED:
            self.lines.append((outcome, told))
            print(f"{outcome}: {told}", file=sys.stderr)  # noqa: T201

    def total(self, outcome: str) -> int:
        return sum(count for (_, _, found), count in self.counts.items() if found == outcome)

    def told(self, outcome: str) -> list[str]:
        """Return the line of every change with this outcome."""
        return [line for found, line in self.lines if found == outcome]


def spoil(plans: Iterable[Saved], seed: int, each: int) -> Tally:
    """Return what the audit notices of all changes to some plans; large plans have fewer changes of each kind."""
    tally = Tally()
    for number, saved in enumerate(plans):
        tally.add(saved, f"{seed}-{number}", each if saved.is_small else 1)
        done = sum(tally.counts.values())
        print(f"{saved.name}: {done:,} changes so far, {tally.total(MISSED)} missed", file=sys.stderr)  # noqa: T201
    return tally


def report(tally: Tally) -> Iterator[str]:
    """Yield the page's section: noticed of counted by kind and table, then what was not noticed."""
    tables = list(dict.fromkeys(table for _, table, _ in tally.counts))
    kinds = list(dict.fromkeys(kind for kind, _, _ in tally.counts))
    counted = tally.total(NOTICED) + tally.total(MISSED)
    yield f"{date.today():%Y-%m-%d}: {len(tally.plans)} plans ({', '.join(tally.plans)}), {counted:,} changes counted, "
    yield f"{tally.total(NOTICED):,} noticed, {tally.total(MISSED):,} missed. Each cell: noticed of counted."
    yield f"The first change of each kind to each table, {len(tally.asked)} in all, was audited by the command itself."
    yield ""
    rows = [
        [kind, *(_share(tally, [kind], [table]) for table in tables), _share(tally, [kind], tables)] for kind in kinds
    ]
    rows.append(["**all**", *(_share(tally, kinds, [table]) for table in tables), _share(tally, kinds, tables)])
    yield from page.table(["", *tables, "all"], rows)
    for outcome, words in ((MISSED, "Missed"), (EQUIVALENT, "The same plan in other words, listed and not counted")):
        lines = tally.told(outcome)
        yield ""
        yield f"{words}: {len(lines) or 'none'}."
        yield from (["", *(f"- {line}" for line in lines)] if lines else [])


def _share(tally: Tally, kinds: list[str], tables: list[str]) -> str:
    noticed, missed = (
        sum(tally.counts[kind, table, outcome] for kind in kinds for table in tables) for outcome in (NOTICED, MISSED)
    )
    return f"{noticed} of {noticed + missed}" if noticed + missed else ""


def main() -> int:
    """Run the command; ends with 1 if anything was missed."""
    parser = argparse.ArgumentParser(prog="python -m spoiling.plans", description=__doc__)
    parser.add_argument("--each", type=int, default=2, help="changes of each kind per column of a small plan")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--page", action="store_true", help="also write the section of docs/mutants.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = spoil(chain(invented(Path(folder), INVENTED), bundled(Path(folder))), asked.seed, asked.each)
    lines = list(report(tally))
    print(*lines, sep="\n")  # noqa: T201 - the result of a command
    if asked.page:
        page.put("plans", lines)
    return 1 if tally.total(MISSED) else 0


if __name__ == "__main__":
    raise SystemExit(main())
