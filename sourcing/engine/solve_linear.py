"""Lexicographic linear programming: shortage first, then cost, then ties, so that equal data give equal orders."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.engine.basis import is_large
from sourcing.engine.cones import units_of_cones
from sourcing.engine.evidence import UNDECIDED
from sourcing.engine.fairness import evened
from sourcing.engine.hand_over import TOO_FAR, Hidden, listed
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.program import program_of
from sourcing.engine.proof import settle_proven
from sourcing.engine.rounds import settle
from sourcing.engine.smoothing import Face, smoothest
from sourcing.engine.ties import break_ties, tie_weights
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import highspy
    from numpy.typing import NDArray

    from sourcing.engine.certificate import Aim
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.program import Model, Program
    from sourcing.engine.smoothing import Steady
    from sourcing.engine.solver_result import Outcome, Proof

    Reals = NDArray[np.float64]

COST = ("cost",)
"""What is minimised where shortage has a price or a limit, or is ruled out."""
SHORTAGE_FIRST = ("shortage", "cost")
CONTRADICTION = "the solver finds no plan for the cost although it found one for the shortage; see its log"


@dataclass(frozen=True, eq=False)
class Level:
    """One objective of the order, as solved: its value, the bound proven, duals and reduced costs in its units.

    ``relaxed`` has the duals of the program without whole numbers, where a search began with it.
    """

    name: str
    value: float
    bound: float
    row_dual: Reals
    column_dual: Reals
    relaxed: Aim | None = None


@dataclass(frozen=True, eq=False)
class Solution:
    """The last finished plan: column values and row activities, and the levels that were finished.

    ``least`` is the plan of the least cost where ``x`` is a smoother one within a sliver of it; the levels are of it.
    ``status`` is "optimal", "infeasible", "unbounded", or "stopped" (then ``levels`` names what was finished). ``unit``
    is what the solver counted each column in. ``proof`` is what "infeasible" rests on. ``basis`` is one at which the
    last objective is at its best, with the tangents that were added to find it.

    Raises
    ------
    SolverError : it is to be "infeasible" without a proof.
    """

    status: str
    x: Reals
    row: Reals
    levels: tuple[Level, ...]
    unit: Reals = field(default_factory=lambda: np.ones(1))
    proof: Proof | None = None
    basis: highspy.HighsBasis | None = None
    least: Reals | None = None

    def __post_init__(self) -> None:
        if self.status == "infeasible" and self.proof is None:
            raise SolverError(UNDECIDED)

    def level(self, name: str) -> Level:
        """Return a finished level by name."""
        return next(level for level in self.levels if level.name == name)


def no_plan(status: str, proof: Proof | None) -> Solution:
    """Return how a search ended that found nothing."""
    return Solution(status, np.empty(0), np.empty(0), (), proof=proof)


def load(model: Model, options: SolverOptions) -> tuple[Highs, Program]:
    """Hand the model over; return the solver that holds it, and what it was given.

    Raises
    ------
    SolverError : some of its rows cannot be handed over as they are; it names them.
    """
    program = program_of(model)
    highs = Highs(options)
    with hidden_rows_named(model.formulation):
        highs.load(*program, units_of_cones(model.formulation))
    return highs, program


@contextmanager
def hidden_rows_named(formulation: Formulation) -> Iterator[None]:
    """Name the rows that cannot be handed over as they are, where the solver has numbers for them."""
    try:
        yield
    except Hidden as hidden:
        names = formulation.row_names()
        called = [names[row] if row < len(names) else "a rule of the analyst's own" for row in hidden.rows.tolist()]
        raise SolverError(f"{listed(called)}: {TOO_FAR}") from hidden


def minimise(
    highs: Highs,
    formulation: Formulation,
    minimize: tuple[str, ...],
    bounds: tuple[Reals, Reals],
    before_last: Callable[[Highs], None] | None = None,
    steady: Steady | None = None,
) -> Solution:
    """Minimise the objectives in order on a loaded instance, then break ties, unless any of the best plans will do.

    ``bounds`` are those of the columns as loaded; ``before_last`` sees the program with its last objective, in its own
    unit, and all earlier ones held. ``steady`` is what is to move little within a sliver of the least cost.
    """
    if not minimize:
        raise ValueError("nothing to minimise")
    nobody = _nobody_short(highs, formulation, minimize, bounds, before_last)
    found = nobody or _in_order(highs, formulation, minimize, _Before(bounds), before_last)
    if isinstance(found, Solution):
        return found
    levels, last, face, bounds = found
    if minimize == COST:
        last, bounds = _least_short(highs, formulation.objectives["shortage"], last, bounds)
    final = last
    if not highs.options.any_best:
        shared = evened(highs, _short(formulation), last.x, bounds)
        final = break_ties(highs, tie_weights(formulation), last, bounds, shared)
    row = final.row[: formulation.shape[0]]
    solution = Solution("optimal", final.x, row, tuple(levels), highs.units.column, basis=highs.found)
    smooth = None if steady is None else smoothest(highs, formulation, steady, final.x, face)
    return solution if smooth is None else smoothed(formulation, solution, smooth)


class _Before(NamedTuple):
    """What objectives are minimised after: bounds of the columns, and the levels that need no solve."""

    bounds: tuple[Reals, Reals]
    levels: tuple[Level, ...] = ()


class _Levels(NamedTuple):
    """The objectives, all at their best: the last as solved, what those before it leave, bounds that hold all."""

    levels: list[Level]
    last: Outcome
    face: Face
    bounds: tuple[Reals, Reals]


def _nobody_short(
    highs: Highs,
    formulation: Formulation,
    minimize: tuple[str, ...],
    bounds: tuple[Reals, Reals],
    before_last: Callable[[Highs], None] | None,
) -> _Levels | None:
    """Minimise the cost with nobody short, which no plan can better in shortage; None where no such plan was found.

    It saves the first solve of most questions. That somebody has to be short is found out in less time than who, and
    not proven. A search with a time limit begins with the shortage, to have a plan by then, and so does a large one.
    """
    costs = formulation.objectives[minimize[0]]
    priced = costs != 0
    least = float(costs[priced] @ bounds[0][priced])
    free = int((bounds[0] < bounds[1]).sum())
    timed = np.isfinite(highs.options.deadline)
    if minimize != SHORTAGE_FIRST or (costs < 0).any() or least or timed or is_large(free):
        return None
    nothing = Level("shortage", 0.0, 0.0, np.zeros(highs.matrix.shape[0]), costs.copy())
    none, rows = (bounds[0], np.where(priced, bounds[0], bounds[1])), (highs.rows[0].copy(), highs.rows[1].copy())
    highs.set_column_bounds(*none)
    highs.believed = True
    try:
        found = _in_order(highs, formulation, minimize, _Before(none, (nothing,)), before_last)
        if isinstance(found, _Levels):
            return found
    except SolverError:
        pass  # the two objectives, one after the other, will say it
    finally:
        highs.believed = False
    highs.set_column_bounds(*bounds)
    highs.set_row_bounds(np.arange(len(rows[0])), *rows)
    return None


def _in_order(
    highs: Highs,
    formulation: Formulation,
    minimize: tuple[str, ...],
    before: _Before,
    before_last: Callable[[Highs], None] | None,
) -> _Levels | Solution:
    """Minimise one objective after the other; a solution where one could not be."""
    levels, bounds = list(before.levels), before.bounds
    last: Outcome | None = None
    for name in minimize[len(levels) :]:
        face = Face.of(highs, bounds)
        costs = formulation.objectives[name]
        if before_last is not None and name == minimize[-1]:
            highs.set_costs(costs)
            before_last(highs)
        highs.forget_basis()
        outcome, bounds = settle_proven(highs, costs, bounds)
        if outcome.status != "optimal":
            return _unfinished(formulation, minimize, outcome, last, levels)
        last = outcome
        levels.append(Level(name, outcome.objective, outcome.bound, outcome.row_dual, outcome.column_dual))
    return _Levels(levels, outcome, face, bounds)


def smoothed(formulation: Formulation, solution: Solution, x: Reals) -> Solution:
    """Return a solution with a plan that moves less, and the cheapest one beside it."""
    row = formulation.matrix @ x[: formulation.shape[1]]
    return replace(solution, x=x, row=row, least=solution.x)


def _unfinished(
    formulation: Formulation, minimize: tuple[str, ...], outcome: Outcome, last: Outcome | None, levels: list[Level]
) -> Solution:
    """Return the last finished plan of a run that was stopped, or how the first objective ended.

    Raises
    ------
    SolverError : a later objective has no plan although an earlier one had: the solver contradicts itself.
    """
    if last is not None and outcome.status == "infeasible":
        raise SolverError(CONTRADICTION)
    if outcome.status == "stopped" and np.isfinite(outcome.bound):  # it has a plan, and no proof that none is better
        name = minimize[len(levels)]
        levels.append(Level(name, outcome.objective, outcome.bound, outcome.row_dual, outcome.column_dual))
        last = outcome
    kept = last or outcome
    row = kept.row[: formulation.shape[0]]
    return Solution(outcome.status, kept.x, row, tuple(levels), proof=outcome.proof)


def _least_short(
    highs: Highs, weighted: Reals, best: Outcome, bounds: tuple[Reals, Reals]
) -> tuple[Outcome, tuple[Reals, Reals]]:
    """Among the plans that are equally good, keep to those that leave the least short, by weighted tonnes.

    Where shortage has a price or a limit it is no objective: what costs the same short as delivered is delivered.
    """
    if not weighted.any():
        return best, bounds
    try:
        least, held = settle(highs, weighted, bounds)
    except SolverError:
        return best, bounds
    return (least, held) if least.status == "optimal" else (best, bounds)


def _short(formulation: Formulation) -> NDArray[np.int64]:
    """Return the columns of tonnes short, if there are any."""
    block = formulation.columns.get("short")
    return np.empty(0, np.int64) if block is None else block.ids
