"""Scaling of one objective in rounds: what is too small to be seen beside the largest costs is minimised after them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.highs import Highs
    from sourcing.engine.solver_result import Outcome

    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

FEASIBILITY = 1e-7
"""HiGHS's tolerance: a dual or a reduced cost above it, in the solver's units and costs, is not zero."""
SEEN = (2.0**-13, 2.0**19)
"""Costs that the solver takes without a warning."""
UNSEEN = FEASIBILITY
"""Costs that are nothing beside the solver's tolerance. Leaving out more would make what is cheap look free, and the
face found would not be that of the costs."""
_ROUNDS = 12
_ROUNDING = 1e-9
"""A reduced cost smaller than this part of what it is the difference of is a rounding error."""


def scale_of(costs: Reals) -> float:
    """Return the power of ten that brings the typical cost near 1, so that the solver's tolerances mean something."""
    size = np.abs(costs[costs != 0])
    return 1.0 if size.size == 0 else float(10.0 ** -np.round(np.log10(np.exp(np.log(size).mean()))))


def settle(highs: Highs, costs: Reals, bounds: Bounds) -> tuple[Outcome, Bounds]:
    """Minimise ``costs``; from then on keep to the plans that attain the minimum, without any slack.

    Return the outcome, its objective, bound and duals in the unit of ``costs``, and the column bounds that then stand.
    After a round, columns with a reduced cost and rows with a dual stay where they are. What the costs still say about
    the others is the objective of the next round, brought to a size that the solver sees.
    """
    size, held = abs(highs.matrix), np.zeros(highs.matrix.shape[0])
    left = costs
    for _ in range(_ROUNDS):
        scale = _scale(left * highs.units.column)
        seen = np.abs(left * highs.units.column * scale) > UNSEEN
        highs.set_costs(np.where(seen, left, 0.0) * scale)
        outcome = highs.run()
        if outcome.status != "optimal":
            return outcome, bounds
        rows, bounds = hold(highs, outcome, bounds)
        dual = held + outcome.row_dual / scale
        held[rows] = dual[rows]
        left = np.where(bounds[0] < bounds[1], costs - highs.matrix.T @ held, 0.0)
        left[np.abs(left) <= _ROUNDING * (np.abs(costs) + size.T @ np.abs(held))] = 0.0
        if not left.any():
            break
    value = float(costs @ outcome.x)
    return replace(
        outcome, objective=value, bound=value, row_dual=dual, column_dual=costs - highs.matrix.T @ dual
    ), bounds


def _scale(costs: Reals) -> float:
    """Return what to multiply costs by: so that the typical one is near 1, if that leaves all where they are seen."""
    size = np.abs(costs[costs != 0])
    typical = scale_of(costs)
    if not size.size or (size.min() * typical >= SEEN[0] and size.max() * typical <= SEEN[1]):
        return typical
    return float(SEEN[1] * 2.0 ** -np.ceil(np.log2(size.max())))


def hold(highs: Highs, best: Outcome, bounds: Bounds) -> tuple[NDArray[np.int64], Bounds]:
    """Keep every column with a reduced cost, and every row with a dual, where it is; return those rows and the bounds.

    ``best`` is as the solver found it. What is left is the optimal face, without any slack that a later objective could
    spend.
    """
    moving = np.abs(best.column_dual * highs.units.column) <= FEASIBILITY
    lower, upper = np.where(moving, bounds[0], best.x), np.where(moving, bounds[1], best.x)
    rows = np.flatnonzero(np.abs(best.row_dual * highs.units.row) > FEASIBILITY)
    highs.set_column_bounds(lower, upper)
    highs.set_row_bounds(rows, best.row[rows], best.row[rows])
    return rows, (lower, upper)
