"""Rows of pace: what is ordered of an offer beside what was ordered of it in the period before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.ranges import followers
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def close(model: Model, net: Network) -> None:
    """Hold the change of orders (offer, node) between two periods in which an offer can be ordered, in t."""
    asked = net.case["offers"]["change_maximum"].to_numpy(float)
    if not np.isfinite(asked).any():
        return
    ordered, tree, capacity = model.account("ordered"), net.tree, net.offer_capacity
    offer = net.routes["code"].to_numpy(np.int64)[ordered.code]
    open_ = np.zeros(capacity.shape, bool)
    open_[offer, ordered.node] = True
    open_ &= np.isfinite(capacity) & (capacity > 0)
    before = np.maximum(tree.parent, 0)
    part = asked[:, None] * ((tree.years + tree.years[before]) / 2.0)
    code, node = np.nonzero(open_ & open_[:, before] & (tree.parent >= 0) & (part < 1.0))
    most = part[code, node] * capacity[code, node]
    grown = np.zeros(capacity.shape)
    grown[code, node] = capacity[code, node] / capacity[code, before[node]]
    index = Index(net.case["offers"][["offer"]], code, node, len(tree))
    at, child = followers(ordered.node, tree.parent)
    for name, sign, relief in (
        ("rise", 1.0, "t more than the pace allows"),
        ("fall", -1.0, "t less than the pace allows"),
    ):
        rows = model.rows(name, index, Bounds(upper=most), relief)
        now, then = rows.at(offer, ordered.node), rows.at(offer[at], child)
        model.add(now[now >= 0], ordered.column[now >= 0], sign)
        kept = then >= 0
        model.add(then[kept], ordered.column[at[kept]], -sign * grown[offer[at], child][kept])
