"""Columns, rows and postings of purchases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network import ROUTE
from sourcing.network.capacity import named
from sourcing.network.counts import counts_any, post_most, route_most
from sourcing.network.lots import owners, post_lots
from sourcing.network.useful import useful_orders
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Block, Model


def build(model: Model, net: Network) -> None:
    """Declare ``buy`` (t ordered per route and node) and hold an offer's routes together under its capacity."""
    routes, nodes = net.routes, len(net.tree)
    route, node = np.nonzero(net.comes_of_use if model.explaining else net.may_buy)
    buy = model.columns("buy", Index(routes[ROUTE], route, node, nodes), Bounds(0.0))
    _hold_under_capacity(model, net, buy)
    _arrive(model, net, buy)
    price = net.case["offers"]["price"].to_numpy(float)[routes["code"].to_numpy()[route]]
    model.post("cost.purchase", (np.zeros_like(node), node), buy.ids, price)
    model.post("ordered", (route, node), buy.ids, price)
    if len(net.lots):
        post_lots(model, owners(net, "buy"), buy, useful_orders(net))
    if counts_any(net):
        post_most(model, buy, route_most(net, explaining=model.explaining))


def _hold_under_capacity(model: Model, net: Network, buy: Block) -> None:
    offers = net.case["offers"]
    offer = net.routes["code"].to_numpy()[buy.code]
    bound = named(offers, net.offer_ramps)[offer] | (net.offer_capacity[offer, buy.node] == 0)
    used = np.zeros(net.offer_capacity.shape, bool)
    used[offer[bound], buy.node[bound]] = True
    code, node = np.nonzero(used)
    index = Index(offers[["offer"]], code, node, len(net.tree))
    rows = model.rows("offer", index, Bounds(upper=net.offer_capacity[code, node]), relief="t above the capacity")
    model.add(rows.at(offer[bound], buy.node[bound]), buy.ids[bound], 1.0)


def _arrive(model: Model, net: Network, buy: Block) -> None:
    """Spread each order over the nodes in which it arrives."""
    routes = net.routes
    arrivals = net.route_days.arrivals(buy.code, buy.node)
    route, column = buy.code[arrivals.order], buy.ids[arrivals.order]
    freight = routes["freight"].to_numpy(float)[route]
    model.post("cost.freight", (np.zeros_like(route), arrivals.node), column, freight * arrivals.share)
    used = arrivals.used
    route, column = buy.code[used.order], buy.ids[used.order]
    model.post("entry", (route, used.node), column, used.share)
    model.post("balance", (routes["point"].to_numpy()[route], used.node), column, used.share)
    _depart(model, net, buy)


def _depart(model: Model, net: Network, buy: Block) -> None:
    """Spread each order that takes a lane with a capacity over the nodes in which it departs."""
    lane = net.routes["lane"].to_numpy()
    narrow = net.case["lanes"]["capacity"].notna().to_numpy()
    shipped = np.flatnonzero(np.append(narrow, False)[lane][buy.code])
    leaves = net.route_days.departures(buy.code[shipped], buy.node[shipped]).used
    which = shipped[leaves.order]
    model.post("lane", (lane[buy.code[which]], leaves.node), buy.ids[which], leaves.share)
