"""The earliest day on which an order could arrive at a point, worked out from the days on which something begins."""

from __future__ import annotations

import math
from bisect import bisect_right
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.capacity import tonnes_between
from sourcing.replay.closures import (
    Closure,
    lead_days,
    no_orders,
    no_work,
    on_the_way,
    route_shut,
    run_days,
    ship_shut,
)
from sourcing.replay.licence import licence_lag
from sourcing.replay.qualification import could_be_approved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from sourcing.replay.facts import Facts
    from sourcing.replay.points import Route, ShipKey
    from sourcing.replay.records import LaneKey, Point


class _Way(NamedTuple):
    """An offer's route, a lane for own goods or a process: what it waits for, where it leads, its days from a date on.

    ``days`` is infinite on a date on which nothing can leave, or start; it never takes less than ``fewest``.
    """

    taken: list[Point]
    given: list[Point]
    days: Callable[[date], float]
    fewest: float


def first_there(facts: Facts) -> dict[Point, float]:
    """Return the first day after the start on which anything can be at a point: in stock, on its way, or ordered."""
    found: dict[Point, float] = {}
    for order in facts.records.open_orders:
        point, day = (order.site, order.material), (order.arrives - facts.calendar.starts[0]).days
        found[point] = min(found.get(point, math.inf), day)
    found |= {point: 0.0 for point, stock in facts.records.stocks.items() if stock.opening > 0}
    return _lowered(facts, found)


def first_arrivals(facts: Facts) -> dict[Point, float]:
    """Return T_p in days after the start of the horizon; a point that no order reaches is left out."""
    return _lowered(facts, {})


def _lowered(facts: Facts, found: dict[Point, float]) -> dict[Point, float]:
    """Lower the first days of points to those on which an order can arrive.

    The smallest solution of T = least of all ways of (day of leaving + days of the way), where the day of leaving is
    the T of the slowest of what the way takes, or a later one; found by lowering values until none moves. Orders wait
    for nothing: theirs do not move.
    """
    for point, arrives in facts.once(_bought):
        _lower(found, point, arrives)
    ways, moved = [*_ships(facts), *_processes(facts)], True
    while moved:
        moved = False
        for way in ways:
            ready = max((found.get(point, math.inf) for point in way.taken), default=0.0)
            arrives = _through(facts, way, ready)
            for point in way.given:
                moved |= _lower(found, point, arrives)
    return found


def _lower(found: dict[Point, float], point: Point, day: float) -> bool:
    """Lower the first day of a point; say whether it moved."""
    if day < found.get(point, math.inf) - 1e-9:
        found[point] = day
        return True
    return False


def _bought(facts: Facts) -> list[tuple[Point, float]]:
    """Return where orders lead to, and the first days on which they can arrive there, each once."""
    kinds: dict[tuple[object, ...], float] = {}
    found: dict[tuple[Point, float], None] = {}
    for route in facts.routes.values():
        kind = _kind(facts, route)
        if kind not in kinds:
            fewest = facts.records.offers[route.offer].lead_days + route.transit_days
            kinds[kind] = _through(facts, _Way([], [], partial(_route_days, facts, route), fewest), 0.0)
        found[(route.destination, route.material), kinds[kind]] = None
    return list(found)


def _kind(facts: Facts, route: Route) -> tuple[object, ...]:
    """Return what the days of a route depend on: its offer, its lane, and the importer where a licence is asked for."""
    country = facts.records.country(facts.records.offers[route.offer].site)
    asked = country in facts.records.licences_of or facts.records.following
    importer = facts.records.country(route.destination) if asked else ""
    return route.offer, route.transit_days, _is_shut(facts, route.lane), importer, route_shut(facts.records, route)


def _through(facts: Facts, way: _Way, ready: float) -> float:
    """Return the day on which what is ready on a day has come through a way: it leaves at once, or when things change.

    Between two days on which something begins nothing changes, so no other day can be better; nor can one on which
    the fewest days that the way takes are too many.
    """
    begins, first = facts.once(_beginnings), math.inf
    for day in (ready, *begins[bisect_right(begins, ready) :]):
        if day >= facts.length or day + way.fewest >= first:
            break
        first = min(first, day + way.days(facts.calendar.starts[0] + timedelta(days=math.floor(day))))
    return first


def _beginnings(facts: Facts) -> list[int]:
    """Return the days after the start on which an offer, a capacity, a licence or a period begins or ends.

    Where anything closes or rests on weekends, any day: what waits for the end of it takes a day less on each.
    """
    r = facts.records
    if r.table("closures", Closure) or any(row.days == "working" for row in r.offers.values()):
        return list(range(1, facts.length))
    dates = [*facts.calendar.starts, *(row.start for row in r.offers.values())]
    dates += [ramp.since for ramps in r.ramps.values() for ramp in ramps]
    dates += [day for row in r.licences for day in (row.since, row.until)]
    return sorted({(day - facts.calendar.starts[0]).days for day in dates if day is not None})


def _route_days(facts: Facts, route: Route, day: date) -> float:
    """Return lead time, licence and transit of an order placed on a day."""
    offer = facts.records.offers[route.offer]
    outside = day < (offer.start or day) or (offer.end is not None and day >= offer.end)
    outside |= day in no_orders(facts.records, offer.offer)
    gives = _gives(facts, "offer", offer.offer, offer.capacity, day)
    if outside or not gives or _is_shut(facts, route.lane) or not could_be_approved(facts, "offer", offer.offer, day):
        return math.inf
    lag = licence_lag(facts.records, facts.bought_by(route), day)
    return on_the_way(
        route_shut(facts.records, route), day, lead_days(facts.records, offer.offer, day) + lag, route.transit_days
    )[1]


def _ships(facts: Facts) -> Iterator[_Way]:
    """Yield the lanes for goods that have come."""
    for key in filter(facts.takes_any, facts.ships):
        origin, destination, material, _ = key
        fewest = facts.ships[key].transit_days
        yield _Way([(origin, material)], [(destination, material)], partial(_ship_days, facts, key), fewest)


def _ship_days(facts: Facts, ship: ShipKey, day: date) -> float:
    """Return licence and transit of goods sent on a day."""
    lane = facts.ships[ship]
    if _is_shut(facts, lane.key):
        return math.inf
    lag = licence_lag(facts.records, facts.sent_by(ship), day)
    return on_the_way(ship_shut(facts.records, lane), day, lag, lane.transit_days)[1]


def _processes(facts: Facts) -> Iterator[_Way]:
    """Yield the processes: all inputs are waited for."""
    for code, process in facts.records.processes.items():
        taken = [(process.site, material) for material in facts.records.intake(code)]
        given = [(process.site, material) for material in facts.records.output(code)]
        yield _Way(taken, given, partial(_process_days, facts, code), process.days)


def _process_days(facts: Facts, code: str, day: date) -> float:
    """Return the days of a process started on a day."""
    process = facts.records.processes[code]
    line = facts.records.lines.get(process.line)
    gives = _gives(facts, "process", code, process.capacity, day)
    gives = gives and (line is None or _gives(facts, "line", line.line, line.capacity, day))
    if day in no_work(facts.records, code) or not gives or not could_be_approved(facts, "process", code, day):
        return math.inf
    return run_days(facts.records, code, day)


def _gives(facts: Facts, kind: str, code: str, capacity: float | None, day: date) -> bool:
    """Say whether an offer, a process or a line gives anything on a day."""
    ramps = facts.records.ramps.get((kind, code), ())
    if capacity is None and not ramps:
        return True
    return tonnes_between(capacity or 0.0, ramps, day, day + timedelta(days=1)) > 0


def _is_shut(facts: Facts, lane: LaneKey | None) -> bool:
    """Say whether a lane takes nothing."""
    return lane is not None and facts.records.lanes[lane].capacity == 0
