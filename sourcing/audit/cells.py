"""Reading the plan tables cell by cell: a cell that cannot be what its column says is a finding."""

from __future__ import annotations

import math
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from pandas import NaT

from sourcing.audit import layout
from sourcing.audit.verdict import TRACE
from sourcing.replay import words
from sourcing.replay.dates import AFTER
from sourcing.replay.reading import OF_TAIL, plain, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pandas import DataFrame, Series

    from sourcing.replay import Facts

Row = dict[str, Any]
Book = dict[str, list[Row]]


def text(value: Any) -> str:
    """Return a text cell, blank as ""."""
    return "" if value is None else str(value)


def number(value: Any) -> float:
    """Return a finite number or raise ValueError."""
    found = math.nan if value is None or isinstance(value, bool) else float(value)
    if not math.isfinite(found):
        raise ValueError
    return found


def number_or_blank(value: Any) -> float | None:
    """Return a finite number, or ``None`` for a blank."""
    return None if value is None or value == "" else number(value)


def day(value: Any) -> date:
    """Return a date cell, also when written as text."""
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def day_or_blank(value: Any) -> date | None:
    """Return a date cell, or ``None`` for a blank."""
    return None if value is None or value == "" else day(value)


def whole(value: Any) -> int:
    """Return a whole number or raise ValueError."""
    found = number(value)
    if found != int(found):
        raise ValueError
    return int(found)


def claim(value: Any) -> bool:
    """Return a yes/no cell, also when written as text."""
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return known[str(value).lower()]


READERS: Mapping[str, Callable[[Any], Any]] = {
    layout.TEXT: text,
    layout.NUMBER: number,
    layout.MAYBE: number_or_blank,
    layout.DATE: day,
    layout.MAYBE_DATE: day_or_blank,
    layout.WHOLE: whole,
    layout.CLAIM: claim,
}


def book(facts: Facts, plan_tables: Mapping[str, DataFrame]) -> tuple[Book, list[str]]:
    """Return the rows of every plan table that can be read, and a finding for each cell that cannot."""
    found: Book = {}
    findings: list[str] = []
    for table, columns in layout.COLUMNS.items():
        frame = together(table, plan_tables)
        missing = [] if frame is None else [name for name in columns if name not in frame.columns]
        if frame is None or missing:
            found[table] = []
            if frame is not None or table not in layout.MAY_BE_ABSENT:
                what = f"the columns {', '.join(missing)}" if missing else "the whole table"
                findings.append(f"table {table}: {what} cannot be found in the plan")
            continue
        labels = [facts.calendar.label(n) for n in facts.calendar.nodes]
        rows = _read(table, frame, findings)
        found[table] = [row for row in rows if _names_period(facts, table, row, (labels, findings))]
        found[table] = _once(table, found[table], findings)
        findings.extend(_negatives(table, found[table]))
    return found, [*findings, *misplaced(facts, plan_tables)]


def together(table: str, plan_tables: Mapping[str, DataFrame]) -> DataFrame | None:
    """Return a table of the plan with its rows of the tail, None if it has none of the two."""
    parts = [plan_tables[name] for name in (table, table + OF_TAIL) if name in plan_tables]
    if table not in plan_tables or len(parts) < 2:
        return parts[0] if parts else None
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def misplaced(facts: Facts, plan_tables: Mapping[str, DataFrame]) -> Iterator[str]:
    """Yield a finding for each table with rows of the tail where those of the horizon belong, or the reverse."""
    for table in layout.PARTED:
        for name, of_tail in ((table, False), (table + OF_TAIL, True)):
            frame = plan_tables.get(name)
            if frame is None or frame.empty or "node" not in frame:
                continue
            node = pd.to_numeric(frame["node"], errors="coerce")  # what is no number is told as such
            wrong = ((node >= facts.calendar.reported) != of_tail) & node.notna()
            if "window" in frame:
                wrong = frame["window"].astype(str).str.endswith(AFTER) != of_tail
            if wrong.any():
                where = "within" if of_tail else "after"
                yield f"table {name}: {int(wrong.sum())} of its rows are of periods {where} the horizon"


def _read(table: str, frame: DataFrame, findings: list[str]) -> Iterable[Row]:
    """Return the rows of which every cell can be read: column by column where all of a column is what it may be."""
    if frame.empty:
        return []
    columns = {column: _whole_column(frame[column], kind) for column, kind in layout.columns_of(table, frame).items()}
    if all(values is not None for values in columns.values()):
        cells = zip(*cast("Iterable[list[Any]]", columns.values()), strict=True)
        return [dict(zip(columns, each, strict=True)) for each in cells]
    return _read_by_cell(table, frame, findings)


def _whole_column(column: Series[Any], kind: str) -> list[Any] | None:
    """Return a column's values where its type leaves no doubt that each is what ``READERS`` make of it, else None."""
    stored = column.dtype.kind if isinstance(column.dtype, np.dtype) else ""
    values = column.tolist()
    if kind == layout.TEXT:
        return values if set(map(type, values)) <= {str} else None
    if kind == layout.NUMBER and stored == "f":
        return values if all(map(math.isfinite, values)) else None
    if kind == layout.MAYBE and stored == "f":
        return None if any(map(math.isinf, values)) else [None if math.isnan(value) else value for value in values]
    if kind in {layout.DATE, layout.MAYBE_DATE} and stored == "M":
        may_be = kind == layout.MAYBE_DATE or column.notna().all()
        return [None if value is NaT else value.date() for value in values] if may_be else None
    if kind == layout.WHOLE and stored == "i":
        return [int(float(value)) for value in values]
    return values if kind == layout.CLAIM and stored == "b" else None


def _read_by_cell(table: str, frame: DataFrame, findings: list[str]) -> Iterator[Row]:
    """Yield the rows of which every cell can be read."""
    for number_in_file, given in enumerate(rows_of(frame), start=2):
        row: Row = {}
        for column, kind in layout.columns_of(table, frame).items():
            try:
                row[column] = READERS[kind](plain(given[column]))
            except (ValueError, KeyError, TypeError, OverflowError):
                findings.append(
                    f"{table} row {number_in_file}: {column} says '{given[column]}', which is not a {kind}; "
                    "the row is left out of the audit"
                )
                break
        else:
            yield row


def named(table: str, row: Row) -> str:
    """Return a row's place by its key: "purchases, offer a, destination bremen, node 0"."""
    parts = (f"{column} {row[column]}" for column in layout.KEYS[table] if row[column] != "")
    return f"{table}, {', '.join(parts)}"


def _names_period(facts: Facts, table: str, row: Row, at: tuple[list[str], list[str]]) -> bool:
    """Say whether a row's node exists; its label must be that of the node. ``at`` is the labels, and the findings."""
    if "node" not in row:
        return True
    labels, findings = at
    if not 0 <= row["node"] < len(labels):
        findings.append(f"{named(table, row)}: the horizon has nodes 0 to {facts.calendar.last}; the row is left out")
        return False
    label = labels[row["node"]]
    if row.get("period", label) != label:
        findings.append(f"{named(table, row)}: the plan says period '{row['period']}', the calendar says '{label}'")
    return True


def _once(table: str, rows: list[Row], findings: list[str]) -> list[Row]:
    """Return the rows without those that repeat a key."""
    seen: dict[tuple[Any, ...], Row] = {}
    key_of = itemgetter(*layout.KEYS[table])
    for row in rows:
        key = key_of(row)
        if key in seen:
            findings.append(f"{named(table, row)}: the row is there twice; the second is left out of the audit")
        else:
            seen[key] = row
    return list(seen.values())


def _negatives(table: str, rows: list[Row]) -> Iterator[str]:
    """Yield a finding for each quantity below zero."""
    for row in rows:
        for column in layout.NEVER_NEGATIVE.get(table, ()):
            if row[column] < -TRACE:
                yield f"{named(table, row)}: {column} is {words.number(row[column])} t; nothing can be less than 0"
