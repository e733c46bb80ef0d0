"""Solve a program with whole numbers: search objective by objective, then settle the rest with those numbers held."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from sourcing.engine.draft import LARGE, Program, search_large, tight_rows
from sourcing.engine.rounds import FEASIBILITY, scale_of
from sourcing.engine.solve import CONTRADICTION, Level, Solution, minimise
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import Highs
    from sourcing.engine.outcome import Outcome, Proof

    Reals = NDArray[np.float64]

SLACK = 1e-9
"""What a later objective may give back of an earlier one, as a part of the most that one could be."""
SAME = 1e-6
"""Relative difference up to which two figures for one objective are the same."""
GRACE = 10.0
"""Seconds in which a plan that was found is settled, also after the time limit."""


class Searched(NamedTuple):
    """How the search ended, the last plan found, and what was proven of each objective, in its own unit."""

    status: str
    best: Outcome | None
    bounds: dict[str, float]
    proof: Proof | None = None


def minimise_whole(
    highs: Highs,
    formulation: Formulation,
    minimize: tuple[str, ...],
    bounds: tuple[Reals, Reals],
    before_last: Callable[[Highs], None] | None = None,
) -> Solution:
    """Minimise the objectives in order on a loaded instance with whole columns.

    The search finds the whole numbers and proves the bounds. With the whole numbers held where they are, what is left
    is linear: it is solved as such, each objective held exactly, ties broken and prices found.

    Parameters as in ``engine.solve.minimise``.
    """
    untouched = highs.matrix.shape[0] == formulation.shape[0]
    searched = _search(highs, formulation, minimize, bounds, before_last)
    if searched.best is None or searched.status not in {"optimal", "stopped"}:
        return Solution(searched.status, np.empty(0), np.empty(0), (), proof=searched.proof)
    lower, upper = bounds[0].copy(), bounds[1].copy()
    whole = formulation.whole
    lower[whole] = upper[whole] = np.round(searched.best.x[whole])
    highs.settle_whole()
    highs.set_column_bounds(lower, upper)
    highs.allow(GRACE)
    settled = minimise(highs, formulation, minimize, (lower, upper))
    if settled.status != "optimal":
        return _as_found(formulation, searched, minimize)
    if untouched:  # an analyst's own rules may ask for what looks needless
        settled = _without_needless(formulation, settled)
    levels = (
        replace(
            level,
            value=float(formulation.objectives[level.name] @ settled.x),
            bound=searched.bounds.get(level.name, -np.inf),
        )
        for level in settled.levels
    )
    return replace(settled, status=searched.status, levels=tuple(levels))


def _without_needless(formulation: Formulation, settled: Solution) -> Solution:
    """Take back the whole decisions that nothing needs: without them every row holds and nothing costs more.

    A search is free to say yes where yes costs nothing; a planner would read it as something to do.
    """
    x, row, columns = settled.x.copy(), formulation.matrix @ settled.x, formulation.matrix.tocsc()
    free = np.all([costs >= 0 for costs in formulation.objectives.values()], axis=0)
    for column in np.flatnonzero(formulation.whole & free & (x > 0) & (formulation.column_lower <= 0)).tolist():
        span = slice(columns.indptr[column], columns.indptr[column + 1])
        rows = columns.indices[span]
        without = row[rows] - columns.data[span] * x[column]
        room = SAME * np.maximum(np.abs(row[rows]), 1e-6)
        lower, upper = formulation.row_lower[rows] - room, formulation.row_upper[rows] + room
        if ((without >= lower) & (without <= upper)).all():
            row[rows], x[column] = without, 0.0
    return replace(settled, x=x, row=row)


def _search(
    highs: Highs,
    formulation: Formulation,
    minimize: tuple[str, ...],
    bounds: tuple[Reals, Reals],
    before_last: Callable[[Highs], None] | None,
) -> Searched:
    """Search objective by objective.

    The plan of one objective is not handed to the search for the next as a start: HiGHS 1.16 was seen to take such a
    start for a plan of another cost, and to call it optimal.
    """
    best: Outcome | None = None
    proven: dict[str, float] = {}
    for name in minimize:
        costs = formulation.objectives[name]
        scale = scale_of(costs)
        if before_last is not None and name == minimize[-1]:
            highs.set_costs(costs)
            before_last(highs)
        highs.set_costs(costs * scale)
        highs.forget_basis()
        highs.tell(name, scale)
        outcome = _large(highs, formulation, costs * scale, bounds)
        outcome = outcome or _consistent(highs, costs * scale, has_plan=best is not None)
        proven[name] = outcome.bound / scale
        if outcome.status == "infeasible" and best is not None:
            raise SolverError(CONTRADICTION)
        if outcome.found:
            best = outcome
        if outcome.status != "optimal":
            return Searched(outcome.status, best, proven, outcome.proof)
        if name != minimize[-1]:
            bounds = hold_value(highs, costs * scale, outcome.objective, bounds)
    return Searched("optimal", best, proven)


def _large(highs: Highs, formulation: Formulation, costs: Reals, bounds: tuple[Reals, Reals]) -> Outcome | None:
    """Search a program with many tight rows in its own way; None where there are few, or that leads to nothing."""
    tight = tight_rows(formulation, highs.matrix.shape[0])
    if tight.sum() < LARGE:
        return None
    return search_large(Program(highs.matrix, highs.rows, bounds, formulation.whole, costs), tight, highs.options)


def _consistent(highs: Highs, costs: Reals, *, has_plan: bool) -> Outcome:
    """Search, and search once more without presolve if the solver contradicts itself.

    It does where its plan does not cost what it says, or where it finds none after an earlier objective that
    ``has_plan``.

    Raises
    ------
    SolverError : the solver contradicts itself both times.
    """
    for search in (highs.run, highs.run_plainly):
        outcome = search()
        lost = has_plan and outcome.status == "infeasible"
        dear = outcome.found and abs(outcome.objective - costs @ outcome.x) > SAME * (1.0 + abs(outcome.objective))
        if not (lost or dear):
            return outcome
    raise SolverError(CONTRADICTION if lost else "the solver's plan does not cost what the solver says; see its log")


def hold_value(highs: Highs, costs: Reals, value: float, bounds: tuple[Reals, Reals]) -> tuple[Reals, Reals]:
    """Keep an objective at a value from now on; return the column bounds that then stand.

    An objective that can be nothing is held exactly, by its columns; any other by a row, with the solver's tolerance.
    """
    lower, upper = bounds
    charged = costs > 0
    most = np.where(charged & np.isfinite(upper), upper, 0.0)
    slack = max(SLACK * float(costs @ most), FEASIBILITY)
    if value <= slack and not (costs < 0).any() and not (lower[charged] > 0).any():
        upper = np.where(charged, lower, upper)
        highs.set_column_bounds(lower, upper)
    else:
        highs.add_rows(sparse.csr_array(costs[None, :]), np.array([value + slack]))
    return lower, upper


def _as_found(formulation: Formulation, searched: Searched, minimize: tuple[str, ...]) -> Solution:
    """Return the plan as the search left it: what is linear in it could not be settled in time."""
    assert searched.best is not None
    x = searched.best.x
    nothing = np.zeros(formulation.shape[0])
    levels = tuple(
        Level(
            name, float(formulation.objectives[name] @ x), searched.bounds.get(name, -np.inf), nothing, np.zeros(len(x))
        )
        for name in minimize
    )
    return Solution("stopped", x, formulation.matrix @ x, levels)
