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

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

ROUNDING = 1e-12
"""Part of the terms that meet in a row up to which its room is no room."""
BROKEN = 1e-6
"""Part of them by which a row is broken whatever the columns do: more than any tolerance explains."""
_ROUNDS = 20


class _Entries(NamedTuple):
    """The coefficients of a matrix, entry by entry, and how many rows it has."""

    row: Ints
    column: Ints
    value: Reals
    rows: int


def no_room(matrix: sparse.csr_array, rows: Bounds, columns: Bounds) -> Bounds | None:
    """Return column bounds without what no row leaves room for; None if a row cannot be kept.

    A row whose least activity is its upper side holds every column at the bound that gives that activity; a row whose
    most activity is its lower side likewise. What that decides is looked at again, until nothing more follows.
    """
    lower, upper = columns[0].copy(), columns[1].copy()
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    entries = _Entries(row, matrix.indices, matrix.data, matrix.shape[0])
    opposite = entries._replace(value=-entries.value)
    for _ in range(_ROUNDS):
        free = np.count_nonzero(lower < upper)
        if not (_held(entries, rows[1], lower, upper) and _held(opposite, -rows[0], lower, upper)):
            return None
        if np.count_nonzero(lower < upper) == free:
            break
    return lower, upper


def _held(entries: _Entries, side: Reals, lower: Reals, upper: Reals) -> bool:
    """Hold, in place, what rows that are to be no more than ``side`` leave no room for; say whether all can be kept."""
    least, size = _least(entries, lower, upper)
    ends = np.isfinite(side) & np.isfinite(least)
    room = np.where(ends, side, 0.0) - np.where(ends, least, 0.0)
    size += np.where(ends, np.abs(side), 0.0)
    if (ends & (room < -BROKEN * size)).any():
        return False
    full = (ends & (room <= ROUNDING * size))[entries.row]
    down, up = entries.column[full & (entries.value > 0)], entries.column[full & (entries.value < 0)]
    upper[down] = lower[down]
    lower[up] = upper[up]
    return True


def _least(entries: _Entries, lower: Reals, upper: Reals) -> tuple[Reals, Reals]:
    """Return the least activity of each row, and the sizes of the terms that it is made of."""
    at = np.where(entries.value > 0, lower[entries.column], upper[entries.column])
    term = np.where(entries.value == 0, 0.0, entries.value) * np.where(entries.value == 0, 0.0, at)
    size = np.where(np.isfinite(term), np.abs(term), 0.0)
    least: Reals = np.bincount(entries.row, term, entries.rows).astype(float)
    sizes: Reals = np.bincount(entries.row, size, entries.rows).astype(float)
    return least, sizes
