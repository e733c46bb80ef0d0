"""Explain a plan, or why there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.errors import InfeasiblePlan, StoppedEarly
from sourcing.explain import Explanation
from sourcing.run.audit import load_plan
from sourcing.run.optimize import optimize
from sourcing.run.reasons import explain_none, explain_plan
from sourcing.run.setting import ask

if TYPE_CHECKING:
    from sourcing.plan import Plan


def explain(subject: str | Path) -> Explanation:
    """Explain a stored plan (its folder) or a question (a name or a TOML file), which is answered first."""
    if (Path(subject) / "manifest.json").is_file():
        return explain_plan(load_plan(subject))
    try:
        return explain_plan(_proven(optimize(subject)))
    except InfeasiblePlan as none:
        return none.explanation if isinstance(none.explanation, Explanation) else explain_none(ask(subject))


def _proven(plan: Plan) -> Plan:
    if plan.manifest["status"] != "optimal":
        raise StoppedEarly("stopped before the plan was proven, and there is nothing to explain; allow more time")
    return plan
