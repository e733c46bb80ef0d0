"""A formulation solved from the beginning, with some columns held: where there is nothing to start from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solve_linear import Solution

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

_KEPT = "kept"
SQUARED = 1e-6
"""Part of the cost that is not known where squares are limited: they are kept to about as much."""


@dataclass(frozen=True, eq=False)
class Answer:
    """How a solve ended, and of a plan: weighted shortage and cost as minimised, and the columns.

    ``bound`` is what no plan costs less than, the cost itself unless there are whole numbers or limits on squares.
    ``dropped`` are the tonnes of the held columns that could not be kept.
    """

    status: str
    shortage: float = np.nan
    cost: float = np.nan
    bound: float = np.nan
    x: Reals | None = None
    dropped: float = 0.0


class Held(NamedTuple):
    """Columns that stay at a value, whatever changes; ``ordered`` are those that count as tonnes when they cannot."""

    column: Ints
    value: Reals
    ordered: NDArray[np.bool_]

    def dropped(self, x: Reals) -> float:
        """Return the tonnes that a plan takes less than it was to."""
        own = self.column[self.ordered]
        return float(self.value[self.ordered].sum() - x[own].sum())


def solve_anew(
    form: Formulation, minimize: tuple[str, ...], options: SolverOptions, held: Held | None = None
) -> tuple[Answer, Solution]:
    """Return the best plan, with some columns held, and the solution that it is.

    Where they cannot be held, as much of them is kept as can be, before anything else is minimised.
    """
    if held is None:
        return _solved(form, minimize, options)
    lower, upper = form.column_lower.copy(), form.column_upper.copy()
    fits = (held.value >= lower[held.column]) & (held.value <= upper[held.column])
    if fits.all():
        lower[held.column] = upper[held.column] = held.value
        found = _solved(replace(form, column_lower=lower, column_upper=upper), minimize, options)
        if found[0].status != "infeasible":
            return found
    lower, upper = form.column_lower.copy(), form.column_upper.copy()
    upper[held.column] = np.minimum(upper[held.column], held.value)
    wish = np.zeros(form.shape[1])
    wish[held.column] = -1.0
    most = replace(form, column_lower=lower, column_upper=upper, objectives={**form.objectives, _KEPT: wish})
    answer, solution = _solved(most, (_KEPT, *minimize), options)
    if answer.x is not None:
        answer = replace(answer, dropped=held.dropped(answer.x))
    levels = tuple(level for level in solution.levels if level.name != _KEPT)
    return answer, replace(solution, levels=levels)


def _solved(form: Formulation, minimize: tuple[str, ...], options: SolverOptions) -> tuple[Answer, Solution]:
    solution = solve(ArrayModel(form), minimize, options)
    if solution.status != "optimal":
        return Answer(solution.status), solution
    cost = float(form.objectives["cost"] @ solution.x)
    bound = min(solution.level("cost").bound, cost) if form.whole.any() else cost
    bound -= SQUARED * abs(cost) if form.cones else 0.0
    return Answer("optimal", float(form.objectives["shortage"] @ solution.x), cost, bound, solution.x), solution
