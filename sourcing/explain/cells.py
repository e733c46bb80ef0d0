"""Cells that could be written otherwise so that more is possible: which, which way, and how far."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.tables.dictionary import column_dictionary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.network import Network
    from sourcing.tables import Case
    from sourcing.tables.dictionary import Column

Value = float | pd.Timestamp | None
"""What a cell may say; None: its row is gone."""

_DIGITS = 3
_QUARTER = 90.0
_DAY = pd.Timedelta(days=1)
_RULES = {("limits", "value"), ("awards", "share"), ("awards", "quantity")}
"""Columns that make a rule of their row: at its loosest it is gone."""


@dataclass(frozen=True)
class Cell:
    """A cell of a case (its table, row and column), what it says, and which way it gives way.

    ``loosest`` is what it says at its loosest, ``size`` a typical tonnage. How large a change is goes from 0 to 1: of a
    number it is its part of the larger of the two, of days it is days / (days + 90), so that a quarter of a year weighs
    as much as a number that is doubled or halved.
    """

    table: str
    row: int
    column: str
    looser: str
    value: float | pd.Timestamp
    loosest: Value
    size: float
    days: bool = False

    def at(self, part: float) -> Value:
        """Return the cell changed by a part, rounded to the looser side.

        >>> Cell("offers", 2, "capacity", "up", 60.0, math.nan, 100.0).at(0.4)
        100.0
        """
        if part >= 1:
            return self.loosest
        if isinstance(self.value, pd.Timestamp):
            return self._moved(self.value, pd.Timedelta(days=math.ceil(_QUARTER * part / (1 - part))))
        if self.days:
            return float(math.floor(max(self.value - _QUARTER * part / (1 - part), 0.0)))
        if self.looser == "down":
            return _rounded(self.value * (1 - part), -1)
        return _rounded((self.value if self.value > 0 else 0.01 * self.size) / (1 - part), 1)

    def _moved(self, day: pd.Timestamp, by: pd.Timedelta) -> pd.Timestamp:
        """Return the day moved, on to the first of a month."""
        if self.looser == "earlier":
            return (day - by).to_period("M").start_time
        return (day + by - _DAY).to_period("M").end_time.normalize() + _DAY

    @property
    def apart(self) -> bool:
        """Whether it is looser by itself only: what is on its way comes in earlier, and others need the room."""
        return self.table == "open_orders"


def _rounded(value: float, side: int) -> float:
    """Return a number with three digits, rounded up (1) or down (-1).

    >>> _rounded(101.2, 1), _rounded(0.3578, -1)
    (102.0, 0.357)
    """
    if value == 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(abs(value))) - _DIGITS + 1)
    places = max(0, _DIGITS - 1 - math.floor(math.log10(abs(value))))
    return round((math.ceil if side > 0 else math.floor)(round(value / step, 6)) * step, places)


def cells_of(network: Network) -> list[Cell]:
    """Return every cell of the case that says something which could be looser, by table and row."""
    found: list[Cell] = []
    for table, columns in column_dictionary().tables.items():
        frame = network.case[table]
        for column in columns.values():
            if column.looser and len(frame):
                found += _cells(network, frame, column)
    return sorted(found, key=lambda cell: (cell.table, cell.row, cell.column))


def _cells(network: Network, frame: pd.DataFrame, column: Column) -> list[Cell]:
    said = frame[frame[column.name].notna()]
    if column.type == "date":
        return _dates(network, said, column)
    ways = said["sense"].map({"max": "up", "min": "down"}) if column.looser == "sense" else column.looser
    size = float(network.demand.tonnes.sum()) or 1.0
    found = []
    for row, value, way in zip(
        said["row"], said[column.name].astype(float), np.broadcast_to(ways, len(said)), strict=True
    ):
        both = ("up", "down") if way == "either" else (way,)
        for each in both:
            if each == "down" and value <= (column.lower or 0.0):
                continue
            loosest = None if (column.table, column.name) in _RULES else _loosest(column, each, size, float(value))
            days = column.unit == "days"
            found.append(Cell(column.table, int(row), column.name, str(each), float(value), loosest, size, days))
    return found


def _loosest(column: Column, way: str, size: float, value: float) -> float:
    if way == "down":
        return column.lower or 0.0
    return column.upper if column.upper is not None else 100 * (size + value)


def _dates(network: Network, said: pd.DataFrame, column: Column) -> list[Cell]:
    """Return the days that lie where a move could matter: not before the start if earlier is looser, and so on."""
    first, last = pd.Timestamp(network.tree.start[0]), pd.Timestamp(network.tree.end[-1])
    earlier = column.looser == "earlier"
    said = said[(said[column.name] > first) if earlier else (said[column.name] < last)]
    blank = not (column.required or column.key) and column.table not in {"limits", "licences"}
    loosest: Any = pd.NaT if blank else first if earlier else last
    return [
        Cell(column.table, int(row), column.name, column.looser, pd.Timestamp(day), loosest, 0.0)
        for row, day in zip(said["row"], said[column.name], strict=True)
    ]


def changed(case: Case, values: Mapping[Cell, Value]) -> Case:
    """Return the case with cells written otherwise; a row whose cell becomes None is gone."""
    tables = {cell.table: case[cell.table].copy() for cell in values}
    for cell, value in values.items():
        frame = tables[cell.table]
        own = frame["row"] == cell.row
        if value is None:
            tables[cell.table] = frame[~own]
        else:
            frame.loc[own, cell.column] = value
    return case.replace(tables)
