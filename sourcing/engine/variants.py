"""One program, loaded once and solved again with other costs or bounds: what a rule costs, what a price would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.program import ArrayModel
from sourcing.engine.proof import settle_surely
from sourcing.engine.solve import solve
from sourcing.engine.solve_linear import Level, Solution, load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions

    Reals = NDArray[np.float64]


class Variants:
    """A formulation that is solved again and again, on one instance of the solver if it is linear."""

    def __init__(self, formulation: Formulation, minimize: tuple[str, ...], options: SolverOptions) -> None:
        self._minimize, self._options = minimize, options
        straight = not (formulation.whole.any() or formulation.cones)
        self._highs = load(ArrayModel(formulation), options)[0] if straight else None

    def solve(self, variant: Formulation) -> Solution:
        """Minimise the objectives of a variant in order; ties stay as they fall, so only what is minimised is unique.

        Parameters
        ----------
        variant : the formulation with other costs, or other bounds of rows or columns; its matrix is the same.
        """
        highs = self._highs
        if highs is None:
            return solve(ArrayModel(variant), self._minimize, self._options)
        rows = np.flatnonzero((highs.rows[0] != variant.row_lower) | (highs.rows[1] != variant.row_upper))
        highs.set_row_bounds(rows, variant.row_lower[rows], variant.row_upper[rows])
        bounds = (variant.column_lower.copy(), variant.column_upper.copy())
        highs.set_column_bounds(*bounds)
        levels: list[Level] = []
        for name in self._minimize:
            highs.forget_basis()
            found, bounds = settle_surely(highs, variant.objectives[name], bounds)
            if found.status != "optimal":
                return Solution(found.status, found.x, found.row, tuple(levels), proof=found.proof)
            levels.append(Level(name, found.objective, found.bound, found.row_dual, found.column_dual))
        return Solution("optimal", found.x, found.row, tuple(levels), highs.units.column)
