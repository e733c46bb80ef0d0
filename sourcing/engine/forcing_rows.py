"""Forcing constraints as bounds: what a switch that is off allows is nothing, not a part of its bound.

A row ``x - most * used <= 0`` with ``used`` held at 0 says that x is 0. A solver keeps it within a tolerance of the
row's size; a bound it keeps exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

ROUNDING = 1e-12
"""Part of the terms that meet in a row up to which its room is no room."""
BROKEN = 1e-6
"""Part of them by which a row is broken whatever the columns do: more than any tolerance explains."""
_ROUNDS = 20


class Entries(NamedTuple):
    """Coefficients of a matrix, entry by entry, and how many rows it has.

    ``sign`` is 1 where they are those of rows that are to be no more than a side, -1 where they have been turned round
    so that they are.
    """

    row: Ints
    column: Ints
    value: Reals
    rows: int
    sign: int = 1

    def at(self, chosen: Flags) -> Entries:
        """Return some of the entries."""
        return self._replace(row=self.row[chosen], column=self.column[chosen], value=self.value[chosen])


class Forced(NamedTuple):
    """Column bounds without what no row leaves room for, and how that came: the entries by which, step by step."""

    bounds: Bounds
    steps: tuple[Entries, ...]


def no_room(matrix: sparse.csr_array, rows: Bounds, columns: Bounds) -> Bounds | None:
    """Return column bounds without what no row leaves room for; None if a row cannot be kept."""
    found = forced(matrix, rows, columns)
    return None if found is None else found.bounds


def forced(matrix: sparse.csr_array, rows: Bounds, columns: Bounds) -> Forced | None:
    """Hold what no row leaves room for, and keep in mind which row did; None if a row cannot be kept.

    A row whose least activity is its upper side holds every column at the bound that gives that activity; a row whose
    most activity is its lower side likewise. What that decides is looked at again, until nothing more follows.
    """
    lower, upper = columns[0].copy(), columns[1].copy()
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    entries = Entries(row, matrix.indices, matrix.data, matrix.shape[0])
    opposite, steps = entries._replace(value=-entries.value, sign=-1), list[Entries]()
    for _ in range(_ROUNDS):
        before = len(steps)
        for side, of in ((rows[1], entries), (-rows[0], opposite)):
            held = _held(of, side, lower, upper)
            if held is None:
                return None
            steps += [held] if len(held.row) else []
        if len(steps) == before:
            break
    return Forced((lower, upper), tuple(steps))


def needless(matrix: sparse.csr_array, rows: Bounds, columns: Bounds, spare: Flags) -> Flags:
    """Return which of the rows ``spare`` hold nothing that the others do not hold already, for want of room."""
    others = forced(matrix, (np.where(spare, -np.inf, rows[0]), np.where(spare, np.inf, rows[1])), columns)
    if others is None:
        return np.zeros(len(spare), bool)
    lower, upper = others.bounds
    found: Flags = spare & (abs(matrix) @ (lower < upper).astype(float) == 0)
    return found


def _held(entries: Entries, side: Reals, lower: Reals, upper: Reals) -> Entries | None:
    """Hold, in place, what rows that are to be no more than ``side`` leave no room for; return by which entries.

    None if one cannot be kept.
    """
    least, size = _least(entries, lower, upper)
    ends = np.isfinite(side) & np.isfinite(least)
    room = np.where(ends, side, 0.0) - np.where(ends, least, 0.0)
    size += np.where(ends, np.abs(side), 0.0)
    if (ends & (room < -BROKEN * size)).any():
        return None
    full = (ends & (room <= ROUNDING * size))[entries.row]
    held = entries.at(full & (entries.value != 0) & (lower < upper)[entries.column])
    down, up = held.column[held.value > 0], held.column[held.value < 0]
    upper[down] = lower[down]
    lower[up] = upper[up]
    return held


def _least(entries: Entries, lower: Reals, upper: Reals) -> tuple[Reals, Reals]:
    """Return the least activity of each row, and the sizes of the terms that it is made of."""
    at = np.where(entries.value > 0, lower[entries.column], upper[entries.column])
    term = np.where(entries.value == 0, 0.0, entries.value) * np.where(entries.value == 0, 0.0, at)
    size = np.where(np.isfinite(term), np.abs(term), 0.0)
    least: Reals = np.bincount(entries.row, term, entries.rows).astype(float)
    sizes: Reals = np.bincount(entries.row, size, entries.rows).astype(float)
    return least, sizes
