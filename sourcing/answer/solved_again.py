"""Re-solve of a plan's question: how exactly, and what is to be said where it comes to something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.engine.highs import SolverOptions
from sourcing.interrupts import on_main_thread
from sourcing.outcome.names import dollars

if TYPE_CHECKING:
    from sourcing.plan import Plan

_SAME = 1e-6


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
    smooth = float((plan.manifest.get("smooth") or {}).get("sliver", 0.0))
    if (
        abs(cost - least) <= (max(gap, within) + smooth + _SAME) * max(abs(cost), 1.0)
        and plan.manifest["status"] == "optimal"
    ):
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
