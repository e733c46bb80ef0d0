"""Who is used in lots, and what one lot of each may bring to a point."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from .awards import tonnes_in_horizon
from .forced import forced
from .stability import frozen_tonnes
from .terms import brought

if TYPE_CHECKING:
    from .network import Network, Point

Owner = tuple[str, str]
TABLES = {
    "offer": ("offers", "min_lot", "lot_multiple", "order_cost"),
    "process": ("processes", "min_run", None, "run_cost"),
    "line": ("lines", "min_run", None, "run_cost"),
    "lane": ("lanes", "min_lot", None, "order_cost"),
    "service": ("services", "min_lot", None, "order_cost"),
}


class Lot(NamedTuple):
    least: float
    multiple: float
    cost: float

    @property
    def one(self) -> float:
        """One lot: the smallest whole number of multiples that is no less than the least lot."""
        one = self.multiple
        while one and one < self.least * (1 - 1e-9):
            one += self.multiple
        return one or self.least


def owners(network: Network) -> dict[Owner, Lot]:
    """Return what has a least lot, a multiple or a cost, or what a condition speaks of first."""
    found, named = {}, {(row["kind"], row["if"]) for row in network.tables["conditions"]}
    for kind, (table, *columns) in TABLES.items():
        for row in network.tables[table]:
            terms = Lot(*(float((row[name] if name else 0) or 0) for name in columns))
            if kind == "offer" and by_delivery(network, row):
                each = terms._replace(least=terms.one if terms.one > terms.multiple else 0.0, cost=0.0)
                found.update({("delivery", way): each for way in ways(network, row)})
                terms = Lot(0.0, 0.0, terms.cost)
            if any(terms) or (kind, code(kind, row)) in named:
                found[kind, code(kind, row)] = terms
    return found


def by_delivery(network: Network, offer: dict[str, Any]) -> bool:
    """Say whether an offer has lots, and they are of each of several ways that it goes."""
    return bool(
        (offer["min_lot"] or offer["lot_multiple"]) and offer["lot_of"] == "delivery" and len(ways(network, offer)) > 1
    )


def ways(network: Network, offer: dict[str, Any]) -> list[str]:
    """Return the codes of the ways that an offer goes."""
    ends = network.ends(offer)
    return [way(offer["offer"], destination, lane["mode"] if lane else "") for destination, lane in ends]


def way(offer: str, destination: str, mode: str) -> str:
    return f"{offer}>{destination}>{mode}"


def least(network: Network, kind: str, name: str) -> float:
    """Return the least lot or run that the tables state of an offer or a process."""
    row = {"offer": network.offers, "process": network.processes}[kind][name]
    return row[TABLES[kind][1]] or 0.0


def code(kind: str, row: dict[str, Any]) -> str:
    if kind == "lane":
        return ">".join(row[name] for name in ("origin", "destination", "material", "mode"))
    return row[kind]


def extra(network: Network, known: dict[Owner, Lot]) -> dict[Point, float]:
    """Return what one lot of every owner, awards, numbers and contracts may bring to a point, or ask for there."""
    size = {owner: lot.one for owner, lot in known.items()}
    found: dict[Point, float] = defaultdict(float, forced(network))
    for point, tonnes in brought(network).items():
        found[point] += tonnes
    for (offer, destination, _, _), tonnes in frozen_tonnes(network).items():
        found[destination, network.offers[offer]["material"]] += tonnes
    for row in network.tables["conditions"]:
        asked = row["at_least"]
        enough = asked if asked is not None else least(network, row["kind"], row["then"])
        for point, each in asked_of(network, row["kind"], row["then"]):
            found[point] += enough * each * (1 + network.has_tail if row["per"] == "horizon" else len(network.nodes))
    for award in network.tables["awards"]:
        for destination, _ in network.ends(network.offers[award["offer"]]):
            if award["site"] in ("", destination):
                material = network.offers[award["offer"]]["material"]
                found[destination, material] += tonnes_in_horizon(network, award)
    for name, offer in network.offers.items():
        for destination, lane in network.ends(offer):
            own = size.get(("delivery", way(name, destination, lane["mode"] if lane else "")), 0.0)
            found[destination, offer["material"]] += own + size.get(("offer", name), 0.0) + along(lane, size)
    for move in network.ships.values():
        if move.ordered == 0:
            found[move.destination, move.material] += along(move.lane, size)
    for name, process in network.processes.items():
        run = size.get(("process", name), 0.0) + size.get(("line", process["line"]), 0.0)
        for side in (network.inputs(name), network.outputs(name)):
            for material, quantity in side.items():
                found[process["site"], material] += run * abs(quantity)
    return found


def along(lane: dict[str, Any] | None, size: dict[Owner, float]) -> float:
    """Return a lot of the lane and one of its service."""
    if lane is None:
        return 0.0
    return size.get(("lane", code("lane", lane)), 0.0) + size.get(("service", lane["service"]), 0.0)


def asked_of(network: Network, kind: str, name: str) -> list[tuple[Point, float]]:
    """Return what a tonne of an offer brings to each of its ends, of a process makes or takes."""
    if kind == "offer":
        offer = network.offers[name]
        return [((end, offer["material"]), 1.0) for end, _ in network.ends(offer)]
    sides = [*network.inputs(name).items(), *network.outputs(name).items()]
    return [((network.processes[name]["site"], material), abs(each)) for material, each in sides]
