"""Contracts over the tree of time: their routes, windows, and what they force to be bought."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.capacity import dates_of, pieces
from sourcing.network.derived import derives
from sourcing.network.reach import reaching

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.network import Network

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

CALL = ["contract", "destination", "mode"]
WINDOW = ["contract", "window"]


@dataclass(frozen=True, eq=False)
class Contracts:
    """The rows of the table, over the tree.

    ``windows`` has a row per contract and window: contract, window ("term" or a calendar year), code (of the contract).
    ``slices`` has a row per window and node with days of it: window (its row), code, node, part (of the window's
    quantities: its days over those of the contract, or of the calendar year) and called (part of what is called off in
    the node that is called off on its days). ``ends`` gives window, node and the last node of the window along every
    path through the node. ``offer`` is the row of offers, ``price`` in USD/t (contract, node).
    """

    table: pd.DataFrame
    offer: Ints
    price: Reals
    windows: pd.DataFrame
    slices: pd.DataFrame
    ends: pd.DataFrame

    def __len__(self) -> int:
        """Return the number of contracts."""
        return len(self.table)

    @cached_property
    def signed(self) -> NDArray[np.bool_]:
        """Which are signed already."""
        return self.table["signed"].to_numpy(bool)

    @cached_property
    def hard(self) -> NDArray[np.bool_]:
        """Which have to be taken, whatever it costs."""
        return self.table["take_or_pay"].isna().to_numpy()

    @cached_property
    def leavable(self) -> NDArray[np.bool_]:
        """Which are signed already and may be left."""
        return self.signed & self.table["exit_cost"].notna().to_numpy()

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """Which have a day in the horizon."""
        return np.isin(np.arange(len(self)), self.slices["code"])

    @cached_property
    def open(self) -> NDArray[np.bool_]:
        """Whether anything can be called off per (contract, node): contract and offer have a day together."""
        may = np.zeros(self.price.shape, bool)
        called = self.slices[self.slices["called"] > 0]
        may[called["code"], called["node"]] = True
        return may

    def later(self, tree: TimeTree) -> Reals:
        """Return what a dollar less is worth by contract, at most 0, because it is paid the payment days later."""
        worth: Reals = (1.0 + tree.discount_rate) ** -(self.table["payment_days"].to_numpy(float) / 365) - 1.0
        return worth

    @cached_property
    def owner(self) -> Ints:
        """The contract of each window."""
        return self.windows["code"].to_numpy(np.int64)

    def per_window(self, column: str) -> Reals:
        """Return tonnes (window, its last node) of "minimum" or "maximum"; NaN where there is none."""
        found = np.full((len(self.windows), self.price.shape[1]), np.nan)
        pairs = self.ends.merge(self.slices, on=["window", "node"])
        found[pairs["window"], pairs["end"]] = 0.0
        np.add.at(found, (pairs["window"], pairs["end"]), pairs["part"].to_numpy())
        quantity: Reals = found * self.table[column].to_numpy(float)[self.owner][:, None]
        return quantity

    def called_in(self, code: Ints, node: Ints) -> pd.DataFrame:
        """Return place (in ``code``), window, end and called for each window in which what is called off counts."""
        calls = pd.DataFrame({"place": np.arange(len(code)), "code": code, "node": node})
        met = calls.merge(self.slices[self.slices["called"] > 0], on=["code", "node"])
        return met.merge(self.ends, on=["window", "node"])


@derives
def contracts(net: Network) -> Contracts:
    """Lay the contracts of a case over its tree."""
    table, tree = net.case["contracts"], net.tree
    offer = pd.Index(net.case.only("offers", "offer")["offer"]).get_indexer(pd.Index(table["offer"])).astype(np.int64)
    slices = _slices(net, offer)
    key = slices[["code", "label"]].drop_duplicates().sort_values(["code", "label"], ignore_index=True)
    named = {"contract": table["contract"].to_numpy(object)[key["code"]], "window": key["label"], "code": key["code"]}
    slices = slices.merge(key.assign(window=np.arange(len(key))), on=["code", "label"])
    slices = slices.groupby(["window", "code", "node"], as_index=False)[["part", "called"]].sum()
    prices = _prices(table, net.case["prices"], tree)
    return Contracts(table, offer, prices, pd.DataFrame(named), slices, _ends(slices, tree))


def _slices(net: Network, offer: Ints) -> pd.DataFrame:
    """Return the days of each contract by node and calendar year: code, node, label (of the window), part, called."""
    table, tree, offers = net.case["contracts"], net.tree, net.case["offers"]
    node, start, end, year_days = pieces(tree)
    first, last = dates_of(table["from"], tree.start[0]), dates_of(table["until"], tree.end.max())
    sells = dates_of(offers["start"], tree.start[0])[offer], dates_of(offers["end"], tree.end.max())[offer]
    opens, closes = np.maximum(first[:, None], start), np.minimum(last[:, None], end)
    days = np.maximum((closes - opens).astype(float), 0.0)
    sold = np.minimum(closes, sells[1][:, None]) - np.maximum(opens, sells[0][:, None])
    code, piece = np.nonzero(days > 0)
    yearly = (table["per"] == "year").to_numpy()[code]
    year = start[piece].astype("datetime64[Y]").astype(str).astype(object)
    term = (last - first).astype(float)[code]
    found = pd.DataFrame({"code": code, "node": node[piece], "label": np.where(yearly, year, "term")})
    found["part"] = days[code, piece] / np.where(yearly, year_days[piece], term)
    found["called"] = np.maximum(sold.astype(float), 0.0)[code, piece]
    together = found.groupby(["code", "node"])["called"].transform("sum")
    found["called"] /= together.where(together > 0, 1.0)
    return found


def _prices(table: pd.DataFrame, prices: pd.DataFrame, tree: TimeTree) -> Reals:
    """Return the price (contract, node): the fixed one, or the larger of floor and index times multiple."""
    price = np.repeat(table["price"].to_numpy(float)[:, None], len(tree), axis=1)
    floor = table["floor_price"].fillna(-np.inf).to_numpy(float)
    multiple, index = table["multiple"].to_numpy(float), table["index"].to_numpy(object)
    for row in np.flatnonzero(index != "").tolist():
        path = prices[prices["index"] == index[row]].sort_values("from")
        place = np.searchsorted(path["from"].to_numpy("datetime64[D]"), tree.start, side="right") - 1
        value = path["value"].to_numpy(float)[np.maximum(place, 0)]
        price[row] = np.maximum(floor[row], multiple[row] * value)
    return price


def _ends(slices: pd.DataFrame, tree: TimeTree) -> pd.DataFrame:
    """Return window, node and the last node of the window along every path through the node."""
    found = []
    for path in tree.paths:
        on = slices.loc[slices["node"].isin(path), ["window", "node"]]
        found.append(on.assign(end=on.groupby("window")["node"].transform("max")))
    return pd.concat(found).drop_duplicates(ignore_index=True)


@derives
def calls(net: Network) -> pd.DataFrame:
    """Return what can be called off, sorted by key: contract, destination, mode, code (of the contract), route."""
    own = contracts(net)
    each = pd.DataFrame({"contract": own.table["contract"], "code": np.arange(len(own)), "offer": own.offer})
    routes = net.routes[["destination", "mode", "code"]].rename(columns={"code": "offer"})
    pairs = each.merge(routes.assign(route=np.arange(len(routes))), on="offer")
    pairs = pairs[~_excluded(net, pairs)]
    return pairs.sort_values(CALL, ignore_index=True)


def _excluded(net: Network, pairs: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which pairs of contract and route could bring material to a site that the contract excludes."""
    shut = np.zeros(len(pairs), bool)
    arrives = net.routes["point"].to_numpy()[pairs["route"]]
    for contract, rows in net.case["exclusions"].groupby("contract"):
        kept_out = net.points.entities["site"].isin(rows["site"]).to_numpy()
        served = reaching(kept_out, net.hops, net.recipes)
        shut |= (pairs["contract"] == contract).to_numpy() & served[arrives]
    return shut


def must_take(net: Network) -> Reals:
    """Return by stock point the tonnes that hard minimums of contracts may bring beyond what is asked for there."""
    own = contracts(net)
    tonnes = np.zeros(len(net.points))
    if not len(own):
        return tonnes
    least = np.zeros(len(own))
    np.add.at(least, own.owner, np.nansum(own.per_window("minimum"), axis=1))
    least *= own.hard
    pairs = calls(net).assign(point=lambda each: net.routes["point"].to_numpy()[each["route"]])
    once = pairs.drop_duplicates(["code", "point"])
    np.add.at(tonnes, once["point"].to_numpy(), least[once["code"].to_numpy()])
    return tonnes
