"""Who takes part in each rule, as the dictionaries that rule-by-rule libraries look into.

Used by Pyomo and PuLP, whose rows are written one by one. An activity is (route, period), (ship, period) and so on.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from benchmarks.peers.stated import KINDS, state

if TYPE_CHECKING:
    from benchmarks.peers.stated import Stated
    from benchmarks.peers.tables import Tables

Key = tuple[int, ...]
Parts = dict[Key, list[tuple[Key, float]]]


def grouped(keys: tuple[Any, ...], members: tuple[Any, ...], values: Any) -> Parts:
    """Return for each key its members, each with its value."""
    found: Parts = defaultdict(list)
    pairs = (zip(*(np.asarray(part).tolist() for part in side), strict=True) for side in (keys, members))
    for key, member, value in zip(*pairs, np.asarray(values).tolist(), strict=True):
        found[key].append((member, value))
    return found


def cells(values: Any, where: Any = None) -> dict[Key, float]:
    """Return the cells of a grid, all of them or those that are marked, by their position."""
    grid = np.asarray(values)
    marked = np.nonzero(np.ones(grid.shape, bool) if where is None else where)
    return dict(zip(zip(*(axis.tolist() for axis in marked), strict=True), grid[marked].tolist(), strict=True))


class Row(NamedTuple):
    """A row between ``low`` and ``high``: the members of each kind, in the order of ``stated.KINDS``."""

    low: float
    high: float
    members: tuple[list[tuple[Key, float]], ...]


@dataclass(frozen=True)
class Facts:
    """Coefficients and bounds by index; a pair is an activity and its coefficient.

    ``buying``, ``shipping``, ``making``, ``holding`` and ``missing`` are the costs of the variables, discounted.
    """

    buying: dict[Key, float]
    shipping: dict[Key, float]
    making: dict[Key, float]
    holding: dict[Key, float]
    missing: dict[Key, float]
    due: dict[Key, float]
    useful: dict[Key, float]
    bought: Parts
    shipped: Parts
    sent: Parts
    made: Parts
    taken: Parts
    offers: Parts
    offered: dict[Key, float]
    processes: dict[Key, float]
    lanes: tuple[Parts, Parts]
    carried: dict[Key, float]
    closing: dict[Key, float]
    maximum: dict[Key, float]
    totals: Parts
    members: dict[Key, list[tuple[Key, float]]]
    most: list[float]
    given: dict[Key, float]
    stated: list[Row]


def facts(tables: Tables) -> Facts:
    """Look everything up once."""
    years, discount = (tables.periods[name].to_numpy() for name in ("years", "discount"))
    demand, counted = tables.demand, tables.counted
    due = (demand["point"], demand["period"])
    window = (counted["limit"], counted["window"])
    bought = (counted["route"], counted["start"])
    stated = state(tables)
    return Facts(
        **_moved(tables, discount),
        **_made(tables, discount),
        **_kept(tables, years * discount, stated.room > 0),
        missing=_by(due, demand["shortage_cost"].to_numpy() * discount[demand["period"]]),
        due=_by(due, demand["quantity"]),
        useful=cells(stated.room, stated.room > 0),
        **_capacities(tables, years),
        totals=grouped(window, bought, counted["tonnes"]),
        members=grouped((*window, counted["country"]), bought, counted["tonnes"]),
        most=tables["limits"]["value"].tolist(),
        given={(point, 0): value for point, value in enumerate(tables.stocks["opening"].tolist())},
        stated=_stated(stated),
    )


def _stated(stated: Stated) -> list[Row]:
    found = []
    for rows in stated.rows:
        members = []
        for kind in KINDS:
            row, cell, value = rows.of(kind)
            members.append(grouped((row,), cell, value))
        for number, (low, high) in enumerate(zip(rows.low.tolist(), rows.high.tolist(), strict=True)):
            found.append(Row(low, high, tuple(part.get((number,), []) for part in members)))
    return found


def _by(keys: tuple[Any, ...], values: Any) -> dict[Key, float]:
    return dict(zip(zip(*(part.tolist() for part in keys), strict=True), values.tolist(), strict=True))


def _moved(tables: Tables, discount: Any) -> dict[str, Any]:
    """Return what is bought and shipped: costs, and what comes and goes at each point and period."""
    routes, ships = tables.routes, tables.ships
    arrivals, landings = tables.arrivals, tables.landings
    price, freight, rate = (routes[name].to_numpy(float)[:, None] for name in ("price", "freight", "rate"))
    landed = freight + rate * (price + freight)
    carried, duty, value = (ships[name].to_numpy(float)[:, None] for name in ("freight", "rate", "value"))
    buying = price * discount + landed * tables.paid_on_arrival(arrivals, len(routes))
    shipping = (carried + duty * (value + carried)) * tables.paid_on_arrival(landings, len(ships))
    point = routes["point"].to_numpy()[arrivals.activity]
    place = ships["point"].to_numpy()[landings.activity]
    ship, start = np.nonzero(tables.sent)
    return {
        "buying": cells(buying, tables.ordered),
        "shipping": cells(shipping, tables.sent),
        "bought": grouped((point, arrivals.end), (arrivals.activity, arrivals.start), arrivals.share),
        "shipped": grouped((place, landings.end), (landings.activity, landings.start), landings.share),
        "sent": grouped((ships["from_point"].to_numpy()[ship], start), (ship, start), np.ones(len(ship))),
    }


def _made(tables: Tables, discount: Any) -> dict[str, Any]:
    """Return what processes take and make."""
    taken, made = tables.taken, tables.made
    return {
        "making": cells(tables["processes"]["cost"].to_numpy()[:, None] * discount, tables.run),
        "taken": grouped((taken["point"], taken["start"]), (taken["number"], taken["start"]), taken["tonnes"]),
        "made": grouped((made["point"], made["end"]), (made["number"], made["start"]), made["tonnes"]),
    }


def _kept(tables: Tables, charged: Any, kept: Any) -> dict[str, Any]:
    """Return what is kept: its cost, and how much it has to be at the end, and may be."""
    rate, closing, maximum = (
        tables.stocks[name].to_numpy()[:, None] + np.zeros(len(charged))
        for name in ("holding_cost", "closing", "maximum")
    )
    last = np.arange(len(charged)) == len(charged) - 1
    return {
        "holding": cells(rate * charged, kept),
        "closing": cells(closing, kept & (closing > 0) & last),
        "maximum": cells(maximum, kept & ~np.isnan(maximum)),
    }


def _capacities(tables: Tables, years: Any) -> dict[str, Any]:
    """Return what offers, processes and lanes can give and carry, and who asks for it."""
    offer = tables.routes["offer"].to_numpy()
    route, start = np.nonzero(tables.ordered)
    capacity = tables.lanes["capacity"].to_numpy()
    lanes = tuple(
        grouped((gone["lane"], gone["end"]), (gone["activity"], gone["start"]), gone["share"])
        for gone in tables.departures
    )
    return {
        "offers": grouped((offer[route], start), (route, start), np.ones(len(route))),
        "offered": cells(tables["offers"]["capacity"].to_numpy()[:, None] * years),
        "processes": cells(tables.run_capacity, tables.run),
        "lanes": lanes,
        "carried": cells(capacity[:, None] * years, ~np.isnan(capacity)[:, None] & np.ones(len(years), bool)),
    }
