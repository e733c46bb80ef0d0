"""Dated orders: each purchase of a plan as call-offs, with the days to apply, to ship and to arrive on."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sourcing.daily.call_offs import MONTHLY, Manner, call_offs
from sourcing.families.contracts.records import contracts
from sourcing.replay.lead import whole_days
from sourcing.replay.licence import licence_lag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sourcing.daily.call_offs import Spans
    from sourcing.families.contracts.records import Contract
    from sourcing.replay import Facts, Replay
    from sourcing.replay.points import Route, RouteKey

_DUST = 1e-9
"""Of a purchase: what a contract may leave of it, or lack, and be all of it."""
DAY = timedelta(days=1)


class Order(NamedTuple):
    """A delivery: tonnes at USD/t, under a contract ("": none); days that are not known, or not needed, are None.

    ``slip_to_safety`` and ``slip_to_empty`` are the days that it may come later, ``last_safe_date`` the last day on
    which it may come and nothing be below safety (see ``daily.slips``); None where nobody misses it.
    """

    order_on: date
    apply_by: date | None
    ship_on: date | None
    arrive_on: date
    supplier: str
    offer: str
    material: str
    destination: str
    mode: str
    tonnes: float
    lots: float | None
    price: float
    amount: float
    contract: str
    slip_to_safety: int | None = None
    slip_to_empty: int | None = None
    last_safe_date: date | None = None


class Part(NamedTuple):
    """What of a purchase is called off under a contract, or at the offer's own price (None), in t."""

    contract: Contract | None
    tonnes: float


@dataclass(frozen=True)
class _Offer:
    offer: str
    call_off: str = MONTHLY
    min_lot: float = 0.0
    lot_multiple: float = 0.0


class Dated(NamedTuple):
    """Days [since, until) on which a route is ordered, and how many days it is then until it departs and arrives."""

    since: date
    until: date
    departs: float
    arrives: float


def orders(facts: Facts, plan: Replay) -> list[Order]:
    """Return every delivery of a plan's purchases, by the day of its order."""
    known = {row.offer: row for row in facts.records.table("offers", _Offer)}
    called = _called(facts, plan)
    found: list[Order] = []
    for (offer, destination, mode, n), tonnes in plan.buy.items():
        if tonnes > 0:
            manner = Manner(known[offer].call_off, known[offer].lot_multiple, known[offer].min_lot)
            key = (offer, destination, mode)
            manner = manner._replace(lot=manner.lot if manner.lot > _DUST * tonnes else 0.0)
            found += _deliveries(facts, (key, n), manner, list(_parts(called.get((*key, n), {}), tonnes)))
    return sorted(found, key=lambda row: (row.order_on, row.offer, row.destination, row.mode, row.contract))


def _called(facts: Facts, plan: Replay) -> Mapping[tuple[str, str, str, int], dict[Contract, float]]:
    """Return by purchase the t that are called off under each contract."""
    known = {each.contract: each for each in contracts(facts)}
    found: dict[tuple[str, str, str, int], dict[Contract, float]] = defaultdict(dict)
    for (code, destination, mode, n), tonnes in plan.decided.get("call", {}).items():
        if code in known and tonnes > 0:
            found[known[code].offer, destination, mode, n][known[code]] = tonnes
    return found


def _parts(called: Mapping[Contract, float], tonnes: float) -> Iterator[Part]:
    """Yield what of a purchase goes under each contract, and the rest; together they are all of it."""
    left = tonnes
    for contract, part in called.items():
        taken = left if left - part <= _DUST * tonnes else part
        if taken > 0:
            yield Part(contract, taken)
        left -= taken
    if left > 0:
        yield Part(None, left)


def _deliveries(facts: Facts, what: tuple[RouteKey, int], manner: Manner, parts: Sequence[Part]) -> Iterator[Order]:
    """Yield the call-offs of a purchase (route, period), each part of it with its contract."""
    key, n = what
    route, offer, dated = facts.routes[key], facts.records.offers[key[0]], _dated(facts, key, n)
    for contract, day, size in _cut([(part, _open(facts, dated, (part.contract, n))) for part in parts], manner):
        at = next(each for each in dated if each.since <= day < each.until)
        ships, price = day + whole_days(at.departs), offer.price if contract is None else contract.price_in(facts, n)
        yield Order(
            order_on=day,
            apply_by=_apply_by(facts, route, day, ships),
            ship_on=None if offer.destination else ships,
            arrive_on=day + whole_days(at.arrives),
            supplier=offer.supplier,
            offer=offer.offer,
            material=route.material,
            destination=route.destination,
            mode=route.mode,
            tonnes=size,
            lots=size / manner.lot if manner.lot else None,
            price=price,
            amount=price * size,
            contract="" if contract is None else contract.contract,
        )


def _cut(parts: Sequence[tuple[Part, Spans]], manner: Manner) -> Iterator[tuple[Contract | None, date, float]]:
    """Yield contract, day and t of the call-offs of a purchase: of each part by itself, over the days of its own.

    Parts that are no whole lots, or less than the least call-off, are called off together on the days on which all of
    them sell, first those of the first contract; where there is no such day each has to be by itself after all.
    """
    shared = _shared([days for _, days in parts])
    if not shared or all(manner.is_kept_by(part.tonnes) for part, _ in parts):
        for part, days in parts:
            yield from ((part.contract, day, size) for day, size in call_offs(days, part.tonnes, manner))
        return
    total, at, left = math.fsum(part.tonnes for part, _ in parts), 0, parts[0][0].tonnes
    for day, tonnes in call_offs(shared, total, manner):
        size = tonnes
        while at + 1 < len(parts) and left < size - _DUST * total:
            yield parts[at][0].contract, day, left
            size, at, left = size - left, at + 1, parts[at + 1][0].tonnes
        yield parts[at][0].contract, day, size
        left -= size
        if at + 1 < len(parts) and left <= _DUST * total:
            at, left = at + 1, parts[at + 1][0].tonnes


def _shared(days: Sequence[Spans]) -> Spans:
    """Return the days that all have."""
    found, *others = days
    for other in others:
        both = [(max(a, c), min(b, d)) for a, b in found for c, d in other]
        found = tuple(sorted((low, high) for low, high in both if low < high))
    return found


def _dated(facts: Facts, key: RouteKey, n: int) -> list[Dated]:
    """Return the stretches of period n on which a route is ordered: a licence is that of the day of the order."""
    first = facts.calendar.starts[0]
    both = zip(facts.departures[key][n].stretches, facts.orders[key][n].stretches, strict=True)
    return [
        Dated(first + timedelta(days=leave.since), first + timedelta(days=leave.until), leave.days, arrive.days)
        for leave, arrive in both
    ]


def _open(facts: Facts, dated: list[Dated], of: tuple[Contract | None, int]) -> Spans:
    """Return the days of an order, under a contract those on which it sells."""
    contract, n = of
    spans = [(each.since, each.until) for each in dated]
    selling = contract.selling(facts, n) if contract is not None else None
    if selling is not None:
        inside = [(max(low, selling[0]), min(high, selling[1])) for low, high in spans]
        spans = [(low, high) for low, high in inside if low < high] or spans
    return tuple(spans)


def _apply_by(facts: Facts, route: Route, day: date, ships: date) -> date | None:
    """Return the last day on which to apply for a licence and keep the day of shipping; None where none is needed.

    The days of a licence are those in force on the day of the order; who applies later, under another rule, may have to
    wait longer. Of what the supplier delivers nobody knows when it ships: the day of the order.
    """
    offer, records = facts.records.offers[route.offer], facts.records
    if licence_lag(records, facts.bought_by(route), day) <= _DUST:
        return None
    if offer.destination:
        return day
    edges = [day, *(change for change in records.licence_changes if day < change < ships), ships]
    for since, until in reversed(list(pairwise(edges))):
        asked = licence_lag(records, facts.bought_by(route), since)
        last = min(until - DAY, ships - whole_days(asked))
        if asked > 0 and last >= since:
            return last
    return day
