"""HiGHS whose coefficients may change and whose basis may be kept: for many solves of one program."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.highs import Highs

if TYPE_CHECKING:
    import highspy
    from numpy.typing import NDArray

    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solver_result import Outcome

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


_DUAL, _PRIMAL = 1, 4
_DEVEX = 1
"""What HiGHS calls them."""

_DUST = 1e-12
"""A coefficient that is nothing: one that is set later has the unit of its row, and may come near 0 on its way."""


class Adjustable(Highs):
    """One program that is solved again and again, each time a little different."""

    def __init__(self, options: SolverOptions) -> None:
        super().__init__(options)
        self._highs.setOptionValue("small_matrix_value", _DUST)

    def set_coefficients(self, places: Ints, rows: Ints, values: Reals) -> None:
        """Replace coefficients: those at ``places`` of the matrix's data, which stand in ``rows``."""
        self.matrix.data[places] = values
        columns = self.matrix.indices[places]
        sized = values * self.units.column[columns] / self.units.row[rows]
        for row, column, value in zip(rows.tolist(), columns.tolist(), sized.tolist(), strict=True):
            self._highs.changeCoeff(row, column, value)

    def set_entries(self, rows: Ints, columns: Ints, values: Reals) -> None:
        """Replace coefficients wherever they stand, such as were nothing too."""
        if not len(rows):
            return
        places = _places(self.matrix, rows, columns)
        if (places >= 0).all():
            own = self.matrix
            self.matrix = sparse.csr_array((own.data.copy(), own.indices, own.indptr), shape=own.shape)
            self.set_coefficients(places, rows, values)
            return
        at = sparse.csr_array((values, (rows, columns)), shape=self.matrix.shape)
        marks = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=self.matrix.shape)
        kept = self.matrix - self.matrix.multiply(marks)
        self.matrix = sparse.csr_array(kept + at)
        sized = values * self.units.column[columns] / self.units.row[rows]
        for row, column, value in zip(rows.tolist(), columns.tolist(), sized.tolist(), strict=True):
            self._highs.changeCoeff(row, column, value)

    def entries(self, rows: Ints, columns: Ints) -> Reals:
        """Return what coefficients are."""
        places, found = _places(self.matrix, rows, columns), np.zeros(len(rows))
        found[places >= 0] = self.matrix.data[places[places >= 0]]
        return found

    @property
    def basis(self) -> highspy.HighsBasis:
        """Where the last solve ended, to start another one from."""
        basis: highspy.HighsBasis = self._highs.getBasis()
        return basis

    def start_at(self, basis: highspy.HighsBasis) -> None:
        """Start the next run from where another one ended."""
        self._highs.setBasis(basis)

    def leave_units(self) -> None:
        """Let the solver not scale the program once more: it is in units that suit it, and a start is taken faster."""
        self._highs.setOptionValue("simplex_scale_strategy", 0)

    def in_short_steps(self) -> None:
        """Solve without shaken costs and exact weights: near an optimal basis they cost more than they save."""
        self._highs.setOptionValue("dual_simplex_cost_perturbation_multiplier", 0.0)
        self._highs.setOptionValue("simplex_dual_edge_weight_strategy", _DEVEX)

    @property
    def steps(self) -> int:
        """How many steps of the simplex method the last solve took."""
        return max(int(self._highs.getInfo().simplex_iteration_count), 0)

    def allow_steps(self, most: int) -> None:
        """Let each solve from now on take so many steps at most; one that needs more ends as "stopped"."""
        self._highs.setOptionValue("simplex_iteration_limit", most)

    def go_on(self, *, primal: bool) -> None:
        """Say how to go on from a plan: by the primal simplex method where costs change, else by the dual one."""
        self._highs.setOptionValue("simplex_strategy", _PRIMAL if primal else _DUAL)

    def by_barrier(self, *, on: bool) -> None:
        """Say whether to solve by an interior-point method, whose plan is then brought to a corner, or as HiGHS likes.

        Sums of absolute values leave the simplex method many steps that lead nowhere.
        """
        self._highs.setOptionValue("solver", "ipm" if on else "choose")

    def run_for(self, seconds: float) -> Outcome:
        """Solve, for so many seconds at most."""
        until, self._deadline = self._deadline, min(self._deadline, time.monotonic() + seconds)
        try:
            return self.run()
        finally:
            self._deadline = until

    def drop_rows(self, rows: Ints) -> None:
        """Take rows away that hold nothing where the last solve ended; the next one goes on from there."""
        basis, kept = self._highs.getBasis(), np.ones(self.matrix.shape[0], bool)
        kept[rows] = False
        self._highs.deleteRows(len(rows), rows.astype(np.int32))
        basis.row_status = [status for status, stays in zip(basis.row_status, kept.tolist(), strict=True) if stays]
        self.matrix = sparse.csr_array(self.matrix[kept])
        self.rows = self.rows[0][kept], self.rows[1][kept]
        self.units = self.units._replace(row=self.units.row[kept])
        self._highs.setBasis(basis)

    def near_enough(self, apart: float) -> None:
        """Let a search end when its plan and its bound are so far apart, in the costs handed over."""
        self._highs.setOptionValue("mip_abs_gap", apart)


def _places(matrix: sparse.csr_array, rows: Ints, columns: Ints) -> Ints:
    """Return where in a matrix's data coefficients stand, -1 for those that are nothing so far."""
    touched, count = np.unique(rows), matrix.shape[1]
    starts, sizes = matrix.indptr[touched].astype(np.int64), np.diff(matrix.indptr)[touched]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    places = np.repeat(starts, sizes) + within
    keys = np.repeat(touched.astype(np.int64), sizes) * count + matrix.indices[places]
    order, asked = np.argsort(keys), rows.astype(np.int64) * count + columns
    at = np.searchsorted(keys, asked, sorter=order)
    near = order[np.minimum(at, len(keys) - 1)] if len(keys) else np.zeros(len(asked), np.int64)
    found: Ints = np.where(keys[near] == asked, places[near], -1) if len(keys) else np.full(len(asked), -1)
    return found
