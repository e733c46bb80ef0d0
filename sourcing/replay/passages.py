"""Passages of orders: on which days of each period a route is ordered, and what becomes of it, by kinds of routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay.capacity import open_days
from sourcing.replay.closures import no_orders, ready, route_shut, timed, without
from sourcing.replay.lead import DUST, Passage, Stretch
from sourcing.replay.windows import ordering, waiting

if TYPE_CHECKING:
    from sourcing.replay.case import Records
    from sourcing.replay.closures import Shut
    from sourcing.replay.facts import Facts
    from sourcing.replay.points import Route, RouteKey
    from sourcing.replay.windows import Span

    Known = dict[tuple[Stretch, ...], Passage]


def ordered(facts: Facts, *, to_arrival: bool) -> dict[RouteKey, list[Passage]]:
    """Return by route and period the days on which it is ordered, with those until its arrival (or departure).

    Routes of offers that are open on the same days, wait for the same licence, are closed on the same days and take as
    long share theirs.
    """
    found: dict[RouteKey, list[Passage]] = {}
    kinds: dict[tuple[object, ...], list[Passage]] = {}
    known: Known = {}
    waited: dict[tuple[object, ...], list[list[Stretch]]] = {}
    records = facts.records
    for key, route in facts.routes.items():
        offer = records.offers[route.offer]
        waits, shut = (
            (records.once(_opened, route.offer), _licensed(facts, offer.site, route)),
            route_shut(records, route),
        )
        counted = (offer.lead_days, offer.days, no_orders(records, route.offer) if offer.days == "working" else None)
        kind = (waits, counted, route.transit_days, shut)
        if kind not in kinds:
            if waits not in waited:
                way = facts.bought_by(route)
                placed = [ordering(facts.calendar, waits[0], m) for m in facts.calendar.nodes]
                waited[waits] = [waiting(records, facts.calendar, way, each, 0.0) for each in placed]
            kinds[kind] = [
                _passage(
                    facts,
                    known,
                    ready(records, route.offer, facts.calendar.starts[0], each),
                    (route.transit_days, shut, to_arrival),
                )
                for each in waited[waits]
            ]
        found[key] = kinds[kind]
    return found


def _opened(records: Records, offer: str) -> tuple[Span, ...]:
    return tuple(without(records.once(open_days, ("offer", offer)), no_orders(records, offer)))


def _licensed(facts: Facts, site: str, route: Route) -> tuple[str, ...]:
    """Return what the licence of a route depends on; nothing where its country asks for none."""
    country, made = facts.records.country(site), facts.bought_by(route).made
    if country not in facts.records.licences_of and not made:
        return ()
    return country, facts.records.country(route.destination), route.material, made


def _passage(facts: Facts, known: Known, ready: list[Stretch], way: tuple[float, Shut, bool]) -> Passage:
    """Return the passage, to arrival or to departure, of what is ready after some days, over so many days of a way."""
    transit, shut, to_arrival = way
    sent = timed(shut, facts.calendar.starts[0], ready, transit)
    stretches = tuple([Stretch(each.since, each.until, each.arrives if to_arrival else each.departs) for each in sent])
    if stretches not in known:
        known[stretches] = Passage(facts.calendar, stretches)
    return known[stretches]


def buying(facts: Facts) -> dict[RouteKey, tuple[int, ...]]:
    """Return by route the periods in which it can be ordered, and something lands unless the order is promised."""
    found: dict[RouteKey, tuple[int, ...]] = {}
    kinds: dict[tuple[object, ...], tuple[int, ...]] = {}
    offers = {code: tuple([n for n, room in enumerate(rooms) if room > 0]) for code, rooms in facts.rooms.items()}
    end = facts.length - DUST
    for key, passages in facts.orders.items():
        nodes, promised = offers[key[0]], key[0] in facts.promised
        kind = nodes, promised, id(passages)
        if kind not in kinds:
            kinds[kind] = nodes if promised else tuple(n for n in nodes if passages[n].lands < end)
        found[key] = kinds[kind]
    return found
