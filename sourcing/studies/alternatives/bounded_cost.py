"""One program, loaded once: no more short than in the plan, no dearer than allowed, and any sum of arrivals to push."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.adjustable import Adjustable
from sourcing.engine.cones import broken, rows_of
from sourcing.engine.mixed_integer import hold_value
from sourcing.engine.outer_approximation import squared
from sourcing.engine.proof import bound_of, settle_surely
from sourcing.engine.rounds import FEASIBILITY, scale_of
from sourcing.engine.solve_linear import Level, Solution, break_ties, tie_weights
from sourcing.errors import SolverError, StoppedEarly
from sourcing.studies.alternatives.asked import Extreme
from sourcing.studies.alternatives.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solver_result import Outcome
    from sourcing.studies.alternatives.asked import Asked

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

STOPPED = "stopped before all was found; nothing was written; allow more with --time-limit"
CLOSE = 1e-6
"""How far the bound that prices prove may be from the value, as a part of what adds up to it."""
FAR = 1e-3
"""Up to here it is kept, and told, once a solve from scratch has come no closer."""
MANY = 300
"""Tangents above which those that hold nothing are taken away: a plan that needs them again gets them again."""
ROUNDS = 60
_UNPROVEN = "the solver's prices do not prove the extreme that it found; nothing was written"
_LOST = "the solver finds no plan near the cheapest although there is one; nothing was written"
CURVED = f"after {ROUNDS} rounds of tangents a plan is still above a limit on concentration"


class Near:
    """The plans that are near enough, on one instance of the solver; whole numbers are not asked for.

    Each solve goes on from the last plan, which is one of them: only the costs are others. ``solves`` counts them.
    """

    def __init__(self, asked: Asked, options: SolverOptions) -> None:
        self.asked, self.options, self.solves = asked, options, 0
        self.layout = layout_of(asked.formulation, asked.counted, asked.weight, asked.plans)
        self.columns: Bounds = self.layout.columns
        self._highs = Adjustable(options)
        self._load()
        if asked.minimize[0] == "shortage":
            self._hold_shortage()
        self._budget = self._highs.matrix.shape[0]
        self._hold_cost()

    def _load(self) -> None:
        laid = self.layout
        self._highs.load(laid.matrix.copy(), laid.columns, laid.rows, np.zeros(len(laid.whole), bool), laid.fine)

    def _hold_shortage(self) -> None:
        """Keep to the plans that leave no more short: without any slack where the program is linear."""
        costs = self.asked.costs("shortage")
        if self.layout.whole.any():
            plan = self.layout.widened(self.asked.solution.x)
            self.columns = hold_value(self._highs, costs * scale_of(costs), plan, self.columns)
            return
        outcome, self.columns = settle_surely(self._highs, costs, self.columns)
        self._finished(outcome)
        self._highs.forget_basis()

    def _hold_cost(self) -> None:
        """Let no plan cost more than allowed, and begin at the cheapest one."""
        highs, costs = self._highs, self.asked.costs("cost")
        scale = scale_of(costs * highs.units.column)
        highs.add_rows(sparse.csr_array(costs[None, :] * scale), np.array([self.asked.most * scale + FEASIBILITY]))
        highs.set_costs(costs * scale)
        self._finished(highs.run())
        highs.go_on(primal=True)

    @property
    def unit(self) -> Reals:
        """Tonnes in which each sum is solved."""
        unit: Reals = self._highs.units.column[self.layout.sums]
        return unit

    @property
    def relaxed(self) -> Near:
        """The same without whole numbers."""
        return self

    def least(self, costs: Reals, known: float = np.inf) -> Extreme:
        """Return the plan with the least of some costs, which are of all columns.

        Parameters
        ----------
        known : the least of any plan that was seen before.

        Raises
        ------
        SolverError : the solver finds no plan although there is one, or its prices do not prove what it found.
        StoppedEarly : the time is up, or somebody asked for an end.
        """
        del known
        scale = scale_of(costs * self._highs.units.column)
        for run in (self._highs.run, self._highs.run_plainly):
            self._highs.set_costs(costs * scale)
            outcome = self._kept(run)
            value = float(costs @ outcome.x)
            bound = bound_of(self._highs, outcome, costs * scale, self.columns) / scale
            size = max(float(np.abs(costs) @ np.abs(outcome.x)), 1.0 / scale)
            if value - bound <= CLOSE * size:
                self._tidy(outcome)
                return Extreme(value, value, outcome.x)
        if value - bound <= FAR * size:
            return Extreme(value, bound, outcome.x)
        raise SolverError(_UNPROVEN)

    def _kept(self, run: Callable[[], Outcome]) -> Outcome:
        """Run until the plan keeps every square; the tangents that this takes hold for every plan and stay."""
        for _ in range(ROUNDS):
            outcome = self._finished(run())
            if not self._cut(outcome.x):
                self._highs.go_on(primal=True)
                return outcome
            self._highs.go_on(primal=False)
        raise SolverError(CURVED)

    def _tidy(self, outcome: Outcome) -> None:
        """Take tangents away that hold nothing at a plan, once they are many."""
        first = self._budget + 1
        if len(outcome.row) - first > MANY:
            room = self._highs.units.row[first:] * FEASIBILITY
            loose = outcome.row[first:] < self._highs.rows[1][first:] - room
            self._highs.drop_rows(first + np.flatnonzero(loose & (outcome.row_dual[first:] == 0)))

    def _cut(self, x: Reals) -> bool:
        """Add the tangents at a plan that breaks a square; say whether there were any."""
        model, highs = self.asked.formulation, self._highs
        tangents = broken(model, x[: model.shape[1]], model.row_upper)
        if len(tangents.share):
            rows = rows_of(model, tangents)
            unit = highs.units.column[rows.indices[::3]]
            more = sparse.csr_array((rows.shape[0], len(self.asked.counted) + 1))
            wider = sparse.csr_array(sparse.hstack([rows, more]))
            highs.add_rows(wider, np.zeros(rows.shape[0]), unit)
        return len(tangents.share) > 0

    def _finished(self, outcome: Outcome) -> Outcome:
        self.solves += 1
        if outcome.status == "stopped":
            raise StoppedEarly("interrupted; nothing was written" if self.options.stop() else STOPPED)
        if outcome.status != "optimal":
            raise SolverError(_LOST)
        return outcome

    def tell(self, row: int, a: Reals, b: float) -> None:
        """Ask of a plan that reserve + a · (sums that tell plans apart) <= b, in one of the rows for that."""
        at = self.layout.telling[row]
        places = self.layout.places(row)
        self._highs.set_coefficients(places, np.full(len(places), at), a)
        self._highs.set_row_bounds(np.array([at]), np.array([-np.inf]), np.array([b]))

    def reserve(self, least: float, most: float) -> None:
        """Say how large the reserve may be."""
        lower, upper = (side.copy() for side in self.columns)
        lower[-1], upper[-1] = least, most
        self.columns = lower, upper
        self._highs.set_column_bounds(lower, upper)

    def cheapest(self, x: Reals) -> Solution:
        """Return the cheapest plan with what is asked of it now, ties broken as always; prices are those beside it.

        Parameters
        ----------
        x : a plan that is as asked; what it decides in whole numbers stays.
        """
        del x
        return self._cheapest(self.columns)

    def _cheapest(self, columns: Bounds) -> Solution:
        highs, costs, inf = self._highs, self.asked.costs("cost"), np.array([np.inf])
        weights = self.layout.widened(tie_weights(self.asked.formulation))
        highs.set_row_bounds(np.array([self._budget]), -inf, inf)
        for _ in range(ROUNDS):
            sides = highs.rows[0].copy(), highs.rows[1].copy()
            outcome, bounds = settle_surely(highs, costs, columns)
            level = self._finished(outcome)
            final = break_ties(highs, weights, level, bounds)
            self._back(columns, sides)
            if not self._cut(final.x):
                break
        else:
            raise SolverError(CURVED)
        scale = scale_of(costs * highs.units.column)
        highs.set_row_bounds(np.array([self._budget]), -inf, np.array([self.asked.most * scale + FEASIBILITY]))
        return self._solution(level, final)

    def _back(self, columns: Bounds, sides: Bounds) -> None:
        """Undo what a solve has held."""
        highs, count = self._highs, len(sides[0])
        rows = np.flatnonzero((highs.rows[0][:count] != sides[0]) | (highs.rows[1][:count] != sides[1]))
        highs.set_row_bounds(rows, sides[0][rows], sides[1][rows])
        highs.set_column_bounds(*columns)

    def _solution(self, level: Outcome, final: Outcome) -> Solution:
        model = self.asked.formulation
        rows, count = model.shape
        x = final.x[:count]
        bound = self.asked.solution.level("cost").bound
        own = Level("cost", level.objective, bound, level.row_dual[:rows], level.column_dual[:count])
        levels = (*(each for each in self.asked.solution.levels if each.name != "cost"), own)
        solution = Solution("optimal", x, model.matrix @ x, levels, self._highs.units.column[:count])
        return squared(model, solution) if model.cones else solution
