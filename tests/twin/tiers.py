"""What tiers promise: every tonne ordered in a year has one price, and the year's amount earns it."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import pyomo.environ as pyo

from .served import served
from .used import could_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network

Owner = tuple[str, str]


class Price(NamedTuple):
    """One price of an owner: from an amount a year, USD per t (of an offer) or share of its offers' prices."""

    label: str
    above: float
    change: float


class Scheme(NamedTuple):
    """The prices of an owner, dearest threshold last; `convex`: priced slice by slice."""

    prices: list[Price]
    offers: list[Row]
    row: Row
    convex: bool

    def weight(self, offer: Row) -> float:
        return offer["price"] if self.row["counted_in"] == "value" else 1.0

    def change(self, price: Price, offer: Row) -> float:
        return price.change * (1.0 if self.row["offer"] else offer["price"])

    def saved(self, at: int) -> float:
        """Return what the amounts below price `at` pay more than at that price, USD a year."""
        if self.row["kind"] != "incremental":
            return 0.0
        steps = zip(self.prices[:at], self.prices[1 : at + 1], strict=True)
        return sum((low.change - self.prices[at].change) * (high.above - low.above) for low, high in steps)


def schemes(network: Network) -> dict[Owner, Scheme]:
    """Return every owner of tiers."""
    rows: dict[Owner, list[Row]] = defaultdict(list)
    for row in network.tables["tiers"]:
        rows["offer" if row["offer"] else "supplier", row["offer"] or row["supplier"]].append(row)
    found = {}
    for (kind, code), mine in rows.items():
        offers = [offer for offer in network.tables["offers"] if offer[kind] == code]
        unit = "USD" if mine[0]["counted_in"] == "value" else "t"
        prices = [Price(f"0 {unit}", 0.0, 0.0)]
        for row in sorted(mine, key=lambda row: row["above"]):
            change = row["price"] - offers[0]["price"] if kind == "offer" else -row["discount"]
            text = f"{row['above']:,.6f}".rstrip("0").rstrip(".")
            prices.append(Price(f"{text} {unit}", row["above"], change))
        rising = all(low.change <= high.change for low, high in pairwise(prices))
        found[kind, code] = Scheme(prices, offers, mine[0], rising and mine[0]["kind"] == "incremental")
    return found


class Tiers:
    """The columns and rows of tiers: by owner, and the last period of each calendar year."""

    def __init__(self, network: Network) -> None:
        self.network, self.known = network, schemes(network)
        years: dict[int, list[int]] = defaultdict(list)
        for n in network.nodes:
            years[network.periods[n].start.year].append(n)
        self.years = {nodes[-1]: nodes for nodes in years.values()}
        self.length = {last: sum(network.years[n] for n in nodes) for last, nodes in self.years.items()}

    @property
    def most(self) -> dict[tuple[Owner, int], float]:
        """The most that a year's orders can count, of whoever needs whole numbers."""
        return {
            (owner, last): self.end(scheme, last)
            for owner, scheme in self.known.items()
            for last in self.years
            if not scheme.convex
        }

    def cases(self) -> Iterator[tuple[Owner, Scheme, int, int, Price]]:
        """Yield owner, scheme, last period of the year, place and price."""
        for owner, scheme in self.known.items():
            for last in self.years:
                for at, price in enumerate(scheme.prices):
                    yield owner, scheme, last, at, price

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        tonnes = [
            (*owner, offer["offer"], price.label, last)
            for owner, scheme, last, _, price in self.cases()
            for offer in scheme.offers
        ]
        chosen = [(*owner, price.label, last) for owner, scheme, last, at, price in self.cases() if at]
        convex = {owner for owner, scheme in self.known.items() if scheme.convex}
        chosen = [key for key in chosen if key[:2] not in convex]
        model.tier = pyo.Var(tonnes, domain=pyo.NonNegativeReals, initialize=0.0)
        model.reached = pyo.Var(chosen, domain=pyo.Binary, initialize=0)
        return {"tier": model.tier, "reached": model.reached}

    def end(self, scheme: Scheme, last: int) -> float:
        """Return the most that a year's orders can count."""
        network, nodes = self.network, self.years[last]
        able = use = 0.0
        for offer in scheme.offers:
            if scheme.weight(offer):
                each = [network.offer_capacity(offer, n) for n in nodes]
                room = math.inf if None in each else sum(part or 0.0 for part in each)
                able += scheme.weight(offer) * room
                use += scheme.weight(offer) * self.wanted(offer, nodes)
        return min(able, max(use, scheme.prices[-1].above * self.length[last]))

    def wanted(self, offer: Row, nodes: list[int]) -> float:
        """Return what could be ordered in a year, everywhere and of every route the part that serves least."""
        network, total = self.network, 0.0
        for end, lane in network.ends(offer):
            point, mode = (end, offer["material"]), lane["mode"] if lane else ""
            parts = [served(network, point, ("buy", (offer["offer"], end, mode, n)), 1.0) for n in nodes]
            total += could_use(network, point, nodes[0]) / min(parts)
        return total

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield rule, key, lower bound, body and upper bound."""
        tier, reached = columns["tier"], columns["reached"]
        for owner, scheme in self.known.items():
            for last, nodes in self.years.items():
                for offer in scheme.offers:
                    name = offer["offer"]
                    bought = [columns["buy"][key] for key in columns["buy"] if key[0] == name and key[-1] in nodes]
                    priced = [tier[(*owner, name, price.label, last)] for price in scheme.prices]
                    yield "tiers", (*owner, name, last), 0.0, pyo.quicksum(priced) - pyo.quicksum(bought), 0.0
        for owner, scheme, last, at, price in self.cases():
            key, year = (*owner, price.label, last), self.length[last]
            amount = pyo.quicksum(
                scheme.weight(offer) * tier[(*owner, offer["offer"], price.label, last)] for offer in scheme.offers
            )
            following = [later.above * year for later in scheme.prices[at + 1 : at + 2]]
            if scheme.convex:
                if following:
                    yield "slice", key, None, amount, following[0] - price.above * year
                continue
            end = min([*following, self.end(scheme, last)])
            others = pyo.quicksum(reached[(*owner, other.label, last)] for other in scheme.prices[1:])
            if at:
                yield "tier_from", key, 0.0, amount - price.above * year * reached[key], None
                yield "tier_to", key, None, amount - end * reached[key], 0.0
            else:
                yield "tier_to", key, None, amount + end * others, end

    def charges(self, columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Yield head, node, USD and column."""
        for owner, scheme, last, at, price in self.cases():
            for offer in scheme.offers:
                column = columns["tier"][(*owner, offer["offer"], price.label, last)]
                yield "discount", last, scheme.change(price, offer), column
            if at and not scheme.convex:
                column = columns["reached"][(*owner, price.label, last)]
                yield "discount", last, scheme.saved(at) * self.length[last], column
