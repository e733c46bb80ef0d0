"""What today's suppliers promise: what moves away from them in a calendar year is counted, paid for and limited."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network


class Incumbents:
    """The columns and rows of incumbents, by offer and the last period of each calendar year."""

    def __init__(self, network: Network) -> None:
        self.network, self.rows_ = network, network.tables["incumbents"]
        self.most: dict[Any, float] = {}
        self.years: dict[int, list[int]] = defaultdict(list)
        for n, period in enumerate(network.periods):
            self.years[period.start.year].append(n)

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        keys = [(row["offer"], nodes[-1]) for row in self.rows_ for nodes in self.years.values()]
        model.moved = pyo.Var(keys, domain=pyo.NonNegativeReals, initialize=0.0)
        return {"moved": model.moved}

    def material(self, row: Row) -> str:
        return self.network.offers[row["offer"]]["material"]

    def bought(self, columns: dict[str, Any], nodes: list[int], column: str, value: str) -> Any:
        """Return what is ordered in some periods of an offer, or of a material."""
        buys = self.network.buys.items()
        return pyo.quicksum(
            columns["buy"][key]
            for key, move in buys
            if key[-1] in nodes and value == (key[0] if column == "offer" else move.material)
        )

    def today(self, columns: dict[str, Any], row: Row, nodes: list[int]) -> Any:
        if row["share"] is not None:
            return row["share"] * self.bought(columns, nodes, "material", self.material(row))
        return row["quantity"] * sum(self.network.years[n] for n in nodes)

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield rule, key, lower bound, body and upper bound."""
        for nodes in self.years.values():
            for row in self.rows_:
                key = (row["offer"], nodes[-1])
                own, gone = self.bought(columns, nodes, "offer", row["offer"]), columns["moved"][key]
                yield "move", key, 0.0, gone + own - self.today(columns, row, nodes), None
                if row["may_move"] is not None or row["may_move_share"] is not None:
                    yield "may_move", key, None, gone - self.limit(columns, row, [row], nodes), 0.0
            for name, material in self.network.materials.items():
                mine = [row for row in self.rows_ if self.material(row) == name]
                if mine and (material["may_move"] is not None or material["may_move_share"] is not None):
                    gone = pyo.quicksum(columns["moved"][row["offer"], nodes[-1]] for row in mine)
                    body = gone - self.limit(columns, material, mine, nodes)
                    yield "may_move_all", (name, nodes[-1]), None, body, 0.0

    def limit(self, columns: dict[str, Any], asked: Row, mine: list[Row], nodes: list[int]) -> Any:
        if asked["may_move"] is not None:
            return asked["may_move"] * sum(self.network.years[n] for n in nodes)
        return asked["may_move_share"] * sum(self.today(columns, row, nodes) for row in mine)

    def charges(self, columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Yield head, node, USD and column."""
        for row in self.rows_:
            for nodes in self.years.values():
                yield "switching", nodes[-1], row["switching_cost"], columns["moved"][row["offer"], nodes[-1]]
