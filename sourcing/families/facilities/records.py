"""Facilities: which processes and sites are opened and closed, where they stand, and what is done at them."""

from __future__ import annotations

import math
import operator
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.capacity import tonnes_between
from sourcing.replay.limits import Counted, limits_on, members, present_in, windows
from sourcing.replay.movements import expected, movements
from sourcing.replay.origins import UNKNOWN
from sourcing.replay.plan import Replay
from sourcing.replay.surplus import brought
from sourcing.replay.useful import useful, useful_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sourcing.replay.facts import Facts
    from sourcing.replay.limits import Tally
    from sourcing.replay.points import RouteKey
    from sourcing.replay.records import Limit
    from sourcing.replay.useful import Uses

Owner = tuple[str, str]
Cell = tuple[object, ...]


@dataclass(frozen=True)
class _Process:
    process: str
    site: str
    opening_cost: float | None = None
    fixed_cost: float | None = None


@dataclass(frozen=True)
class _Site:
    site: str
    capacity: float | None = None
    opening_cost: float | None = None
    fixed_cost: float | None = None


class Facility(NamedTuple):
    """What is opened or closed: its site, its costs [USD, USD/year], and whether it is there from the start."""

    site: str
    opening: float
    fixed: float
    there: bool


def facilities(facts: Facts) -> dict[Owner, Facility]:
    """Return the facilities of a case by (kind, code): whatever has an opening cost or a fixed cost. It is shared."""
    return facts.once(_facilities)


def _facilities(facts: Facts) -> dict[Owner, Facility]:
    rows: list[tuple[Owner, _Process | _Site]] = []
    rows += [(("process", row.process), row) for row in facts.records.table("processes", _Process)]
    rows += [(("site", row.site), row) for row in facts.records.table("sites", _Site)]
    return {
        owner: Facility(row.site, row.opening_cost or 0.0, row.fixed_cost or 0.0, row.opening_cost is None)
        for owner, row in rows
        if row.opening_cost is not None or row.fixed_cost is not None
    }


def capacities(facts: Facts) -> dict[str, list[float]]:
    """Return for each site with a capacity the t that may arrive in each period."""
    starts, ends = facts.calendar.starts, facts.calendar.ends
    return {
        row.site: [tonnes_between(row.capacity, (), starts[n], ends[n]) for n in facts.calendar.nodes]
        for row in facts.records.table("sites", _Site)
        if row.capacity is not None
    }


class Done(NamedTuple):
    """What may only be done while a facility is open: rule, key, the t done, the most possible, and the facility."""

    rule: str
    key: Cell
    tonnes: float
    most: float
    owner: Owner


def arriving(facts: Facts, plan: Replay) -> dict[tuple[str, str, int], float]:
    """Return the t that arrive at each point in each period, bought, shipped or ordered before the plan."""
    found: dict[tuple[str, str, int], float] = defaultdict(float)
    moved = movements(facts, plan)
    for part in (moved.bought, moved.shipped_in, moved.open_orders):
        for cell, tonnes in part.items():
            found[cell] += tonnes
    return found


def reached(facts: Facts) -> list[tuple[str, str, int]]:
    """Return where and when anything could arrive, bought or shipped, or does that was ordered before, in order."""
    cells = {(*point, n) for point, found in brought(facts).items() for parts in found for n, _ in parts}
    return sorted(cells | expected(facts).keys())


def done(facts: Facts, plan: Replay, known: dict[Owner, Facility]) -> Iterator[Done]:
    """Yield every row that keeps closed facilities idle, but for the capacity of a site."""
    use = useful(facts)
    yield from _runs(facts, plan, (known, use))
    yield from _sends(facts, plan, (known, use))
    yield from _sales(facts, plan, (known, use))
    came, given = arriving(facts, plan), expected(facts)
    cells = [cell for cell in reached(facts) if ("site", cell[0]) in known]
    points = {(site, material) for site, material, _ in cells}
    bounded = {point for point in points if all(math.isfinite(use[point, n]) for n in facts.calendar.nodes)}
    for site, material, n in cells:
        point = (site, material)
        if point in bounded:
            key, unused = (site, material, n), use[point, 0] * use.parts.left[point, n]
            most = use[point, n] + unused + given.get(key, 0.0)
            yield Done("arrival", key, came.get(key, 0.0), most, ("site", site))


Known = tuple[dict[Owner, Facility], "Uses"]


def _runs(facts: Facts, plan: Replay, at: Known) -> Iterator[Done]:
    known, use = at
    for code, n in Replay.everything(facts).make:
        process = facts.records.processes[code]
        owners = [owner for owner in (("process", code), ("site", process.site)) if owner in known]
        if owners:
            room = facts.process_capacity(code, n)
            if process.line:
                room = min(room, facts.line_capacity(process.line, n))
            most = min(useful_run(facts, use, code, n), room)
            for owner in owners:
                yield Done("run", (*owner, code, n), plan.make.get((code, n), 0.0), most, owner)


def _sends(facts: Facts, plan: Replay, at: Known) -> Iterator[Done]:
    known, use = at
    most: dict[tuple[str, str, str, int], float] = defaultdict(float)
    sent: dict[tuple[str, str, str, int], float] = defaultdict(float)
    nodes = facts.calendar.nodes
    left = [sum(facts.calendar.years(m) for m in nodes if m >= n) for n in nodes]
    for ship, lane in facts.ships.items():
        origin, destination, _, mode = ship
        for n in nodes if ("site", origin) in known else ():
            if not facts.may_ship(ship, n):
                continue
            room = math.inf if lane.capacity is None else lane.capacity * left[n]
            way = (origin, destination, mode, n)
            most[way] += min(use.shipment(facts, ship, n), room)
            sent[way] += plan.ship.get((*ship, n), 0.0)
    for way, bound in most.items():
        yield Done("sent", way, sent[way], bound, ("site", way[0]))


def _sales(facts: Facts, plan: Replay, at: Known) -> Iterator[Done]:
    known, use = at
    routes: dict[str, list[RouteKey]] = defaultdict(list)
    for route in facts.routes:
        routes[route[0]].append(route)
    useful_orders = _useful_orders(facts, use)
    for code, offer in facts.records.offers.items():
        owner, rooms = ("site", offer.site), [facts.offer_capacity(code, n) for n in facts.calendar.nodes]
        could = {route: useful_orders(route) for route in routes[code]} if owner in known else {}
        alone = len(could) == 1
        excessive = [r for r, most in could.items() if not alone and any(map(operator.lt, most, rooms))]
        for n, room in enumerate(rooms):
            mine = [route for route in could if n in facts.buying[route]]
            if mine:
                sold = sum(plan.buy.get((*route, n), 0.0) for route in mine)
                yield Done("sold", (code, n), sold, min(sum(could[route][n] for route in mine), room), owner)
            for route in excessive:
                if n in facts.buying[route]:
                    most = could[route][n] if math.isfinite(could[route][n]) else room
                    yield Done("bought", (*route, n), plan.buy.get((*route, n), 0.0), most, owner)


def _useful_orders(facts: Facts, use: Uses) -> Callable[[RouteKey], list[float]]:
    """Return what tells t of an order by a route in each period of which all that can be used is used."""
    known: dict[tuple[object, ...], list[float]] = {}

    def told(route: RouteKey) -> list[float]:
        kind = route[1], facts.routes[route].material, id(facts.orders[route]), id(facts.buying[route])
        if kind not in known:
            known[kind] = [use.order(facts, route, n) for n in facts.calendar.nodes]
        return known[kind]

    return told


def open_facilities(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield every row of the limits on the number of open facilities."""
    asked = limits_on(facts, "facilities")
    known = facilities(facts) if asked else {}
    for limit in asked:
        amounts: Tally = defaultdict(lambda: defaultdict(float))
        for owner, facility in known.items():
            for n in facts.calendar.nodes:
                amounts[_group(facts, limit, facility)][n] += plan.decision("open", *owner, n)
        for window in windows(facts.calendar, limit):
            for name, of in members(facts, limit, present_in(window, amounts)):
                count = sum(amounts[group][n] for group in sorted(of) if group in amounts for n in window.nodes)
                yield Counted(limit, name, window, count, count, "")


def _group(facts: Facts, limit: Limit, facility: Facility) -> str:
    site = facts.records.sites[facility.site]
    named = {"": "", "site": site.site, "country": site.country, "owner": site.owner or UNKNOWN}
    return {**named, "owner_country": site.owner_country or UNKNOWN}[limit.by]
