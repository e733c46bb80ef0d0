"""Everything the checks need to know about a question, worked out once from its tables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay import capacity
from sourcing.replay.case import Records
from sourcing.replay.dates import Calendar, calendar
from sourcing.replay.due import Due, demand
from sourcing.replay.licence import licence_lag
from sourcing.replay.points import Points, Route, RouteKey, ShipKey, points, routes, ships

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pandas import DataFrame

    from sourcing.replay.records import Lane, Line, Offer, Process


@dataclass(frozen=True)
class Terms:
    """Horizon and objective of a question: ``length`` as in "quarter", ``shortage`` least, priced, limited or none."""

    start: date
    periods: int
    length: str
    discount_rate: float = 0.0
    shortage: str = "least"


@dataclass(frozen=True)
class Facts:
    """The tables of a case over the periods of a question.

    ``routes`` holds every way to buy, ``ships`` every own shipment, ``due`` the demand by (site, material, node).
    """

    records: Records
    calendar: Calendar
    discount_rate: float
    shortage: str
    points: Points
    routes: Mapping[RouteKey, Route]
    ships: Mapping[ShipKey, Lane]
    due: Mapping[tuple[str, str, int], Due]

    @classmethod
    def of(
        cls,
        tables: Mapping[str, DataFrame],
        start: date,
        periods: int,
        length: str,
        discount_rate: float,
        shortage: str,
    ) -> Facts:
        """Work out the facts from the tables of a case and the fields of a question."""
        records = Records.of(tables)
        periods_ = calendar(start, periods, length)
        known = points(records)
        return cls(
            records=records,
            calendar=periods_,
            discount_rate=discount_rate,
            shortage=shortage,
            points=known,
            routes=routes(records, known),
            ships=ships(records, known),
            due=demand(records, periods_),
        )

    def offer_capacity(self, offer: str, n: int) -> float:
        """Return the t of an offer that may be ordered in period n (infinite without a capacity)."""
        return capacity.offer_capacity(self.records, self.calendar, offer, n)

    def process_capacity(self, process: str, n: int) -> float:
        """Return the t of activity of a process possible in period n (infinite without a capacity)."""
        return capacity.process_capacity(self.records, self.calendar, process, n)

    def line_capacity(self, line: str, n: int) -> float:
        """Return the t of activity of all processes of a line possible in period n (infinite without a capacity)."""
        return capacity.line_capacity(self.records, self.calendar, line, n)

    def is_limited(self, kind: str, code: str) -> bool:
        """Say whether an "offer", a "process" or a "line" has a capacity or a ramp."""
        r = self.records
        rows: dict[str, Mapping[str, Offer | Process | Line]] = {
            "offer": r.offers,
            "process": r.processes,
            "line": r.lines,
        }
        return rows[kind][code].capacity is not None or (kind, code) in self.records.ramps

    def departure_days(self, route: Route, m: int) -> float:
        """Return the days from an order in period m to its departure."""
        offer = self.records.offers[route.offer]
        day = self.calendar.starts[m]
        return offer.lead_days + licence_lag(self.records, offer.site, route.destination, route.material, day)

    def lead_days(self, route: Route, m: int) -> float:
        """Return the days from an order in period m to its arrival."""
        return self.departure_days(route, m) + route.transit_days

    def waiting_days(self, ship: ShipKey, m: int) -> float:
        """Return the days an own shipment of period m waits for its licence."""
        origin, destination, material, _ = ship
        return licence_lag(self.records, origin, destination, material, self.calendar.starts[m])

    def shipping_days(self, ship: ShipKey, m: int) -> float:
        """Return the days from taking goods for an own shipment in period m to their arrival."""
        return self.waiting_days(ship, m) + self.ships[ship].transit_days

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
        return self.process_capacity(process, n) > 0 and (not line or self.line_capacity(line, n) > 0)

    def may_order(self, offer: str, n: int) -> bool:
        """Say whether anything of an offer can be ordered in period n."""
        room = self.offer_capacity(offer, n)
        return math.isinf(room) or room > 0
