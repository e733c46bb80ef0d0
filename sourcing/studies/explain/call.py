"""Explain a plan, or why there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.answer.audit import agreed_plan
from sourcing.answer.infeasibility import explain_none
from sourcing.answer.optimize import optimize
from sourcing.answer.setting import ask
from sourcing.errors import InfeasiblePlan, StoppedEarly
from sourcing.interrupts import interrupts_passed_on
from sourcing.plan.own_rules import refuse_own_rules
from sourcing.reasons import Explanation
from sourcing.studies.explain.cost_per_tonne import Asked, cost_of
from sourcing.studies.explain.reasons import explain_plan
from sourcing.studies.explain.why_not import why_not as against

if TYPE_CHECKING:
    from sourcing.plan import Plan


def explain(
    subject: str | Path, *, why_not: str | None = None, tonne: tuple[str, str, str] | None = None
) -> Explanation:
    """Explain a stored plan (its folder) or a question (a name or a TOML file), which is answered first.

    Parameters
    ----------
    why_not : an offer: say why the plan does not buy it, or no more of it.
    tonne : a material, a site and a period ("" = all): say what it costs from mine to plant.
    """
    if (Path(subject) / "manifest.json").is_file():
        return _explained(agreed_plan(subject), why_not, tonne)
    with interrupts_passed_on() as heard:
        answer = _answer(subject)
        if heard.asked:
            raise StoppedEarly("interrupted; nothing is explained")
        heard.listen()
        return answer if isinstance(answer, Explanation) else _explained(answer, why_not, tonne)


def _explained(plan: Plan, offer: str | None, tonne: tuple[str, str, str] | None) -> Explanation:
    if offer is not None or tonne is not None:
        refuse_own_rules(plan, "this answer")
    if offer is not None:
        return against(plan, offer)
    return explain_plan(plan) if tonne is None else cost_of(plan, Asked(*tonne))


def _answer(subject: str | Path) -> Plan | Explanation:
    try:
        plan = optimize(subject)
    except InfeasiblePlan as none:
        return none.explanation if isinstance(none.explanation, Explanation) else explain_none(ask(subject))
    if plan.manifest["status"] != "optimal":
        raise StoppedEarly("a plan is explained once it is proven; give the question a longer time_limit")
    return plan
