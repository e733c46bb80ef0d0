"""How a dialled model is handed over: the limit's rows last, and a column more, for how far they are exceeded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.studies.target.parametric_limit import Dial

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Layout:
    """A program with the limit lifted, and where the limit's coefficients stand in it.

    ``order`` is the row of the formulation that each row is; ``limit`` are the limit's. ``places`` are where in the
    matrix's data the coefficients stand that hang on the value or are of the excess, ``at`` the rows they are in, and
    ``amount``, ``total`` and ``excess`` what they are made of.
    """

    matrix: sparse.csr_array
    columns: tuple[Reals, Reals]
    rows: tuple[Reals, Reals]
    order: Ints
    limit: Ints
    places: Ints
    at: Ints
    amount: Reals
    total: Reals
    excess: Reals

    def coefficients(self, value: float, weight: Reals) -> Reals:
        """Return the coefficients at ``places``; ``weight`` is what a unit of excess stands for in each row."""
        changed: Reals = self.amount - value * self.total + self.excess * weight[self.at - self.limit[0]]
        return changed


def layout_of(dial: Dial) -> Layout:
    """Lay a dialled model out, at value 1."""
    model, count = dial.formulation, len(dial.rows)
    own = np.zeros(model.shape[0], bool)
    own[dial.rows] = True
    order = np.concatenate([np.flatnonzero(~own), dial.rows])
    limit = np.arange(model.shape[0] - count, model.shape[0])
    pattern = sparse.hstack([abs(dial.amount) + abs(dial.total), sparse.csr_array(np.ones((count, 1)))])
    rest = sparse.hstack([model.matrix[order[:-count]], sparse.csr_array((model.shape[0] - count, 1))])
    matrix = sparse.csr_array(sparse.vstack([rest, pattern]))
    matrix.sort_indices()
    first = int(matrix.indptr[limit[0]])
    at = np.repeat(limit, np.diff(matrix.indptr)[limit])
    inside = at - limit[0], matrix.indices[first:]
    excess = np.where(inside[1] == model.shape[1], -dial.sign, 0.0)
    amount, total = (_read(part, *inside) for part in (dial.amount, dial.total))
    matrix.data[first:] = amount - total + excess
    hangs = (total != 0) | (excess != 0)
    none = np.full(count, np.inf)
    sides = (np.append(model.row_lower[order[:-count]], -none), np.append(model.row_upper[order[:-count]], none))
    columns = (np.append(model.column_lower, 0.0), np.append(model.column_upper, 0.0))
    places = first + np.flatnonzero(hangs)
    return Layout(matrix, columns, sides, order, limit, places, at[hangs], amount[hangs], total[hangs], excess[hangs])


def _read(part: sparse.csr_array, rows: Ints, columns: NDArray[np.integer]) -> Reals:
    """Return the entries of a matrix at some places, 0 in the column that it does not have."""
    wider = sparse.csr_array((part.data, part.indices, part.indptr), shape=(part.shape[0], part.shape[1] + 1))
    return np.asarray(wider[rows, columns], np.float64).ravel()
