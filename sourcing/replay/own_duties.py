"""Duties on own shipments, replayed: what each pays by where its goods were made, from the plan's lots."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.custody import custody
from sourcing.replay.customs import ANY_OTHER, customs_values, makers, named_origins, own_tariffs, rates_in, stretches
from sourcing.replay.looks import UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay.facts import Facts
    from sourcing.replay.plan import Replay
    from sourcing.replay.points import ShipKey


class Paid(NamedTuple):
    """What is sent in period ``m`` of goods made in one place, in words, and the USD due on it, by node of arrival."""

    ship: ShipKey
    m: int
    made_in: str
    tonnes: float
    due: dict[int, float]


def own_duties(facts: Facts, plan: Replay) -> Iterator[Paid]:
    """Yield the duty on every own shipment, lot by lot; what is late pays at the last node, at the rates of its days.

    Where the duty is the same wherever goods were made, all of a shipment is one.
    """
    known = facts.once(custody)
    for (*way, m), tonnes in plan.ship.items():
        ship: ShipKey = (way[0], way[1], way[2], way[3])
        lots = known.sending(ship)
        if known.border(ship) is None:
            yield _paid(facts, ship, m, "", tonnes)
        elif len(lots) == 1:
            yield _paid(facts, ship, m, known.made_in(ship, *lots.values()), tonnes)
    for (*way, lot, m), tonnes in plan.decided.get("ship_of", {}).items():
        ship = (way[0], way[1], way[2], way[3])
        if known.border(ship) is not None and lot in known.sending(ship):
            yield _paid(facts, ship, m, known.made_in(ship, known.sending(ship)[lot]), tonnes)


def _paid(facts: Facts, ship: ShipKey, m: int, made_in: str, tonnes: float) -> Paid:
    due = dict[int, float]()
    for n, share, days in facts.shipped(ship, m).arriving:
        due[n] = due.get(n, 0.0) + facts.once(_per_tonne, ship, made_in, days) * tonnes * share
    return Paid(ship, m, made_in, tonnes, due)


def _per_tonne(facts: Facts, ship: ShipKey, made_in: str, days: tuple[float, float]) -> float:
    """Return the USD due on a tonne that arrives evenly on some days; of nobody knows where, the most on each day."""
    records = facts.records
    origin, destination, material, _ = ship
    way = records.country(origin), records.country(destination)
    code, value = records.materials[material].tariff_code, records.once(customs_values)[material]
    border = facts.once(custody).border(ship)
    anywhere = records.once(makers)[:1] if facts.duty_follows else [records.country(origin)]
    made = [border.maker(made_in)] if border is not None and made_in != UNTOLD else anywhere
    every = named_origins(records) if made_in == UNTOLD else made or [ANY_OTHER]
    rows = [own_tariffs(records, *way, country, code) for country in every]
    total = 0.0
    for part in stretches(facts, *days):
        rates = [rates_in(facts, each, part) for each in rows]
        dearest = max(cif * (value + facts.ships[ship].freight) + fob * value for cif, fob in rates)
        total += dearest * (part[1] - part[0]) / (days[1] - days[0])
    return total
