"""What no plan can be below, from the prices of a solve: a second look at each extreme that shares nothing with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.highs import Highs
    from sourcing.engine.outcome import Outcome

    Reals = NDArray[np.float64]

NOISE = 1e-6
"""A price or a reduced cost up to this, in the solver's units and costs, is none."""


def bound_of(highs: Highs, outcome: Outcome, costs: Reals, columns: tuple[Reals, Reals]) -> float:
    """Return what no plan's costs are below; -inf where a price speaks for a bound that is not there.

    For any prices y of the rows, costs · x = y · (matrix x) + (costs - y matrix) · x, and each term is no less than at
    the better one of its two bounds.

    Parameters
    ----------
    costs : as handed over for the solve.
    columns : bounds of the columns.
    """
    price = np.where(np.abs(outcome.row_dual * highs.units.row) > NOISE, outcome.row_dual, 0.0)
    reduced = costs - highs.matrix.T @ price
    reduced = np.where(np.abs(reduced * highs.units.column) > NOISE, reduced, 0.0)
    return _least(price, highs.rows) + _least(reduced, columns)


def _least(price: Reals, sides: tuple[Reals, Reals]) -> float:
    side = np.where(price > 0, sides[0], sides[1])
    at = price != 0
    return float(price[at] @ side[at])
