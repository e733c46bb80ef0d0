"""Hand-over of rows to HiGHS, whole: none of their coefficients is lost on the way, or they are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from sourcing.engine.scaling import LEAST, extent
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from sourcing.engine.scaling import Units

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

TOO_FAR = (
    "what meets there is too large and too small for one sum: the solver would leave out the smallest; "
    "correct the number that is a slip, or ask about the smallest in a question of their own"
)
_NAMED = 5


class Hidden(SolverError):
    """Rows have coefficients so far apart that no unit brings all of them before the solver; ``rows`` says which."""

    def __init__(self, rows: Ints) -> None:
        self.rows = rows
        super().__init__(f"rows {listed([str(row) for row in rows.tolist()])} of the model: {TOO_FAR}")


def listed(names: list[str]) -> str:
    """Return the first of some names, and whether there are more."""
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def place(highs: highspy.Highs, rows: sparse.csr_array, sides: tuple[Reals, Reals], units: Units) -> object:
    """Add rows, with sides as the solver takes them, and see that it has all of their coefficients; return its status.

    Raises
    ------
    Hidden : the solver takes some for nothing, or for no numbers.
    """
    values, before = units.matrix(rows), highs.getNumNz()
    (least, most), large = extent(values), highs.getOptionValue("large_matrix_value")[1]
    if not (least >= LEAST and most < large):
        size = np.abs(values)
        unseen = (size > 0) & ((size < LEAST) | (size >= large))
        if unseen.any():
            raise Hidden(np.unique(np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))[unseen]))
    starts, entries = (part.astype(np.int32, copy=False) for part in (rows.indptr[:-1], rows.indices))
    status: object = highs.addRows(rows.shape[0], *sides, rows.nnz, starts, entries, values)
    if status != highspy.HighsStatus.kError and highs.getNumNz() - before != np.count_nonzero(values):
        raise Hidden(np.arange(rows.shape[0]))
    return status
