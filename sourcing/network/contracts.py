"""Contracts over the tree of time: their routes, windows, and what they force to be bought."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.calendar import year_fraction
from sourcing.network.capacity import dates_of
from sourcing.network.reach import reaching

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.network import Network

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

CALL = ["contract", "destination", "mode"]


@dataclass(frozen=True, eq=False)
class Contracts:
    """The rows of the table, over the tree.

    ``part`` (contract, node) is the part of a window's quantities that falls into a node: days over the days of the
    contract, or of the calendar year; 0 outside. ``window`` gives contract, node and last node of the node's window
    along every path of the tree. ``offer`` is the row of offers, ``price`` in USD/t (contract, node).
    """

    table: pd.DataFrame
    offer: Ints
    price: Reals
    part: Reals
    window: tuple[Ints, Ints, Ints]

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

    def later(self, tree: TimeTree) -> Reals:
        """Return what a dollar less is worth by contract, at most 0, because it is paid the payment days later."""
        worth: Reals = (1.0 + tree.discount_rate) ** -(self.table["payment_days"].to_numpy(float) / 365) - 1.0
        return worth

    def per_window(self, column: str) -> Reals:
        """Return tonnes (contract, last node of a window) of "minimum" or "maximum"; NaN where there is none."""
        code, node, end = self.window
        found = np.zeros(self.part.shape)
        met = np.zeros(self.part.shape, bool)
        met[code, end] = True
        np.add.at(found, (code, end), self.part[code, node])
        quantity: Reals = np.where(met, found * self.table[column].to_numpy(float)[:, None], np.nan)
        return quantity

    def ends(self, code: Ints, node: Ints) -> tuple[Ints, Ints]:
        """Return positions in ``code`` with the last node of their window: one for each path through the node."""
        nodes = self.part.shape[1]
        own, end = self.window[0] * nodes + self.window[1], self.window[2]
        wanted = code * nodes + node
        first, after = (np.searchsorted(own, wanted, side) for side in ("left", "right"))
        which = np.repeat(np.arange(len(code)), after - first)
        place = np.arange(len(which)) - np.repeat(np.cumsum(after - first) - (after - first), after - first)
        return which, end[first[which] + place]


def build_contracts(net: Network) -> Contracts:
    """Lay the contracts of a case over its tree."""
    table, tree = net.case["contracts"], net.tree
    offer = pd.Index(net.case["offers"]["offer"]).get_indexer(pd.Index(table["offer"])).astype(np.int64)
    first, last = dates_of(table["from"], tree.start[0]), dates_of(table["until"], tree.end.max())
    opens = np.maximum(first[:, None], tree.start)
    closes = np.maximum(np.minimum(last[:, None], tree.end), opens)
    term = np.maximum((last - first).astype(float), 1.0)[:, None]
    yearly = (table["per"] == "year").to_numpy()
    part = np.where(yearly[:, None], year_fraction(opens, closes), (closes - opens).astype(float) / term)
    year = np.where(yearly[:, None], opens.astype("datetime64[Y]").astype(np.int64), 0)
    return Contracts(table, offer, _prices(table, net.case["prices"], tree), part, _windows(part, year, tree))


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


def _windows(part: Reals, year: Ints, tree: TimeTree) -> tuple[Ints, Ints, Ints]:
    found = [np.empty((3, 0), np.int64)]
    for path in tree.paths:
        code, place = np.nonzero(part[:, path] > 0)
        node = path[place]
        _, group = np.unique(np.stack([code, year[code, node]]), axis=1, return_inverse=True)
        end = np.zeros(len(node), np.int64)
        np.maximum.at(end, group, node)
        found.append(np.stack([code, node, end[group]]))
    code, node, end = np.unique(np.concatenate(found, axis=1), axis=1)
    return code, node, end


def calls(net: Network) -> pd.DataFrame:
    """Return what can be called off, sorted by key: contract, destination, mode, code (of the contract), route."""
    own = net.contracts
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


def forced(net: Network) -> Reals:
    """Return by stock point the tonnes that hard minimums of contracts may bring beyond what is asked for there."""
    own = net.contracts
    tonnes = np.zeros(len(net.points))
    least = np.nansum(own.per_window("minimum"), axis=1) * own.hard
    pairs = net.contract_calls.assign(point=lambda each: net.routes["point"].to_numpy()[each["route"]])
    once = pairs.drop_duplicates(["code", "point"])
    np.add.at(tonnes, once["point"].to_numpy(), least[once["code"].to_numpy()])
    return tonnes
