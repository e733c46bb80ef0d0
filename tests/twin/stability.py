"""What holds orders to the last plan's: a window in which they stand, and a price for changing them after it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from .facts import common_days

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from .facts import Row
    from .network import Network

Key = tuple[str, str, str, int]


def terms_of(network: Network, offer: str) -> Row | None:
    """Return the offer's own terms, else those of all offers, else None."""
    rows = {row["offer"]: row for row in network.tables["change_terms"]}
    return rows.get(offer, rows.get(""))


def ordered_before(network: Network, until: date | None = None) -> dict[Key, float]:
    """Return the tonnes of the last plan by offer, destination, mode and period, all or those dated before a day."""
    found: dict[Key, float] = defaultdict(float)
    for row in network.tables["last_orders"]:
        for n, period in enumerate(network.periods):
            end = row["until"] if until is None else min(row["until"], until)
            tonnes = row["tonnes"] * common_days(row["from"], end, period) / (row["until"] - row["from"]).days
            found[row["offer"], row["destination"], row["mode"], n] += tonnes
    return found


def frozen_tonnes(network: Network) -> dict[Key, float]:
    """Return the tonnes that stand, of whatever could be ordered in some period."""
    found: dict[Key, float] = {}
    for offer in network.offers:
        terms = terms_of(network, offer)
        ends = {(end, lane["mode"] if lane else "") for end, lane in network.ends(network.offers[offer])}
        if terms is not None and terms["frozen_until"] is not None:
            for key, tonnes in ordered_before(network, terms["frozen_until"]).items():
                if key[0] == offer and key[1:3] in ends:
                    found[key] = tonnes
    return found


class Stability:
    """The columns and rows of changes against the last plan."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.before, self.stands = ordered_before(network), frozen_tonnes(network)
        self.terms = {key: terms_of(network, key[0]) for key in network.buys}

    @property
    def most(self) -> dict[tuple[Any, ...], float]:
        """No whole numbers."""
        return {}

    def priced(self) -> Iterator[tuple[Key, Row]]:
        """Yield the orders that may be changed at a price."""
        for key, terms in self.terms.items():
            if terms is not None and not self.shut(key) and max(terms["cost_more"], terms["cost_less"]) > 0:
                yield key, terms

    def shut(self, key: Key) -> bool:
        """Whether all of the order's period is frozen."""
        terms = self.terms[key]
        until = None if terms is None else terms["frozen_until"]
        return until is not None and self.network.periods[key[-1]].end <= until

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        """Give the model what is ordered more, and less, than before."""
        keys = [key for key, _ in self.priced()]
        model.more = pyo.Var(keys, domain=pyo.NonNegativeReals, initialize=0.0)
        fewer = [key for key in keys if self.before.get(key, 0.0) > 0]
        model.less = pyo.Var(fewer, domain=pyo.NonNegativeReals, initialize=0.0)
        return {"more": model.more, "less": model.less}

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield rule, key, lower bound, body and upper bound."""
        for key in self.network.buys:
            buy, before = columns["buy"][key], self.before.get(key, 0.0)
            if self.stands.get(key, 0.0) > 0:
                yield "stands", key, self.stands[key], buy, None
            if self.shut(key):
                yield "frozen", key, None, buy, before
        for key, more in columns["more"].items():
            before, body = self.before.get(key, 0.0), columns["buy"][key] - more
            yield "changed", key, before, body + columns["less"][key] if before > 0 else body, before

    def charges(self, columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Yield head, node, USD and column."""
        for key, terms in self.priced():
            yield "changes", key[-1], terms["cost_more"], columns["more"][key]
            if key in columns["less"]:
                yield "changes", key[-1], terms["cost_less"], columns["less"][key]
