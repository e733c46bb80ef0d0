"""Conditions, checked: enough is asked of the second wherever the first is used."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.families.conditions.records import conditions
from sourcing.replay import words
from sourcing.replay.lots import Lots
from sourcing.replay.rows import Residual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.families.conditions.records import Condition
    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "condition" (condition, node), in t, of every period in which the first may be used."""
    asked = conditions(facts)
    stated = Lots.of(facts).stated if asked else {}
    for row in asked:
        kind = row.kind
        enough = stated[kind, row.then] if row.at_least is None else row.at_least
        amounts = _amounts(plan, row)
        for n in facts.calendar.nodes:
            if _may_be_used(facts, kind, row.cause, n):
                amount = _together(facts, amounts, n) if row.per == "horizon" else amounts[n]
                used = enough * plan.decision("used", kind, row.cause, n)
                place = f"condition {row.condition}, {words.user(facts, (kind, row.then))}, {facts.calendar.label(n)}"
                yield Residual("condition", (row.condition, n), ">=", amount - used, amount + enough, place)


def _together(facts: Facts, amounts: dict[int, float], n: int) -> float:
    """Return what is asked for in all periods that are reported, or in all after them, as n is one of these."""
    reported = facts.calendar.reported
    return sum(amount for m, amount in amounts.items() if (m < reported) == (n < reported))


def _may_be_used(facts: Facts, kind: str, code: str, n: int) -> bool:
    """Say whether an offer can be ordered by any route, or a process run, in period n."""
    if kind == "process":
        return facts.may_run(code, n)
    return any(facts.may_buy(route, n) for route in facts.routes.values() if route.offer == code)


def _amounts(plan: Replay, row: Condition) -> dict[int, float]:
    """Return what is asked of what ``then`` names, t by period."""
    found: dict[int, float] = defaultdict(float)
    for (offer, *_, n), tonnes in plan.buy.items() if row.kind == "offer" else ():
        if offer == row.then:
            found[n] += tonnes
    for (process, n), tonnes in plan.make.items() if row.kind == "process" else ():
        if process == row.then:
            found[n] += tonnes
    return found
