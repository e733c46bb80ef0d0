"""Columns, rows and postings of shipments, and the capacity of lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network import SHIP
from sourcing.network.lots import owners, post_lots
from sourcing.network.useful import useful_ships
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def build(model: Model, net: Network) -> None:
    """Declare ``ship`` (t leaving per lane, material and node): out of the origin now, at the destination later."""
    ships, nodes = net.ships, len(net.tree)
    days = net.opened.ship_days if model.explaining else net.ship_days
    code, node = np.nonzero(days.there)
    ship = model.columns("ship", Index(ships[SHIP], code, node, nodes), Bounds(0.0))
    if len(net.lots):
        post_lots(model, owners(net, "ship"), ship, useful_ships(net))
    model.post("sent", (code, node), ship.ids, 1.0)
    model.post("balance", (ships["from_point"].to_numpy()[code], node), ship.ids, -1.0)
    model.post("onward", (ships["from_point"].to_numpy()[code], node), ship.ids, 1.0)
    arrivals = days.arrivals(code, node)
    which = arrivals.order
    freight = ships["freight"].to_numpy(float)[code[which]]
    model.post("cost.freight", (np.zeros_like(which), arrivals.node), ship.ids[which], freight * arrivals.share)
    model.post("ship.entry", (code[which], arrivals.node), ship.ids[which], arrivals.share)
    model.post("balance", (ships["point"].to_numpy()[code[which]], arrivals.node), ship.ids[which], arrivals.share)
    lane = ships["lane"].to_numpy()[code]
    narrow = np.flatnonzero(net.case["lanes"]["capacity"].notna().to_numpy()[lane])
    leaves = days.departures(code[narrow], node[narrow]).used
    which = narrow[leaves.order]
    model.post("lane", (lane[which], leaves.node), ship.ids[which], leaves.share)


def close(model: Model, net: Network) -> None:
    """Hold what departs on each lane, bought or shipped, under the lane's capacity."""
    lanes = net.case["lanes"]
    capacity = lanes["capacity"].to_numpy(float)
    posted = model.account("lane")
    used = np.zeros((len(lanes), len(net.tree)), bool)
    used[posted.code, posted.node] = True
    code, node = np.nonzero(used)
    index = Index(lanes[["origin", "destination", "material", "mode"]], code, node, len(net.tree))
    upper = capacity[code] * net.tree.years[node]
    rows = model.rows("lane", index, Bounds(upper=upper), relief="t above the capacity")
    model.add(rows.at(posted.code, posted.node), posted.column, posted.value)
