"""Rows of cover: stock at the end of a period for the demand of the days after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.kept import counted_as_there, cover_asked
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def build(model: Model, net: Network) -> None:
    """Hold stock to the cover that can be there."""
    stocks, held = net.case["stocks"], model.account("column.hold")
    point = net.points.find(stocks["site"], stocks["material"])
    asked = cover_asked(net, point)
    hold = np.full((len(net.points), len(net.tree)), -1)
    hold[held.code, held.node] = held.column
    row, node = np.nonzero((asked > 0) & (hold[point] >= 0))
    index = Index(net.points.entities, point[row], node, len(net.tree))
    rows = model.rows("cover", index, Bounds(lower=asked[row, node]), relief="t below the cover")
    model.add(rows.ids, hold[point[row], node], 1.0)
    model.add(*counted_as_there(net, model.account("onward"), rows))
