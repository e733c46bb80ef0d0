"""What is promised about stock: the closing stock and the most that is of use."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from .customs import any_mixed
from .lots import extra, owners

if TYPE_CHECKING:
    from .network import Network, Point


def asked_for(network: Network, point: Point, n: int, first: float, full: float) -> float:
    """Return what of a full stock a period has to end with: no more than is there when the first order can arrive."""
    period, row = network.periods[n], network.stocks[point]
    if network.day(period.start) >= first:
        return full
    if row["disposal_cost"] is None and network.day(period.end) <= first:
        return 0.0  # demand alone takes from it
    come = row["opening"]
    for order in network.tables["open_orders"]:
        if (order["site"], order["material"]) == point and order["arrives"] < period.end:
            come += order["quantity"]
    left = come - due(network, point, 0.0, min(first, network.day(period.end)))
    return float(min(full, left)) if left > 1e-9 else 0.0


def due(network: Network, point: Point, first: float, last: float) -> float:
    """Return what is due at a point between two days after the start, added up day by day."""
    total = 0.0
    for row, asked, quantity in network.due_rows():
        if (row["site"], row["material"]) == point:
            for day in range(network.day(asked.start), network.day(asked.end)):
                total += quantity / asked.days * max(min(day + 1, last) - max(day, first), 0.0)
    return total


def lying_anyway(network: Network, point: Point, n: int) -> float:
    """Return what is left at the end of a period of opening stock and open orders that nothing but demand can take."""
    site, material = point
    leaves = any((origin, what) == point for origin, _, what, _ in network.sends())
    worked = any(row["site"] == site and material in network.inputs(name) for name, row in network.processes.items())
    if leaves or worked or network.stocks[point]["disposal_cost"] is not None:
        return 0.0
    there = [network.stocks[point]["opening"], *[0.0] * n]
    for order in network.tables["open_orders"]:
        for m in range(n + 1):
            if (order["site"], order["material"]) == point and order["arrives"] in network.periods[m].each:
                there[m] += order["quantity"]
    asked = [network.demand.get((*point, m), 0.0) for m in range(n + 1)]
    since = (sum(there[m:]) - sum(asked[m:]) for m in range(n + 1))
    return max(0.0, *since)  # of the deliveries since some day nothing before it can have been used


def closing(network: Network, point: Point) -> float:
    """Return the tonnes promised at the end: closing, or safety where it is blank, or none."""
    row = network.stocks.get(point, {})
    return row.get("safety", 0.0) if row.get("closing") is None else row["closing"]


def lasting(network: Network, point: Point, n: int, column: str, days: float | None = None) -> float:
    """Return what is due in the days that a column says, or in so many, after a period, added up day by day."""
    wanted = (network.stocks[point][column] or 0.0) if days is None else days
    total, period, begins = 0.0, n, 0
    ends = network.periods[n].days
    for day in range(ends, ends + math.ceil(wanted)):
        while period < network.nodes[-1] and day - begins >= network.periods[period].days:
            begins += network.periods[period].days
            period += 1
        share = min(ends + wanted - day, 1.0) / network.periods[period].days
        total += network.demand.get((*point, period), 0.0) * share
    return total


def at_most_asked(network: Network, point: Point) -> float:
    """Return the largest stock that is promised: safety, closing, or the days of safety or cover at the end."""
    if point not in network.stocks:
        return 0.0
    safety = float(network.stocks[point]["safety"])
    ends = [lasting(network, point, network.nodes[-1], column) for column in ("safety_days", "cover_days")]
    return max(safety, closing(network, point), *ends)


def need_factors(network: Network, point: Point) -> dict[Point, Fraction] | None:
    """Return the most tonnes of the point that a tonne of each other can take; None if a loop multiplies.

    Fractions, so that a loop whose product is exactly one is seen as such.
    """
    arcs = {
        ((move.origin, move.material), (move.destination, move.material), Fraction(1))
        for move in network.ships.values()
    }
    for name, row in network.processes.items():
        for taken, used in network.inputs(name).items():
            for made, given in network.outputs(name).items():
                factor = Fraction(str(used)) / Fraction(str(given))
                arcs.add(((row["site"], taken), (row["site"], made), factor))
    best = {point: Fraction(1)}
    for _ in range(len(network.points) + 1):
        before = dict(best)
        for start, end, factor in arcs:
            if start in best and best[start] * factor > best.get(end, 0):
                best[end] = best[start] * factor
        if best == before:
            return best
    return None


def use_bound(network: Network, point: Point, n: int) -> float | None:
    """Return the most stock that could still be of use after the period; None where any amount could be."""
    factors = need_factors(network, point)
    if factors is None:
        return None
    use, more = 0.0, extra(network, owners(network))
    for other, factor in factors.items():
        needed = sum(network.demand.get((*other, later), 0.0) for later in network.nodes if later > n)
        kept = at_most_asked(network, other)
        row = network.stocks.get(other, {})
        if row.get("disposal_cost") is not None:
            yearly = math.inf if row["disposal_maximum"] is None else row["disposal_maximum"]
            needed += sum(yearly * network.years[later] for later in network.nodes if later > n)
        use += float(factor) * (needed + kept + (0.0 if other == point else more[other]))
    if math.isinf(use):
        return None
    row = network.stocks.get(point, {})
    orders = [row for row in network.tables["open_orders"] if (row["site"], row["material"]) == point]
    at_hand = row.get("opening", 0.0) + sum(row["quantity"] for row in orders)
    endless = row.get("disposal_cost") is not None and row["disposal_maximum"] is None
    most = max(use, at_most_asked(network, point))
    idle = any(limit["counts"] == "use" for limit in network.limits)  # what is there may be of whom nobody may use
    idle = idle or any_mixed(network)  # or owe more than others
    most = most + at_hand if idle else max(most, at_hand)
    return most + (0.0 if endless else more[point])
