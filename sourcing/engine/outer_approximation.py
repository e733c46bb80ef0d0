"""Outer approximation of rotated second-order cones: tangents at the plans found, until the plan keeps every square."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.cones import Tangents, broken, rows_of, units_of_cones, with_tangents
from sourcing.engine.highs import Highs
from sourcing.engine.program import grow, program_of
from sourcing.engine.rounds import FEASIBILITY, scale_of
from sourcing.engine.ties import tie_weights
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.program import Model
    from sourcing.engine.solve_linear import Solution

    Reals = NDArray[np.float64]

ROUNDS = 100
"""Solves of one objective after which no more tangents are sought for it beforehand."""
SLACK = 1e-9
"""Part of an objective that the next may give back while tangents are sought."""


def hone(
    model: Model,
    minimize: tuple[str, ...],
    options: SolverOptions,
    columns: tuple[Reals, Reals] | None = None,
) -> None:
    """Give a model the tangents that its relaxation asks for, objective by objective and for the choice among equals.

    One instance of the solver holds the relaxation, and every round goes on from the last basis. What it finds are
    tangents only: the plan and what is proven of it come from the solves that follow. ``columns`` are bounds to seek
    within, if not those of the model.
    """
    formulation = model.formulation
    program = program_of(model)
    highs = Highs(replace(options, watch=None, log=None))
    none_whole = np.zeros(len(program.whole), bool)
    highs.load(program.matrix, columns or program.columns, program.rows, none_whole, units_of_cones(formulation))
    found: list[Tangents] = []
    for costs in (*(formulation.objectives[name] for name in minimize), tie_weights(formulation)):
        scale = scale_of(costs)
        highs.set_costs(costs * scale)
        highs.forget_basis()
        value = _sharpen(model, highs, program.rows[1], found)
        if value is None:
            break
        highs.add_rows(
            sparse.csr_array(costs[None, :] * scale), np.array([value + max(SLACK * abs(value), FEASIBILITY)])
        )
    add_tangents(model, found)


def _sharpen(model: Model, highs: Highs, upper: Reals, found: list[Tangents]) -> float | None:
    """Minimise what is handed over, with more and more tangents; return the value, None if there is no such plan.

    None too if the solver cannot say, as where what is held leaves next to no room: the solves that follow may.
    """
    for _ in range(ROUNDS):
        try:
            outcome = highs.run()
        except SolverError:
            return None
        if outcome.status != "optimal":
            return None
        tangents = broken(model.formulation, outcome.x, upper)
        if not len(tangents.share):
            break
        found.append(tangents)
        rows = rows_of(model.formulation, tangents)
        highs.add_rows(rows, np.zeros(rows.shape[0]), highs.units.column[rows.indices[::3]])
    return outcome.objective


def squared(formulation: Formulation, solution: Solution) -> Solution:
    """Return a plan whose squares are what they are: where no limit binds, the solver leaves them anywhere.

    Where one does, they stay on the tangents that hold it, which is what its price belongs to.
    """
    x, least = (None if plan is None else _squared(formulation, plan) for plan in (solution.x, solution.least))
    assert x is not None
    return replace(solution, x=x, row=formulation.matrix @ x, least=least)


def _squared(formulation: Formulation, plan: Reals) -> Reals:
    x = with_squares(formulation, plan)
    above = formulation.matrix @ x > formulation.row_upper
    for cone in formulation.cones:
        tangent, held = cone.square.ids, above[cone.row]
        x[tangent[held]] = np.minimum(x[tangent[held]], plan[tangent[held]])
    return x


def with_squares(formulation: Formulation, x: Reals) -> Reals:
    """Return column values with every square what it is: its part² over its total, 0 where nothing arrives."""
    x = x.copy()
    for cone in formulation.cones:
        total = np.where(x[cone.total] > 0, x[cone.total], np.inf)
        x[cone.square.ids] = x[cone.part] ** 2 / total
    return x


def refine(model: Model, x: Reals) -> bool:
    """Give a model the tangents at a plan that breaks a square; say whether there were any."""
    tangents = broken(model.formulation, x, program_of(model).rows[1])
    add_tangents(model, [tangents])
    return len(tangents.share) > 0


def add_tangents(model: Model, found: list[Tangents]) -> None:
    """Make tangents rows of a model and of its formulation."""
    if not sum(len(tangents.share) for tangents in found):
        return
    together = Tangents(*(np.concatenate(side) for side in zip(*found, strict=True)))
    grow(model, with_tangents(model.formulation, together))
