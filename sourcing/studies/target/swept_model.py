"""A model that is handed over once and solved at many values of one limit, each from the basis of the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.adjustable import Adjustable
from sourcing.engine.proof import run_surely, settle_surely
from sourcing.engine.solve_linear import Level, Solution, break_ties, tie_weights
from sourcing.studies.target.layout import layout_of

if TYPE_CHECKING:
    import highspy
    from numpy.typing import NDArray

    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solver_result import Outcome, Proof
    from sourcing.studies.target.parametric_limit import Dial

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

REACHED = 1e-6
"""A limit's value is known to this part of it."""
_ROUNDS = 50
_SMALL = 1e-6


@dataclass(frozen=True, eq=False)
class Point:
    """The cheapest plan at one value of the limit.

    ``cost`` is the objective (discounted USD), ``bound`` what no plan at the value costs less than; ``price`` is by row
    of the limit: what one unit of its amount beyond the value would save; ``totals`` by row too. ``reached`` is the
    tightest value that this very plan keeps.
    """

    value: float
    cost: float
    solution: Solution
    price: Reals
    amounts: Reals
    totals: Reals
    reached: float
    bound: float

    @property
    def shortage(self) -> float:
        """Weighted tonnes short, nothing if the question does not minimise them."""
        return next((level.value for level in self.solution.levels if level.name == "shortage"), 0.0)


class Dialled:
    """One loaded program: shortage is held where it is without the limit, the limit can be set to any value.

    ``status`` is how the last search ended, that for the least shortage before any other; there are answers only if
    that is "optimal". ``proof`` is what it rests on that it is "infeasible". ``solves``
    counts the runs of the solver: for the shortage, for plans, and for how far the limit can go.
    """

    def __init__(self, dial: Dial, minimize: tuple[str, ...], options: SolverOptions) -> None:
        self.dial, self.status = dial, "optimal"
        self.proof: Proof | None = None
        self.solves = {"shortage": 0, "plans": 0, "reach": 0}
        self._layout = layout_of(dial)
        self._columns, self._rows = self._layout.columns, self._layout.limit
        self._weight = np.ones(len(dial.rows))
        self._highs = Adjustable(options)
        self._whole = np.append(dial.formulation.whole, False)
        self._highs.leave_units()
        self._highs.load(self._layout.matrix.copy(), self._columns, self._layout.rows, self._whole)
        self._weights = np.append(tie_weights(dial.formulation), 0.0)
        self._levels: list[Level] = []
        self._value = np.inf
        self._bases: dict[float, highspy.HighsBasis] = {}
        self._sides = self._highs.rows[0].copy(), self._highs.rows[1].copy()
        self._free: Point | None = None
        if minimize[0] == "shortage" and not self._nothing_short():
            self._hold_shortage()

    def _end(self, outcome: Outcome) -> None:
        """Remember how a solve ended, and of one without a plan what that rests on."""
        self.status, self.proof = outcome.status, outcome.proof

    def _nothing_short(self) -> bool:
        """Look for the cheapest plan that leaves nothing short: where there is one, it is the one without the limit."""
        costs, bounds = self._costs("shortage"), self._columns
        self._columns = bounds[0], np.where(costs > 0, 0.0, bounds[1])
        self._levels = [Level("shortage", 0.0, 0.0, np.zeros(len(self._layout.order)), costs[:-1])]
        self._back()
        self._free = self.at(-self.dial.sign * np.inf)
        if self.status == "infeasible":
            self._levels, self._columns = [], bounds
            self._back()
            self._highs.forget_basis()
        return self.status != "infeasible"

    def _hold_shortage(self) -> None:
        """Find the least shortage without the limit; keep to the plans that have no more from then on."""
        highs = self._highs
        outcome, bounds = self._least_shortage()
        self.solves["shortage"] += 1
        self._end(outcome)
        if self.status == "optimal":
            self._columns = bounds
            self._levels.append(self._level("shortage", outcome, 1.0))
        highs.forget_basis()
        self._sides = highs.rows[0].copy(), highs.rows[1].copy()

    def _least_shortage(self) -> tuple[Outcome, Bounds]:
        """Minimise the shortage and hold it; return the outcome and the column bounds that then stand."""
        return settle_surely(self._highs, self._costs("shortage"), self._columns)

    def _least_cost(self) -> tuple[Outcome, Bounds]:
        """Minimise the cost; return the outcome, its bound what is proven, and the column bounds that hold it."""
        if self._bases:
            nearest = min(self._bases, key=lambda known: abs(known - self._value))
            self._highs.start_at(self._bases[nearest])
        outcome, bounds = settle_surely(self._highs, self._costs("cost"), self._columns)
        if outcome.status == "optimal":
            self._bases[self._value] = self._highs.basis
        return outcome, bounds

    def _least_beyond(self, costs: Reals, bounds: Bounds) -> Outcome:
        """Minimise by how much the limit is exceeded."""
        highs = self._highs
        highs.set_column_bounds(*bounds)
        highs.set_costs(costs)
        return run_surely(highs, costs, bounds, (highs.run, highs.run_plainly))

    def free(self) -> Point | None:
        """Return the cheapest plan without the limit; None if there is none."""
        return self._free or self.at(-self.dial.sign * np.inf)

    def at(self, value: float) -> Point | None:
        """Return the cheapest plan that keeps the limit at a value; None where there is none without more shortage.

        The search starts from the nearest plan that was found.
        """
        highs = self._highs
        self._set(value)
        outcome, bounds = self._least_cost()
        self.solves["plans"] += 1
        self._end(outcome)
        if outcome.status != "optimal":
            self._back()
            return None
        level = self._level("cost", outcome, value)
        final = break_ties(highs, self._weights, outcome, bounds)
        self._back()
        self._set(value)
        x = final.x[:-1]
        amounts, totals = self.dial.amounts(x), self.dial.totals(x)
        price = np.maximum(-self.dial.sign * outcome.row_dual[self._rows], 0.0)
        row = self.dial.formulation.matrix @ x
        solution = Solution("optimal", x, row, (*self._levels, level), highs.units.column[:-1])
        reached = self.dial.reached(amounts, totals)
        return Point(value, outcome.objective, solution, price, amounts, totals, reached, outcome.bound)

    def least(self, start: float, wanted: float | None) -> float | None:
        """Return the tightest value, up to ``wanted``, at which no more goes short than without the limit.

        Dinkelbach's iteration: at the value that the last plan keeps, the plan that stays furthest within it. It starts
        at ``start``, which some plan keeps, or at ``wanted`` if that is not None. None if it was stopped.
        """
        dial, highs = self.dial, self._highs
        costs, value = np.zeros(len(self._columns[0])), start if wanted is None else wanted
        costs[-1] = 1.0
        lower, upper = self._columns[0].copy(), self._columns[1].copy()
        lower[-1], upper[-1] = -np.inf, np.inf
        highs.forget_basis()
        for _ in range(_ROUNDS):
            self._set(value)
            outcome = self._least_beyond(costs, (lower, upper))
            self.solves["reach"] += 1
            self._end(outcome)
            beyond, small = outcome.objective, REACHED * max(abs(value), REACHED)
            if outcome.status != "optimal" or (beyond <= small if value == wanted else beyond >= -small):
                break
            x = outcome.x[:-1]
            amounts, self._weight = dial.amounts(x), np.maximum(dial.totals(x), _SMALL)
            value = dial.reached(amounts, dial.totals(x))
        self._weight = np.ones(len(dial.rows))
        self._back()
        return value if self.status == "optimal" else None

    def _set(self, value: float) -> None:
        """Set the limit to a value; an infinite one lifts it."""
        highs, dial, self._value = self._highs, self.dial, value
        none = np.full(len(self._rows), np.inf)
        if np.isinf(value):
            highs.set_row_bounds(self._rows, -none, none)
            return
        laid = self._layout
        highs.set_coefficients(laid.places, laid.at, laid.coefficients(value, self._weight))
        side = value * dial.total_at - dial.amount_at
        highs.set_row_bounds(self._rows, *((-none, side) if dial.maximum else (side, none)))

    def _back(self) -> None:
        """Undo what a solve has held: bounds as they are at the shortage without the limit."""
        self._highs.set_column_bounds(*self._columns)
        count = len(self._sides[0])
        moved = (self._highs.rows[0][:count] != self._sides[0]) | (self._highs.rows[1][:count] != self._sides[1])
        rows = np.flatnonzero(moved)
        self._highs.set_row_bounds(rows, self._sides[0][rows], self._sides[1][rows])

    def _costs(self, objective: str) -> Reals:
        return np.append(self.dial.formulation.objectives[objective], 0.0)

    def _level(self, name: str, outcome: Outcome, value: float) -> Level:
        """Return an objective as solved, its duals in the order and the units of the formulation."""
        order = self._layout.order
        dual = np.zeros(len(order))
        dual[order] = outcome.row_dual[: len(order)]
        dual[self.dial.rows] = self.dial.duals(dual[self.dial.rows], value if np.isfinite(value) else 0.0)
        return Level(name, outcome.objective, outcome.bound, dual, outcome.column_dual[:-1])
