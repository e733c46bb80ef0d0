"""Warm-started re-solves of one linear program with some of its cells changed, each from its own basis."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.common_index import Change
from sourcing.engine.cones import units_of_cones
from sourcing.engine.program import Program
from sourcing.engine.session import Session
from sourcing.errors import SolverError
from sourcing.studies.tornado.cold_solve import SQUARED, Answer

if TYPE_CHECKING:
    import highspy
    from numpy.typing import NDArray

    from sourcing.engine.common_index import Cells
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solver_result import Outcome
    from sourcing.studies.tornado.cold_solve import Held

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

_ROUNDS = 60
_SAME = 1e-10
"""Part of the cost by which a plan may be above what is proven and still be the best."""
_ROUNDING = 1e-12
"""Part of the largest price that is a rounding error."""
_KEEPS = 1e-9
"""Part of what meets in a row by which a plan may break it and still keep it."""


class Nearby:
    """A program without whole numbers, at hand to be solved with other cells.

    ``best`` is the answer as it stands. ``solves`` counts what was solved, each for all objectives.
    """

    def __init__(self, form: Formulation, cells: Cells, minimize: tuple[str, ...], options: SolverOptions) -> None:
        self._form, self._cells, self._minimize = form, cells, minimize
        block = form.columns.get("short")
        self._short = np.empty(0, np.int64) if block is None else block.ids
        fine = np.append(units_of_cones(form), np.full(cells.columns - form.shape[1], np.nan))
        bounds = (cells.part("column_lower"), cells.part("column_upper"))
        program = Program(cells.matrix, bounds, _sides(cells), np.zeros(cells.columns, bool))
        self._session = Session(program, options, fine)
        self._bases: dict[str, highspy.HighsBasis] = {}
        self._content = minimize[0] == "shortage"
        self.solves = 0
        self._last = np.empty(0)
        self._anchor: tuple[Reals, Reals] | None = None
        self.best = self._answered(cells, None)
        self._content &= self.best.shortage == 0.0

    def solve(self, change: Change, held: Held | None = None) -> Answer:
        """Return the best plan with some cells changed, and with some columns held; ties stay as they fall.

        Where the columns cannot be held, as much of them is kept as can be, before anything else is minimised.
        """
        cells = self._cells.with_change(change)
        with self._session.with_entries(*self._cells.entries(change)):
            return self._answered(cells, held)

    def anchor(self, held: Held) -> Answer:
        """Return the best plan as it stands with some columns held: from now on it is tried first (see ``beside``)."""
        nothing = Change(np.empty(0, np.int64), np.empty(0))
        kept = self.solve(nothing, held)
        if not kept.dropped and kept.x is not None and self._proven(self._cells, kept.x, self._last) is not None:
            self._anchor = (kept.x, self._last)
        return kept

    def beside(self, change: Change, held: Held) -> tuple[Answer, Answer]:
        """Return the best plan with a change, and the best one with some columns held.

        Where duals prove a plan that holds them to be the best of all, it is both: that as it stands, then that with
        the change.
        """
        cells = self._cells.with_change(change)
        if self._anchor is not None and (same := self._proven(cells, *self._anchor)) is not None:
            return same, same
        kept = self.solve(change, held)
        if not kept.dropped and (free := self._proven(cells, kept.x, self._last)) is not None:
            return free, kept
        return self.solve(change), kept

    def _proven(self, cells: Cells, x: Reals | None, dual: Reals) -> Answer | None:
        """Return a plan without shortage as the best if it keeps all rows and its duals prove that none costs less."""
        if x is None or (self._minimize[0] == "shortage" and (not self._content or x[self._short].any())):
            return None
        lower, upper, matrix = cells.part("column_lower"), self._capped(cells), cells.matrix
        low, high, dual = cells.part("row_lower"), cells.part("row_upper"), dual[: cells.rows]
        activity, room = matrix @ x, _KEEPS * (1.0 + abs(matrix) @ np.abs(x))
        breaks = ((activity < low - room) | (activity > high + room)).any()
        if self._form.cones or breaks or ((x < lower - _KEEPS) | (x > upper + _KEEPS)).any():
            return None
        cost = float(cells.part("cost") @ x)
        least = _least(dual, low, high) + _least(cells.part("cost") - matrix.T @ dual, lower, upper)
        return _answer(cells, x) if least >= cost - _SAME * max(abs(cost), 1.0) else None

    def _capped(self, cells: Cells) -> Reals:
        upper = cells.part("column_upper").copy()
        if self._content:
            upper[self._short] = 0.0
        return upper

    def _answered(self, cells: Cells, held: Held | None) -> Answer:
        """Solve, and again with the tangents that the plan asks for, if there are squares to keep."""
        for _ in range(_ROUNDS):
            answer = self._once(cells, held)
            if not self._form.cones or answer.x is None:
                return answer
            if not self._session.cut(self._form, answer.x):
                return replace(answer, bound=answer.cost - SQUARED * abs(answer.cost))
            self._bases.clear()
        raise SolverError(f"after {_ROUNDS} rounds of tangents a plan is still above a limit on concentration")

    def _once(self, cells: Cells, held: Held | None) -> Answer:
        self.solves += 1
        bounds = cells.part("column_lower"), cells.part("column_upper")
        if held is None:
            return self._in_order(cells, bounds)
        return held.answered(bounds, partial(self._in_order, cells), partial(self._keeping_most, cells, held))

    def _keeping_most(self, cells: Cells, held: Held, bounds: Bounds, wish: Reals) -> Answer:
        """Keep as much of the held columns as can be, then minimise as ever."""
        self._session.ask(bounds, _sides(cells))
        self._session.begin()
        outcome = self._session.settle(wish)
        if outcome.status != "optimal":
            return Answer(outcome.status)
        return replace(self._levels(cells, fresh=True), dropped=held.dropped(outcome.x))

    def _in_order(self, cells: Cells, bounds: Bounds) -> Answer:
        if self._content:
            capped = bounds[1].copy()
            capped[self._short] = np.minimum(capped[self._short], 0.0)
            self._session.ask((bounds[0], capped), _sides(cells))
            outcome = self._run("content", cells.part("cost"))
            if outcome.status == "optimal":
                return _answer(cells, outcome.x)
            if outcome.status != "infeasible":
                return Answer(outcome.status)
        self._session.ask(bounds, _sides(cells))
        return self._levels(cells)

    def _levels(self, cells: Cells, *, fresh: bool = False) -> Answer:
        """Minimise the objectives in order within what the solver holds."""
        outcome = None
        for name in self._minimize:
            outcome = self._run("" if fresh else name, cells.part(name))
            if outcome.status != "optimal":
                return Answer(outcome.status)
        assert outcome is not None  # a question minimises something
        return _answer(cells, outcome.x)

    def _run(self, basis: str, costs: Reals) -> Outcome:
        """Minimise from the basis that this objective ended with the first time."""
        self._session.begin(self._bases.get(basis))
        outcome = self._session.settle(costs)
        if outcome.status == "optimal" and basis:
            self._bases.setdefault(basis, self._session.highs.basis)
        self._last = outcome.row_dual
        return outcome


def _sides(cells: Cells) -> Bounds:
    return cells.part("row_lower"), cells.part("row_upper")


def _answer(cells: Cells, x: Reals) -> Answer:
    cost = float(cells.part("cost") @ x)
    return Answer("optimal", float(cells.part("shortage") @ x), cost, cost, x)


def _least(price: Reals, lower: Reals, upper: Reals) -> float:
    """Return the least that prices times what lies between bounds come to; a price that is rounding counts nothing."""
    at = np.where(price > 0, lower, upper)
    counted = np.abs(price) > np.where(np.isinf(at), _ROUNDING * np.abs(price).max(initial=0.0), 0.0)
    return float(np.sum(price[counted] * at[counted]))
