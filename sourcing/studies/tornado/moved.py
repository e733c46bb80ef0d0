"""A case with some of its numbers at an end of their range, everything else as stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.studies.tornado.inputs import Input
    from sourcing.tables import Case


def moved(case: Case, moves: Sequence[tuple[Input, float]]) -> Case:
    """Return the case with inputs moved: by a factor, the dates of a ramp by days; days stay whole days."""
    tables: dict[str, pd.DataFrame] = {}
    for each, by in moves:
        for cells in each.cells:
            frame = tables.setdefault(cells.table, case[cells.table].copy())
            column = frame[cells.column].copy()
            rows = list(cells.rows)
            column.iloc[rows] = _new(column.iloc[rows], each, by)
            frame[cells.column] = column
    return case.replace(tables)


def _new(old: pd.Series, each: Input, by: float) -> pd.Series:
    if each.kind == "ramp":
        return old + pd.Timedelta(days=by)
    return (old * by).round() if each.unit == "days" else old * by
