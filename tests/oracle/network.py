"""What moves goods: purchases by route and shipments by lane, with the days on which they depart and arrive."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from oracle import closed
from oracle.tables import INFINITE, NOT_TOLD, Case, Row, filled, number, span, year_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MADE_IN = "made in "
Shares = dict[int, float]
Point = tuple[str, str]


@dataclass
class Move:
    """One column of orders or shipments: what is decided in a node, on one way.

    Attributes
    ----------
    arrives, departs : part of it by node; what is missing to one happens after the horizon.
    late : the part that arrives after the horizon.
    duty : USD per tonne by node of arrival, of bought goods.
    comes : the day on which the part of each day arrives.
    lead : days from the order to the arrival, on average; ``by_lead`` the part by node of arrival and days.
    makers : of own goods, the countries in which what goes this way was made; none where nobody asks.
    days : the days on which it is ordered or released, evenly; ``lands`` the first on which any of it arrives.
    """

    kind: str
    node: int
    origin: str
    destination: str
    material: str
    mode: str
    offer: Row | None
    lane: Row | None
    column: int = -1
    arrives: Shares = field(default_factory=dict)
    departs: Shares = field(default_factory=dict)
    late: float = 0.0
    duty: dict[int, float] = field(default_factory=dict)
    comes: list[float] = field(default_factory=list)
    lead: float = 0.0
    days: tuple[int, ...] = ()
    lands: float = INFINITE
    by_lead: dict[tuple[int, float], float] = field(default_factory=dict)
    makers: frozenset[str] = frozenset()

    @property
    def point(self) -> Point:
        return self.destination, self.material

    @property
    def freight(self) -> float:
        return number(self.lane, "freight") if self.lane else 0.0

    @property
    def way(self) -> tuple[str, ...]:
        """What is decided, whatever the node."""
        offer = self.offer["offer"] if self.offer else ""
        made = f"{MADE_IN}{'+'.join(sorted(self.makers))}" if self.makers else ""
        return self.kind, offer, self.origin, self.destination, self.material, self.mode, made


def country(case: Case, site: str) -> str:
    return case.sites[site]["country"]


def made_in(case: Case, offer: Row) -> str:
    return offer.get("made_in") or country(case, offer["site"])


def lag(case: Case, move: Move) -> Callable[[int], float]:
    """Return the days of the licence in force on a day, for goods that leave on one way."""
    here, there = country(case, move.origin), country(case, move.destination)
    made = made_in(case, move.offer) if move.offer else min(move.makers, default="")
    rows = [
        (span(row, "from", "until"), number(row, "lag_days"))
        for row in case.rows("licences")
        if here != there
        and asked_for(row, here, there, made)
        and row.get("material", "") in ("", move.material)
        and case.names(row.get("destination", ""), there)
    ]
    return lambda ordinal: max([days for (first, end), days in rows if first <= ordinal < end], default=0.0)


def asked_for(row: Row, here: str, there: str, made: str) -> bool:
    """Whether a licence is asked for of goods made in a country that leave one; what comes home needs none.

    Of goods of which nobody tells who made them, any licence that follows its goods could be.
    """
    made_there = follows(row) and made in (row["country"], NOT_TOLD)
    return row["country"] == here or (made_there and row["country"] != there)


def follows(row: Row) -> bool:
    return row.get("follows") == "origin"


def dated(case: Case, row: Row, kind: str, code: str, ordinal: int) -> float:
    """Return the t/year that an offer, a process or a line can do on a day: its own capacity, or the last ramp's."""
    steps = sorted(
        (span(ramp, "from", "from")[0], number(ramp, "capacity"))
        for ramp in case.rows("ramps")
        if ramp.get(kind, "") == code
    )
    rate = number(row, "capacity", INFINITE)
    for since, value in steps:
        rate = value if since <= ordinal else rate
    return rate


def capacity(case: Case, row: Row, kind: str, code: str, node: int) -> float:
    """Return what an offer, a process or a line can do in a node: t/year by day, on the days on which it is open."""
    first, end = span(row, "start", "end")
    days = range(max(first, case.nodes[node][0]), min(end, case.nodes[node][1]))
    able = [ordinal for ordinal in days if kind != "offer" or closed.sold(case, row, ordinal)]
    return sum(dated(case, row, kind, code, ordinal) * year_part(ordinal) for ordinal in able)


def years_in(case: Case, node: int) -> float:
    return sum(year_part(ordinal) for ordinal in range(*case.nodes[node]))


def overlap(case: Case, first: float, end: float) -> Iterator[tuple[int, float]]:
    """Yield the nodes that some days fall into, and how many."""
    for n, (s, e) in enumerate(case.nodes):
        if min(end, e) > max(first, s):
            yield n, min(end, e) - max(first, s)


def timed(case: Case, move: Move, days: list[int]) -> None:
    """Fill in when what is ordered evenly over some days departs and arrives, and what part is late."""
    move.days = tuple(days)
    leads = [(ordinal, *way_of(case, move, ordinal), ordinal - place) for place, ordinal in enumerate(days)]
    rates = tariffs(case, move)
    for (lead, comes, _), run in groupby(leads, key=lambda each: each[1:]):
        run_days = [each[0] for each in run]
        move.lands = min(move.lands, run_days[0] + comes)
        first, end = run_days[0], run_days[-1] + 1
        for n, part in overlap(case, first + lead, end + lead):
            move.departs[n] = move.departs.get(n, 0.0) + part / len(days)
        for n, part in overlap(case, first + comes, end + comes):
            move.arrives[n] = move.arrives.get(n, 0.0) + part / len(days)
            key = n, comes
            move.by_lead[key] = move.by_lead.get(key, 0.0) + part / len(days)
        move.lead += comes * len(run_days) / len(days)
        for ordinal in run_days if rates else ():
            due(case, move, rates, ordinal + comes, len(days))
        move.comes += [ordinal + comes for ordinal in run_days]
    move.late = max(0.0, 1 - sum(move.arrives.values()))
    if move.late < 1e-12:
        move.late = 0.0


def way_of(case: Case, move: Move, ordinal: int) -> tuple[float, float]:
    """Return the days until the departure and the arrival of what is ordered, or released, on a day."""
    before = closed.ready(case, move.offer, ordinal) if move.offer else 0.0
    return closed.under_way(case, move, ordinal, before + lag(case, move)(ordinal))


def tariffs(case: Case, move: Move) -> list[tuple[tuple[int, int], float]]:
    """Return days and USD per tonne of all duties that fit bought goods entering a country; own ones owe by lot."""
    there = country(case, move.destination)
    if move.offer is None or country(case, move.origin) == there:
        return []
    made, price = made_in(case, move.offer), number(move.offer, "price")
    code = case.materials[move.material].get("tariff_code", "")
    return [
        (span(row, "from", "until"), number(row, "rate") * (price + (0 if row.get("basis") == "fob" else move.freight)))
        for row in case.rows("tariffs")
        if case.names(row.get("importer", ""), there)
        and case.names(row.get("origin", ""), made)
        and row.get("tariff_code", "") in ("", code)
    ]


def due(case: Case, move: Move, rates: list[tuple[tuple[int, int], float]], arrival: float, days: int) -> None:
    """Add what one day's part owes by the day it arrives on; what is late is charged in the last node."""
    dollars = sum(value for (first, end), value in rates if first <= arrival < end)
    node = case.node_of(int(arrival))
    node = len(case.nodes) - 1 if node is None else node
    move.duty[node] = move.duty.get(node, 0.0) + dollars / days


def of_use(case: Case) -> set[Point]:
    """Return the points where material is of use: asked for, kept, taken by a process, or sent on to such a point."""
    found = {(row["site"], row["material"]) for table in ("demand", "stocks") for row in case.rows(table)}
    for process in case.rows("processes"):
        taken = [row["material"] for row in recipe(case, process["process"]) if number(row, "quantity") < 0]
        found |= {(process["site"], material) for material in taken}
    grown = True
    while grown:
        ways = [(lane, material) for lane in case.rows("lanes") for _, material in found]
        sent = {
            (lane["origin"], material)
            for lane, material in ways
            if lane.get("material", "") in ("", material) and (lane["destination"], material) in found
        }
        grown = not sent <= found
        found |= sent
    return found


def purchases(case: Case) -> list[Move]:
    """Return every purchase that can be decided: by route to where it is of use and node, within the offer's days."""
    moves, useful = [], of_use(case)
    for offer in case.rows("offers"):
        if filled(offer, "destination"):
            ways: list[tuple[str, Row | None]] = [(offer["destination"], None)]
        else:
            ways = [(lane["destination"], lane) for lane in lanes_of(case, offer["site"], offer["material"])]
        for destination, lane in ways:
            if (destination, offer["material"]) not in useful:
                continue
            for node in range(len(case.nodes)):
                days = open_days(case, offer, node)
                if not days:
                    continue
                mode = lane.get("mode", "") if lane else ""
                move = Move("buy", node, offer["site"], destination, offer["material"], mode, offer, lane)
                timed(case, move, days)
                if move.arrives or named(case, offer["offer"]):
                    moves.append(move)
    return moves


def lanes_of(case: Case, site: str, material: str) -> list[Row]:
    return [
        lane for lane in case.rows("lanes") if lane["origin"] == site and lane.get("material", "") in ("", material)
    ]


def open_days(case: Case, offer: Row, node: int) -> list[int]:
    """Return the days of a node on which an offer is open and has any capacity."""
    first, end = span(offer, "start", "end")
    days = range(max(first, case.nodes[node][0]), min(end, case.nodes[node][1]))
    open_ = [ordinal for ordinal in days if closed.sold(case, offer, ordinal)]
    return [ordinal for ordinal in open_ if dated(case, offer, "offer", offer["offer"], ordinal) > 0]


def named(case: Case, offer: str) -> bool:
    """Whether an award, a contract or the last plan names an offer, so that orders may come too late to be of use."""
    return any(row["offer"] == offer for table in ("awards", "contracts", "last_orders") for row in case.rows(table))


def shipments(case: Case, way: Move, there: float) -> list[Move]:
    """Return shipments by one way, node by node: from the day goods can be there, while they arrive in the horizon."""
    moves = []
    for node, (first, end) in enumerate(case.nodes):
        days = [
            ordinal
            for ordinal in range(first, end)
            if ordinal + 1 > there and ordinal + way_of(case, way, ordinal)[1] + 1 <= case.nodes[-1][1]
        ]
        if days:
            move = Move("ship", node, *way.way[2:6], None, way.lane, makers=way.makers)
            timed(case, move, days)
            moves.append(move)
    return moves


def ways(case: Case, starts: set[Point]) -> list[Move]:
    """Return every way by which goods that can lie at an origin can be sent on to where they are of use."""
    moves, reached, waiting, useful = [], set(starts), sorted(starts), of_use(case)
    while waiting:
        site, material = waiting.pop()
        for lane in [each for each in lanes_of(case, site, material) if (each["destination"], material) in useful]:
            moves.append(Move("ship", 0, site, lane["destination"], material, lane.get("mode", ""), None, lane))
            for point in [(lane["destination"], material), *made_from(case, lane["destination"], material)]:
                if point not in reached:
                    reached.add(point)
                    waiting.append(point)
    return moves


def made_from(case: Case, site: str, material: str) -> list[Point]:
    """Return what processes of a site make of a material."""
    return [
        (site, out["material"])
        for process in case.rows("processes")
        if process["site"] == site
        for row in recipe(case, process["process"])
        if row["material"] == material and number(row, "quantity") < 0
        for out in recipe(case, process["process"])
        if number(out, "quantity") > 0
    ]


def recipe(case: Case, process: str) -> list[Row]:
    return [row for row in case.rows("recipes") if row["process"] == process]
