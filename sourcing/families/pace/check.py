"""Pace, checked: orders of an offer change from period to period by no more than its supplier goes along with."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.families.pace.records import paced
from sourcing.replay import words
from sourcing.replay.rows import Residual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "rise" and "fall" (offer, node), in t."""
    asked = paced(facts)
    ordered: dict[tuple[str, int], float] = defaultdict(float)
    for (offer, _, _, m), tonnes in plan.buy.items():
        if offer in asked:
            ordered[offer, m] += tonnes
    for offer, share in asked.items():
        called = words.offered(facts, offer)
        for n in facts.calendar.nodes[1:]:
            part = share * (facts.calendar.years(n - 1) + facts.calendar.years(n)) / 2
            if part < 1 and _open(facts, offer, n - 1) and _open(facts, offer, n):
                full = facts.offer_capacity(offer, n)
                same = ordered[offer, n - 1] * full / facts.offer_capacity(offer, n - 1)
                place = f"{called}, {facts.calendar.label(n)}"
                now, most = ordered[offer, n], part * full
                for rule, left in (("rise", now - same), ("fall", same - now)):
                    yield Residual(rule, (offer, n), "<=", most - left, most + now + same, place, most)


def _open(facts: Facts, offer: str, n: int) -> bool:
    """Say whether an offer with a capacity can be ordered in a period, by any of its routes."""
    routes = (route for key, route in facts.routes.items() if key[0] == offer)
    return 0 < facts.offer_capacity(offer, n) < math.inf and any(facts.may_buy(route, n) for route in routes)
