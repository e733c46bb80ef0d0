"""Solve a formulation: shortage first, then cost, then a tie-break, so that equal data give equal orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.engine.highs import Highs, Outcome, SolverOptions
from sourcing.engine.pyomo_model import appended

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyomo.environ as pyo
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation

    Reals = NDArray[np.float64]

SHORTAGE_SLACK = 1e-9
"""Share of the weighted demand by which level two may exceed the least shortage."""
FEASIBILITY = 1e-7
"""HiGHS's tolerance on rows: the slack of a held objective is never smaller."""
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, eq=False)
class Level:
    """One objective of the order, as solved: its value, the bound proven, duals and reduced costs in its units."""

    name: str
    value: float
    bound: float
    row_dual: Reals
    column_dual: Reals


@dataclass(frozen=True, eq=False)
class Solution:
    """The last finished plan: column values and row activities, and the levels that were finished.

    ``status`` is "optimal", "infeasible", "unbounded", or "stopped" (then ``levels`` names what was finished).
    """

    status: str
    x: Reals
    row: Reals
    levels: tuple[Level, ...]

    def level(self, name: str) -> Level:
        """Return a finished level by name."""
        return next(level for level in self.levels if level.name == name)


def scale_of(costs: Reals) -> float:
    """Return the power of ten that brings the typical cost near 1, so that the solver's tolerances mean something."""
    size = np.abs(costs[costs != 0])
    return 1.0 if size.size == 0 else float(10.0 ** -np.round(np.log10(np.exp(np.log(size).mean()))))


def solve(model: pyo.ConcreteModel, minimize: tuple[str, ...], options: SolverOptions) -> Solution:
    """Minimise the objectives in order, each held at its best while the next is minimised.

    ``model`` is what ``to_pyomo`` returned; rules added to it since are honoured.
    """
    return minimise(load(model, options), model.formulation, minimize)


def load(model: pyo.ConcreteModel, options: SolverOptions) -> Highs:
    """Hand the model over in one call and return the solver that holds it."""
    f = model.formulation
    matrix, lower, upper = f.matrix, f.row_lower, f.row_upper
    own, own_lower, own_upper = appended(model)
    if own.shape[0]:
        matrix = sparse.csr_array(sparse.vstack([matrix, own]))
        lower, upper = np.concatenate([lower, own_lower]), np.concatenate([upper, own_upper])
    highs = Highs(options)
    highs.load(matrix, (f.column_lower, f.column_upper), (lower, upper), np.zeros(f.shape[1], bool))
    return highs


def minimise(
    highs: Highs,
    formulation: Formulation,
    minimize: tuple[str, ...],
    before_last: Callable[[Highs], None] | None = None,
) -> Solution:
    """Minimise the objectives in order on a loaded instance, then break ties.

    ``before_last`` sees the program with its last objective, in its own unit, and all earlier ones held.
    """
    levels: list[Level] = []
    upper = formulation.column_upper
    last: Outcome | None = None
    for name in minimize:
        costs = formulation.objectives[name]
        scale = scale_of(costs)
        if before_last is not None and name == minimize[-1]:
            highs.set_costs(costs)
            before_last(highs)
        highs.set_costs(costs * scale)
        highs.forget_basis()
        outcome = highs.run()
        if outcome.status != "optimal":
            return _unfinished(formulation, outcome, last, levels)
        last = outcome
        value = float(costs @ outcome.x)
        levels.append(Level(name, value, outcome.bound / scale, outcome.row_dual / scale, outcome.column_dual / scale))
        if name != minimize[-1]:
            upper = _hold(highs, formulation, (costs, scale), value)
    if last is None:
        raise ValueError("nothing to minimise")
    final = _break_ties(highs, formulation, last, upper)
    return Solution("optimal", final.x, final.row[: formulation.shape[0]], tuple(levels))


def _hold(highs: Highs, formulation: Formulation, objective: tuple[Reals, float], value: float) -> Reals:
    """Hold an objective at its best from now on; return the upper bounds of the columns that then stand.

    What need not happen at all (an objective of 0) is ruled out column by column, without any slack.
    """
    costs, scale = objective
    largest = float(costs @ np.nan_to_num(formulation.column_upper, posinf=0.0))
    slack = max(SHORTAGE_SLACK * largest, FEASIBILITY / scale)
    if value > slack or (costs < 0).any():
        highs.add_row(costs * scale, (value + slack) * scale)
        return formulation.column_upper
    upper = np.where(costs > 0, formulation.column_lower, formulation.column_upper)
    highs.set_column_bounds(formulation.column_lower, upper)
    return upper


def _unfinished(formulation: Formulation, outcome: Outcome, last: Outcome | None, levels: list[Level]) -> Solution:
    kept = last or outcome
    return Solution(outcome.status, kept.x, kept.row[: formulation.shape[0]], tuple(levels))


def _break_ties(highs: Highs, formulation: Formulation, best: Outcome, upper: Reals) -> Outcome:
    """Among the plans that are equally good, take the one that moves least by fixed weights of the columns' names.

    A column with a reduced cost, and a row with a dual, stays where it is: what is left is the optimal face. The
    weights differ from column to column, so the choice is unique and does not depend on the order of any table.
    """
    rows = np.flatnonzero(np.abs(best.row_dual) > FEASIBILITY)
    moving = np.abs(best.column_dual) <= FEASIBILITY
    lower = np.where(moving, formulation.column_lower, best.x)
    highs.set_column_bounds(lower, np.where(moving, upper, best.x))
    highs.set_row_bounds(rows, best.row[rows], best.row[rows])
    highs.set_costs(np.where(moving, _weights(formulation), 0.0))
    final = highs.run()
    return final if final.status == "optimal" else best


def _weights(formulation: Formulation) -> Reals:
    """Return weights between 1 and 2 made from each column's name and node."""
    weights = [np.empty(0)]
    for block in formulation.columns.values():
        name = pd.util.hash_pandas_object(block.entities.astype(str), index=False).to_numpy(np.uint64)
        part = (name % np.uint64(1_000_003)).astype(float) / 1_000_003
        weights.append(1.0 + (part[block.code] + _GOLDEN * (block.node + 1)) % 1.0)
    return np.concatenate(weights)
