"""Who takes part in each rule, as the dictionaries that rule-by-rule libraries look into.

Used by Pyomo and PuLP, whose rows are written one by one. An activity is (route, period), (ship, period) and so on.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
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
    safety: dict[Key, float]
    closing: dict[Key, float]
    maximum: dict[Key, float]
    totals: Parts
    members: dict[Key, list[tuple[Key, float]]]
    most: list[float]
    given: dict[Key, float]


def facts(tables: Tables) -> Facts:
    """Look everything up once."""
    years, discount = (tables.periods[name].to_numpy() for name in ("years", "discount"))
    demand, counted = tables.demand, tables.counted
    due = (demand["point"], demand["period"])
    window = (counted["limit"], counted["window"])
    bought = (counted["route"], counted["start"])
    useful = tables.useful
    return Facts(
        **_moved(tables, discount),
        **_made(tables, discount),
        **_kept(tables, years, discount),
        missing=_by(due, demand["shortage_cost"].to_numpy() * discount[demand["period"]]),
        due=_by(due, demand["quantity"]),
        useful=cells(useful, useful > 0),
        **_capacities(tables, years),
        totals=grouped(window, bought, counted["tonnes"]),
        members=grouped((*window, counted["country"]), bought, counted["tonnes"]),
        most=tables["limits"]["value"].tolist(),
        given={(point, 0): value for point, value in enumerate(tables.stocks["opening"].tolist())},
    )


def _by(keys: tuple[Any, ...], values: Any) -> dict[Key, float]:
    return dict(zip(zip(*(part.tolist() for part in keys), strict=True), values.tolist(), strict=True))


def _moved(tables: Tables, discount: Any) -> dict[str, Any]:
    """Return what is bought and shipped: costs, and what comes and goes at each point and period."""
    routes, ships = tables.routes, tables.ships
    arrivals, landings = tables.arrivals, tables.spread(ships["arrives"])
    price, freight, rate = (routes[name].to_numpy(float)[:, None] for name in ("price", "freight", "rate"))
    landed = freight + rate * (price + freight)
    carried, duty, value = (ships[name].to_numpy(float)[:, None] for name in ("freight", "rate", "value"))
    point = routes["point"].to_numpy()[arrivals.activity]
    place = ships["point"].to_numpy()[landings.activity]
    ship, start = (axis.ravel() for axis in np.indices((len(ships), len(discount))))
    return {
        "buying": cells(price * discount + landed * tables.paid_on_arrival(arrivals, len(routes))),
        "shipping": cells((carried + duty * (value + carried)) * tables.paid_on_arrival(landings, len(ships))),
        "bought": grouped((point, arrivals.end), (arrivals.activity, arrivals.start), arrivals.share),
        "shipped": grouped((place, landings.end), (landings.activity, landings.start), landings.share),
        "sent": grouped((ships["from_point"].to_numpy()[ship], start), (ship, start), np.ones(len(ship))),
    }


def _made(tables: Tables, discount: Any) -> dict[str, Any]:
    """Return what processes take and make."""
    recipes = tables.recipes.assign(point=tables.point(tables.recipes["site"], tables.recipes["material"]))
    taken, made = recipes[recipes["quantity"] < 0], recipes[recipes["quantity"] > 0]
    side, start = (axis.ravel() for axis in np.indices((len(taken), len(discount))))
    intake = taken.iloc[side]
    parts = tables.spread(tables["processes"]["days"].iloc[made["number"]])
    output = made.iloc[parts.activity]
    return {
        "making": cells(tables["processes"]["cost"].to_numpy()[:, None] * discount),
        "taken": grouped((intake["point"], start), (intake["number"], start), intake["quantity"]),
        "made": grouped(
            (output["point"], parts.end), (output["number"], parts.start), output["quantity"].to_numpy() * parts.share
        ),
    }


def _kept(tables: Tables, years: Any, discount: Any) -> dict[str, Any]:
    """Return what is kept: its cost, and how much it has to be, and may be."""
    stocks, kept = tables.stocks, tables.useful > 0
    rate, safety, closing, maximum, first = (
        stocks[name].to_numpy()[:, None] + np.zeros(len(years))
        for name in ("holding_cost", "safety", "closing", "maximum", "first_arrival")
    )
    last = np.arange(len(years)) == len(years) - 1
    return {
        "holding": cells(rate * years * discount, kept),
        "safety": cells(safety, kept & (safety > 0) & (tables.periods["start"].to_numpy() >= first)),
        "closing": cells(closing, kept & (closing > 0) & last),
        "maximum": cells(maximum, kept & ~np.isnan(maximum)),
    }


def _capacities(tables: Tables, years: Any) -> dict[str, Any]:
    """Return what offers, processes and lanes can give and carry, and who asks for it."""
    offer = tables.routes["offer"].to_numpy()
    route, start = (axis.ravel() for axis in np.indices((len(offer), len(years))))
    capacity = tables.lanes["capacity"].to_numpy()
    lanes = []
    for goods in (tables.routes, tables.ships):
        narrow = np.flatnonzero(~np.isnan(capacity[goods["lane"]]))
        parts = tables.spread(goods["departs"].iloc[narrow])
        activity = narrow[parts.activity]
        lane = goods["lane"].to_numpy()[activity]
        lanes.append(grouped((lane, parts.end), (activity, parts.start), parts.share))
    return {
        "offers": grouped((offer[route], start), (route, start), np.ones(len(route))),
        "offered": cells(tables["offers"]["capacity"].to_numpy()[:, None] * years),
        "processes": cells(tables["processes"]["capacity"].to_numpy()[:, None] * years),
        "lanes": tuple(lanes),
        "carried": cells(capacity[:, None] * years, ~np.isnan(capacity)[:, None] & np.ones(len(years), bool)),
    }
