"""Duty, checked: it decides nothing, so there is no row; purchases and own shipments pay it on arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.duty.records import Consignment, duty_per_tonne
from sourcing.replay.own_duties import own_duties
from sourcing.replay.rows import Charge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay, Residual
    from sourcing.replay.points import RouteKey


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield nothing: duty only costs."""
    return iter(())


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield the duty on arrivals; what is late pays at the last node, at the rates of the days on which it comes."""
    for (code, destination, mode, m), tonnes in plan.buy.items():
        route, key = (code, destination, mode), (code, destination, mode, m)
        goods = facts.once(_bought, route)
        for n, share, days in facts.orders[route][m].arriving:
            rate = duty_per_tonne(facts.records, goods, facts.calendar.starts[0], days)
            yield Charge("duty", n, rate * tonnes * share, key)
    for paid in own_duties(facts, plan):
        yield from (Charge("duty", n, amount, (*paid.ship, paid.m)) for n, amount in paid.due.items())


def _bought(facts: Facts, key: RouteKey) -> Consignment:
    """Return what customs looks at of an order by a route."""
    offer = facts.records.offers[key[0]]
    return Consignment(
        importer=facts.records.country(key[1]),
        origin=facts.origin_country(offer.offer),
        material=offer.material,
        price=offer.price,
        freight=facts.routes[key].freight,
    )
