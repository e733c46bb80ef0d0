"""Max-min fairness of shortage: among plans that are equally good, the one whose worst-off demand is best off.

Parts of demand that stay short are evened out where shortage, priorities and cost leave it open (lexicographic max-min,
water filling): the largest part is made as small as can be, whoever cannot have less is held there, then the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.errors import SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.highs import Highs

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

NONE = 1e-9
"""A part of a demand that is no shortage."""
ROUNDS = 12
"""Levels that are told apart; what is left after them stays as it was found."""


def evened(highs: Highs, short: Ints, x: Reals, bounds: Bounds) -> Bounds:
    """Return column bounds under which shortage is shared as evenly as the plans that are left allow.

    Parameters
    ----------
    highs : the program with every objective held.
    short : columns of tonnes short, each with the demand as its upper bound.
    x : a plan, t; bounds : those of the columns as held.

    The bounds come back unchanged where there is nothing to share, or the solver cannot say.
    """
    lower, upper = bounds
    free = short[(lower[short] < upper[short]) & np.isfinite(upper[short]) & (upper[short] > 0)]
    if len(free) < 2 or not (x[free] > NONE * upper[free]).any():
        return bounds
    demand, held = upper[free].copy(), (lower.copy(), upper.copy())
    open_ = np.ones(len(free), bool)
    try:
        largest = _Largest(highs, free, demand, bounds)
        for _ in range(ROUNDS):
            found = largest.least(open_, held)
            if found is None:
                break
            part, tight = found
            tonnes = part * demand[tight]
            held[0][free[tight]] = held[1][free[tight]] = np.clip(tonnes, lower[free[tight]], upper[free[tight]])
            open_ &= ~tight
            if part <= NONE or not open_.any():
                break
    except SolverError:
        pass
    return bounds if open_.all() else held


class _Largest:
    """The program with one column more: the largest part of the demands that are open, to be made small.

    Loaded once: with every round some demands are held, and their rows let go.
    """

    def __init__(self, highs: Highs, free: Ints, demand: Reals, bounds: Bounds) -> None:
        count, rows = len(bounds[0]), len(free)
        below = sparse.csr_array((np.ones(rows), (np.arange(rows), free)), shape=(rows, count))
        none = sparse.csr_array((highs.matrix.shape[0], 1))
        parts = sparse.hstack([below, sparse.csr_array(-demand[:, None])])
        matrix = sparse.csr_array(sparse.vstack([sparse.hstack([highs.matrix, none]), parts]))
        sides = np.append(highs.rows[0], np.full(rows, -np.inf)), np.append(highs.rows[1], np.zeros(rows))
        self._rows, self._highs = highs.matrix.shape[0] + np.arange(rows), highs.another()
        self._highs.load(matrix, _with_part(bounds), sides, np.zeros(count + 1, bool))
        self._highs.set_costs(np.append(np.zeros(count), 1.0))

    def least(self, open_: NDArray[np.bool_], bounds: Bounds) -> tuple[float, NDArray[np.bool_]] | None:
        """Return the least that the largest open part can be, and which of them then cannot be less; None if unclear.

        Raises
        ------
        SolverError : the solver has no answer.
        """
        done = self._rows[~open_]
        self._highs.set_row_bounds(done, np.full(len(done), -np.inf), np.full(len(done), np.inf))
        self._highs.set_column_bounds(*_with_part(bounds))
        outcome = self._highs.run()
        if outcome.status != "optimal":
            return None
        least = float(outcome.x[-1])
        tight = open_ & ((outcome.row_dual[self._rows] < -NONE) | (least <= NONE))
        return (least, tight) if tight.any() else None


def _with_part(bounds: Bounds) -> Bounds:
    """Return the bounds of the columns, and of the part."""
    return np.append(bounds[0], 0.0), np.append(bounds[1], 1.0)
