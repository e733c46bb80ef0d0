"""Points of a frontier: measures read off the model, the points found, and a plan for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.answer.manifest import audited
from sourcing.answer.optimize import refuse
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.engine.solve_linear import no_plan
from sourcing.errors import QuestionError, SolverError, StoppedEarly
from sourcing.outcome import Values
from sourcing.studies.frontier.band import by_band
from sourcing.studies.frontier.best import Spans
from sourcing.studies.frontier.explore import by_area, explore
from sourcing.studies.frontier.measures import SHORTAGE, Gauge, held_at, limit_gauge, objective_gauge
from sourcing.studies.frontier.request import fault
from sourcing.studies.frontier.solver import STOPPED

if TYPE_CHECKING:
    from sourcing.answer.options import RunOptions
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.plan import Plan
    from sourcing.studies.frontier.request import Trading
    from sourcing.studies.frontier.solver import Ground, Mark


class Model(NamedTuple):
    """The program in which every measure's limit is 1, and the measures in it."""

    formulation: Formulation
    gauges: list[Gauge]


class Search(NamedTuple):
    """What was found before there are plans: the points, the ends of each measure, and what it took."""

    marks: list[Mark]
    spans: Spans
    convex: bool
    solves: int


def holds_shortage(asked: Trading) -> bool:
    """Return whether only plans with the least shortage count."""
    return asked.minimize[0] == SHORTAGE and SHORTAGE not in asked.measures


def gauges_of(asked: Trading, one: Formulation, two: Formulation) -> list[Gauge]:
    """Return the measures as they stand in the models with every limit at 1 and at 2.

    Raises
    ------
    QuestionError : nothing is counted for a measure.
    """
    found: list[Gauge] = []
    for name in asked.measures:
        if name not in asked.limits:
            found.append(objective_gauge(name, one))
            continue
        gauge = limit_gauge(name, str(asked.limits[name]["limit"]), one, two)
        if gauge is None:
            fact = f"nothing is counted for it in {asked.base.case.name}, as this question has it"
            raise QuestionError([fault(f"--of {name}", fact, "name a material that is bought, or another measure")])
        found.append(gauge)
    return found


def searched(asked: Trading, ground: Ground, solver: SolverOptions) -> Search:
    """Find the ends, then points between them.

    Raises
    ------
    InfeasiblePlan, SolverError : there is no plan, or no cheapest one.
    StoppedEarly : the time is up.
    """
    count = len(ground.gauges)
    orders = [(first, *(at for at in range(count) if at != first)) for first in range(count)]
    ends = []
    for order in orders:
        end = ground.find(order, {})
        if end is None:
            refuse(asked.base, no_plan(ground.status, ground.proof), solver)
            raise SolverError("the solver finds no plan although it found the least shortage; see its log")
        ends.append(end)
    spans = Spans.of(ends)
    convex = bool(ends[0].supports)
    gap = by_band(spans) if convex else by_area(spans)
    marks = explore(lambda most: ground.find(orders[0], _finite(most)), ends, asked.trade.points, gap)
    return Search(marks, spans, convex, ground.solves)


def _finite(most: tuple[float, ...]) -> dict[int, float]:
    return {at + 1: value for at, value in enumerate(most) if np.isfinite(value)}


def planned(
    asked: Trading, model: Model, mark: Mark, solver: SolverOptions, options: RunOptions
) -> tuple[Plan, Values]:
    """Ask the question with the measures held where a point has them; return its plan, audited.

    Raises
    ------
    StoppedEarly : the time is up.
    SolverError : there is no plan at a point that was found.
    """
    held = asked.held_values(dict(zip(asked.measures, mark.values, strict=True)))
    setting = asked.at(held)
    program = ArrayModel(held_at(model.formulation, model.gauges, held, setting.network))
    solution = solve(program, asked.minimize, solver)
    if solution.status == "stopped":
        raise StoppedEarly(STOPPED)
    if solution.status != "optimal":
        raise SolverError("the solver finds no plan at a point that it found; see its log")
    values = Values(program.formulation, solution)
    further = {"seconds": {}, "frontier": {"measures": list(asked.measures)}}
    return audited(setting, values, options, further), values


def figures_of(asked: Trading, plan: Plan) -> list[float]:
    """Return each measure of a plan, as its own tables have it."""
    objective, limits = plan.manifest["objective"], plan.tables["limits"].set_index("limit")["actual"]
    told = {"cost": objective["cost"] + objective.get("weighed", 0.0), "shortage": objective["shortage"]}
    told |= {name: float(limits.get(limit["limit"], np.nan)) for name, limit in asked.limits.items()}
    return [float(np.nan_to_num(told[name])) for name in asked.measures]
