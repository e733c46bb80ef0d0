"""Passages of orders: on which days of each period a route is ordered, and what becomes of it, by kinds of routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay.capacity import open_days
from sourcing.replay.lead import DUST, Passage
from sourcing.replay.windows import Way, ordering, waiting

if TYPE_CHECKING:
    from sourcing.replay.case import Records
    from sourcing.replay.facts import Facts
    from sourcing.replay.lead import Stretch
    from sourcing.replay.points import Route, RouteKey
    from sourcing.replay.windows import Span


def ordered(facts: Facts, *, to_arrival: bool) -> dict[RouteKey, list[Passage]]:
    """Return by route and period the days on which it is ordered, with those until its arrival (or departure).

    Routes of offers that are open on the same days, wait for the same licence and take as long share theirs.
    """
    found: dict[RouteKey, list[Passage]] = {}
    kinds: dict[tuple[object, ...], list[Passage]] = {}
    known: dict[tuple[Stretch, ...], Passage] = {}
    records = facts.records
    for key, route in facts.routes.items():
        offer = records.offers[route.offer]
        days = offer.lead_days + (route.transit_days if to_arrival else 0.0)
        kind = (records.once(_opened, route.offer), _licensed(facts, offer.site, route), days)
        if kind not in kinds:
            way = Way(offer.site, route.destination, route.material)
            placed = facts.once(_placed, kind[0])
            kinds[kind] = [_passage(facts, known, waiting(records, facts.calendar, way, each, days)) for each in placed]
        found[key] = kinds[kind]
    return found


def _opened(records: Records, offer: str) -> tuple[Span, ...]:
    return tuple(records.once(open_days, ("offer", offer)))


def _licensed(facts: Facts, site: str, route: Route) -> tuple[str, ...]:
    """Return what the licence of a route depends on; nothing where its country asks for none."""
    country = facts.records.country(site)
    if country not in facts.records.licences_of:
        return ()
    return country, facts.records.country(route.destination), route.material


def _placed(facts: Facts, opened: tuple[Span, ...]) -> list[list[Span]]:
    """Return by period the days on which an offer is ordered that is open on some days."""
    return [ordering(facts.calendar, opened, m) for m in facts.calendar.nodes]


def _passage(facts: Facts, known: dict[tuple[Stretch, ...], Passage], stretches: list[Stretch]) -> Passage:
    days = tuple(stretches)
    if days not in known:
        known[days] = Passage(facts.calendar, days)
    return known[days]


def buying(facts: Facts) -> dict[RouteKey, tuple[int, ...]]:
    """Return by route the periods in which it can be ordered, and something lands unless the order is promised."""
    found: dict[RouteKey, tuple[int, ...]] = {}
    kinds: dict[tuple[object, ...], tuple[int, ...]] = {}
    offers = {code: tuple(n for n in facts.calendar.nodes if facts.may_order(code, n)) for code in facts.records.offers}
    end = facts.length - DUST
    for key, passages in facts.orders.items():
        nodes, promised = offers[key[0]], key[0] in facts.promised
        kind = nodes, promised, id(passages)
        if kind not in kinds:
            kinds[kind] = nodes if promised else tuple(n for n in nodes if passages[n].lands < end)
        found[key] = kinds[kind]
    return found
