"""Duty, checked: it decides nothing, so there is no row; purchases and own shipments pay it on arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay.duty import Consignment, duty_per_tonne
from sourcing.replay.lead import arriving
from sourcing.replay.rows import Charge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay, Residual


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield nothing: duty only costs."""
    return iter(())


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield the duty on arrivals; what is late pays at the last node, at the rates of the days on which it comes."""
    for (code, destination, mode, m), tonnes in plan.buy.items():
        offer, route = facts.records.offers[code], facts.routes[(code, destination, mode)]
        goods = Consignment(
            importer=facts.records.country(destination),
            origin=facts.origin_country(code),
            material=offer.material,
            price=offer.price,
            freight=route.freight,
        )
        for n, share, days in arriving(facts.calendar, facts.ordering(route, m)):
            rate = duty_per_tonne(facts.records, goods, facts.calendar.starts[0], days)
            yield Charge("duty", n, rate * tonnes * share, (code, destination, mode, m))
    for (origin, destination, material, mode, m), tonnes in plan.ship.items():
        ship = (origin, destination, material, mode)
        goods = Consignment(
            importer=facts.records.country(destination),
            origin=facts.records.country(origin),
            material=material,
            price=facts.records.materials[material].value,
            freight=facts.ships[ship].freight,
        )
        for n, share, days in arriving(facts.calendar, facts.shipping(ship, m)):
            rate = duty_per_tonne(facts.records, goods, facts.calendar.starts[0], days)
            yield Charge("duty", n, rate * tonnes * share, (*ship, m))
