"""The program near a plan: the model, a column for each sum of what arrives, and rows that tell plans apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.cones import units_of_cones

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.studies.alternatives.counted import Counted

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Layout:
    """A program and where things stand in it.

    Columns are those of the model, the sums, and the ``reserve``: the least by which a plan differs from others. Rows
    are the model's, the sums', and one for each plan to differ from: reserve + a · sums of ``told`` <= b. They are open
    until ``coefficients`` and a side are written into them.
    """

    matrix: sparse.csr_array
    columns: tuple[Reals, Reals]
    rows: tuple[Reals, Reals]
    whole: NDArray[np.bool_]
    fine: Reals
    sums: Ints
    told: Ints
    telling: Ints

    @property
    def reserve(self) -> int:
        """The last column."""
        return len(self.whole) - 1

    def widened(self, costs: Reals) -> Reals:
        """Return costs of the model's columns as costs of all."""
        return np.append(costs, np.zeros(len(self.whole) - len(costs)))

    def costs(self, at: Ints | int, value: Reals | float) -> Reals:
        """Return costs of some columns alone."""
        costs = np.zeros(len(self.whole))
        costs[at] = value
        return costs

    def places(self, row: int) -> Ints:
        """Return where in the matrix's data the coefficients of ``told`` stand in a row that tells plans apart."""
        places: Ints = self.matrix.indptr[self.telling[row]] + np.arange(len(self.told))
        return places


def layout_of(formulation: Formulation, counted: Counted, weight: Reals, plans: int) -> Layout:
    """Lay out a program; ``weight`` is what a tonne of each sum counts for where plans are told apart, 0 if nothing."""
    rows, count = formulation.shape
    told, inf = np.flatnonzero(weight), np.full(plans, np.inf)
    sums = sparse.hstack([counted.matrix, -sparse.eye_array(len(counted)), sparse.csr_array((len(counted), 1))])
    apart = np.zeros((plans, count + len(counted) + 1))
    apart[:, count + told], apart[:, -1] = weight[told], 1.0
    wider = sparse.csr_array((rows, len(counted) + 1))
    matrix = sparse.csr_array(
        sparse.vstack([sparse.hstack([formulation.matrix, wider]), sums, sparse.csr_array(apart)])
    )
    matrix.sort_indices()
    free, none = np.full(len(counted), np.inf), np.zeros(1)
    return Layout(
        matrix,
        (
            np.concatenate([formulation.column_lower, -free, none]),
            np.concatenate([formulation.column_upper, free, none]),
        ),
        (
            np.concatenate([formulation.row_lower, -counted.already, -inf]),
            np.concatenate([formulation.row_upper, -counted.already, inf]),
        ),
        np.append(formulation.whole, np.zeros(len(counted) + 1, bool)),
        np.append(units_of_cones(formulation), np.full(len(counted) + 1, np.nan)),
        count + np.arange(len(counted)),
        told,
        rows + len(counted) + np.arange(plans),
    )
