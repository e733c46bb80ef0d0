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
"""A price or a reduced cost up to this, in the solver's units and costs, is none where it speaks for no bound."""


def bound_of(highs: Highs, outcome: Outcome, costs: Reals, columns: tuple[Reals, Reals]) -> float:
    """Return what no plan's costs are below; -inf where a price speaks for a bound that is not there.

    For any prices y of the rows, costs · x = y · (matrix x) + (costs - y matrix) · x, and each term is no less than at
    the better one of its two bounds.

    Parameters
    ----------
    costs : as handed over for the solve.
    columns : bounds of the columns.
    """
    row, side = _spoken_for(outcome.row_dual, highs.rows, highs.units.row)
    column, bound = _spoken_for(costs - highs.matrix.T @ row, columns, highs.units.column)
    return float(row @ side) + float(column @ bound)


def _spoken_for(price: Reals, sides: tuple[Reals, Reals], unit: Reals) -> tuple[Reals, Reals]:
    """Return prices, without noise that speaks for a bound that is not there, and the bounds that they speak for."""
    side = np.where(price > 0, sides[0], sides[1])
    noise = np.isinf(side) & (np.abs(price * unit) <= NOISE)
    kept = np.where(noise | (price == 0), 0.0, price)
    return kept, np.where(kept == 0, 0.0, side)
