"""What has to be kept in stock: safety stock by period, from what is there, and closing stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.demand import due_within

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.network import Network

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

_NOTHING = 1e-9
"""Tonnes; what is left of a difference of equal sums is no stock to keep."""


def safety_asked(net: Network, point: Ints) -> Reals:
    """Return tonnes to keep by (row of stocks, node); ``point`` is the stock point of each row.

    From the first period that begins when an order can have arrived it is the safety stock. Before, it is no more of
    it than opening stock and open orders leave after the demand up to the day of the first arrival; where nothing can
    be disposed of, the balance keeps that by itself up to the period of that day.
    """
    tree, full = net.tree, net.case["stocks"]["safety"].to_numpy(float)
    starts, ends = ((bound - tree.start[0]).astype(float) for bound in (tree.start, tree.end))
    first = net.first_arrival[point][:, None]
    row, node = np.nonzero((starts < first) & (full > 0)[:, None])
    until = np.minimum(ends[node], first[row, 0])
    left = _come(net)[point[row], node] - due_within(net, point[row], np.zeros_like(until), until)
    asked = np.repeat(full[:, None], len(tree), axis=1)
    asked[row, node] = np.clip(left, 0.0, full[row])
    by_itself = net.case["stocks"]["disposal_cost"].isna().to_numpy()[:, None] & (ends <= first)
    asked[by_itself | (asked <= _NOTHING)] = 0.0
    return asked


def before_first(net: Network) -> Reals:
    """Return the part of each node's days, by stock point, in which no order can have arrived."""
    starts = (net.tree.start - net.tree.start[0]).astype(float)
    part: Reals = np.clip((net.first_arrival[:, None] - starts) / net.tree.days, 0.0, 1.0)
    return part


def closing_asked(net: Network, point: Ints) -> Reals:
    """Return tonnes to keep at the end by row of stocks.

    That is the closing stock, or where it is blank the safety stock, if an order can arrive before the end.
    """
    stocks, tree = net.case["stocks"], net.tree
    reached = net.first_arrival[point] < (tree.end.max() - tree.start[0]).astype(float)
    blank = np.where(reached, stocks["safety"].to_numpy(float), 0.0)
    asked: Reals = np.where(stocks["closing"].isna(), blank, stocks["closing"].to_numpy(float))
    return asked


def stock_asked(net: Network) -> Reals:
    """Return by point the larger of safety and closing stock."""
    stocks = net.case["stocks"]
    asked = np.zeros(len(net.points))
    level = np.maximum(stocks["safety"].fillna(0.0).to_numpy(float), closing_level(stocks))
    asked[net.points.find(stocks["site"], stocks["material"])] = level
    return asked


def closing_level(stocks: pd.DataFrame) -> Reals:
    """Return the stock asked for at the end of the horizon: ``closing``, else the safety level."""
    level: Reals = stocks["closing"].fillna(stocks["safety"]).fillna(0.0).to_numpy(float)
    return level


def _come(net: Network) -> Reals:
    """Return tonnes (point, node) of opening stock and of open orders that have arrived by the end of the node."""
    stocks, tree = net.case["stocks"], net.tree
    come = np.zeros((len(net.points), len(tree)))
    come[net.points.find(stocks["site"], stocks["material"]), 0] = stocks["opening"].fillna(0.0).to_numpy(float)
    order, node = net.order_arrivals
    np.add.at(come, (net.order_point[order], node), net.case["open_orders"]["quantity"].to_numpy(float)[order])
    for child in range(1, len(tree)):
        come[:, child] += come[:, tree.parent[child]]
    return come
