"""The rows in which all families meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def close(model: Model, net: Network) -> None:
    """Close the account ``balance`` of every stock point and node: what comes in goes out or stays."""
    points, nodes = net.points, len(net.tree)
    posted = model.account("balance")
    constant = posted.column < 0
    given = np.zeros((len(points), nodes))
    np.add.at(given, (posted.code[constant], posted.node[constant]), posted.value[constant])
    code, node = (axis.ravel() for axis in np.indices((len(points), nodes)))
    index = Index(points.entities, code, node, nodes)
    rows = model.rows("balance", index, Bounds(0.0 - given.ravel(), 0.0 - given.ravel()))
    moved = ~constant
    model.add(rows.at(posted.code[moved], posted.node[moved]), posted.column[moved], posted.value[moved])
