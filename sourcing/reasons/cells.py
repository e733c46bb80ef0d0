"""Cells that could be written otherwise so that more is possible: which, which way, and how far."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.measures import measures_that
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
_YIELD, _LITTLE = "t/t", 1e-3
_PER_TONNE = -1.0
"""What a process takes in of what its activity is counted in."""
_TWICE, _LIKE = 2.0, 2
"""How far a number stands out if it is that many times what at least so many like it say."""


@dataclass(frozen=True)
class Cell:
    """A cell of a case (its table, row and column), what it says, and which way it gives way.

    ``loosest`` is what it says at its loosest, ``size`` a typical tonnage. How large a change is goes from 0 to 1: of a
    number, a time in ``days`` too, it is its part of the larger of the two; of a date that moves by some days it is
    days / (days + 90), so that a quarter of a year weighs as much as a number that is doubled or halved. ``alone``: it
    is looser by itself only, as what is on its way and comes in earlier: others need the room. ``others``: the least
    and the most that the like of it say, if it stands out among them (see ``_standing_out``). ``whole``: it takes whole
    numbers only. ``is_yield``: it is what a process takes in or makes.
    """

    table: str
    row: int
    column: str
    looser: str
    value: float | pd.Timestamp
    loosest: Value
    size: float
    days: bool = False
    alone: bool = False
    others: tuple[float, float] | None = None
    whole: bool = False
    is_yield: bool = False

    @property
    def place(self) -> tuple[str, int]:
        """Its table and row."""
        return self.table, self.row

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
            return float(math.floor(round(self.value * (1 - part), 6)))
        if self.looser == "down":
            return self._taken(_rounded(self.value * (1 - part), -1))
        if self.value < 0:  # what a process takes in
            return self._taken(_rounded(self.value * (1 - part), 1))
        return self._taken(_rounded((self.value if self.value > 0 else 0.01 * self.size) / (1 - part), 1))

    def _taken(self, value: float) -> float:
        """Return a number as the table takes it: whole where it has to be, and not beyond what a cell may say."""
        down = self.looser == "down"
        if self.whole:
            value = float(math.floor(value) if down else math.ceil(value))
        if isinstance(self.loosest, float) and not math.isnan(self.loosest):
            return max(value, self.loosest) if down else min(value, self.loosest)
        return value

    def _moved(self, day: pd.Timestamp, by: pd.Timedelta) -> pd.Timestamp:
        """Return the day moved, on to the first of a month."""
        if self.looser == "earlier":
            return (day - by).to_period("M").start_time
        return (day + by - _DAY).to_period("M").end_time.normalize() + _DAY


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
                said = frame[frame[column.name].notna()]
                found += (_dates if column.type == "date" else _numbers)(network, said, column)
    return sorted(found, key=lambda cell: (cell.table, cell.row, cell.column))


def _numbers(network: Network, said: pd.DataFrame, column: Column) -> list[Cell]:
    ways = said["sense"].map({"max": "up", "min": "down"}) if column.looser == "sense" else column.looser
    size = float(network.demand.tonnes.sum()) or 1.0
    least, days = column.lower or 0.0, column.unit == "days"
    values, yields = said[column.name].astype(float), _best_yields(said, column)
    found, like = [], _like(said, column)
    whole = _rows_on(said, measures_that(lambda measure: measure.kind == "number"))
    # what such a limit allows is not allowed without it: it is raised, and stays
    allow = _rows_on(said, measures_that(lambda measure: measure.allows))
    for row, value, way in zip(said["row"], values, np.broadcast_to(ways, len(said)), strict=True):
        for each in ("up", "down") if way == "either" else (str(way),):
            end = yields[int(row)] if column.unit == _YIELD else _end(column, float(value), each, size)
            if end == value or (each == "down" and value <= least) or (column.unit == _YIELD and value == _PER_TONNE):
                continue
            loosest = None if column.loosest == "gone" and int(row) not in allow else end
            known = (column.table, int(row), column.name, each, float(value))
            others = _standing_out(each, float(value), like.get(int(row), []))
            found.append(Cell(*known, loosest, size, days, column.alone, others, int(row) in whole, bool(yields)))
    return found


def _end(column: Column, value: float, way: str, size: float) -> float:
    """Return how far a number can go: to the end of what its column allows."""
    if way == "down":
        return _rounded(value * _LITTLE, -1) if column.lower_is_open else column.lower or 0.0
    return column.upper if column.upper is not None else 100 * (size + value)


def _best_yields(said: pd.DataFrame, column: Column) -> dict[int, float]:
    """Return by row what a process takes in or makes at best: no more comes out of it than goes in."""
    if column.unit != _YIELD:
        return {}
    lost = (-said.groupby("process")[column.name].transform("sum")).clip(lower=0.0)
    best = said[column.name] + lost
    least = said[column.name] * _LITTLE
    best = best.where((said[column.name] > 0) | (best < least), least)
    rows = zip(said["row"], said[column.name], best, strict=True)
    return {int(row): max(float(value), _rounded(float(end), -1)) for row, value, end in rows}


def _rows_on(said: pd.DataFrame, names: tuple[str, ...]) -> set[int]:
    """Return the rows of limits on some measures."""
    return set(said.loc[said["measure"].isin(names), "row"].astype(int)) if "measure" in said else set()


def _like(said: pd.DataFrame, column: Column) -> dict[int, list[float]]:
    """Return by row what the like of it say in a column: times everywhere, tonnes of the same material."""
    groups = said.groupby("material") if "material" in said and column.unit != "days" else [("", said)]
    if column.unit not in {"days", "t", "t/year"} or (column.unit != "days" and "material" not in said):
        return {}
    pairs = (list(zip(frame["row"], frame[column.name].astype(float), strict=True)) for _, frame in groups)
    return {int(row): [value for other, value in own if other != row] for own in pairs for row, _ in own}


def _standing_out(way: str, value: float, others: list[float]) -> tuple[float, float] | None:
    """Return the least and the most that others say if a number is less than half, or more than twice, of any of it."""
    if len(others) < _LIKE or min(others) <= 0:
        return None
    low, high = min(others), max(others)
    return (low, high) if (value * _TWICE < low if way == "up" else value > _TWICE * high) else None


def _dates(network: Network, said: pd.DataFrame, column: Column) -> list[Cell]:
    """Return the days that lie where a move could matter: not before the start if earlier is looser, and so on."""
    first, last = pd.Timestamp(network.tree.start[0]), pd.Timestamp(network.tree.end[-1])
    earlier = column.looser == "earlier"
    said = said[(said[column.name] > first) if earlier else (said[column.name] < last)]
    loosest: Value = pd.NaT if column.loosest == "blank" else first if earlier else last  # type: ignore[assignment]
    return [
        Cell(column.table, int(row), column.name, column.looser, pd.Timestamp(day), loosest, 0.0, alone=column.alone)
        for row, day in zip(said["row"], said[column.name], strict=True)
    ]


def changed(case: Case, values: Mapping[Cell, Value]) -> Case:
    """Return the case with cells written otherwise; a row whose cell becomes None is gone."""
    columns: dict[tuple[str, str], dict[int, Value]] = {}
    for cell, value in values.items():
        columns.setdefault((cell.table, cell.column), {})[cell.row] = value
    tables: dict[str, pd.DataFrame] = {}
    for (table, column), becomes in columns.items():
        frame = tables.get(table, case[table])
        frame = frame[~frame["row"].isin([row for row, value in becomes.items() if value is None])]
        kept = frame["row"].isin(becomes)
        written = frame[column].mask(kept, frame["row"].map(becomes).astype(frame[column].dtype))
        tables[table] = frame.assign(**{column: written})
    return case.replace(tables)
