"""Purchases, checked: orders stay within the offer, and cost their price and freight."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.rows import Charge, Residual, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "offer" (offer, node) of every offer with a capacity or a ramp, in t."""
    ordered: dict[tuple[str, int], float] = defaultdict(float)
    for (offer, _, _, m), tonnes in plan.buy.items():
        ordered[(offer, m)] += tonnes
    for offer in facts.records.offers:
        if facts.is_limited("offer", offer):
            called = words.offered(facts, offer)
            for n in facts.calendar.nodes:
                place = f"{called}, {facts.calendar.label(n)}"
                yield at_most("offer", (offer, n), ordered[(offer, n)], facts.offer_capacity(offer, n), place)


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield the price of every purchase when ordered, and its freight on arrival (what is late: at the last node)."""
    for (code, destination, mode, m), tonnes in plan.buy.items():
        key = (code, destination, mode, m)
        route = (code, destination, mode)
        yield Charge("purchase", m, facts.records.offers[code].price * tonnes, key)
        freight = facts.routes[route].freight * tonnes
        for n, share in facts.orders[route][m].landings:
            yield Charge("freight", n, freight * share, key)
