"""A cold solve, with some columns held: a formulation from the beginning, where there is nothing to start from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solve_linear import Solution

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

_KEPT = "kept"
SQUARED = 1e-6
"""Part of the cost that is not known where squares are limited: they are kept to about as much."""


@dataclass(frozen=True, eq=False)
class Answer:
    """How a solve ended, and of a plan: weighted shortage and cost as minimised, and the columns.

    ``bound`` is what no plan costs less than, the cost itself unless there are whole numbers or limits on squares.
    ``dropped`` are the tonnes of the held columns that could not be kept. ``solution`` is what a cold solve found.
    """

    status: str
    shortage: float = np.nan
    cost: float = np.nan
    bound: float = np.nan
    x: Reals | None = None
    dropped: float = 0.0
    solution: Solution | None = None


class Held(NamedTuple):
    """Columns that stay at a value, whatever changes; ``ordered`` are those that count as tonnes when they cannot."""

    column: Ints
    value: Reals
    ordered: NDArray[np.bool_]

    def dropped(self, x: Reals) -> float:
        """Return the tonnes that a plan takes less than it was to."""
        own = self.column[self.ordered]
        return float(self.value[self.ordered].sum() - x[own].sum())

    def answered(
        self, bounds: Bounds, solved: Callable[[Bounds], Answer], keeping: Callable[[Bounds, Reals], Answer]
    ) -> Answer:
        """Return the best plan with the columns held; where they cannot be, as much of them is kept as can be.

        Parameters
        ----------
        bounds : of all columns while none is held.
        solved : returns the best plan within bounds.
        keeping : returns the best plan within bounds after some costs, which are minimised before anything else.
        """
        lower, upper = bounds
        if ((self.value >= lower[self.column]) & (self.value <= upper[self.column])).all():
            held = lower.copy(), upper.copy()
            held[0][self.column] = held[1][self.column] = self.value
            answer = solved(held)
            if answer.status != "infeasible":
                return answer
        most, wish = upper.copy(), np.zeros(len(upper))
        most[self.column], wish[self.column] = np.minimum(upper[self.column], self.value), -1.0
        return keeping((lower, most), wish)


def solve_anew(
    form: Formulation, minimize: tuple[str, ...], options: SolverOptions, held: Held | None = None
) -> Answer:
    """Return the best plan, with some columns held as far as can be."""

    def solved(bounds: Bounds) -> Answer:
        return _solved(replace(form, column_lower=bounds[0], column_upper=bounds[1]), minimize, options)

    def keeping(bounds: Bounds, wish: Reals) -> Answer:
        objectives = {**form.objectives, _KEPT: wish}
        most = replace(form, column_lower=bounds[0], column_upper=bounds[1], objectives=objectives)
        return _solved(most, (_KEPT, *minimize), options, held)

    bounds = form.column_lower, form.column_upper
    return solved(bounds) if held is None else held.answered(bounds, solved, keeping)


def _solved(form: Formulation, minimize: tuple[str, ...], options: SolverOptions, held: Held | None = None) -> Answer:
    """Solve; ``held`` are columns that are kept as far as can be."""
    solution = solve(ArrayModel(form), minimize, options)
    solution = replace(solution, levels=tuple(level for level in solution.levels if level.name != _KEPT))
    if solution.status != "optimal":
        return Answer(solution.status, solution=solution)
    x, cost = solution.x, float(form.objectives["cost"] @ solution.x)
    bound = min(solution.level("cost").bound, cost) if form.whole.any() else cost
    bound -= SQUARED * abs(cost) if form.cones else 0.0
    dropped = 0.0 if held is None else held.dropped(x)
    return Answer("optimal", float(form.objectives["shortage"] @ x), cost, bound, x, dropped, solution)
