"""Where goods can be got rid of without an end, and how many tonnes could turn up there."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from .lots import extra, owners
from .served import swelling
from .stock import at_most_asked, need_factors

if TYPE_CHECKING:
    from .facts import Row
    from .network import Network, Point

MORE_IS_WORSE = {"tonnes", "spend", "carbon", "suppliers", "destinations", "facilities", "shortage"}


def dumps(network: Network) -> set[Point]:
    """Return the points from which everything could end where disposal has no maximum."""
    rows = network.stocks.items()
    found = {p for p, row in rows if row["disposal_cost"] is not None and row["disposal_maximum"] is None}
    while True:
        more = {(move.origin, move.material) for move in network.ships.values() if arrives(move) in found}
        for name, row in network.processes.items():
            if all((row["site"], made) in found for made in network.outputs(name)):
                more |= {(row["site"], taken) for taken in network.inputs(name)}
        if more <= found:
            return found
        found |= more


def arrives(move: object) -> Point:
    return move.destination, move.material  # type: ignore[attr-defined]


def takes(network: Network, point: Point, n: int) -> float:
    """Return what a point itself could take from period n on: demand, disposal up to its maximum, stock, a lot each."""
    later, row = [m for m in network.nodes if m >= n], network.stocks.get(point, {})
    total = sum(network.demand.get((*point, m), 0.0) for m in later)
    if row.get("disposal_cost") is not None and row["disposal_maximum"] is not None:
        total += sum(row["disposal_maximum"] * network.years[m] for m in later)
    return total + at_most_asked(network, point) + extra(network, owners(network))[point]


@lru_cache(maxsize=8)
def dumped(network: Network) -> dict[Point, float]:
    """Return the tonnes that could come to each point at which disposal has no end."""
    found = dumps(network)
    if not found:
        return {}
    runs = {name: runs_in_all(network, name, found) for name in network.processes}
    return {point: comes(network, point, runs) for point in found}


def runs_in_all(network: Network, name: str, found: set[Point]) -> float | None:
    """Return what a process can run in all, by its capacity and by what has to be used; None if by neither."""
    site = network.processes[name]["site"]
    room = [network.process_capacity(name, n) for n in network.nodes]
    most = [math.fsum(each for each in room if each is not None)] if None not in room else []
    for made, given in network.outputs(name).items():
        if (site, made) not in found:
            most.append(asked_for(network, (site, made)) * swelling(network)[site, made] / given)
    return min(most, default=None)


def asked_for(network: Network, point: Point) -> float:
    """Return what could be used of a point in all, but for disposal without an end."""
    factors = need_factors(network, point)
    if factors is None:
        return math.inf
    first = network.nodes[0]
    return sum(float(factor) * takes(network, other, first) for other, factor in factors.items())


def comes(network: Network, point: Point, runs: dict[str, float | None]) -> float:
    """Return what could come to a point from each of its sources, going back along lanes and unbounded processes."""
    gains = best_gains(network, point, runs)
    return math.inf if gains is None else sum(gain * begins(network, at, runs) for at, gain in gains.items())


def best_gains(network: Network, point: Point, runs: dict[str, float | None]) -> dict[Point, float] | None:
    """Return the most tonnes at the point per tonne at each other; None if a loop makes more out of itself."""
    steps = {((move.origin, move.material), (move.destination, move.material), 1.0) for move in network.ships.values()}
    for name, run in runs.items():
        site = network.processes[name]["site"]
        if run is None:
            for made, given in network.outputs(name).items():
                steps |= {((site, at), (site, made), given / used) for at, used in network.inputs(name).items()}
    best = {point: 1.0}
    for _ in range(len(network.points) + 1):
        before = dict(best)
        for start, end, gain in steps:
            if end in best and best[end] * gain > best.get(start, 0.0) * (1 + 1e-12):
                best[start] = best[end] * gain
        if best == before:
            return best
    return None


def begins(network: Network, point: Point, runs: dict[str, float | None]) -> float:
    """Return what is at a point, is ordered for it, could be bought to it or is made there."""
    total = network.stocks.get(point, {}).get("opening", 0.0)
    total += sum(row["quantity"] for row in network.tables["open_orders"] if (row["site"], row["material"]) == point)
    for offer in network.offers.values():
        ways = [end for end, _ in network.ends(offer) if (end, offer["material"]) == point]
        each = [network.offer_capacity(offer, n) for n in network.nodes]
        room = math.inf if None in each else sum(part for part in each if part is not None)
        if ways and not pays_to_waste(network):
            room = min(room, worth_having(network, point))
        total += len(ways) * room if ways else 0.0
    for name, run in runs.items():
        if run is not None and network.processes[name]["site"] == point[0]:
            total += run * network.outputs(name).get(point[1], 0.0)
    return total


def worth_having(network: Network, point: Point) -> float:
    """Return what could be used of a point in all, or ordered only to reach the last tier of a price."""
    factors = need_factors(network, point)
    if factors is None:
        return math.inf
    more = to_last_tier(network)
    used = asked_for(network, point) + sum(float(factor) * more[other] for other, factor in factors.items())
    return used * swelling(network)[point]


def to_last_tier(network: Network) -> dict[Point, float]:
    """Return by point what it takes to reach the last tier of everybody who delivers there, in every year."""
    found: dict[Point, float] = defaultdict(float)
    schemes: dict[tuple[str, str], Row] = {}
    for row in sorted(network.tables["tiers"], key=lambda row: row["above"]):
        schemes[row["offer"], row["supplier"]] = row
    for (name, supplier), row in schemes.items():
        for offer in network.offers.values():
            each = offer["price"] if row["counted_in"] == "value" else 1.0
            if each > 0 and (offer["offer"] == name or (not name and offer["supplier"] == supplier)):
                for end, _ in network.ends(offer):
                    found[end, offer["material"]] += row["above"] * sum(network.years) / each
    return found


def pays_to_waste(network: Network) -> bool:
    """Whether goods could be brought for nothing but to be disposed of: a rule wants quantities, or somebody pays."""
    tables = network.tables
    if any(limit["sense"] == "min" or limit["measure"] not in MORE_IS_WORSE for limit in network.limits):
        return True
    if any(tables[name] for name in ("contracts", "splits", "incumbents", "change_terms")):
        return True
    if any((row["disposal_cost"] or 0) < 0 and row["disposal_maximum"] is None for row in tables["stocks"]):
        return True
    paid = [*tables["offers"], *(row for row in tables["tiers"] if row["price"] is not None)]
    return any(row["price"] < 0 for row in paid) or any(row["cost"] < 0 for row in tables["processes"])
