"""What no plan can be below, from the prices of a solve: a second look at each objective that shares nothing with it.

A plan that costs more than its prices prove, or less, is solved again by another way, and never called the best.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.rounds import scale_of, settle
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from sourcing.engine.highs import Highs
    from sourcing.engine.solver_result import Outcome

    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

CLOSE = 1e-6
"""Part of what adds up to an objective by which it may be off what its prices prove."""
NOISE = 1e-6
"""A price or a reduced cost up to this, in the solver's units and costs, is none where it speaks for no bound."""
UNPROVEN = (
    "the solver contradicts itself: what it finds does not cost what its prices prove, with presolve or without; "
    "look for numbers that are very large or very small beside each other, and correct those that are slips"
)


def settle_surely(highs: Highs, costs: Reals, bounds: Bounds) -> tuple[Outcome, Bounds]:
    """Minimise as ``settle_proven`` does, for who can do nothing with what is not proven.

    Raises
    ------
    SolverError : it has a plan, and its prices do not prove it.
    """
    outcome, held = settle_proven(highs, costs, bounds)
    if outcome.status == "stopped" and np.isfinite(outcome.bound):
        raise SolverError(UNPROVEN)
    return outcome, held


def run_surely(highs: Highs, costs: Reals, bounds: Bounds, ways: Iterable[Callable[[], Outcome]]) -> Outcome:
    """Minimise what the solver holds, and hold nothing else; the next way where the prices do not prove the value.

    Parameters
    ----------
    costs : as handed over.
    bounds : of the columns, as handed over.

    Raises
    ------
    SolverError : no way leads to prices that prove it.
    """
    for run in ways:
        outcome = run()
        if outcome.status != "optimal":
            return outcome
        least = bound_of(highs, outcome, costs, bounds)
        size = 1.0 + float(np.abs(costs) @ np.abs(outcome.x)) + float(np.abs(outcome.row_dual) @ np.abs(outcome.row))
        if abs(outcome.objective - least) <= CLOSE * size:
            return outcome
    raise SolverError(UNPROVEN)


def settle_proven(highs: Highs, costs: Reals, bounds: Bounds) -> tuple[Outcome, Bounds]:
    """Minimise as ``rounds.settle`` does, without presolve if the prices do not prove the value.

    Where they do not prove it then either, the outcome is "stopped", and ``bound`` is what they prove.
    """
    rows = highs.rows[0].copy(), highs.rows[1].copy()
    outcome, held = settle(highs, costs, bounds)
    least = _proven(highs, outcome, costs, bounds, rows)
    if outcome.status != "optimal" or least is None:
        return outcome, held
    highs.set_row_bounds(np.arange(len(rows[0])), *rows)
    highs.set_column_bounds(*bounds)
    highs.forget_basis()
    highs.search_by(1)
    outcome, held = settle(highs, costs, bounds)
    highs.search_by(0)
    least = _proven(highs, outcome, costs, bounds, rows)
    if outcome.status != "optimal" or least is None:
        return outcome, held
    return replace(outcome, status="stopped", bound=least), held


def _proven(highs: Highs, outcome: Outcome, costs: Reals, columns: Bounds, rows: Bounds) -> float | None:
    """Return what the prices prove of a value that they do not prove; None where they do."""
    if outcome.status != "optimal":
        return None
    scale = scale_of(costs * highs.units.column)
    scaled = replace(outcome, row_dual=outcome.row_dual * scale)
    least = bound_of(highs, scaled, costs * scale, columns, rows) / scale
    size = max(float(np.abs(costs) @ np.abs(outcome.x)), 1.0 / scale)
    return None if abs(outcome.objective - least) <= CLOSE * size else least


def bound_of(highs: Highs, outcome: Outcome, costs: Reals, columns: Bounds, rows: Bounds | None = None) -> float:
    """Return what no plan's costs are below; -inf where a price speaks for a bound that is not there.

    For any prices y of the rows, costs · x = y · (matrix x) + (costs - y matrix) · x, and each term is no less than at
    the better one of its two bounds.

    Parameters
    ----------
    costs : as handed over for the solve.
    columns : bounds of the columns.
    rows : those of the rows, if not as the solver holds them now.
    """
    row, side = _spoken_for(outcome.row_dual, highs.rows if rows is None else rows, highs.units.row)
    column, bound = _spoken_for(costs - highs.matrix.T @ row, columns, highs.units.column)
    return float(row @ side) + float(column @ bound)


def _spoken_for(price: Reals, sides: tuple[Reals, Reals], unit: Reals) -> tuple[Reals, Reals]:
    """Return prices, without noise that speaks for a bound that is not there, and the bounds that they speak for."""
    side = np.where(price > 0, sides[0], sides[1])
    noise = np.isinf(side) & (np.abs(price * unit) <= NOISE)
    kept = np.where(noise | (price == 0), 0.0, price)
    return kept, np.where(kept == 0, 0.0, side)
