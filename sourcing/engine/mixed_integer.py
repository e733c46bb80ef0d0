"""Lexicographic mixed-integer programming: search objective by objective, then settle the rest, whole numbers held."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from sourcing.engine.certificate import Aim
from sourcing.engine.exact import Searching, search_exactly
from sourcing.engine.forcing_rows import forced
from sourcing.engine.large_search import LARGE, search_large
from sourcing.engine.postsolve import with_prices
from sourcing.engine.rounds import FEASIBILITY, scale_of
from sourcing.engine.solve_linear import CONTRADICTION, COST, Level, Solution, minimise
from sourcing.engine.tight_relaxation import Program, tight_rows
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import Highs
    from sourcing.engine.smoothing import Steady
    from sourcing.engine.solver_result import Outcome, Proof

    Flags = NDArray[np.bool_]
    Reals = NDArray[np.float64]

SLACK = 1e-9
"""What a later objective may give back of an earlier one, as a part of the most that one could be."""
SAME = 1e-6
"""Relative difference up to which two figures for one objective are the same."""
NOTHING = 1e-9
"""Part of a column's unit up to which it is nothing, and of the other terms of a row what it may lack without one."""
WHILE = 500
"""Nodes of a search for a plan that leaves less short for the same cost."""
GRACE = 10.0
"""Seconds in which a plan that was found is settled, also after the time limit."""


class Searched(NamedTuple):
    """How the search ended, the last plan found, and what was proven of each objective, in its own unit.

    ``relaxed`` has the duals of the program without whole numbers, of objectives whose search began with it.
    """

    status: str
    best: Outcome | None
    bounds: dict[str, float]
    relaxed: dict[str, Aim]
    proof: Proof | None = None


def minimise_whole(
    highs: Highs,
    formulation: Formulation,
    minimize: tuple[str, ...],
    bounds: tuple[Reals, Reals],
    before_last: Callable[[Highs], None] | None = None,
    steady: Steady | None = None,
) -> Solution:
    """Minimise the objectives in order on a loaded instance with whole columns.

    The search finds the whole numbers and proves the bounds. With the whole numbers held where they are, what is left
    is linear: it is solved as such, each objective held exactly, ties broken, prices found and what moves made steady.

    Parameters as in ``engine.solve.minimise``.
    """
    rows = highs.matrix.shape[0]
    searched = _search(highs, formulation, minimize, bounds, before_last)
    if searched.best is None or searched.status not in {"optimal", "stopped"}:
        return Solution(searched.status, np.empty(0), np.empty(0), (), proof=searched.proof)
    lower, upper = bounds[0].copy(), bounds[1].copy()
    whole = formulation.whole
    lower[whole] = upper[whole] = np.round(searched.best.x[whole])
    sides = highs.rows[0][:rows], highs.rows[1][:rows]
    held = forced(sparse.csr_array(highs.matrix[:rows]), sides, (lower, upper))
    lower, upper = (lower, upper) if held is None else held.bounds
    highs.settle_whole()
    highs.set_column_bounds(lower, upper)
    highs.allow(GRACE)
    settled = minimise(highs, formulation, minimize, (lower, upper), steady=steady)
    if settled.status != "optimal":
        return _as_found(formulation, searched, minimize)
    if held is not None:
        settled = replace(settled, levels=with_prices(held, highs, formulation, settled.levels))
    if rows == formulation.shape[0]:  # an analyst's own rules may ask for what looks needless
        settled = _without_needless(formulation, settled)
    return _proven(formulation, settled, searched)


def _proven(formulation: Formulation, settled: Solution, searched: Searched) -> Solution:
    """Return a settled plan with what it comes to, and with what was proven by the search."""
    cheapest = settled.x if settled.least is None else settled.least
    levels = (
        replace(
            level,
            value=float(formulation.objectives[level.name] @ cheapest),
            bound=searched.bounds.get(level.name, -np.inf),
            relaxed=searched.relaxed.get(level.name),
        )
        for level in settled.levels
    )
    return replace(settled, status=searched.status, levels=tuple(levels))


def _without_needless(formulation: Formulation, settled: Solution) -> Solution:
    """Take back the whole decisions that nothing needs: without them every row holds and nothing costs more.

    A search is free to say yes where yes costs nothing; a planner would read it as something to do. Whether a row holds
    without a decision is a matter of what else meets in it: a switch for a thousand tonnes is needed for a gram.
    """
    least = None if settled.least is None else _needed(formulation, settled.least)
    x = _needed(formulation, settled.x)
    return replace(settled, x=x, row=formulation.matrix @ x, least=least)


def _needed(formulation: Formulation, plan: Reals) -> Reals:
    """Return a plan without the whole decisions that nothing needs."""
    x, row, columns = plan.copy(), formulation.matrix @ plan, formulation.matrix.tocsc()
    free = np.all([costs >= 0 for costs in formulation.objectives.values()], axis=0)
    terms = abs(formulation.matrix) @ np.abs(x)
    for column in np.flatnonzero(formulation.whole & free & (x > 0) & (formulation.column_lower <= 0)).tolist():
        span = slice(columns.indptr[column], columns.indptr[column + 1])
        rows = columns.indices[span]
        without = row[rows] - columns.data[span] * x[column]
        others = np.maximum(terms[rows] - np.abs(columns.data[span] * x[column]), 0.0)
        room = NOTHING * others
        lower, upper = formulation.row_lower[rows] - room, formulation.row_upper[rows] + room
        if ((without >= lower) & (without <= upper)).all():
            row[rows], terms[rows], x[column] = without, others, 0.0
    return x


def _search(
    highs: Highs,
    formulation: Formulation,
    minimize: tuple[str, ...],
    bounds: tuple[Reals, Reals],
    before_last: Callable[[Highs], None] | None,
) -> Searched:
    """Search objective by objective.

    The plan of one objective is not handed to the search for the next as a start: HiGHS 1.16 was seen to take such a
    start for a plan of another cost, and to call it optimal. Only the last objective may be near enough: what is left
    short is the least there is, and that is said of it.
    """
    near = highs.options.enough
    best: Outcome | None = None
    proven, relaxed = dict[str, float](), dict[str, Aim]()
    for name in minimize:
        costs = formulation.objectives[name]
        scale = scale_of(costs * highs.units.column)
        if before_last is not None and name == minimize[-1]:
            highs.set_costs(costs)
            before_last(highs)
        highs.set_costs(costs * scale)
        highs.end_near(near if name == minimize[-1] else 0.0)
        highs.tell(name, scale)
        tight = tight_rows(formulation, highs.matrix.shape[0])
        large = int(tight.sum()) >= LARGE
        run = partial(_run_large, highs, (formulation.whole, costs * scale), tight) if large else lambda _: highs.run()
        outcome = search_exactly(Searching(highs, formulation.whole, costs * scale, bounds, run, highs.run, once=large))
        proven[name] = outcome.bound / scale
        relaxed |= _without_whole(name, outcome, (costs, scale), formulation)
        if outcome.status == "infeasible" and best is not None:
            raise SolverError(CONTRADICTION)
        best = outcome if outcome.found else best
        if outcome.status != "optimal":
            return Searched(outcome.status, best, proven, relaxed, outcome.proof)
        if name != minimize[-1]:
            bounds = hold_value(highs, costs * scale, outcome.x, bounds)
    searched = Searched("optimal", best, proven, relaxed)
    return _with_less_short(highs, formulation, (searched, costs * scale), bounds) if minimize == COST else searched


def _with_less_short(
    highs: Highs, formulation: Formulation, found: tuple[Searched, Reals], bounds: tuple[Reals, Reals]
) -> Searched:
    """Look for other whole numbers of the same cost that leave less short, for a while; return the better plan.

    Where shortage has a price or a limit it is no objective, and a search takes any of the plans that cost the same.

    Parameters
    ----------
    found : how the search ended, and the costs that it minimised last, as handed over.
    """
    searched, costs = found
    weighted, best, rows = formulation.objectives["shortage"], searched.best, highs.matrix.shape[0]
    short = 0.0 if best is None else float(weighted @ best.x)
    large = int(tight_rows(formulation, rows).sum()) >= LARGE
    if best is None or large or short <= NOTHING * float(weighted.sum()):
        return searched
    hold_value(highs, costs, best.x, bounds)
    scale, way = scale_of(weighted * highs.units.column), highs.way
    highs.set_costs(weighted * scale)
    highs.tell("shortage", scale)
    searching = Searching(highs, formulation.whole, costs, bounds, lambda _: highs.run(), highs.run)
    other = best
    with suppress(SolverError):
        other = searching.searched(bounds, 0, WHILE)
    highs.search_by(way)
    held = np.arange(rows, highs.matrix.shape[0])
    highs.set_row_bounds(held, np.full(len(held), -np.inf), np.full(len(held), np.inf))
    if not other.found or weighted @ other.x >= short * (1.0 - SAME):
        return searched
    highs.set_costs(costs)
    ours, theirs = (searching.settled(bounds, plan.x) for plan in (best, other))
    same = ours and theirs and theirs.objective <= ours.objective + SLACK * max(abs(ours.objective), 1.0)
    return searched._replace(best=other) if same else searched


def _without_whole(name: str, outcome: Outcome, aim: tuple[Reals, float], formulation: Formulation) -> dict[str, Aim]:
    """Return the duals of the program without whole numbers by name of the objective, where the search began with it.

    Not where an earlier objective was a row of it: how that row is counted is the search's own.
    """
    (costs, scale), found, rows = aim, outcome.relaxed, formulation.shape[0]
    if found is None or found.status != "optimal" or len(found.dual) != rows:
        return {}
    return {name: Aim(name, costs, found.dual / scale, bound=found.bound / scale)}


def _run_large(highs: Highs, aim: tuple[Flags, Reals], tight: Flags, bounds: tuple[Reals, Reals]) -> Outcome:
    """Search a program with many tight rows in its own way; as any other if that leads to nothing, or led astray."""
    program = Program(highs.matrix, highs.rows, bounds, *aim)
    return (search_large(program, tight, highs.options) if highs.way == 0 else None) or highs.run()


def hold_value(highs: Highs, costs: Reals, x: Reals, bounds: tuple[Reals, Reals]) -> tuple[Reals, Reals]:
    """Keep an objective at the value that a plan has from now on; return the column bounds that then stand.

    An objective of which the plan has nothing is held exactly, by its columns; any other by a row, with the solver's
    tolerance.

    Parameters
    ----------
    costs : in which the typical cost is near 1.
    x : the plan, a value for each column.
    """
    lower, upper = bounds
    charged = costs > 0
    nothing = bool((x[charged] <= NOTHING * highs.units.column[charged]).all())
    if nothing and not (costs < 0).any() and not (lower[charged] > 0).any():
        upper = np.where(charged, lower, upper)
        highs.set_column_bounds(lower, upper)
        return lower, upper
    value, most = float(costs @ x), np.where(charged & np.isfinite(upper), upper, 0.0)
    slack = max(SLACK * float(costs @ most), FEASIBILITY)
    size = float(np.abs(costs) @ np.abs(x))
    unit = float(np.exp2(np.round(np.log2(size)))) if 0 < size < 1 else 1.0
    highs.add_rows(sparse.csr_array(costs[None, :]), np.array([value + min(slack, FEASIBILITY * size)]), unit)
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
