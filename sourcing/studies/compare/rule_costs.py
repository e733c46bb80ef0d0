"""What each limit of a question costs: the same question without it, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sourcing.answer.priorities import still_asked, without
from sourcing.answer.setting import network_of
from sourcing.answer.solved_again import not_best, solver_of
from sourcing.engine.formulation import formulate
from sourcing.engine.session import solver_of_variants
from sourcing.errors import StoppedEarly
from sourcing.network.shortage import MEASURE
from sourcing.plan.own_rules import refuse_own_rules

if TYPE_CHECKING:
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solve_linear import Solution
    from sourcing.plan import Plan

COLUMNS = ["limit", "place", "cost", "short", "saves", "less_short"]


class Least(NamedTuple):
    """The least a question comes to: USD at today's value with the price of shortage, and tonnes short."""

    cost: float
    short: float


def rule_costs(plan: Plan) -> tuple[pd.DataFrame, str]:
    """Return one row per limit that a plan keeps but those on shortage, as found by solving without each.

    Those that cost most come first. Limits on shortage stay: they say what has to be delivered.

    The second result says so where the plan itself is not the best one with all of them, else it is blank.

    ``cost`` (discounted USD) and ``short`` (tonnes) are those of the plan without the limit, ``saves`` and
    ``less_short`` how much less that is than with it.

    Raises
    ------
    StoppedEarly : a solve was stopped.
    """
    refuse_own_rules(plan, "what its limits cost")
    formulation = formulate(network_of(plan.question, still_asked(plan)))
    solved = solver_of_variants(formulation, tuple(plan.question.objective.minimize), solver_of(plan))
    with_all, rows = _least(formulation, solved(formulation)), []
    limits = formulation.network.case["limits"]
    limits = limits[limits["measure"] != MEASURE]
    for limit, row in zip(limits["limit"], limits["row"], strict=True):
        off = without(formulation, pd.DataFrame({"table": ["limits"], "name": [limit]}))
        least = _least(off, solved(off))
        found = (least.cost, least.short, with_all.cost - least.cost, with_all.short - least.short)
        rows.append((limit, plan.case.place("limits", int(row)), *found))
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = ["less_short", "saves", "limit"]
    return table.sort_values(order, ascending=[False, False, True], ignore_index=True), not_best(plan, with_all.cost)


def _least(formulation: Formulation, solution: Solution) -> Least:
    if solution.status != "optimal":
        raise StoppedEarly(f"without one of the limits the question has no answer ({solution.status})")
    block = formulation.columns.get("short")
    short = 0.0 if block is None else float(solution.x[block.ids].sum())
    return Least(float(formulation.money @ solution.x), short)
