"""One linear program, loaded once and solved again with some of its cells changed, each time from its own basis."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.adjustable import Adjustable
from sourcing.engine.cold_solve import SQUARED, Answer
from sourcing.engine.common_index import Change
from sourcing.engine.cones import broken, rows_of, units_of_cones
from sourcing.engine.proof import settle_surely
from sourcing.errors import SolverError

if TYPE_CHECKING:
    import highspy
    from numpy.typing import NDArray

    from sourcing.engine.cold_solve import Held
    from sourcing.engine.common_index import Cells
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solver_result import Outcome

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
        self._highs = Adjustable(options)
        block = form.columns.get("short")
        self._short = np.empty(0, np.int64) if block is None else block.ids
        fine = np.append(units_of_cones(form), np.full(cells.columns - form.shape[1], np.nan))
        bounds = (cells.part("column_lower"), cells.part("column_upper"))
        rows = (cells.part("row_lower"), cells.part("row_upper"))
        self._highs.load(cells.matrix, bounds, rows, np.zeros(cells.columns, bool), fine)
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
        row, column, old, new = self._cells.entries(change)
        self._highs.set_entries(row, column, new)
        try:
            return self._answered(cells, held)
        finally:
            self._highs.set_entries(row, column, old)

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
            own = answer.x[: self._form.shape[1]]
            tangents = broken(self._form, own, self._form.row_upper)
            if not len(tangents.share):
                return replace(answer, bound=answer.cost - SQUARED * abs(answer.cost))
            own_rows = rows_of(self._form, tangents)
            sides = (own_rows.data, own_rows.indices, own_rows.indptr)
            rows = sparse.csr_array(sides, shape=(own_rows.shape[0], cells.columns))
            self._highs.add_rows(rows, np.zeros(rows.shape[0]), self._highs.units.column[rows.indices[::3]])
            self._bases.clear()
        raise SolverError(f"after {_ROUNDS} rounds of tangents a plan is still above a limit on concentration")

    def _once(self, cells: Cells, held: Held | None) -> Answer:
        self.solves += 1
        lower, upper = cells.part("column_lower").copy(), cells.part("column_upper").copy()
        if held is not None:
            fits = (held.value >= lower[held.column]) & (held.value <= upper[held.column])
            if fits.all():
                lower[held.column] = upper[held.column] = held.value
                answer = self._in_order(cells, (lower, upper))
                if answer.status != "infeasible":
                    return answer
                lower[held.column] = cells.part("column_lower")[held.column]
            return self._keeping_most(cells, (lower, upper), held)
        return self._in_order(cells, (lower, upper))

    def _keeping_most(self, cells: Cells, bounds: Bounds, held: Held) -> Answer:
        """Keep as much of the held columns as can be, then minimise as ever."""
        lower, upper = bounds
        upper[held.column] = np.minimum(cells.part("column_upper")[held.column], held.value)
        wish = np.zeros(cells.columns)
        wish[held.column] = -1.0
        self._restore(cells, (lower, upper))
        self._highs.forget_basis()
        outcome, bounds = settle_surely(self._highs, wish, (lower, upper))
        if outcome.status != "optimal":
            return Answer(outcome.status)
        answer = self._levels(cells, bounds, fresh=True)
        return replace(answer, dropped=held.dropped(outcome.x))

    def _in_order(self, cells: Cells, bounds: Bounds) -> Answer:
        if self._content:
            capped = bounds[1].copy()
            capped[self._short] = np.minimum(capped[self._short], 0.0)
            self._restore(cells, (bounds[0], capped))
            outcome = self._run("content", cells.part("cost"), (bounds[0], capped))[0]
            if outcome.status == "optimal":
                return _answer(cells, outcome.x)
            if outcome.status != "infeasible":
                return Answer(outcome.status)
        self._restore(cells, bounds)
        return self._levels(cells, bounds)

    def _levels(self, cells: Cells, bounds: Bounds, *, fresh: bool = False) -> Answer:
        """Minimise the objectives in order within what the solver holds."""
        outcome = None
        for name in self._minimize:
            outcome, bounds = self._run("" if fresh else name, cells.part(name), bounds)
            if outcome.status != "optimal":
                return Answer(outcome.status)
        assert outcome is not None  # a question minimises something
        return _answer(cells, outcome.x)

    def _run(self, basis: str, costs: Reals, bounds: Bounds) -> tuple[Outcome, Bounds]:
        """Minimise from the basis that this objective ended with the first time."""
        if basis in self._bases:
            self._highs.start_at(self._bases[basis])
        else:
            self._highs.forget_basis()
        outcome, bounds = settle_surely(self._highs, costs, bounds)
        if outcome.status == "optimal" and basis and basis not in self._bases:
            self._bases[basis] = self._highs.basis
        self._last = outcome.row_dual
        return outcome, bounds

    def _restore(self, cells: Cells, bounds: Bounds) -> None:
        """Give back to every row and column the bounds that an earlier solve has narrowed."""
        low, high = self._highs.rows
        cuts = len(low) - cells.rows
        lower = np.append(cells.part("row_lower"), np.full(cuts, -np.inf))
        upper = np.append(cells.part("row_upper"), np.zeros(cuts))
        rows = np.flatnonzero((low != lower) | (high != upper))
        self._highs.set_row_bounds(rows, lower[rows], upper[rows])
        self._highs.set_column_bounds(*bounds)


def _answer(cells: Cells, x: Reals) -> Answer:
    cost = float(cells.part("cost") @ x)
    return Answer("optimal", float(cells.part("shortage") @ x), cost, cost, x)


def _least(price: Reals, lower: Reals, upper: Reals) -> float:
    """Return the least that prices times what lies between bounds come to; a price that is rounding counts nothing."""
    at = np.where(price > 0, lower, upper)
    counted = np.abs(price) > np.where(np.isinf(at), _ROUNDING * np.abs(price).max(initial=0.0), 0.0)
    return float(np.sum(price[counted] * at[counted]))
