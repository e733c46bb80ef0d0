"""Warm-started re-solves: a linear or mixed-integer program is handed over once and solved again with overlays.

An overlay is other costs, other bounds, other coefficients or further rows. Bounds are of two kinds: what is asked for,
and what a solve holds beyond that (the optimal face of an objective, whole numbers), which can be undone or kept.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.adjustable import Adjustable
from sourcing.engine.cones import broken, rows_of, units_of_cones
from sourcing.engine.exact import LEAST, Searching, proven, search_exactly
from sourcing.engine.forcing_rows import forced
from sourcing.engine.mixed_integer import hold_value
from sourcing.engine.postsolve import Duals, Postsolve, sayable_first, undecided_first
from sourcing.engine.program import ArrayModel, program_of
from sourcing.engine.proof import run_surely, settle_surely
from sourcing.engine.rounds import scale_of
from sourcing.engine.solve import solve
from sourcing.engine.solve_linear import CONTRADICTION, Level, Solution, hidden_rows_named
from sourcing.engine.ties import break_ties
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import highspy
    from numpy.typing import NDArray

    from sourcing.engine.cones import Tangents
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.program import Program
    from sourcing.engine.solver_result import Outcome

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]


class Session:
    """One instance of the solver with one program, which is asked for again and again, each time a little different.

    ``columns`` and ``rows`` are the bounds that are asked for. What a solve holds beyond them stands until ``restore``
    undoes it, or ``keep`` asks for it too. Every run goes on from where the last one ended, unless ``begin`` says from
    where.

    Parameters
    ----------
    fine : units of some columns, NaN for the others.
    scaled : whether the solver may scale the program once more.
    """

    def __init__(
        self, program: Program, options: SolverOptions, fine: Reals | None = None, *, scaled: bool = True
    ) -> None:
        self.highs, self.whole = Adjustable(options), program.whole
        if not scaled:
            self.highs.leave_units()
        self.highs.load(*program, fine)
        self._postsolve: Postsolve | None = None
        self._kept: Postsolve | None = None
        self.keep()

    @classmethod
    def of(cls, formulation: Formulation, options: SolverOptions) -> Session:
        """Load a formulation as it is.

        Raises
        ------
        SolverError : some of its rows cannot be handed over as they are; it names them.
        """
        with hidden_rows_named(formulation):
            return cls(program_of(ArrayModel(formulation)), options, units_of_cones(formulation))

    def keep(self) -> None:
        """Ask from now on for what solves have held."""
        self.columns, self.rows = self.highs.columns, (self.highs.rows[0].copy(), self.highs.rows[1].copy())
        self._kept = self._postsolve

    def restore(self) -> None:
        """Undo what solves have held: every bound is what was asked for."""
        highs, (lower, upper) = self.highs, self.rows
        moved = np.flatnonzero((highs.rows[0] != lower) | (highs.rows[1] != upper))
        highs.set_row_bounds(moved, lower[moved], upper[moved])
        if any(now is not asked for now, asked in zip(highs.columns, self.columns, strict=True)):
            highs.set_column_bounds(*self.columns)
        self._postsolve = self._kept and self._kept.afresh()

    def ask(self, columns: Bounds, rows: Bounds) -> None:
        """Ask for other bounds of all columns, and of as many of the first rows as there are sides."""
        self.columns = columns
        for own, side in zip(self.rows, rows, strict=True):
            own[: len(side)] = side
        self.restore()

    def ask_columns(self, lower: Reals, upper: Reals) -> None:
        """Ask for other bounds of all columns."""
        self.columns, self._postsolve, self._kept = (lower, upper), None, None
        self.highs.set_column_bounds(lower, upper)

    def ask_rows(self, rows: Ints, lower: Reals, upper: Reals) -> None:
        """Ask for other bounds of some rows."""
        self.rows[0][rows], self.rows[1][rows] = lower, upper
        self.highs.set_row_bounds(rows, lower, upper)

    def add_rows(self, rows: sparse.csr_array, upper: Reals, unit: Reals | float = 1.0) -> None:
        """Ask that rows · x <= upper; rows may lack the last columns; ``unit`` is what 1 in each of them is worth."""
        wide = sparse.csr_array((rows.data, rows.indices, rows.indptr), shape=(len(upper), len(self.whole)))
        self.highs.add_rows(wide, upper, unit)
        self.rows = np.append(self.rows[0], np.full(len(upper), -np.inf)), np.append(self.rows[1], upper)

    def drop_rows(self, rows: Ints) -> None:
        """Ask no longer for rows that hold nothing where the last solve ended; the others are numbered anew."""
        self.highs.drop_rows(rows)
        self._postsolve = self._kept = None
        self.rows = np.delete(self.rows[0], rows), np.delete(self.rows[1], rows)

    @contextmanager
    def with_entries(self, rows: Ints, columns: Ints, values: Reals) -> Iterator[None]:
        """Let some coefficients be others for a while."""
        before = self.highs.entries(rows, columns)
        self.highs.set_entries(rows, columns, values)
        try:
            yield
        finally:
            self.highs.set_entries(rows, columns, before)

    def begin(self, basis: highspy.HighsBasis | None = None) -> None:
        """Start the next run from a basis, or afresh: after a change of objective presolve beats the old one."""
        if basis is None:
            self.highs.forget_basis()
        else:
            self.highs.start_at(basis)

    def settle(self, costs: Reals) -> Outcome:
        """Minimise costs of continuous columns, and hold their least, without any slack.

        The duals are those of what is asked for: what rows hold for want of room is worth a price of theirs.

        Raises
        ------
        SolverError : prices do not prove it, whichever way it is solved.
        """
        found, highs = settle_surely(self.highs, costs, self.highs.columns)[0], self.highs
        if self._postsolve is None or found.status != "optimal":
            return found
        duals = Duals(found.row_dual, found.column_dual)
        row, column = self._postsolve.duals(highs.matrix, costs, highs.units.column, duals)
        return replace(found, row_dual=row, column_dual=column)

    def minimise(self, costs: Reals) -> Outcome:
        """Minimise costs, with whole numbers or without, and hold the whole numbers and the least beside them.

        Raises
        ------
        SolverError : it is not proven, or the solver finds no plan with the whole numbers of one that it found.
        """
        if not self.whole.any():
            return self.settle(costs)
        found = self.least(costs)
        if found.status != "optimal":
            return found
        self.hold_whole(found.x)
        settled = self.settle(costs)
        if settled.status == "infeasible":  # of the numbers that a search found a plan with: nothing is known then
            raise SolverError(CONTRADICTION)
        return replace(settled, bound=min(found.bound, settled.objective))

    def least(self, costs: Reals, sharp: Callable[[Callable[[], Outcome]], Outcome] | None = None) -> Outcome:
        """Minimise costs, with whole numbers or without, and hold nothing; what is found is proven.

        Parameters
        ----------
        sharp : lets a way of solving continuous columns run, if it is to be more than once.

        Raises
        ------
        SolverError : it is not.
        """
        if not self.whole.any():
            self.highs.set_costs(costs)
            ways = self.highs.run, self.highs.run_plainly
            runs = ways if sharp is None else (partial(sharp, way) for way in ways)
            return run_surely(self.highs, costs, self.highs.columns, runs)
        scale = scale_of(costs * self.highs.units.column)
        found = proven(self.highs, self.search(costs * scale))
        return replace(found, objective=found.objective / scale, bound=found.bound / scale)

    def search(
        self,
        costs: Reals,
        run: Callable[[], Outcome] | None = None,
        settle: Callable[[], Outcome] | None = None,
        slack: float | None = None,
    ) -> Outcome:
        """Search for whole numbers with the least of some costs, as handed over; see ``engine.exact``.

        Parameters
        ----------
        run, settle : how to solve what the solver holds by then, with whole numbers and without.
        slack : how far plan and bound may be apart; what is told so is too long to be searched twice.
        """
        self.highs.set_costs(costs)
        how, within = run or self.highs.run, LEAST if slack is None else slack
        settled, once = settle or self.highs.run, slack is not None
        return search_exactly(
            Searching(self.highs, self.whole, costs, self.columns, lambda _: how(), settled, within, once)
        )

    def without_ties(self, weights: Reals, best: Outcome) -> Outcome:
        """Return of the plans that are equally good the one that moves least by weights of the columns."""
        return break_ties(self.highs, weights, best, self.highs.columns)

    def hold_whole(self, x: Reals, formulation: Formulation | None = None) -> None:
        """Hold the whole numbers of a plan: what is left is linear.

        Parameters
        ----------
        formulation : whose rows the first ones are, if they are; it says which of them are to have a price.
        """
        lower, upper = (side.copy() for side in self.columns)
        lower[self.whole] = upper[self.whole] = np.round(x[self.whole])
        held = forced(self.highs.matrix, self.highs.rows, (lower, upper))
        if held is not None:
            matrix = self.highs.matrix
            order = (
                sayable_first(formulation, matrix, self.whole) if formulation else undecided_first(matrix, self.whole)
            )
            self._postsolve = Postsolve(held, order)
        self.highs.settle_whole()
        self.highs.set_column_bounds(*((lower, upper) if held is None else held.bounds))

    def ask_least(self, costs: Reals) -> Outcome:
        """Minimise costs, and ask from then on for no more than the least; beside whole numbers, by a row."""
        found = self.least(costs) if self.whole.any() else self.settle(costs)
        if found.status == "optimal" and self.whole.any():
            self.ask_at_most(costs, found.x)
        elif found.status == "optimal":
            self.keep()
        return found

    def ask_at_most(self, costs: Reals, x: Reals) -> None:
        """Ask for no more of an objective than a plan has, which has the least."""
        hold_value(self.highs, costs * scale_of(costs), x, self.columns)
        self.keep()

    def touch(self, formulation: Formulation, tangents: Tangents) -> bool:
        """Ask that squares are above tangents; say whether there are any."""
        rows = rows_of(formulation, tangents)
        if len(tangents.share):
            self.add_rows(rows, np.zeros(rows.shape[0]), self.highs.units.column[rows.indices[::3]])
        return len(tangents.share) > 0

    def cut(self, formulation: Formulation, x: Reals) -> bool:
        """Add the tangents at a plan that breaks a square of a formulation; say whether there were any."""
        return self.touch(formulation, broken(formulation, x[: formulation.shape[1]], formulation.row_upper))


def solver_of_variants(
    formulation: Formulation, minimize: tuple[str, ...], options: SolverOptions
) -> Callable[[Formulation], Solution]:
    """Return how to minimise objectives in order of formulations that have other costs or bounds than this one.

    All on one session, if it is linear. Ties stay as they fall, so only what is minimised is unique.
    """
    if formulation.whole.any() or formulation.cones:
        return lambda variant: solve(ArrayModel(variant), minimize, options)
    session = Session.of(formulation, options)
    return lambda variant: _in_order(session, variant, minimize)


def _in_order(session: Session, variant: Formulation, minimize: tuple[str, ...]) -> Solution:
    rows = variant.row_lower, variant.row_upper
    session.ask((variant.column_lower, variant.column_upper), rows)
    levels: list[Level] = []
    for name in minimize:
        session.begin()
        found = session.settle(variant.objectives[name])
        if found.status != "optimal":
            return Solution(found.status, found.x, found.row, tuple(levels), proof=found.proof)
        levels.append(Level(name, found.objective, found.bound, found.row_dual, found.column_dual))
    return Solution("optimal", found.x, found.row, tuple(levels), session.highs.units.column)
