"""A question's Pyomo model, solved by any Pyomo solver: objective by objective, each held at its best for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyomo.environ as pyo

from sourcing.answer.priorities import ranked
from sourcing.engine.pyomo_view import CostObjective
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Sequence

SLACK = 1e-6
"""What a later stage may give back of an earlier one: a part of it, or of one weighted tonne, one dollar."""
_HELD = "held_stages"


class Stage(NamedTuple):
    """An objective of the model by name, and the least that it comes to, as the solver found it."""

    name: str
    value: float


def add_stages(model: pyo.ConcreteModel, minimize: Sequence[str]) -> pyo.ConcreteModel:
    """Give a model the objectives of its question in order, the first of them active; return it.

    ``model.stages`` holds them by name ("shortage": weighted tonnes, "cost": discounted USD). ``model.objective`` is
    the cost; of a question that minimises shortage first it is not active.
    """
    costs = model.formulation.objectives
    model.stages = {name: model.objective for name in minimize if name == "cost"}
    for name in minimize:
        if name not in model.stages:
            stage = CostObjective(costs[name], model.variables_in_order)
            setattr(model, f"{name}_objective", stage)
            model.stages[name] = stage
    model.stages = {name: model.stages[name] for name in minimize}
    _only(model, minimize[0])
    first, *later = minimize
    model.doc = f"Stage 1 of {1 + len(later)}: minimise {first}" + (f", then {' and '.join(later)}" if later else "")
    return model


def solve_in_stages(model: pyo.ConcreteModel, solver: Any, **options: Any) -> list[Stage]:
    """Answer the question of ``model_of`` with a Pyomo solver; return what each stage comes to.

    Each objective is minimised with the earlier ones held at their best; the model then has the plan in its variables,
    the last objective active and the rows that hold the others. Rules added to the model hold in every stage.

    Parameters
    ----------
    solver : what ``pyo.SolverFactory`` returns, or anything with its ``solve(model, **options)``.

    Raises
    ------
    SolverError : no stage may go on: the solver has no optimal plan; a limit on concentration, which is no row of the
        model; something short where rules with a priority would give way, which stages do not.
    """
    if model.formulation.cones:
        raise SolverError(
            "a limit on concentration is no row of the model; answer this question with sourcing.optimize"
        )
    if hasattr(model, _HELD):
        model.del_component(_HELD)
    model.add_component(_HELD, pyo.ConstraintList())
    found = []
    for name, stage in model.stages.items():
        _only(model, name)
        result = solver.solve(model, **options)
        if not pyo.check_optimal_termination(result):
            ending = result.solver.termination_condition
            raise SolverError(f"the solver ends without a plan of least {name}: {ending}")
        found.append(Stage(name, float(pyo.value(stage))))
        _refuse_ranked(model, found[-1])
        if name != list(model.stages)[-1]:
            getattr(model, _HELD).add(stage.expr <= found[-1].value + SLACK * max(1.0, abs(found[-1].value)))
    return found


def _only(model: pyo.ConcreteModel, name: str) -> None:
    for each, stage in model.stages.items():
        (stage.activate if each == name else stage.deactivate)()


def _refuse_ranked(model: pyo.ConcreteModel, stage: Stage) -> None:
    may = ranked(model.formulation)["name"].tolist()
    if stage.name == "shortage" and stage.value > SLACK and may:
        raise SolverError(
            f"demand is not met, and rules with a priority ({', '.join(may)}) would give way, which stages do not; "
            "answer this question with sourcing.optimize, or take out what it gives up"
        )
