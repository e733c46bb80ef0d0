"""The units in which a program is handed over, so that the solver's tolerances suit a gram as well as a gigatonne."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Span = tuple[float, float]

COMFORTABLE = (2.0**-10, 2.0**19)
"""Sizes that are handed over as they are: from a kilogram to half a million tonnes."""
FINE = (1.0, 2.0**19)
"""The same where columns are whole: a leak of a milligram is none beside a tonne, but beside a gram it is."""
_PARTS = 2.0**10
"""How many units a strange size is made of where columns are whole: a part of it is a decision there."""
LEAST = 2.0**-29
"""The smallest coefficient that is handed over: the solver takes 1e-9 for nothing."""
_ROUNDING = 2.0**-52
"""Part of the largest coefficient of its row up to which one is what rounding left of a difference."""
_ROUNDS = 8
"""How far a size travels: from a demand back through that many rows."""
_NEARLY = 1.0 + 1e-9
"""No quotient is so far from what it was the quotient of."""
_BLOCK = 2**17
"""Entries of a matrix that are worked on in one go: what comes of them stays near the processor."""


class Units(NamedTuple):
    """What 1 in the solver is worth: of each column and of each row, powers of two, so that nothing is rounded.

    A bound of more than ``far`` units is beyond reach and left out; who solves has to see that it is kept all the same.
    """

    column: Reals
    row: Reals
    far: float = COMFORTABLE[1]

    def columns(self, lower: Reals, upper: Reals) -> tuple[Reals, Reals]:
        """Return the bounds of all columns as the solver takes them."""
        return self._within_reach(lower / self.column, upper / self.column)

    def rows(self, lower: Reals, upper: Reals) -> tuple[Reals, Reals]:
        """Return the bounds of all rows as the solver takes them."""
        return self._within_reach(lower / self.row, upper / self.row)

    def _within_reach(self, lower: Reals, upper: Reals) -> tuple[Reals, Reals]:
        apart = lower < upper
        return (
            np.where(apart & (lower < -self.far), -np.inf, lower),
            np.where(apart & (upper > self.far), np.inf, upper),
        )

    def matrix(self, matrix: sparse.csr_array) -> Reals:
        """Return the coefficients as the solver takes them."""
        values: Reals = np.empty_like(matrix.data)
        for rows, entries in _blocks(matrix.indptr):
            np.multiply(matrix.data[entries], self.column[matrix.indices[entries]], out=values[entries])
            own = self.row[rows]
            if (own != 1.0).any():
                values[entries] /= np.repeat(own, np.diff(matrix.indptr[rows.start : rows.stop + 1]))
        return values


def suited(
    matrix: sparse.csr_array,
    columns: tuple[Reals, Reals],
    rows: tuple[Reals, Reals],
    integers: Flags,
    fine: Reals | None = None,
) -> tuple[sparse.csr_array, Units]:
    """Return a matrix as it is handed over, and the units that suit the program; ``fine`` has those of some columns."""
    handed = without_rounding(matrix)
    units = finer(units_of(handed, columns, rows, integers), handed, fine)
    return handed, within_sight(units, handed)


def units_of(
    matrix: sparse.csr_array, columns: tuple[Reals, Reals], rows: tuple[Reals, Reals], integers: Flags
) -> Units:
    """Return the units of a program: 1 where sizes are comfortable and where a column is whole."""
    ones = Units(np.ones(matrix.shape[1]), np.ones(matrix.shape[0]))
    span, parts = (FINE, _PARTS) if integers.any() else (COMFORTABLE, 1.0)
    bounds = (np.where(integers, 0.0, side) for side in columns)
    least, most = extent(matrix.data)
    usual = (least >= COMFORTABLE[0] and most <= COMFORTABLE[1]) or _comfortable(matrix.data).all()
    if usual and all(_comfortable(side, span).all() for side in (*bounds, *rows)):
        return ones
    size = _sizes(matrix, columns, rows)
    row = _row_units(matrix, size, rows, (span, parts))
    column, idle = _unit(size, span, parts), np.flatnonzero(size == 0)
    if len(idle):
        column[idle] = _idle(matrix[:, idle].tocsc(), row, columns[1][idle])
    return Units(np.where(integers, 1.0, column), row)


def finer(units: Units, matrix: sparse.csr_array, fine: Reals | None) -> Units:
    """Return the units with those of ``fine`` where it has any, and rows of such columns as fine as they are."""
    if fine is None or np.isnan(fine).all():
        return units
    own = np.where(np.isnan(fine), np.inf, fine)
    row = _smallest(own[matrix.indices], matrix.indptr)
    return units._replace(
        column=np.where(np.isnan(fine), units.column, fine), row=np.where(np.isinf(row), units.row, row)
    )


def within_sight(units: Units, matrix: sparse.csr_array) -> Units:
    """Return the units with rows so fine that none of their coefficients is below LEAST."""
    least = extent(matrix.data)[0] * units.column.min(initial=np.inf)
    if least >= LEAST * units.row.max(initial=0.0):
        return units
    size = np.abs(matrix.data) * units.column[matrix.indices]
    finest = _smallest(np.where(size > 0, size, np.inf), matrix.indptr) / LEAST
    return units._replace(row=np.where(finest < units.row, np.exp2(np.floor(np.log2(finest))), units.row))


def without_rounding(matrix: sparse.csr_array, unit: Reals | None = None) -> sparse.csr_array:
    """Return a matrix without the entries that rounding left where there would be none.

    Parameters
    ----------
    unit : of the columns, where what is rounding is to be judged by what a unit of each adds.
    """
    size = matrix.data if unit is None else matrix.data * unit[matrix.indices]
    least, most = extent(size)
    if least > _ROUNDING * most:
        return matrix
    size = np.abs(size)
    largest = np.repeat(_largest(size, matrix.indptr), np.diff(matrix.indptr))
    dust = size <= _ROUNDING * largest
    if not dust.any():
        return matrix
    kept = matrix.copy()
    kept.data[dust] = 0.0
    kept.eliminate_zeros()
    return kept


def _idle(by_column: sparse.csc_array, row: Reals, upper: Reals) -> Reals:
    """Return units for columns that can only be 0: such that neither their rows nor their bounds look strange."""
    fits = row[by_column.indices] / np.abs(by_column.data)
    least, most = _smallest(fits, by_column.indptr), _largest(fits, by_column.indptr)
    size = np.where(most > 0, np.sqrt(np.where(most > 0, least, 1.0)) * np.sqrt(most), 1.0)
    size = np.sqrt(size) * np.sqrt(np.where(np.isfinite(upper) & (upper > 0), upper, size))
    unit: Reals = np.exp2(np.round(np.log2(size)))
    return unit


def _comfortable(values: Reals, span: Span = COMFORTABLE) -> Flags:
    size = np.abs(values)
    fits: Flags = ((size >= span[0]) & (size <= span[1])) | (size == 0) | np.isinf(size)
    return fits


def _unit(size: Reals, span: Span, parts: float) -> Reals:
    """Return a power of two for each size: 1 for those that are comfortable, next to a part of it for smaller ones.

    What is large stays as large as is comfortable: what is small beside it in one row is seen best so.
    """
    small = ~_comfortable(size, span) & (size < 1.0)
    unit: Reals = np.ones(len(size))
    unit[small] = np.exp2(np.round(np.log2(size[small] / parts)))
    return np.maximum(unit, _coarse(size))


def _coarse(size: Reals) -> Reals:
    """Return the unit in which a size is as large as is comfortable; 0 where it is none."""
    given = (size > 0) & np.isfinite(size)
    return np.where(given, np.exp2(np.ceil(np.log2(np.where(given, size, 1.0) / COMFORTABLE[1]))), 0.0)


def _sizes(matrix: sparse.csr_array, columns: tuple[Reals, Reals], rows: tuple[Reals, Reals]) -> Reals:
    """Return about how large each column can get: its bound, or what the other columns of a row leave room for.

    Columns are taken to be 0 or more, as they are but for an analyst's own; a size is a matter of tolerance only. Rows
    that only compare columns, such as shares of a total, say nothing about a size. A row is looked at again where one
    of its columns became smaller, unless it is down to its bound: then it has said all that it can.
    """
    size = np.maximum(np.abs(columns[1]), np.where(np.isinf(columns[0]), 0.0, np.abs(columns[0])))
    compares = ((rows[1] == 0) & (rows[0] < 0)) | ((rows[0] == 0) & (rows[1] > 0))
    room = np.where(compares, np.inf, np.maximum((rows[1], -rows[0]), 0.0))
    left, part, own = np.full(room.shape, np.inf), matrix, np.arange(matrix.shape[0])
    for turn in range(_ROUNDS):
        before, (least, largest) = size.copy(), _terms(part, size)
        most = np.maximum(room[:, own], (-least, largest))
        news = (most < left[:, own]) & (most <= np.multiply((largest, -least), _NEARLY))
        left[:, own] = most
        for side, sign in enumerate((1.0, -1.0)):
            _shrink(size, part, np.flatnonzero(news[side]), sign, most[side])
        smaller = size < before
        if not smaller.any():
            break
        if turn == 0:  # what is down to its bound by now stays there
            own = bent = np.flatnonzero((left > room).any(axis=0))
            part = still = matrix[bent]
            there = sparse.csr_array((np.ones(still.nnz, np.float32), still.indices, still.indptr), shape=still.shape)
        else:
            again = (there @ smaller > 0) & (left[:, bent] > room[:, bent]).any(axis=0)
            part, own = still[again], bent[again]
    return size


def _terms(matrix: sparse.csr_array, size: Reals) -> tuple[Reals, Reals]:
    """Return the smallest and the largest term of each row, where every column has its size; 0 of an empty row."""
    least, largest = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[0])
    for rows, entries in _blocks(matrix.indptr):
        term, starts = matrix.data[entries] * size[matrix.indices[entries]], matrix.indptr[rows.start : rows.stop + 1]
        least[rows] = _reduced(np.minimum, term, starts - starts[0], 0.0)
        largest[rows] = _largest(term, starts - starts[0])
    return least, largest


def _shrink(size: Reals, matrix: sparse.csr_array, rows: Ints, sign: float, most: Reals) -> None:
    """Lower the sizes of the columns that rows add up (coefficients of that sign) to what each row leaves them."""
    counts = np.diff(matrix.indptr)
    for some, _ in _blocks(np.append(0, np.cumsum(counts[rows]))):
        own = rows[some]
        part, bound = matrix[own], np.repeat(most[own], counts[own])
        at = np.flatnonzero(sign * part.data > 0)
        column, implied = part.indices[at], bound[at] / np.abs(part.data[at])
        lower = np.flatnonzero(implied < size[column])
        while len(lower):  # of a column's several, the last is taken, and then those that are lower
            size[column[lower]] = implied[lower]
            lower = lower[implied[lower] < size[column[lower]]]


def _row_units(matrix: sparse.csr_array, size: Reals, rows: tuple[Reals, Reals], comfort: tuple[Span, float]) -> Reals:
    """Return units for rows by the size at which each matters: between its largest term and what it asks for, if any.

    None is so fine that rounding in the largest term would be more than the solver's tolerance.
    """
    least, largest = _terms(matrix, np.where(np.isinf(size), 0.0, size))
    largest = np.maximum(largest, -least)
    asked = np.maximum(np.where(np.isinf(rows[0]), 0.0, rows[0]), np.where(np.isinf(rows[1]), 0.0, -rows[1]))
    nearest = np.minimum(*(np.where(side == 0, np.inf, np.abs(side)) for side in rows))
    asked = np.where(asked > 0, asked, np.where(largest > 0, largest, np.minimum(nearest, 1.0)))
    found = np.where(largest > 0, np.sqrt(largest) * np.sqrt(np.minimum(asked, largest)), asked)
    return np.maximum(_unit(found, *comfort), _coarse(largest))


def extent(values: Reals) -> Span:
    """Return the smallest and the largest size of numbers: infinity and 0 where there are none."""
    sizes = (np.abs(values[start : start + _BLOCK]) for start in range(0, len(values), _BLOCK))
    found = np.array([(part.min(), part.max()) for part in sizes]).reshape(-1, 2)
    return float(found[:, 0].min(initial=np.inf)), float(found[:, 1].max(initial=0.0))


def _blocks(starts: NDArray[np.integer]) -> Iterator[tuple[slice, slice]]:
    """Yield the rows of a sparse matrix in stretches of about as many entries, with where their entries are."""
    ends = np.searchsorted(starts, np.arange(_BLOCK, starts[-1] + _BLOCK, _BLOCK), side="right") - 1
    bounds = np.unique([0, *ends, len(starts) - 1])
    for row, end in pairwise(bounds.tolist()):
        yield slice(row, end), slice(int(starts[row]), int(starts[end]))


def _largest(values: Reals, starts: NDArray[np.integer]) -> Reals:
    return _reduced(np.maximum, values, starts, 0.0)


def _smallest(values: Reals, starts: NDArray[np.integer]) -> Reals:
    return _reduced(np.minimum, values, starts, np.inf)


def _reduced(what: np.ufunc, values: Reals, starts: NDArray[np.integer], empty: float) -> Reals:
    """Reduce the entries of each row (or column) of a sparse matrix; ``empty`` where there are none."""
    found = np.full(len(starts) - 1, empty)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        found[filled] = what.reduceat(values, starts[filled])
    return found
