"""Duals of the relaxation: what the rows alone prove of a plan with whole numbers, objective by objective."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.certificate import Aim
from sourcing.engine.cones import units_of_cones
from sourcing.engine.highs import Highs
from sourcing.engine.large_search import LARGE
from sourcing.engine.rounds import scale_of
from sourcing.engine.tight_relaxation import Program, relax, tight_rows
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions

    Reals = NDArray[np.float64]

EFFORT, LEAST, MOST = 2_000_000_000, 500, 20_000
"""Coefficients times iterations of the simplex method for one objective (some five seconds), and how many of these
there are at least and at most: counted, so that the same plan has the same certificate each time."""


def aims_without_whole(
    formulation: Formulation, x: Reals, names: Sequence[str], options: SolverOptions
) -> Iterator[Aim]:
    """Yield the objectives with duals of the program without whole numbers, those before at most what a plan has.

    An objective, and those after it, have no duals where the solver takes too long or cannot say.

    Parameters
    ----------
    x : the plan.
    """
    quiet = replace(options, gap=0.0, log=None, watch=None)
    tight = tight_rows(formulation, formulation.shape[0])
    way = (_InRounds if int(tight.sum()) >= LARGE else _AtOnce)(formulation, quiet)
    scales, goes_on = list[float](), True
    for name in names:
        costs, rows = formulation.objectives[name], formulation.shape[0]
        scale = scale_of(costs * way.unit)
        duals = way.duals(costs * scale) if goes_on else None
        goes_on = duals is not None
        dual = np.zeros(rows + len(scales)) if duals is None else duals / scale
        held = np.minimum(dual[rows:] * scales, 0.0)
        yield Aim(name, costs, dual[:rows], tuple(held.tolist()))
        scales.append(scale)
        way.hold(costs * scale, float(costs @ x) * scale)


class _AtOnce:
    """The relaxation with all of its rows, for so many iterations of the simplex method as are worth it."""

    def __init__(self, form: Formulation, options: SolverOptions) -> None:
        self._highs, none = Highs(options), np.zeros(form.shape[1], bool)
        columns, rows = (form.column_lower, form.column_upper), (form.row_lower, form.row_upper)
        self._highs.load(form.matrix, columns, rows, none, units_of_cones(form))
        self.unit = self._highs.units.column

    def duals(self, costs: Reals) -> Reals | None:
        """Return the duals of all rows where so many iterations are enough."""
        self._highs.set_costs(costs)
        try:
            most = int(np.clip(EFFORT // max(self._highs.matrix.nnz, 1), LEAST, MOST))
            outcome = self._highs.run_otherwise({"simplex_iteration_limit": most})
        except SolverError:
            return None
        return outcome.row_dual if outcome.status == "optimal" else None

    def hold(self, costs: Reals, value: float) -> None:
        """Keep an objective at no more than a value."""
        self._highs.add_rows(sparse.csr_array(costs[None, :]), np.array([value]))


class _InRounds:
    """The relaxation of a large program, its tight rows handed over as they are broken."""

    def __init__(self, form: Formulation, options: SolverOptions) -> None:
        columns, rows = (form.column_lower, form.column_upper), (form.row_lower, form.row_upper)
        self._program = Program(form.matrix, rows, columns, form.whole, np.zeros(form.shape[1]))
        self._tight, self._options, self.unit = tight_rows(form, form.shape[0]), options, np.ones(form.shape[1])

    def duals(self, costs: Reals) -> Reals | None:
        """Return the duals of all rows; those of the last round that ended, where the time is up."""
        try:
            relaxed = relax(self._program._replace(costs=costs), self._tight, self._options)
        except SolverError:
            return None
        return relaxed.dual if relaxed.status == "optimal" else None

    def hold(self, costs: Reals, value: float) -> None:
        """Keep an objective at no more than a value."""
        matrix = sparse.vstack([self._program.matrix, sparse.csr_array(costs[None, :])])
        lower, upper = self._program.rows
        sides = np.append(lower, -np.inf), np.append(upper, value)
        self._program = self._program._replace(matrix=sparse.csr_array(matrix), rows=sides)
        self._tight = np.append(self._tight, False)
