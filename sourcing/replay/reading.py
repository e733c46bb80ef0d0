"""From frames to records: a cell as a plain value, a row as a dictionary, a table as a list of records."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pandas import DataFrame, Series

Record = TypeVar("Record")
OF_TAIL = "_after_horizon"
"""Behind the name of a plan table: its rows of periods after the horizon."""
COLUMN_OF = {"since": "from", "cause": "if"}  # words of the language cannot name a field


def plain(value: Any) -> Any:
    """Return a cell as a plain value: ``None`` for a blank number or date, a date for a time stamp."""
    if value is None or value != value:  # noqa: PLR0124 - only NaN and NaT differ from themselves
        return None
    return value.date() if isinstance(value, datetime) else value


def rows_of(frame: DataFrame) -> Iterator[dict[Any, Any]]:
    """Yield the rows of a table as dictionaries, column by column: pandas' own way looks up every row by itself."""
    names = list(frame)
    for values in zip(*(frame[name].tolist() for name in names), strict=True):
        yield dict(zip(names, values, strict=True))


def read(frames: Mapping[str, DataFrame], table: str, kind: type[Record]) -> list[Record]:
    """Return the rows of a table as records; an absent table has none, a blank takes the field's default."""
    if table not in frames or frames[table].empty:
        return []
    frame = frames[table]
    columns = []
    for field in fields(kind):  # type: ignore[arg-type]
        name = COLUMN_OF.get(field.name, field.name)
        values = _cells(frame[name]) if name in frame else [None] * len(frame)
        if field.default is MISSING and None in values:
            raise TypeError(f"{table} row {values.index(None) + 2}: column {name} is blank")
        columns.append(values if None not in values else [field.default if cell is None else cell for cell in values])
    return list(map(kind, *columns))


def _cells(column: Series[Any]) -> list[Any]:
    """Return a column as plain values."""
    values = column.tolist()
    return values if set(map(type, values)) <= {str, int, bool} else [*map(plain, values)]


def told(frame: DataFrame, *columns: str) -> DataFrame:
    """Return the rows of a table in which any of some columns is not blank: most rows have none of what is rare."""
    there = [frame[column] for column in columns if column in frame]
    filled = np.zeros(len(frame), bool)
    for column in there:
        filled |= (column.notna() & (column != "")).to_numpy(bool)
    return frame[filled]
