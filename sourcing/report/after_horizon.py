"""Rolling horizon: what of a plan's money, and of what is short, belongs to the time after the periods it reports."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sourcing.plan.totals import AFTER, UNPAID, totals
from sourcing.report.figures import money, tonnes

if TYPE_CHECKING:
    from sourcing.plan import Plan
    from sourcing.question import Question

_LEAST = 0.5
"""USD that are worth a line."""


def coming_later(plan: Plan) -> float:
    """Return USD as paid, at the suppliers' prices, of the part of the orders that arrives after the horizon."""
    bought = plan.tables["purchases"]
    part = (bought["late_tonnes"] / bought["tonnes"]).where(bought["tonnes"] > 0, 0.0)
    return float((bought["purchase"] * part).sum())


def money_after(plan: Plan) -> list[str]:
    """Say what of the money is for goods that arrive after the horizon, and what is paid then, if there is a tail."""
    horizon = plan.question.horizon
    if not horizon.tail:
        return []
    last, later = horizon.end - timedelta(days=1), coming_later(plan)
    said = [f"of it {money(later)} for goods that arrive after {last}"] if later > _LEAST else []
    end = horizon.boundaries_with_tail[-1] - timedelta(days=1)
    cost = plan.tables[f"cost{AFTER}"]
    further = float(cost.loc[~cost["head"].isin(UNPAID), "amount"].sum())
    whole = money(totals(plan.tables).paid)
    return [*said, f"{money(further)} more up to {end}, which is planned with it and not reported: {whole} in all"]


def short_after(plan: Plan) -> str:
    """Say how much is short after the horizon, "" if nothing is."""
    short = plan.tables.get(f"shortage{AFTER}")
    if short is None or short.empty:
        return ""
    amount = tonnes(float(short["short"].sum())) if short["material"].nunique() == 1 else f"{len(short)} needs"
    goes = "is" if short["material"].nunique() == 1 else "are"
    return f"After the horizon {amount} {goes} short (shortage{AFTER}.csv)"


def of_the_whole(question: Question) -> str:
    """Say of a screen that tells costs and tonnes short of plans that they are of the tail too, "" without a tail."""
    if not question.horizon.tail:
        return ""
    end = question.horizon.boundaries_with_tail[-1] - timedelta(days=1)
    return f"costs and tonnes short are of all that is planned, to {end}, what comes after the horizon included"


def with_tail(plan: Plan) -> str:
    """Return the words that tell a total with the tail from one of the horizon, "" without a tail."""
    return ", what comes after the horizon included" if plan.question.horizon.tail else ""
