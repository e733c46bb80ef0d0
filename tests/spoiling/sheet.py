"""A plan table as the text of its file, and what a cell of each column is."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sourcing.audit import layout
from sourcing.audit.layout import CLAIM, DATE, MAYBE, MAYBE_DATE, NUMBER, TEXT, WHOLE

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[list[str]]
NUMBERS = {NUMBER, MAYBE, WHOLE}
GRAM, CENT, MILLIONTH = 1e-6, 0.01, 1e-6
MONEY = {"purchase", "freight", "duty", "conversion", "amount", "discounted", "price"}


@dataclass(frozen=True)
class Sheet:
    """One table of a plan: header and rows as written, without any reading of the cells."""

    table: str
    header: list[str]
    rows: Rows

    @classmethod
    def read(cls, path: Path) -> Sheet:
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        return cls(path.stem, header, rows)

    def text(self, rows: Rows) -> str:
        """Return the file with other rows."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([self.header, *rows])
        return out.getvalue()

    def kind(self, column: str) -> str:
        """Return what the cells of a column are; one that the audit does not read counts as a label."""
        return layout.COLUMNS[self.table].get(column, TEXT)

    def column(self, column: str) -> list[str]:
        at = self.header.index(column)
        return [row[at] for row in self.rows]


def visible(column: str) -> float:
    """Return the least change of a number that a reader sees: a gram, a cent, a millionth of a share."""
    return CENT if column in MONEY else min(GRAM, MILLIONTH)


def last_digit(text: str) -> float:
    """Return one unit in the last digit of a number as written: 0.1 for "0.0"."""
    exponent = Decimal(text).as_tuple().exponent
    return 10.0**exponent if isinstance(exponent, int) else 0.0


def same_plan(sheet: Sheet, rows: Rows) -> bool:
    """Say whether other rows say the same as the sheet's: the same rows in any order, no number visibly different."""
    numbers = [sheet.kind(column) in NUMBERS for column in sheet.header]
    if len(rows) != len(sheet.rows):
        return False
    ours, theirs = (sorted(found, key=lambda row: _order(row, numbers)) for found in (sheet.rows, rows))
    return all(
        _close(column, was, now) if number else was == now
        for before, after in zip(ours, theirs, strict=True)
        for column, number, was, now in zip(sheet.header, numbers, before, after, strict=True)
    )


def _order(row: list[str], numbers: list[bool]) -> tuple[list[str], list[str]]:
    pairs = list(zip(row, numbers, strict=True))
    return [cell for cell, number in pairs if not number], [cell for cell, number in pairs if number]


def _close(column: str, was: str, now: str) -> bool:
    if was == now or "" in (was, now):
        return was == now
    return abs(float(was) - float(now)) < visible(column)


__all__ = [
    "CLAIM",
    "DATE",
    "MAYBE_DATE",
    "NUMBERS",
    "TEXT",
    "WHOLE",
    "Rows",
    "Sheet",
    "last_digit",
    "same_plan",
    "visible",
]
