"""Stability, checked: frozen orders stand, and every tonne more or less than in the last plan is paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.stability.records import stability
from sourcing.replay import words
from sourcing.replay.rows import Charge, Residual, at_least, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.families.stability.records import Stability
    from sourcing.replay import Facts, Replay

    Key = tuple[str, str, str, int]


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "stands", "frozen" and "changed" (offer, destination, mode, node), all in t."""
    last = stability(facts)
    for key, shut in _orders(facts, last):
        now, before = plan.buy.get(key, 0.0), last.tonnes.get((key[:3], key[3]), 0.0)
        stands = last.frozen.get((key[:3], key[3]), 0.0)
        place = words.purchase(facts, key[:3], key[3])
        if stands > 0:
            yield at_least("stands", key, now, stands, place)
        if shut:
            yield at_most("frozen", key, now, before, place)
        elif _has_price(last, key):
            more, less = plan.decision("more", *key), plan.decision("less", *key)
            yield Residual("changed", key, "==", now - more + less - before, now + more + less + before, place)


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield what is paid for ordering more or less than the last plan."""
    last = stability(facts)
    for key, shut in _orders(facts, last):
        if not shut and _has_price(last, key):
            terms = last.of(key[0])
            paid = terms.cost_more * plan.decision("more", *key) + terms.cost_less * plan.decision("less", *key)
            yield Charge("changes", key[3], paid, key)


def decides(facts: Facts) -> Iterator[tuple[str, tuple[object, ...], float]]:
    """Yield which orders may be more or less than in the last plan, without a bound of their own."""
    last = stability(facts)
    for key, shut in _orders(facts, last):
        if not shut and _has_price(last, key):
            yield "more", key, float("inf")
            if last.tonnes.get((key[:3], key[3]), 0.0) > 0:
                yield "less", key, float("inf")


def _has_price(last: Stability, key: Key) -> bool:
    terms = last.of(key[0])
    return terms.cost_more + terms.cost_less > 0


def _orders(facts: Facts, last: Stability) -> Iterator[tuple[Key, bool]]:
    """Yield everything that may be ordered at all, and whether its period is frozen to the end."""
    for way, route in facts.routes.items() if last.terms else ():
        for n in facts.calendar.nodes:
            if facts.may_buy(route, n):
                yield (*way, n), last.is_shut(facts, way[0], n)
