"""Duals of the relaxation: what the rows alone prove of a plan with whole numbers, objective by objective."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.certificate import Aim
from sourcing.engine.cones import units_of_cones
from sourcing.engine.highs import Highs
from sourcing.engine.rounds import scale_of
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
    f, none = formulation, np.zeros(formulation.shape[1], bool)
    highs = Highs(replace(options, gap=0.0, log=None, watch=None))
    highs.load(f.matrix, (f.column_lower, f.column_upper), (f.row_lower, f.row_upper), none, units_of_cones(f))
    scales, goes_on = list[float](), True
    for name in names:
        costs, rows = f.objectives[name], f.shape[0]
        scale = scale_of(costs * highs.units.column)
        duals = _duals(highs, costs * scale) if goes_on else None
        goes_on = duals is not None
        dual = np.zeros(rows + len(scales)) if duals is None else duals / scale
        held = np.minimum(dual[rows:] * scales, 0.0)
        yield Aim(name, costs, dual[:rows], tuple(held.tolist()))
        scales.append(scale)
        highs.add_rows(sparse.csr_array(costs[None, :] * scale), np.array([float(costs @ x) * scale]))


def _duals(highs: Highs, costs: Reals) -> Reals | None:
    """Return the duals of all rows where so many iterations are enough."""
    highs.set_costs(costs)
    try:
        most = int(np.clip(EFFORT // max(highs.matrix.nnz, 1), LEAST, MOST))
        outcome = highs.run_otherwise({"simplex_iteration_limit": most})
    except SolverError:
        return None
    return outcome.row_dual if outcome.status == "optimal" else None
