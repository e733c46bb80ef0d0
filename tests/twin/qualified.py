"""What qualification promises: nothing of whoever is not approved yet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from .approval import asks, in_time
from .used import could_make, could_move, used_in_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network

Gate = tuple[str, str, str]


class Qualified:
    """The columns and rows of qualification: by (kind, code, from, period)."""

    def __init__(self, network: Network) -> None:
        self.network, self.rows_of = network, {gate(row): row for row in network.tables["qualifications"]}
        self.most = {
            (key, n): self.bound(key, n)
            for key, row in self.rows_of.items()
            for n in network.nodes
            if asks(network, row, n)
        }
        self.starts = [
            (*key, m)
            for key, row in self.rows_of.items()
            for m in network.nodes
            if any(asks(network, row, n) and in_time(network, row, m, n) for n in network.nodes)
        ]

    def bound(self, key: Gate, n: int) -> float:
        """Return the most that could be ordered or run in the period."""
        network, (kind, code, _) = self.network, key
        if kind == "offer":
            room = network.offer_capacity(network.offers[code], n)
            moves = [each for each in network.buys if (each[0], each[-1]) == (code, n)]
            use = sum(could_move(network, "buy", each) for each in moves)
        else:
            room, use = network.process_capacity(code, n), min(could_make(network, code, n))
        return min(use, math.inf if room is None else room)

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        """Give the model whether each qualification is started in each period."""
        model.qualify = pyo.Var(self.starts, domain=pyo.Binary, initialize=0)
        return {"qualify": model.qualify}

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield rule, key, lower bound, body and upper bound."""
        network, qualify = self.network, columns["qualify"]
        for ((kind, code, since), n), most in self.most.items():
            key = (kind, code, since)
            started = [qualify[each] for each in self.starts if each[:3] == key and self.serves(key, each[3], n)]
            moved = columns["buy" if kind == "offer" else "make"]
            amount = pyo.quicksum(moved[each] for each in moved if (each[0], each[-1]) == (code, n))
            yield "qualified", (*key, n), None, amount - most * pyo.quicksum(started), 0.0
        for key in self.rows_of:
            started = [qualify[each] for each in self.starts if each[:3] == key]
            yield "once", (*key, network.nodes[-1]), None, pyo.quicksum(started), 1.0
        yield from self.in_all(columns)

    def in_all(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield the rows on what arrives in all under an approval that is needed from the start."""
        network, qualify, last = self.network, columns["qualify"], self.network.nodes[-1]
        for kind, code, since in self.rows_of:
            ends = {end for end, _ in network.ends(network.offers[code])} if (kind, since) == ("offer", "") else set()
            for site in sorted(ends):
                most = used_in_all(network, (site, network.offers[code]["material"]))
                moves = {
                    each: move for each, move in network.buys.items() if (each[0], move.destination) == (code, site)
                }
                terms = [sum(move.arrives.values()) * columns["buy"][each] for each, move in moves.items()]
                started = [qualify[each] for each in self.starts if each[:3] == (kind, code, since)]
                if started and math.isfinite(most) and any(move.arrives for move in moves.values()):
                    row = pyo.quicksum(terms) - most * pyo.quicksum(started)
                    yield "approved", (kind, code, since, site, last), None, row, 0.0

    def serves(self, key: Gate, m: int, n: int) -> bool:
        return in_time(self.network, self.rows_of[key], m, n)

    def charges(self, columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Yield head, node, USD and column."""
        for key in self.starts:
            yield "qualification", key[3], self.rows_of[key[:3]]["cost"], columns["qualify"][key]


def gate(row: Row) -> Gate:
    since = row["from"].isoformat() if row["from"] else ""
    return ("offer", row["offer"], since) if row["offer"] else ("process", row["process"], since)
