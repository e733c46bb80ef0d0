"""What contracts promise: calls within their terms, beside spot; signed already or decided on the first day."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from .terms import serves, terms
from .used import used_in_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network, Point


class Contracts:
    """The columns, rows and charges of contracts."""

    def __init__(self, network: Network) -> None:
        self.network, self.terms = network, terms(network)
        self.calls = {
            (term.contract["contract"], *key[1:]): key
            for term in self.terms
            for key in network.buys
            if key[0] == term.contract["offer"] and key[-1] in term.called
            if serves(network, term.contract["contract"], (key[1], network.offers[key[0]]["material"]))
        }
        self.by_code = {row["contract"]: row for row in network.tables["contracts"]}
        self.most = [  # what is yes or no
            row for row in self.by_code.values() if row["signed"] != "yes" or row["exit_cost"] is not None
        ]
        self.paid = sorted({(key[0], key[-1]) for key in self.calls if self._returns(key[0], key[-1])})

    def _returns(self, code: str, n: int) -> bool:
        return bool(self.by_code[code]["prepayment"] > 0 and self.price(self.by_code[code], n) > 0)

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        """Give the model what is called off, signed, and paid for and not taken."""
        open_ = {term.contract["contract"] for term in self.terms if term.contract["signed"] != "yes"}
        paid = [term.key for term in self.terms if term.contract["take_or_pay"] is not None and term.least > 0]
        model.call = pyo.Var(list(self.calls), domain=pyo.NonNegativeReals, initialize=0.0)
        model.sign = pyo.Var([(code, 0) for code in sorted(open_)], domain=pyo.Binary, initialize=0)
        model.untaken = pyo.Var(paid, domain=pyo.NonNegativeReals, initialize=0.0)
        left = {term.contract["contract"] for term in self.terms if term.contract["signed"] == "yes"}
        left = {code for code in left if self.by_code[code]["exit_cost"] is not None}
        model.leave = pyo.Var([(code, 0) for code in sorted(left)], domain=pyo.Binary, initialize=0)
        model.prepaid = pyo.Var(self.paid, domain=pyo.NonNegativeReals, initialize=0.0)
        found = {"call": model.call, "sign": model.sign, "untaken": model.untaken}
        return found | {"leave": model.leave, "prepaid": model.prepaid}

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield rule, key, lower bound, body and upper bound."""
        for buy in sorted(set(self.calls.values())):
            mine = pyo.quicksum(columns["call"][key] for key, ordered in self.calls.items() if ordered == buy)
            yield "called", buy, None, mine - columns["buy"][buy], 0.0
        for term in self.terms:
            code = term.contract["contract"]
            mine = [key for key in self.calls if key[0] == code and key[-1] in term.called]
            taken = pyo.quicksum(term.called[key[-1]] * columns["call"][key] for key in mine)
            signed = self._holds(term.contract, columns)
            if term.least > 0:
                paid = 0.0 if term.contract["take_or_pay"] is None else columns["untaken"][term.key]
                yield "contract_minimum", term.key, 0.0, taken + paid - term.least * signed, None
            if term.most is not None:
                yield "contract_maximum", term.key, None, taken - term.most * signed, 0.0
        yield from self._of_use(columns)
        for code, n in self.paid:
            taken = pyo.quicksum(columns["call"][key] for key in self.calls if key[0] == code and key[-1] == n)
            yield "credited", (code, n), None, columns["prepaid"][code, n] - taken, 0.0
        for code in sorted({code for code, _ in self.paid}):
            row = self.by_code[code]
            returned = [self.price(row, n) * columns["prepaid"][code, n] for other, n in self.paid if other == code]
            yield "prepayment", (code, self.network.nodes[-1]), None, pyo.quicksum(returned), row["prepayment"]

    def _of_use(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], None, Any, float]]:
        """Yield the rows on what arrives in all under a contract that is to be signed."""
        arriving: dict[tuple[str, Point], list[Any]] = defaultdict(list)
        for key, buy in self.calls.items():
            move = self.network.buys[buy]
            if move.arrives and self.by_code[key[0]]["signed"] != "yes":
                point = move.destination, self.network.offers[buy[0]]["material"]
                arriving[key[0], point].append(sum(move.arrives.values()) * columns["call"][key])
        for (code, point), parts in arriving.items():
            most = used_in_all(self.network, point)
            if most < math.inf:
                row = pyo.quicksum(parts) - most * columns["sign"][code, 0]
                yield "contract_use", (code, point[0], self.network.nodes[-1]), None, row, 0.0

    def _holds(self, row: Row, columns: dict[str, Any]) -> Any:
        """Return 1 where a contract is signed and not left."""
        if row["signed"] != "yes":
            return columns["sign"][row["contract"], 0]
        return 1.0 if row["exit_cost"] is None else 1.0 - columns["leave"][row["contract"], 0]

    def price(self, row: Row, n: int) -> float:
        """Return what a tonne costs in a period: fixed, or as the index stands on the first day, above the floor."""
        if row["price"] is not None:
            return float(row["price"])
        values = {at["from"]: at["value"] for at in self.network.tables["prices"] if at["index"] == row["index"]}
        day = max((day for day in values if day <= self.network.periods[n].start), default=min(values))
        return max(values[day] * row["multiple"], -math.inf if row["floor_price"] is None else row["floor_price"])

    def charges(self, columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Yield head, node, USD and column."""
        for key, buy in self.calls.items():
            price, column = self.price(self.by_code[key[0]], key[-1]), columns["call"][key]
            yield "contract", key[-1], price - self.network.offers[buy[0]]["price"], column
            yield "payment", key[-1], -price * self.kept(key[0]), column
        for code, n in self.paid:
            price, column = self.price(self.by_code[code], n), columns["prepaid"][code, n]
            yield "prepayment", n, -price, column
            yield "payment", n, price * self.kept(code), column
        for key in columns["untaken"]:
            row, n = self.by_code[key[0]], key[-1]
            yield "untaken", n, row["take_or_pay"] * self.price(row, n), columns["untaken"][key]
        for code, n in columns["sign"]:
            yield "signing", n, self.by_code[code]["fee"], columns["sign"][code, n]
            yield "prepayment", n, self.by_code[code]["prepayment"], columns["sign"][code, n]
        for code, n in columns["leave"]:
            yield "exit", n, self.by_code[code]["exit_cost"], columns["leave"][code, n]

    def kept(self, code: str) -> float:
        """Return what keeping a dollar for the payment days is worth."""
        rate: float = self.network.question.discount_rate
        return 1 - math.exp(-math.log1p(rate) * self.by_code[code]["payment_days"] / 365)
