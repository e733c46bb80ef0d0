"""Closure calendars: on which dates a way is closed, and how long what comes on one of them waits, day by day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.lead import Stretch, whole_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sourcing.replay.case import Records
    from sourcing.replay.points import Route
    from sourcing.replay.records import Lane

    Days = frozenset[date]

DAY, FRIDAY = timedelta(days=1), 5
NONE: Days = frozenset()


@dataclass(frozen=True)
class Closure:
    """A row of `closures`: orders, loading, customs, receipt or work stop on [since, until)."""

    stops: str
    since: date
    until: date
    country: str = ""
    site: str = ""
    supplier: str = ""
    destination: str = ""
    mode: str = ""


class Shut(NamedTuple):
    """The dates on which a way is closed: nothing leaves, and nothing is taken in."""

    loading: Days = NONE
    arriving: Days = NONE


class Timed(NamedTuple):
    """Days [since, until) after the start, and how many days it is from each of them to departure and to arrival."""

    since: float
    until: float
    departs: float
    arrives: float


def no_orders(records: Records, offer: str) -> Days:
    """Return the dates on which an offer cannot be ordered."""
    return records.once(_no_orders, offer) if records.table("closures", Closure) else NONE


def _no_orders(records: Records, offer: str) -> Days:
    of = records.offers[offer]
    return _days(row for row in _at(records, "orders", of.site) if row.supplier in ("", of.supplier))


def no_work(records: Records, process: str) -> Days:
    """Return the dates on which an own process stands still."""
    return records.once(_no_work, records.processes[process].site) if records.table("closures", Closure) else NONE


def _no_work(records: Records, site: str) -> Days:
    return _days(_at(records, "work", site))


def run_days(records: Records, process: str, day: date) -> float:
    """Return the days of the calendar that a run takes from a day on; those on which it stands still do not count.

    It is through on the last of so many open days after the first, rounded up to whole ones, if any is closed.
    """
    length, closed = records.processes[process].days, no_work(records, process)
    whole = whole_days(length)
    if not closed or closed.isdisjoint(day + DAY * i for i in range(1, whole.days + 1)):
        return length
    through, left = day, whole.days
    while left > 0:
        through += DAY
        left -= through not in closed
    return float((through - day).days)


def running_days(records: Records, process: str, first: date, spans: Sequence[Stretch]) -> list[Stretch]:
    """Return stretches (from ``first`` on) of a process with the days of a run; day by day where it ever stops."""
    length = records.processes[process].days
    if not no_work(records, process) or length <= 0:
        return [each._replace(days=length) for each in spans]
    return [
        Stretch(max(since, day), min(until, day + 1), run_days(records, process, first + DAY * day))
        for since, until, _ in spans
        for day in range(math.floor(since), math.ceil(until))
    ]


def route_shut(records: Records, route: Route) -> Shut:
    """Return when the way of a purchase is closed; what its supplier delivers is loaded on no day that is known."""
    if not records.table("closures", Closure):
        return Shut()
    offer = records.offers[route.offer]
    found = records.once(_shut, offer.site, route.destination, route.mode, offer.supplier)
    return found._replace(loading=NONE) if offer.destination else found


def ship_shut(records: Records, lane: Lane) -> Shut:
    """Return when a lane is closed for goods of one's own."""
    if not records.table("closures", Closure):
        return Shut()
    return records.once(_shut, lane.origin, lane.destination, lane.mode, "")


def _shut(records: Records, origin: str, destination: str, mode: str, supplier: str) -> Shut:
    leaves = [
        row
        for row in _at(records, "loading", origin)
        if row.supplier in ("", supplier) and row.destination in ("", destination) and row.mode in ("", mode)
    ]
    crosses = records.country(origin) != records.country(destination)
    comes = [*_at(records, "receipt", destination), *(_at(records, "customs", destination) if crosses else [])]
    return Shut(_days(leaves), _days(row for row in comes if row.mode in ("", mode)))


def _at(records: Records, stops: str, site: str) -> list[Closure]:
    """Return the closures of a kind that concern a site."""
    country = records.country(site)
    rows = records.table("closures", Closure)
    return [row for row in rows if row.stops == stops and row.site in ("", site) and row.country in ("", country)]


def _days(rows: Iterable[Closure]) -> Days:
    return frozenset(row.since + DAY * i for row in rows for i in range((row.until - row.since).days))


def opened(day: date, closed: Days) -> date:
    """Return the first date from a day on that is not closed."""
    while day in closed:
        day += DAY
    return day


def on_the_way(shut: Shut, day: date, wait: float, transit: float) -> tuple[float, float]:
    """Return the days until departure and arrival of what is decided on a day, is ready after a wait, and travels."""
    ready = day + whole_days(wait)
    departs = wait if ready not in shut.loading else float((opened(ready, shut.loading) - day).days)
    lands = day + whole_days(departs + transit)
    waits = lands in shut.arriving
    return departs, float((opened(lands, shut.arriving) - day).days) if waits else departs + transit


def lead_days(records: Records, offer: str, day: date) -> float:
    """Return the days of the calendar until what is ordered of an offer on a day is ready to leave its site."""
    row = records.offers[offer]
    if row.days != "working":
        return row.lead_days
    closed, ready, left = no_orders(records, offer), day, whole_days(row.lead_days).days
    while left > 0:
        ready += DAY
        left -= ready.isoweekday() <= FRIDAY and ready not in closed
    return float((ready - day).days)


def ready(records: Records, offer: str, first: date, waits: Sequence[Stretch]) -> list[Stretch]:
    """Return stretches of orders (days: of other waiting) with the lead time, day by day if it is of working days."""
    row = records.offers[offer]
    if row.days != "working":
        return [Stretch(since, until, wait + row.lead_days) for since, until, wait in waits]
    return [
        Stretch(max(since, day), min(until, day + 1), wait + lead_days(records, offer, first + DAY * day))
        for since, until, wait in waits
        for day in range(math.floor(since), math.ceil(until))
    ]


def timed(shut: Shut, first: date, stretches: Sequence[Stretch], transit: float) -> list[Timed]:
    """Return stretches (days: of waiting, from ``first`` on) by departure and arrival; neighbours alike are joined."""
    if shut == Shut():
        return [Timed(since, until, wait, wait + transit) for since, until, wait in stretches]
    found: list[Timed] = []
    for since, until, wait in stretches:
        joins = False
        for day in range(math.floor(since), math.ceil(until)):
            low, high = max(since, day), min(until, day + 1)
            each = Timed(low, high, *on_the_way(shut, first + DAY * day, wait, transit))
            if joins and found[-1][2:] == each[2:]:
                found[-1] = found[-1]._replace(until=high)
            else:
                found.append(each)
            joins = True
    return found


def without(spans: Sequence[tuple[date, date]], closed: Days) -> list[tuple[date, date]]:
    """Return spans of days [first, after) without the closed ones, which are cut out one by one."""
    found = list(spans)
    for day in sorted(closed):
        cut = [((low, min(high, day)), (max(low, day + DAY), high)) for low, high in found]
        found = [span for both in cut for span in both if span[0] < span[1]]
    return found
