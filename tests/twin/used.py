"""What lots promise: nothing of whoever is not used, least lots and multiples of whoever is."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pyomo.environ as pyo

from .dumped import dumped, takes
from .lots import code, owners, way
from .served import served, swelling
from .stock import need_factors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .lots import Lot, Owner
    from .network import Network, Point


class User(NamedTuple):
    """A column and the owners it uses; `most` is what it could be."""

    kind: str
    key: tuple[Any, ...]
    node: int
    most: float
    owners: list[Owner]


def users(network: Network, known: dict[Owner, Lot]) -> Iterator[User]:
    """Yield every column that uses an owner."""
    for kind, moves in (("buy", network.buys), ("ship", network.ships)):
        for key, move in moves.items():
            named = [("offer", key[0]), ("delivery", way(*key[:-1]))] if kind == "buy" else []
            if move.lane is not None:
                named += [("lane", code("lane", move.lane)), ("service", move.lane["service"])]
            mine = [owner for owner in named if owner in known]
            if mine:
                most = could_move(network, kind, key)
                yield User(kind, key, key[-1], most, mine)
    for name, m in network.makes:
        process = network.processes[name]
        mine = [owner for owner in (("process", name), ("line", process["line"])) if owner in known]
        if mine:
            yield User("make", (name, m), m, min(could_make(network, name, m)), mine)


def could_use(network: Network, point: Point, n: int) -> float:
    """Return the most tonnes of the point that could be used from period n on; all that could come if dumped."""
    if point in dumped(network):
        return dumped(network)[point]
    factors = need_factors(network, point)
    return math.inf if factors is None else sum(float(f) * takes(network, p, n) for p, f in factors.items())


def could_move(network: Network, kind: str, key: tuple[Any, ...]) -> float:
    """Return the most tonnes of an order or a shipment of which what can be used of it is used."""
    move = (network.buys if kind == "buy" else network.ships)[key]
    point = move.destination, move.material
    return could_use(network, point, key[-1]) / served(network, point, (kind, key), 1.0)


def could_make(network: Network, name: str, m: int) -> list[float]:
    """Return by output the most activity of a process of which what can be used of it is used."""
    site, made = network.processes[name]["site"], network.outputs(name).items()
    key = ("make", (name, m))
    return [could_use(network, (site, what), m) / served(network, (site, what), key, given) for what, given in made]


def used_in_all(network: Network, point: Point) -> float:
    """Return the most tonnes that can arrive at a point in all and be used, or stay instead of what is there."""
    factors = need_factors(network, point)
    if factors is None or any(network.stocks.get(end, {}).get("disposal_cost") is not None for end in factors):
        return math.inf
    there = {end: network.stocks.get(end, {}).get("opening", 0.0) for end in factors}
    for row in network.tables["open_orders"]:
        if (row["site"], row["material"]) in there:
            there[row["site"], row["material"]] += row["quantity"]
    most = could_use(network, point, network.nodes[0]) + sum(float(factors[end]) * there[end] for end in there)
    return most * swelling(network)[point]


def capacity(network: Network, owner: Owner, n: int) -> float:
    """Return what the owner's own capacity allows in a period; without end for lanes and services."""
    kind, name = owner
    most = None
    if kind in ("offer", "delivery"):
        most = network.offer_capacity(network.offers[name.split(">")[0]], n)
    elif kind == "process":
        most = network.process_capacity(name, n)
    elif kind == "line":
        most = network.line_capacity(name, n)
    else:
        lanes = [lane for lane in network.tables["lanes"] if name in (lane["service"], code("lane", lane))]
        if all(lane["capacity"] is not None for lane in lanes):
            most = sum(lane["capacity"] for lane in lanes) * sum(network.years[n:])
    return math.inf if most is None else most


class Used:
    """The columns and rows of lots: by (kind, code, period), whoever could be asked for anything in it."""

    def __init__(self, network: Network) -> None:
        self.network, self.known = network, owners(network)
        self.users = list(users(network, self.known)) if self.known else []
        self.most: dict[tuple[Owner, int], float] = defaultdict(float)
        for user in self.users:
            for owner in user.owners:
                self.most[owner, user.node] += user.most
        self.most = {(owner, n): min(most, capacity(network, owner, n)) for (owner, n), most in self.most.items()}

    def is_switched(self, owner: Owner) -> bool:
        """Say whether somebody is used or not: a delivery that comes in multiples needs no more to be a whole lot."""
        return owner[0] != "delivery" or self.known[owner].least > 0

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        """Give the model whether each owner is used, and how many times its multiple it is asked for."""
        multiples = [(owner, n) for owner, n in self.most if self.known[owner].multiple]
        switched = [(*owner, n) for owner, n in self.most if self.is_switched(owner)]
        model.used = pyo.Var(switched, domain=pyo.Binary, initialize=0)
        model.lots = pyo.Var([(*owner, n) for owner, n in multiples], domain=pyo.NonNegativeIntegers, initialize=0)
        for owner, n in multiples:
            model.lots[(*owner, n)].setub(math.floor(self.most[owner, n] / self.known[owner].multiple + 1e-9))
        return {"used": model.used, "lots": model.lots}

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield rule, key, lower bound, body and upper bound."""
        asked: dict[tuple[Owner, int], list[Any]] = defaultdict(list)
        for user in self.users:
            for owner in user.owners:
                asked[owner, user.node].append(columns[user.kind][user.key])
        for (owner, n), most in self.most.items():
            key, amount, lot = (*owner, n), pyo.quicksum(asked[owner, n]), self.known[owner]
            if self.is_switched(owner):
                yield "switch", key, None, amount - most * columns["used"][key], 0.0
            if lot.least:
                yield "lot", key, 0.0, amount - lot.least * columns["used"][key], None
            if lot.multiple:
                yield "multiple", key, 0.0, amount - lot.multiple * columns["lots"][key], 0.0

    def charges(self, columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Yield head, node, USD and column."""
        for owner, n in self.most:
            if self.is_switched(owner):
                yield "ordering", n, self.known[owner].cost, columns["used"][(*owner, n)]
