"""Explain a plan, or why there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.errors import InfeasiblePlan, StoppedEarly
from sourcing.explain import Explanation
from sourcing.interrupts import interrupts
from sourcing.run.audit import load_plan
from sourcing.run.optimize import optimize
from sourcing.run.reasons import explain_none, explain_plan
from sourcing.run.setting import ask
from sourcing.run.why_not import why_not

if TYPE_CHECKING:
    from sourcing.plan import Plan


def explain(subject: str | Path, offer: str | None = None) -> Explanation:
    """Explain a stored plan (its folder) or a question (a name or a TOML file), which is answered first.

    Parameters
    ----------
    offer : say why the plan does not buy it, or no more of it.
    """
    if (Path(subject) / "manifest.json").is_file():
        return _explained(load_plan(subject), offer)
    with interrupts() as heard:
        answer = _answer(subject)
        if heard.asked:
            raise StoppedEarly("interrupted; nothing is explained")
        heard.listen()
        return answer if isinstance(answer, Explanation) else _explained(answer, offer)


def _explained(plan: Plan, offer: str | None) -> Explanation:
    return explain_plan(plan) if offer is None else why_not(plan, offer)


def _answer(subject: str | Path) -> Plan | Explanation:
    try:
        plan = optimize(subject)
    except InfeasiblePlan as none:
        return none.explanation if isinstance(none.explanation, Explanation) else explain_none(ask(subject))
    if plan.manifest["status"] != "optimal":
        raise StoppedEarly("a plan is explained once it is proven; give the question a longer time_limit")
    return plan
