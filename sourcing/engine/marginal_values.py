"""One-sided marginal values: a solved program, solved again from its basis with some rows a little looser."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from sourcing.engine.basis import is_large, with_rows
from sourcing.engine.cones import broken, units_of_cones
from sourcing.engine.forcing_rows import needless
from sourcing.engine.program import program_of
from sourcing.engine.rounds import FEASIBILITY, scale_of
from sourcing.engine.session import Session
from sourcing.engine.tight_relaxation import tight_rows
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import highspy
    from numpy.typing import NDArray

    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.program import Model, Program
    from sourcing.engine.solver_result import Outcome

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

_SLACK = 1e-9
"""Part of a shortage that is held which the cost may give back."""
_FLAT = 1e-10
"""Part of an objective: where one more tangent raises it by no more, it is beyond the solver's tolerance."""
_ROUNDS = 100
"""Solves after which a plan that still breaks a square is given up."""
_WORK = 2e9
"""Steps of the simplex method, each times the rows that it looks through, that may be spent on a program: a minute's
work, and at a million columns a quarter of what its plan takes."""
_FEW = 1_000
"""Rows up to which a step takes no less."""


def steps_for(rows: int) -> int:
    """Return how many steps of the simplex method all trials on a program of so many rows may take.

    Counted in steps, not in seconds, what is tried is the same on every machine.
    """
    return int(_WORK / max(rows, _FEW))


class Looser(NamedTuple):
    """A row with other bounds and, where ``columns`` are named, other coefficients."""

    row: int
    lower: float
    upper: float
    columns: Ints
    values: Reals


class Loosened(NamedTuple):
    """What looser rows save of an objective, and with them: the columns, and the duals of all rows."""

    saved: float
    x: Reals
    row_dual: Reals


class Room:
    """A solved model with its whole numbers held, ready to be solved with a few rows looser, one objective at a time.

    Objectives before the one that is asked for are held where they are. Every solve goes on from the basis of the plan.
    ``spent`` says whether some were left untried for want of steps or of time.

    Parameters
    ----------
    model : as it was solved, with an analyst's own rules.
    x : the columns of the plan.
    minimize : the objectives in order.
    start : a basis at which the last of them is at its best, of the model as it was solved.
    """

    def __init__(
        self,
        model: Model,
        x: Reals,
        minimize: Sequence[str],
        options: SolverOptions,
        start: highspy.HighsBasis | None = None,
    ) -> None:
        self._model, self._x, self._minimize = model, x, tuple(minimize)
        self._options = replace(options, log=None, watch=None)
        self._aim, self._scale = "", 1.0
        self._bases: dict[str, tuple[float, highspy.HighsBasis] | None] = {}
        self._columns, self._held = (np.empty(0), np.empty(0)), np.empty(0, np.int64)
        self._start = start
        self._left = steps_for(model.formulation.shape[0])
        self.spent = False

    def without(self, level: str, rows: Sequence[Looser]) -> Loosened | None:
        """Return what an objective is less by where some rows are looser; None where the solver ends without a plan."""
        base = self._base(level)
        if base is None:
            return None
        value, basis = base
        number, lower, upper, columns, values = zip(*rows, strict=True)
        at = np.repeat(np.array(number, np.int64), [len(own) for own in columns])
        with self._session.with_entries(at, np.concatenate(columns), np.concatenate(values)):
            self._session.highs.set_row_bounds(np.array(number, np.int64), np.array(lower), np.array(upper))
            self._session.begin(basis)
            outcome = self._run()
        self._session.restore()
        if outcome is None:
            return None
        form = self._model.formulation
        found = float(form.objectives[level] @ outcome.x)
        return Loosened(value - found, outcome.x, outcome.row_dual[: form.shape[0]] / self._scale)

    def _base(self, level: str) -> tuple[float, highspy.HighsBasis] | None:
        """Turn to an objective; return its value and where its plan stands, before any row is looser."""
        if self._aim != level:
            self._turn_to(level)
        if level not in self._bases:
            self._session.begin(self._best() if level == self._minimize[-1] else None)
            outcome = self._run()
            value = np.nan if outcome is None else float(self._model.formulation.objectives[level] @ outcome.x)
            self._bases[level] = None if outcome is None else (value, self._session.highs.basis)
        return self._bases[level]

    def _best(self) -> highspy.HighsBasis | None:
        """Return the basis of the plan, of the program with the objectives held; None where it has tangents besides."""
        start = self._start
        if start is None or len(start.row_status) != self._held[0]:
            return None
        return with_rows(start, len(self._minimize))

    @cached_property
    def _session(self) -> Session:
        """The program as handed over, with a row behind it for each objective that may have to be held."""
        form, program = self._model.formulation, self._held_whole()
        large = is_large(form.shape[1])  # in the solver's own scaling: a basis found there may be none without
        session = Session(program, self._options, units_of_cones(form), scaled=large)
        if large:
            session.highs.in_short_steps()
        costs = [form.objectives[name] * scale_of(form.objectives[name]) for name in self._minimize]
        session.add_rows(sparse.csr_array(np.array(costs)), np.full(len(costs), np.inf))
        self._columns, self._held = session.columns, np.arange(len(costs)) + program.matrix.shape[0]
        return session

    def _held_whole(self) -> Program:
        """Return the program with its whole numbers held, without rows that make tight what others say by now.

        One that says "nothing" beside another that is looser would leave that no use.
        """
        form, program = self._model.formulation, program_of(self._model)
        lower, upper = (side.copy() for side in program.columns)
        lower[form.whole] = upper[form.whole] = np.round(self._x[form.whole])
        (least, most), spare = program.rows, tight_rows(form, program.matrix.shape[0])
        if spare.any():
            spare = needless(program.matrix, program.rows, (lower, upper), spare)
            least, most = np.where(spare, -np.inf, least), np.where(spare, np.inf, most)
        whole = np.zeros(form.shape[1], bool)
        return program._replace(rows=(least, most), columns=(lower, upper), whole=whole)

    def _turn_to(self, level: str) -> None:
        """Make an objective the one that is minimised, those before it held where the plan has them."""
        form, session = self._model.formulation, self._session
        lower, upper = self._columns
        most = np.full(len(self._minimize), np.inf)
        for at, name in enumerate(self._minimize[: self._minimize.index(level)]):
            costs = form.objectives[name]
            value = float(costs @ self._x) * scale_of(costs)
            if value <= FEASIBILITY and not (costs < 0).any() and not (lower[costs > 0] > 0).any():
                upper = np.where(costs > 0, lower, upper)
            else:
                most[at] = value + _SLACK * abs(value) + FEASIBILITY
        session.ask_columns(lower, upper)
        session.ask_rows(self._held, np.full(len(most), -np.inf), most)
        self._aim, self._scale = level, scale_of(form.objectives[level])
        session.highs.set_costs(form.objectives[level] * self._scale)

    def _run(self) -> Outcome | None:
        """Solve, with the tangents that the plan takes; None where there is no plan, or no time for it."""
        form, session, last = self._model.formulation, self._session, -np.inf
        for _ in range(_ROUNDS):
            outcome = self._within_steps()
            if outcome is None or outcome.status != "optimal":
                return None
            tangents = broken(form, outcome.x, session.highs.rows[1])
            if not len(tangents.share) or outcome.objective - last <= _FLAT * abs(outcome.objective):
                return outcome
            last = outcome.objective
            session.touch(form, tangents)
        return None

    def _within_steps(self) -> Outcome | None:
        """Solve once with the steps that are left; None where the solver finds no answer."""
        if self._left <= 0:
            self.spent = True
            return None
        self._session.highs.allow_steps(self._left)
        try:
            outcome = self._session.highs.run()
        except SolverError:
            return None
        self._left -= self._session.highs.steps
        self.spent |= outcome.status == "stopped"
        return outcome
