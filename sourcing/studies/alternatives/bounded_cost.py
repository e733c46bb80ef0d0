"""Near-optimal space: no more short than in the plan, no dearer than allowed, and any sum of arrivals to push."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.outer_approximation import squared
from sourcing.engine.program import Program
from sourcing.engine.proof import bound_of
from sourcing.engine.rounds import FEASIBILITY, scale_of
from sourcing.engine.session import Session
from sourcing.engine.solve_linear import Level, Solution
from sourcing.engine.ties import tie_weights
from sourcing.errors import SolverError, StoppedEarly
from sourcing.studies.alternatives.asked import Extreme
from sourcing.studies.alternatives.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solver_result import Outcome
    from sourcing.studies.alternatives.asked import Asked

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
        self._session = Session(self._program(), options, self.layout.fine)
        if asked.minimize[0] == "shortage":
            self._hold_shortage()
        self._budget = len(self._session.rows[0])
        self._hold_cost()

    def _program(self) -> Program:
        laid = self.layout
        return Program(laid.matrix.copy(), laid.columns, laid.rows, np.zeros(len(laid.whole), bool))

    def _hold_shortage(self) -> None:
        """Keep to the plans that leave no more short: without any slack where the program is linear."""
        costs = self.asked.costs("shortage")
        if self.layout.whole.any():
            self._session.ask_at_most(costs, self.layout.widened(self.asked.solution.x))
            return
        self._finished(self._session.ask_least(costs))
        self._session.begin()

    def _hold_cost(self) -> None:
        """Let no plan cost more than allowed, and begin at the cheapest one."""
        highs, scale = self._session.highs, self._ask_budget()
        highs.set_costs(self.asked.costs("cost") * scale)
        self._finished(highs.run())
        highs.go_on(primal=True)

    def _ask_budget(self) -> float:
        """Ask for no more than the most that a plan may cost; return the scale of the costs there."""
        costs = self.asked.costs("cost")
        scale = scale_of(costs * self._session.highs.units.column)
        self._session.add_rows(sparse.csr_array(costs[None, :] * scale), self._most(scale))
        return scale

    def _most(self, scale: float) -> Reals:
        return np.array([self.asked.most * scale + FEASIBILITY])

    @property
    def columns(self) -> Bounds:
        """Bounds of all columns, as they are asked for."""
        return self._session.columns

    @property
    def unit(self) -> Reals:
        """Tonnes in which each sum is solved."""
        unit: Reals = self._session.highs.units.column[self.layout.sums]
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
        highs = self._session.highs
        scale = scale_of(costs * highs.units.column)
        for run in (highs.run, highs.run_plainly):
            highs.set_costs(costs * scale)
            outcome = self._kept(run)
            value = float(costs @ outcome.x)
            bound = bound_of(highs, outcome, costs * scale, self.columns) / scale
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
                self._session.highs.go_on(primal=True)
                return outcome
            self._session.highs.go_on(primal=False)
        raise SolverError(CURVED)

    def _tidy(self, outcome: Outcome) -> None:
        """Take tangents away that hold nothing at a plan, once they are many."""
        first, highs = self._budget + 1, self._session.highs
        if len(outcome.row) - first > MANY:
            room = highs.units.row[first:] * FEASIBILITY
            loose = outcome.row[first:] < highs.rows[1][first:] - room
            self._session.drop_rows(first + np.flatnonzero(loose & (outcome.row_dual[first:] == 0)))

    def _cut(self, x: Reals) -> bool:
        """Add the tangents at a plan that breaks a square; say whether there were any."""
        return self._session.cut(self.asked.formulation, x)

    def _finished(self, outcome: Outcome) -> Outcome:
        self.solves += 1
        if outcome.status == "stopped":
            raise StoppedEarly("interrupted; nothing was written" if self.options.stop() else STOPPED)
        if outcome.status != "optimal":
            raise SolverError(_LOST)
        return outcome

    def tell(self, row: int, a: Reals, b: float) -> None:
        """Ask of a plan that reserve + a · (sums that tell plans apart) <= b, in one of the rows for that."""
        at, places = self.layout.telling[row], self.layout.places(row)
        self._session.highs.set_coefficients(places, np.full(len(places), at), a)
        self._session.ask_rows(np.array([at]), np.array([-np.inf]), np.array([b]))

    def reserve(self, least: float, most: float) -> None:
        """Say how large the reserve may be."""
        lower, upper = (side.copy() for side in self.columns)
        lower[-1], upper[-1] = least, most
        self._session.ask_columns(lower, upper)

    def cheapest(self, x: Reals) -> Solution:
        """Return the cheapest plan with what is asked of it now, ties broken as always; prices are those beside it.

        Parameters
        ----------
        x : a plan that is as asked; what it decides in whole numbers stays.
        """
        del x
        session, costs, inf = self._session, self.asked.costs("cost"), np.array([np.inf])
        weights, budget = self.layout.widened(tie_weights(self.asked.formulation)), np.array([self._budget])
        session.ask_rows(budget, -inf, inf)
        for _ in range(ROUNDS):
            level = self._finished(session.settle(costs))
            final = session.without_ties(weights, level)
            session.restore()
            if not self._cut(final.x):
                break
        else:
            raise SolverError(CURVED)
        session.ask_rows(budget, -inf, self._most(scale_of(costs * session.highs.units.column)))
        return self._solution(level, final)

    def _solution(self, level: Outcome, final: Outcome) -> Solution:
        model = self.asked.formulation
        rows, count = model.shape
        x = final.x[:count]
        bound = self.asked.solution.level("cost").bound
        own = Level("cost", level.objective, bound, level.row_dual[:rows], level.column_dual[:count])
        levels = (*(each for each in self.asked.solution.levels if each.name != "cost"), own)
        solution = Solution("optimal", x, model.matrix @ x, levels, self._session.highs.units.column[:count])
        return squared(model, solution) if model.cones else solution
