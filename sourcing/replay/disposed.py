"""Disposal without an end: the points it is open to, and how much could be there to be disposed of."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.measures import measures_that
from sourcing.replay.use import factors, gaining

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point


@dataclass(frozen=True)
class _Tier:
    above: float
    offer: str = ""
    supplier: str = ""
    counted_in: str = "tonnes"
    price: float | None = None


@dataclass(frozen=True)
class _Change:
    offer: str = ""


def open_ended(facts: Facts) -> set[Point]:
    """Return the points at which any amount could be disposed of: there, or as all that is made of it elsewhere."""
    found = {
        point
        for point, stock in facts.records.stocks.items()
        if stock.disposal_cost is not None and stock.disposal_maximum is None
    }
    size = -1
    while size < len(found):
        size = len(found)
        for origin, destination, material, _ in facts.ships:
            if (destination, material) in found:
                found.add((origin, material))
        for code in facts.records.processes:
            if not wanted_of(facts, code, found):
                found |= {(facts.records.processes[code].site, taken) for taken in facts.records.intake(code)}
    return found


def wanted_of(facts: Facts, process: str, endless: set[Point]) -> list[tuple[Point, float]]:
    """Return what a process makes, t per t of activity, that somebody has to use."""
    site = facts.records.processes[process].site
    made = facts.records.output(process).items()
    return [((site, what), quantity) for what, quantity in made if (site, what) not in endless]


def there_in_all(facts: Facts, endless: set[Point], use: Mapping[Point, float]) -> dict[Point, float]:
    """Return the most t that could come to each point of ``endless``, infinite where nothing says how much.

    ``use`` is what could be used at each point but for that disposal; where bringing goods for nothing cannot pay,
    no more than that is ordered of an offer.
    """
    runs = {code: _run(facts, code, endless, use) for code in facts.records.processes}
    first = _bought(facts, use)
    onward: dict[Point, dict[Point, float]] = defaultdict(dict)
    for origin, destination, material, _ in facts.ships:
        onward[destination, material][origin, material] = 1.0
    for code, run in runs.items():
        site = facts.records.processes[code].site
        for made, quantity in facts.records.output(code).items():
            if run is not None:
                first[site, made] += run * quantity
                continue
            for taken, needed in facts.records.intake(code).items():
                before = onward[site, made]
                before[site, taken] = max(quantity / needed, before.get((site, taken), 0.0))
    growing, found = gaining(facts.points.known, onward), {}
    for point in endless:
        reach = {} if point in growing else factors(point, onward)
        found[point] = sum(gain * first[source] for source, gain in reach.items()) if reach else math.inf
    return found


def _run(facts: Facts, process: str, endless: set[Point], use: Mapping[Point, float]) -> float | None:
    """Return the t of activity that capacity and use allow in all; None where neither says anything."""
    room = sum(facts.process_capacity(process, n) for n in facts.calendar.nodes)
    needed = wanted_of(facts, process, endless)
    if not needed and math.isinf(room):
        return None
    return min([room, *(use[point] / quantity for point, quantity in needed)])


def _bought(facts: Facts, use: Mapping[Point, float]) -> dict[Point, float]:
    """Return t by point of what is there, on order, or could be ordered."""
    found = at_hand(facts)
    idle = not worth_wasting(facts)
    for route in facts.routes.values():
        room = sum(facts.offer_capacity(route.offer, n) for n in facts.calendar.nodes)
        point = (route.destination, route.material)
        found[point] += min(room, use[point]) if idle else room
    return found


def at_hand(facts: Facts) -> dict[Point, float]:
    """Return t by point of opening stock and of what open orders bring."""
    found: dict[Point, float] = defaultdict(float)
    for point, stock in facts.records.stocks.items():
        found[point] += stock.opening
    for order in facts.records.open_orders:
        found[order.site, order.material] += order.quantity
    return found


def worth_wasting(facts: Facts) -> bool:
    """Say whether anything could make it pay to bring goods only to dispose of them, tiers apart."""
    records = facts.records
    sums = measures_that(lambda measure: measure.is_sum)
    limits = any(limit.sense == "min" or limit.measure not in sums for limit in records.limits.values())
    sold = any(stock.disposal_maximum is None and (stock.disposal_cost or 0.0) < 0 for stock in records.stocks.values())
    tiers = [tier.price for tier in records.table("tiers", _Tier) if tier.price is not None]
    prices = [offer.price for offer in records.offers.values()] + [row.cost for row in records.processes.values()]
    ruled = any(records.table(name, _Change) for name in ("contracts", "splits", "incumbents", "change_terms"))
    return limits or sold or ruled or min([*tiers, *prices], default=0.0) < 0


def last_tiers(facts: Facts) -> dict[Point, float]:
    """Return t by point to which it may pay to order more of offers, to reach the last of their tiers."""
    last: dict[tuple[str, str], _Tier] = {}
    for tier in facts.records.table("tiers", _Tier):
        owner = (tier.offer, tier.supplier)
        if owner not in last or tier.above > last[owner].above:
            last[owner] = tier
    found: dict[Point, float] = defaultdict(float)
    years = sum(facts.calendar.years(n) for n in facts.calendar.nodes)
    for route in facts.routes.values():
        offer = facts.records.offers[route.offer]
        for tier in last.values():
            each = offer.price if tier.counted_in == "value" else 1.0
            if (tier.offer == offer.offer or (not tier.offer and tier.supplier == offer.supplier)) and each > 0:
                found[route.destination, route.material] += tier.above * years / each
    return found
