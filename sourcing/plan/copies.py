"""plan.json repeats the tables of a plan for programs: where the two differ."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sourcing.errors import QuestionError
from sourcing.plan.folder import Kept, plain_json
from sourcing.plan.store import records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sourcing.plan import Plan

FILE = "plan.json"
_LONGEST = 100
_PRINTED = 1e-12
"""Relative: reading a decimal number from text may lose its last bit."""


def differences(plan: Plan) -> Iterator[str]:
    """Yield a sentence for each table that plan.json tells otherwise than the CSV files, with the first such cell."""
    if plan.folder is None:
        return
    try:
        repeated = _tables(plan.folder)
    except (QuestionError, ValueError, KeyError, TypeError):
        yield f"{FILE}: cannot be read, and should repeat the tables"
        return
    for table, rows in records(plan.tables).items():
        given = repeated.get(table)
        if not isinstance(given, list) or len(given) != len(rows):
            found = len(given) if isinstance(given, list) else "no"
            yield f"{FILE}: has {found} rows of {table}, {table}.csv has {len(rows)}"
            continue
        if not all(isinstance(row, dict) for row in given):
            yield f"{FILE}: the rows of {table} are none"
            continue
        cells = ((at, *cell) for at, pair in enumerate(zip(rows, given, strict=True)) for cell in _cells(*pair))
        for at, column, own, other in cells:
            yield f"{FILE}: {table}, row {at + 1}: {column} is {_said(other)}, row {at + 2} of {table}.csv says {own!r}"
            break


def _tables(folder: Path) -> dict[str, Any]:
    content = plain_json(Kept(folder).content(FILE))
    return dict(content["tables"])


def _cells(row: Mapping[Any, Any], other: Mapping[Any, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield column and both values of each cell in which two rows differ."""
    for column in {**row, **other}:
        own, given = row.get(column), other.get(column)
        if isinstance(own, int | float) and isinstance(given, int | float):
            same = math.isclose(own, given, rel_tol=_PRINTED)
        else:
            same = own == given
        if not same:
            yield str(column), own, given


def _said(value: Any) -> str:
    """Return a cell as it is told; what is no cell has no words."""
    return (
        "no cell" if isinstance(value, dict | list) else repr(value if not isinstance(value, str) else value[:_LONGEST])
    )
