"""The same with whole numbers: what the relaxation leaves open is searched for, then settled with the numbers held."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.alternatives.near import CLOSE, Extreme, Near
from sourcing.engine.rounds import FEASIBILITY, scale_of
from sourcing.engine.whole import SAME
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.alternatives.near import Asked
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.outcome import Outcome
    from sourcing.engine.solve import Solution

    Reals = NDArray[np.float64]


def near(asked: Asked, options: SolverOptions) -> Near:
    """Load the plans that are near enough, with whole numbers or without."""
    return (Searched if asked.formulation.whole.any() else Near)(asked, options)


class Searched(Near):
    """The plans that are near enough, with their whole numbers; bounds come from the relaxation and from the search.

    A search starts from the plan itself, and ends when its bound is within the gap that the plan was proven with.
    """

    def __init__(self, asked: Asked, options: SolverOptions) -> None:
        super().__init__(asked, options)
        self._relaxed = Near(asked, options)
        x = asked.solution.x
        self._start = np.concatenate([x, asked.counted.tonnes(x), [0.0]])

    @property
    def relaxed(self) -> Near:
        """The same without whole numbers."""
        return self._relaxed

    def _load(self) -> None:
        laid = self.layout
        self._highs.load(laid.matrix.copy(), laid.columns, laid.rows, laid.whole, laid.fine)

    def _hold_cost(self) -> None:
        """Let no plan cost more than allowed."""
        costs = self.asked.costs("cost")
        scale = scale_of(costs * self._highs.units.column)
        row, most = sparse.csr_array(costs[None, :] * scale), self.asked.most * scale + FEASIBILITY
        self._highs.add_rows(row, np.array([most]))

    def least(self, costs: Reals, known: float = np.inf) -> Extreme:
        """Return the plan with the least of some costs; see ``Near.least``.

        Where a plan that was seen has no more than the relaxation, ``x`` is that of the plan that was asked about.
        """
        relaxed = self._relaxed.least(costs)
        self.solves += 1
        size = float(np.abs(costs) @ np.abs(relaxed.x))
        if known <= relaxed.value + CLOSE * size:
            return Extreme(known, min(relaxed.value, known), self._start)
        found = self._search(costs, size)
        value = float(costs @ found.x)
        return Extreme(value, min(max(found.bound, relaxed.value), value), found.x)

    def _search(self, costs: Reals, size: float) -> Outcome:
        """Search for the plan of least costs and settle it; the bound is in the unit of the costs.

        Raises
        ------
        SolverError : the solver's plan does not cost what the solver says, with a start and without.
        """
        highs, scale = self._highs, scale_of(costs * self._highs.units.column)
        highs.near_enough(self.options.gap * size * scale)
        for started in (True, False):
            highs.search_whole(self.layout.whole)
            highs.set_costs(costs * scale)
            highs.forget_basis()
            if started:
                highs.start_from(self._start)
            outcome = self._kept(highs.run)
            cost = float(costs @ outcome.x)
            if abs(outcome.objective / scale - cost) <= SAME * (1.0 / scale + size):
                return self._settled(replace(outcome, bound=outcome.bound / scale), costs * scale)
        raise SolverError("the solver's plan does not cost what the solver says; nothing was written")

    def _settled(self, found: Outcome, costs: Reals) -> Outcome:
        """Return the plan with its whole numbers held, which leaves a linear program; as found where that has none."""
        self._hold(found.x)
        self._highs.set_costs(costs)
        outcome = self._highs.run()
        fits = outcome.status == "optimal" and not self._cut(outcome.x)
        self._highs.set_column_bounds(*self.columns)
        return replace(outcome, bound=found.bound) if fits else found

    def _hold(self, x: Reals) -> tuple[Reals, Reals]:
        """Hold the whole numbers of a plan; return the bounds of the columns."""
        lower, upper = (side.copy() for side in self.columns)
        lower[self.layout.whole] = upper[self.layout.whole] = np.round(x[self.layout.whole])
        self._highs.settle_whole()
        self._highs.set_column_bounds(lower, upper)
        return lower, upper

    def tell(self, row: int, a: Reals, b: float) -> None:
        """Ask the same of both programs; see ``Near.tell``."""
        super().tell(row, a, b)
        self._relaxed.tell(row, a, b)

    def reserve(self, least: float, most: float) -> None:
        """Say how large the reserve may be, in both programs."""
        super().reserve(least, most)
        self._relaxed.reserve(least, most)

    def cheapest(self, x: Reals) -> Solution:
        """Return the cheapest plan with the whole numbers of one; see ``Near.cheapest``."""
        found = self._cheapest(self._hold(x))
        self._highs.set_column_bounds(*self.columns)
        return found
