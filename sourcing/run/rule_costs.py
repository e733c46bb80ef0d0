"""What each limit of a question costs: the same question without it, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.variants import Variants
from sourcing.errors import StoppedEarly
from sourcing.interrupts import on_main_thread
from sourcing.network.short import MEASURE
from sourcing.outcome.names import dollars
from sourcing.plan.own_rules import refuse_own_rules
from sourcing.run.giving_way import still_asked, without
from sourcing.run.setting import network_of

if TYPE_CHECKING:
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solve import Solution
    from sourcing.plan import Plan

_SAME = 1e-6
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
    variants = Variants(formulation, tuple(plan.question.objective.minimize), solver_of(plan))
    with_all, rows = _least(formulation, variants.solve(formulation)), []
    limits = formulation.network.case["limits"]
    limits = limits[limits["measure"] != MEASURE]
    for limit, row in zip(limits["limit"], limits["row"], strict=True):
        off = without(formulation, pd.DataFrame({"table": ["limits"], "name": [limit]}))
        least = _least(off, variants.solve(off))
        found = (least.cost, least.short, with_all.cost - least.cost, with_all.short - least.short)
        rows.append((limit, plan.case.place("limits", int(row)), *found))
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = ["less_short", "saves", "limit"]
    return table.sort_values(order, ascending=[False, False, True], ignore_index=True), not_best(plan, with_all.cost)


def not_best(plan: Plan, least: float, within: float = 0.0) -> str:
    """Say where a plan is not what its question comes to when solved again: stopped early, or with rules of its own.

    Parameters
    ----------
    least : USD at today's value, as found again.
    within : the part of it to which that is proven, where it is not the least there is.
    """
    if "alternative" in plan.manifest:
        return f"{beside_cheapest(plan)}; what is said here is of its question"
    cost, gap = float(plan.manifest["objective"]["cost"]), float(plan.manifest.get("gap") or 0.0)
    if abs(cost - least) <= (max(gap, within) + _SAME) * max(abs(cost), 1.0) and plan.manifest["status"] == "optimal":
        return ""
    priced = " with the price of shortage" if plan.question.objective.shortage == "priced" else ""
    return (
        f"The plan costs {dollars(cost)} at today's value{priced}, its question solved again {dollars(least)}: it "
        "was stopped before proof, or had rules of an analyst's own; what is said here is of the question"
    )


def beside_cheapest(plan: Plan) -> str:
    """Say of a plan that ``sourcing alternatives`` found what it is."""
    within = 100 * float(plan.manifest["alternative"]["within"])
    return f"This plan is one of several within {within:.3g} % of the cheapest, and not that one"


def solver_of(plan: Plan, near: float = 0.0) -> SolverOptions:
    """Return options to solve a plan's question again, as exactly as the plan was found and for as long as it takes.

    A plan that was stopped, or left as near enough, is proven as far as its gap, or as far as ``near`` if that is
    larger: to prove more of each of its neighbours may take for ever.
    """
    asked, reached = plan.manifest["options"].get("gap"), float(plan.manifest.get("gap") or 0.0)
    asked = plan.question.solver.gap if asked is None else float(asked)
    left = plan.manifest["status"] == "stopped" or (asked is None and reached > _SAME)
    gap = max(asked or 0.0, max(reached, near) if left else 0.0)
    return SolverOptions(gap, interruptible=on_main_thread())


def _least(formulation: Formulation, solution: Solution) -> Least:
    if solution.status != "optimal":
        raise StoppedEarly(f"without one of the limits the question has no answer ({solution.status})")
    block = formulation.columns.get("short")
    short = 0.0 if block is None else float(solution.x[block.ids].sum())
    return Least(float(formulation.money @ solution.x), short)
