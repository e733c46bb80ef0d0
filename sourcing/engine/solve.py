"""Lexicographic solve of a model, with or without whole numbers: each objective held at its best for the next."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.mixed_integer import GRACE, minimise_whole
from sourcing.engine.outer_approximation import hone, refine, squared
from sourcing.engine.program import program_of
from sourcing.engine.solve_linear import Solution, load
from sourcing.engine.solve_linear import minimise as minimise_linear
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import Highs, SolverOptions
    from sourcing.engine.program import Model
    from sourcing.engine.smoothing import Steady

    Reals = NDArray[np.float64]

ROUNDS = 60
"""Solves after which a plan that still breaks a square is given up."""


def solve(
    model: Model,
    minimize: tuple[str, ...],
    options: SolverOptions,
    before_last: Callable[[Highs], None] | None = None,
    steady: Steady | None = None,
) -> Solution:
    """Minimise the objectives in order, each held at its best while the next is minimised.

    ``model`` is a formulation's ``ArrayModel``, or what ``to_pyomo`` made of it: rules added since are honoured. Where
    the formulation has cones, ``model.formulation`` is in the end what was solved, with the tangents the plan takes.
    Of the plans within a sliver of the least cost the one is returned in which what is ``steady`` moves least.

    Raises
    ------
    SolverError : the solver contradicts itself, or no plan comes near enough to a limit on squares.
    """
    curved = bool(model.formulation.cones)
    if curved:
        hone(model, minimize, options)
    for _ in range(ROUNDS):
        highs, program = load(model, options)
        solution = minimise(highs, model.formulation, minimize, program.columns, before_last, steady)
        if not (curved and solution.levels):
            return solution
        if not refine(model, solution.x):
            return squared(model.formulation, solution)
        if solution.status != "optimal":
            return _with_its_whole_numbers(model, solution, minimize, options)
    raise SolverError(f"after {ROUNDS} rounds of tangents the plan is still above a limit on concentration")


def _with_its_whole_numbers(
    model: Model, stopped: Solution, minimize: tuple[str, ...], options: SolverOptions
) -> Solution:
    """Return the plan that keeps the squares with the whole numbers of a search that was stopped above a limit.

    Without a plan if there is none, or it takes longer than the grace that a stopped search has.
    """
    none, whole = Solution("stopped", np.empty(0), np.empty(0), ()), model.formulation.whole
    if not whole.any():
        return none
    options = replace(options, deadline=max(options.deadline, time.monotonic() + GRACE), stop=bool)
    lower, upper = (side.copy() for side in program_of(model).columns)
    lower[whole] = upper[whole] = np.round(stopped.x[whole])
    hone(model, minimize, options, (lower, upper))
    for _ in range(ROUNDS):
        highs, _ = load(model, options)
        highs.settle_whole()
        highs.set_column_bounds(lower, upper)
        found = minimise_linear(highs, model.formulation, minimize, (lower, upper))
        if found.status != "optimal":
            return none
        if not refine(model, found.x):
            levels = tuple(replace(level, bound=stopped.level(level.name).bound) for level in found.levels)
            return squared(model.formulation, replace(found, status="stopped", levels=levels))
    return none


def minimise(
    highs: Highs,
    formulation: Formulation,
    minimize: tuple[str, ...],
    bounds: tuple[Reals, Reals],
    before_last: Callable[[Highs], None] | None = None,
    steady: Steady | None = None,
) -> Solution:
    """Minimise the objectives in order on a loaded instance; see ``engine.solve.minimise``."""
    way = minimise_whole if formulation.whole.any() else minimise_linear
    return way(highs, formulation, minimize, bounds, before_last, steady)
