"""Everything the checks need to know about a question, worked out once from its tables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from sourcing.replay import capacity
from sourcing.replay.case import Records
from sourcing.replay.closures import running_days, ship_shut, timed
from sourcing.replay.custody import custody
from sourcing.replay.dates import Calendar, calendar
from sourcing.replay.due import Dated, Due, dated, demand
from sourcing.replay.lead import DUST, Passage, Stretch
from sourcing.replay.licensed import own_ways
from sourcing.replay.once import WorkedOut
from sourcing.replay.passages import buying, ordered
from sourcing.replay.points import Points, Route, RouteKey, ShipKey, points, routes, ships
from sourcing.replay.reach import first_there
from sourcing.replay.windows import Promised, Way, running, waiting, within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pandas import DataFrame

    from sourcing.replay.records import Lane, Line, Offer, Point, Process


@dataclass(frozen=True)
class Terms:
    """Horizon and objective of a question.

    ``steps`` are the lengths of its periods in order, as in "quarter", each with how many have it; ``shortage`` is
    least, priced, limited or none. ``tail`` is how many periods of the last length follow that are not reported;
    ``smooth`` the part of the least cost that a plan may cost more where its orders then move less. ``duty_follows``:
    own shipments owe duty by where their goods were made; by the country they left in plans older than lots. ``within``
    is what is asked of stock on days within long periods: nothing, not_empty or safety.
    """

    start: date
    steps: Sequence[tuple[str, int]]
    discount_rate: float = 0.0
    shortage: str = "least"
    tail: int = 0
    smooth: float = 0.0
    duty_follows: bool = True
    within: str = "nothing"


@dataclass(frozen=True)
class Facts(WorkedOut):
    """The tables of a case over the periods of a question.

    ``routes`` holds every way to buy, ``ships`` every own shipment, ``dated`` the demand by day, ``due`` by
    (site, material, node). ``made`` and ``anybody`` are those of ``OwnWays``.
    """

    records: Records
    calendar: Calendar
    discount_rate: float
    shortage: str
    duty_follows: bool
    within: str
    points: Points
    routes: Mapping[RouteKey, Route]
    ships: Mapping[ShipKey, Lane]
    made: Mapping[ShipKey, frozenset[str]]
    anybody: str
    dated: Sequence[Dated]
    due: Mapping[tuple[str, str, int], Due]

    @classmethod
    def of(cls, tables: Mapping[str, DataFrame], terms: Terms) -> Facts:
        """Work out the facts from the tables of a case and what a question says beside them."""
        records = Records.of(tables)
        periods = calendar(terms.start, terms.steps, terms.tail)
        known, rows = points(records), dated(records, periods)
        own = own_ways(records, periods, ships(records, known))
        return cls(
            records=records,
            calendar=periods,
            discount_rate=terms.discount_rate,
            shortage=terms.shortage,
            duty_follows=terms.duty_follows,
            within=terms.within,
            points=known,
            routes=routes(records, known),
            ships=own.lanes,
            made=own.made,
            anybody=own.anybody,
            dated=rows,
            due=demand(rows, periods),
        )

    def offer_capacity(self, offer: str, n: int) -> float:
        """Return the t of an offer that may be ordered in period n (infinite without a capacity)."""
        return self.rooms[offer][n]

    @cached_property
    def rooms(self) -> Mapping[str, list[float]]:
        """By offer the t that may be ordered in each period (infinite without a capacity)."""
        return {offer: capacity.offer_capacities(self.records, self.calendar, offer) for offer in self.records.offers}

    def process_capacity(self, process: str, n: int) -> float:
        """Return the t of activity of a process possible on its days of period n (infinite without a capacity)."""
        return capacity.process_capacity(self.records, process, self._days_of([process], n))

    def line_capacity(self, line: str, n: int) -> float:
        """Return the t of activity possible on a line on the days on which any of its processes runs.

        Infinite without a capacity. A line of which no process ever runs has its whole periods.
        """
        processes = [process for process in self.records.on_line(line) if self._ever_runs(process)]
        whole = [(self.calendar.starts[n], self.calendar.ends[n])]
        return capacity.line_capacity(self.records, line, self._days_of(processes, n) if processes else whole)

    def _ever_runs(self, process: str) -> bool:
        return any(self.running(process, n) for n in self.calendar.nodes)

    def _days_of(self, processes: list[str], n: int) -> list[tuple[date, date]]:
        """Return the stretches of whole days of period n on which any of some processes runs, none twice."""
        runs = [(math.floor(a + DUST), math.ceil(b - DUST)) for each in processes for a, b, _ in self.running(each, n)]
        start, end = self.calendar.starts[0], 0
        found: list[tuple[date, date]] = []
        for since, until in sorted(runs):
            if until > max(since, end):
                found.append((start + timedelta(days=max(since, end)), start + timedelta(days=until)))
                end = until
        return found

    @property
    def length(self) -> int:
        """The days of the horizon."""
        return (self.calendar.ends[-1] - self.calendar.starts[0]).days

    def is_limited(self, kind: str, code: str) -> bool:
        """Say whether an "offer", a "process" or a "line" has a capacity or a ramp."""
        r = self.records
        rows: dict[str, Mapping[str, Offer | Process | Line]] = {
            "offer": r.offers,
            "process": r.processes,
            "line": r.lines,
        }
        return rows[kind][code].capacity is not None or (kind, code) in self.records.ramps

    def ordering(self, route: Route, m: int, *, to_arrival: bool = True) -> Sequence[Stretch]:
        """Return the days of period m on which a route is ordered, with the days until its arrival (or departure)."""
        return (self.orders if to_arrival else self.departures)[route.key][m].stretches

    @cached_property
    def orders(self) -> Mapping[RouteKey, list[Passage]]:
        """By route and period the days on which it is ordered, with those until the arrival."""
        return ordered(self, to_arrival=True)

    @cached_property
    def departures(self) -> Mapping[RouteKey, list[Passage]]:
        """By route and period the days on which it is ordered, with those until what is ordered departs."""
        return ordered(self, to_arrival=False)

    @cached_property
    def buying(self) -> Mapping[RouteKey, tuple[int, ...]]:
        """By route the periods in which it can be ordered: of an order that nobody promised, something has to land."""
        return buying(self)

    def bought_by(self, route: Route) -> Way:
        """Return what a licence looks at of an order by a route."""
        made = self.origin_country(route.offer) if self.records.following else ""
        return Way(self.records.offers[route.offer].site, route.destination, route.material, made)

    def sent_by(self, ship: ShipKey) -> Way:
        """Return what a licence looks at of an own shipment."""
        return Way(*ship[:3], made=min(self.made.get(ship, {self.anybody})))

    def takes_any(self, ship: ShipKey) -> bool:
        """Say whether an own shipment takes any goods that can be where it leaves; one of several ways may not."""
        return ship not in self.made or bool(self.once(custody).sending(ship))

    def shipped(self, ship: ShipKey, m: int, *, to_arrival: bool = True) -> Passage:
        """Return what ``shipping`` does, and what becomes of what is sent."""
        return self.once(_sent, ship, m, to_arrival)

    def run(self, process: str, m: int) -> Passage:
        """Return what ``running`` does, and when the outputs come."""
        return self.once(_runs, process, m)

    @cached_property
    def first_there(self) -> dict[Point, float]:
        """First day after the start on which anything can be at a point; one at which nothing ever is, is left out."""
        return first_there(self)

    def shipping(self, ship: ShipKey, m: int, *, to_arrival: bool = True) -> Sequence[Stretch]:
        """Return the days of period m on which goods are released, with the days until their arrival (or departure).

        From the first day on which anything can be at the origin, and only what arrives within the horizon.
        """
        return self.shipped(ship, m, to_arrival=to_arrival).stretches

    def inputs_there(self, process: str) -> float:
        """Return the day after the start on which all inputs of a process can be there."""
        site = self.records.processes[process].site
        return max([self.first_there.get((site, what), math.inf) for what in self.records.intake(process)], default=0.0)

    def running(self, process: str, m: int) -> Sequence[Stretch]:
        """Return the days of period m on which a process runs, with the days until its outputs come."""
        return self.run(process, m).stretches

    def may_buy(self, route: Route, m: int) -> bool:
        """Say whether a route can be ordered in period m."""
        return m in self.buying[route.key]

    def may_ship(self, ship: ShipKey, m: int) -> bool:
        """Say whether anything can be sent by an own shipment in period m: it is there, and still arrives."""
        return bool(self.shipping(ship, m))

    @cached_property
    def promised(self) -> frozenset[str]:
        """Offers of which orders are promised by their date: by awards, contracts or the last plan."""
        asked = {row.offer for name in ("awards", "contracts") for row in self.records.table(name, Promised)}
        frozen = self.records.table("last_orders", Promised) if self.records.table("change_terms", Promised) else []
        return frozenset(asked | {row.offer for row in frozen})

    def origin_country(self, offer: str) -> str:
        """Return the country an offer's goods are made in."""
        row = self.records.offers[offer]
        return row.made_in or self.records.country(row.site)

    def demand(self, site: str, material: str, n: int) -> float:
        """Return the t due at a point in period n."""
        found = self.due.get((site, material, n))
        return 0.0 if found is None else found.quantity

    def may_run(self, process: str, n: int) -> bool:
        """Say whether a process, and the line it runs on, can do anything in period n."""
        line = self.records.processes[process].line
        has_capacity = self.process_capacity(process, n) > 0 and (not line or self.line_capacity(line, n) > 0)
        return has_capacity and bool(self.running(process, n))

    def may_order(self, offer: str, n: int) -> bool:
        """Say whether anything of an offer can be ordered in period n."""
        return self.offer_capacity(offer, n) > 0


def _sent(facts: Facts, ship: ShipKey, m: int, to_arrival: bool) -> Passage:
    spans = [(facts.calendar.starts[m], facts.calendar.ends[m])] if facts.takes_any(ship) else []
    lane = facts.ships[ship]
    lags = waiting(facts.records, facts.calendar, facts.sent_by(ship), spans, 0.0)
    ready = facts.first_there.get((ship[0], ship[2]), math.inf)
    released = []
    for each in timed(ship_shut(facts.records, lane), facts.calendar.starts[0], lags, lane.transit_days):
        days = each.arrives if to_arrival else each.departs
        released.append(within(Stretch(each.since, each.until, days), ready, facts.length - each.arrives))
    return Passage(facts.calendar, [each for each in released if each is not None])


def _runs(facts: Facts, process: str, m: int) -> Passage:
    records, ready = facts.records, facts.inputs_there(process)
    spans = running(records, facts.calendar, process, m)
    spans = running_days(records, process, facts.calendar.starts[0], spans)
    return Passage(facts.calendar, [kept for span in spans if (kept := within(span, ready, facts.length - span.days))])
