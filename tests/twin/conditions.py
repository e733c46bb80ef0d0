"""What conditions promise: enough is asked of the second wherever the first is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from .lots import least

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .network import Network


class Conditions:
    """The rows of conditions; whether the first is used is a column of lots."""

    def __init__(self, network: Network) -> None:
        self.network = network

    @property
    def most(self) -> dict[tuple[Any, ...], float]:
        """No columns of its own."""
        return {}

    def add_columns(self, _: pyo.ConcreteModel) -> dict[str, Any]:
        """Give the model nothing more."""
        return {}

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield rule, key, lower bound, body and upper bound."""
        for row in self.network.tables["conditions"]:
            kind = row["kind"]
            enough = row["at_least"] if row["at_least"] is not None else least(self.network, kind, row["then"])
            made = {"offer": "buy", "process": "make"}[kind]
            mine = [(key[-1], column) for key, column in columns[made].items() if key[0] == row["then"]]
            for (*owner, n), used in columns["used"].items():
                if owner == [kind, row["if"]]:
                    end, whole = self.network.question.reported, row["per"] == "horizon"
                    met = [column for m, column in mine if m == n or (whole and (m < end) == (n < end))]
                    asked = pyo.quicksum(met)
                    yield "condition", (row["condition"], n), 0.0, asked - enough * used, None

    def charges(self, _: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Yield nothing: a condition costs nothing."""
        yield from ()
