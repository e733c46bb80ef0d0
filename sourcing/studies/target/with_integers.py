"""The same with whole numbers: each plan is searched for, then settled with its whole numbers held."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.exact import Searching, proven, search_exactly
from sourcing.engine.forcing_rows import no_room
from sourcing.engine.mixed_integer import hold_value
from sourcing.engine.proof import settle_surely
from sourcing.engine.rounds import scale_of
from sourcing.engine.solve_linear import CONTRADICTION
from sourcing.errors import SolverError
from sourcing.studies.target.swept_model import Dialled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solver_result import Outcome
    from sourcing.studies.target.parametric_limit import Dial

    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]


def loaded(dial: Dial, minimize: tuple[str, ...], options: SolverOptions) -> Dialled:
    """Load a dialled model, with whole numbers or without."""
    return (Searched if dial.whole else Dialled)(dial, minimize, options)


class Searched(Dialled):
    """One loaded program with whole numbers: shortage is held by a row, prices are those with the numbers held."""

    def _nothing_short(self) -> bool:
        """Say nothing: with whole numbers it is one search more, and a long one where something has to be short."""
        return False

    def _least_shortage(self) -> tuple[Outcome, Bounds]:
        costs = self._costs("shortage")
        outcome = self._search(costs, self._columns)
        if outcome.status == "optimal":
            return outcome, hold_value(self._highs, costs * scale_of(costs), outcome.x, self._columns)
        return outcome, self._columns

    def _least_cost(self) -> tuple[Outcome, Bounds]:
        """Search and settle; see ``Dialled``.

        Raises
        ------
        SolverError : the solver finds no plan with the whole numbers of one that it found.
        """
        costs = self._costs("cost")
        outcome = self._search(costs, self._columns)
        if outcome.status != "optimal":
            return outcome, self._columns
        lower, upper = (side.copy() for side in self._columns)
        lower[self._whole] = upper[self._whole] = np.round(outcome.x[self._whole])
        lower, upper = no_room(self._highs.matrix, self._highs.rows, (lower, upper)) or (lower, upper)
        self._highs.settle_whole()
        self._highs.set_column_bounds(lower, upper)
        settled, bounds = settle_surely(self._highs, costs, (lower, upper))
        if settled.status == "infeasible":  # of the numbers that a search found a plan with: nothing is known then
            raise SolverError(CONTRADICTION)
        return replace(settled, bound=min(outcome.bound, settled.objective)), bounds

    def _least_beyond(self, costs: Reals, bounds: Bounds) -> Outcome:
        return self._search(costs, bounds)

    def _search(self, costs: Reals, bounds: Bounds) -> Outcome:
        """Search for the plan of least costs within bounds of the columns; objective and bound are in their unit.

        Raises
        ------
        SolverError : no search proves what the plan costs.
        """
        highs, scale = self._highs, scale_of(costs * self._highs.units.column)
        highs.set_costs(costs * scale)
        own = Searching(highs, self._whole, costs * scale, bounds, lambda _: highs.run(), highs.run)
        outcome = proven(highs, search_exactly(own))
        return replace(outcome, objective=outcome.objective / scale, bound=outcome.bound / scale)
