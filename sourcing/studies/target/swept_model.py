"""Parametric sweep of one limit: a model handed over once and solved at many values, each from the last basis."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.program import Program
from sourcing.engine.session import Session
from sourcing.engine.solve_linear import Level, Solution
from sourcing.engine.ties import tie_weights
from sourcing.errors import SolverError
from sourcing.studies.target.layout import layout_of

if TYPE_CHECKING:
    import highspy
    from numpy.typing import NDArray

    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solver_result import Outcome, Proof
    from sourcing.studies.target.parametric_limit import Dial

    Reals = NDArray[np.float64]

REACHED = 1e-6
"""A limit's value is known to this part of it."""
_ROUNDS = 50
_KEEN = 1024.0
"""Cost of what is beyond a limit: prices are kept to a tolerance, which many small columns together must not move."""
_SMALL = 1e-6


@dataclass(frozen=True, eq=False)
class Point:
    """The cheapest plan at one value of the limit.

    ``cost`` is the objective (discounted USD), ``bound`` what no plan at the value costs less than; ``price`` is by row
    of the limit: what one unit of its amount beyond the value would save; ``totals`` by row too. ``reached`` is the
    tightest value that this very plan keeps. ``nothing_short``: no plan of the search may leave anything short.
    """

    value: float
    cost: float
    solution: Solution
    price: Reals
    amounts: Reals
    totals: Reals
    reached: float
    bound: float
    nothing_short: bool

    @property
    def shortage(self) -> float:
        """Weighted tonnes short, nothing if the question does not minimise them."""
        return next((level.value for level in self.solution.levels if level.name == "shortage"), 0.0)


class Dialled:
    """One loaded program: shortage is held where it is without the limit, the limit can be set to any value.

    ``status`` is how the last search ended, that for the least shortage before any other; there are answers only if
    that is "optimal". ``proof`` is what it rests on that it is "infeasible". ``solves`` counts the runs of the solver:
    for the shortage, for plans, and for how far the limit can go. With whole numbers each plan is searched for, then
    settled with them held, and prices are those beside them.
    """

    def __init__(self, dial: Dial, minimize: tuple[str, ...], options: SolverOptions) -> None:
        self.dial, self.status = dial, "optimal"
        self.proof: Proof | None = None
        self.solves = {"shortage": 0, "plans": 0, "reach": 0}
        self._layout = laid = layout_of(dial)
        self._rows = laid.limit
        self._weight = np.ones(len(dial.rows))
        program = Program(laid.matrix.copy(), laid.columns, laid.rows, np.append(dial.formulation.whole, False))
        self._session = Session(program, options, scaled=False)
        self._weights = np.append(tie_weights(dial.formulation), 0.0)
        self._levels: list[Level] = []
        self._bases: dict[float, highspy.HighsBasis] = {}
        self._free: Point | None = None
        short = dial.formulation.columns.get("short")
        self._short = short.ids if short else np.empty(0, np.int64)
        self._served = not len(self._short)
        if minimize[0] == "shortage" and not self._nothing_short():
            self._hold_shortage()

    def _end(self, outcome: Outcome) -> None:
        """Remember how a solve ended, and of one without a plan what that rests on."""
        self.status, self.proof = outcome.status, outcome.proof

    def _nothing_short(self) -> bool:
        """Look for the cheapest plan that leaves nothing short: where there is one, it is the one without the limit.

        With whole numbers it is not looked for: one search more, and a long one where something has to be short.
        """
        if self.dial.whole:
            return False
        session, costs = self._session, self._costs("shortage")
        lower, upper = session.columns
        session.ask_columns(lower, np.where(costs > 0, 0.0, upper))
        self._served = bool((costs[self._short] > 0).all())
        self._levels = [Level("shortage", 0.0, 0.0, np.zeros(len(self._layout.order)), costs[:-1])]
        self._free = self.at(-self.dial.sign * np.inf)
        if self.status == "infeasible":
            self._levels, self._served = [], not len(self._short)
            session.ask_columns(lower, upper)
            session.begin()
        return self.status != "infeasible"

    def _hold_shortage(self) -> None:
        """Find the least shortage without the limit; keep to the plans that have no more from then on."""
        outcome = self._session.ask_least(self._costs("shortage"))
        self.solves["shortage"] += 1
        self._end(outcome)
        if self.status == "optimal":
            self._levels.append(self._level("shortage", outcome, 1.0))
        self._session.begin()

    def free(self) -> Point | None:
        """Return the cheapest plan without the limit; None if there is none."""
        return self._free or self.at(-self.dial.sign * np.inf)

    def at(self, value: float) -> Point | None:
        """Return the cheapest plan that keeps the limit at a value; None where there is none without more shortage.

        The search starts from the nearest plan that was found.
        """
        session = self._session
        self._set(value)
        if self._bases:
            session.begin(self._bases[min(self._bases, key=lambda known: abs(known - value))])
        outcome = session.minimise(self._costs("cost"))
        self.solves["plans"] += 1
        self._end(outcome)
        if outcome.status != "optimal":
            session.restore()
            return None
        if not self.dial.whole:
            self._bases[value] = session.highs.basis
        level = self._level("cost", outcome, value)
        x = session.without_ties(self._weights, outcome).x[:-1]
        session.restore()
        amounts, totals = self.dial.amounts(x), self.dial.totals(x)
        price = np.maximum(-self.dial.sign * outcome.row_dual[self._rows], 0.0)
        row, unit = self.dial.formulation.matrix @ x, session.highs.units.column[:-1]
        solution = Solution("optimal", x, row, (*self._levels, level), unit)
        reached = self.dial.reached(amounts, totals)
        return Point(value, outcome.objective, solution, price, amounts, totals, reached, outcome.bound, self._served)

    def edge(self, value: float) -> Point | None:
        """Return the cheapest plan at the tightest value; a hair looser where the solver has no answer at the edge.

        There one plan is left, and whether it is one hangs on the rounding of its coefficients.
        """
        with suppress(SolverError):
            found = self.at(value)
            if found is not None or self.status == "stopped":
                return found
        self._session.restore()
        self._bases = {}
        self._session.begin()
        return self.at(value + self.dial.sign * REACHED * max(abs(value), REACHED))

    def least(self, start: float, wanted: float | None) -> float | None:
        """Return the tightest value, up to ``wanted``, at which no more goes short than without the limit.

        Dinkelbach's iteration: at the value that the last plan keeps, the plan that stays furthest within it. It starts
        at ``start``, which some plan keeps, or at ``wanted`` if that is not None. None if it was stopped.
        """
        dial, session = self.dial, self._session
        columns, value = session.columns, start if wanted is None else wanted
        lower, upper = (side.copy() for side in columns)
        costs = np.zeros(len(lower))
        costs[-1], lower[-1], upper[-1] = _KEEN, -np.inf, np.inf
        session.begin()
        session.ask_columns(lower, upper)
        for _ in range(_ROUNDS):
            self._set(value)
            outcome = session.least(costs)
            self.solves["reach"] += 1
            self._end(outcome)
            beyond, small = outcome.objective / _KEEN, REACHED * max(abs(value), REACHED)
            if outcome.status != "optimal" or (beyond <= small if value == wanted else beyond >= -small):
                break
            x = outcome.x[:-1]
            amounts, self._weight = dial.amounts(x), np.maximum(dial.totals(x), _SMALL)
            value = dial.reached(amounts, dial.totals(x))
        self._weight = np.ones(len(dial.rows))
        session.ask_columns(*columns)
        return value if self.status == "optimal" else None

    def _set(self, value: float) -> None:
        """Set the limit to a value; an infinite one lifts it."""
        dial, session = self.dial, self._session
        none = np.full(len(self._rows), np.inf)
        if np.isinf(value):
            session.ask_rows(self._rows, -none, none)
            return
        laid = self._layout
        session.highs.set_coefficients(laid.places, laid.at, laid.coefficients(value, self._weight))
        side = value * dial.total_at - dial.amount_at
        session.ask_rows(self._rows, *((-none, side) if dial.maximum else (side, none)))

    def _costs(self, objective: str) -> Reals:
        return np.append(self.dial.formulation.objectives[objective], 0.0)

    def _level(self, name: str, outcome: Outcome, value: float) -> Level:
        """Return an objective as solved, its duals in the order and the units of the formulation."""
        order = self._layout.order
        dual = np.zeros(len(order))
        dual[order] = outcome.row_dual[: len(order)]
        dual[self.dial.rows] = self.dial.duals(dual[self.dial.rows], value if np.isfinite(value) else 0.0)
        return Level(name, outcome.objective, outcome.bound, dual, outcome.column_dual[:-1])
