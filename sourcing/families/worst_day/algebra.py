"""Rows of stock on the worst days of long periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.families.worst_day.arrays import CELL, come_by_then, level, moved, until_then, worst_days
from sourcing.network.demand import due_within
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.network import Network
    from sourcing.protocol import Model


def close(model: Model, net: Network) -> None:
    """Hold stock on the eve of each worst day: what the period began with and what has come, less what has gone."""
    if net.within == "nothing":
        return
    lands, leaves = moved(model, net)
    days = worst_days(net, lands)
    if not len(days):
        return
    point, node = (days[name].to_numpy(np.int64) for name in CELL)
    day = days["day"].to_numpy(float)
    gone = due_within(net, point, net.tree.opens[node], day) - come_by_then(net, days)
    first = node == 0
    opening = np.zeros(len(net.points))
    stocks = net.case["stocks"]
    opening[net.points.find(stocks["site"], stocks["material"])] = stocks["opening"].to_numpy(float)
    asked = level(net, days) + gone - np.where(first, opening[point], 0.0)
    labels = net.points.entities.iloc[point].reset_index(drop=True)
    labels["day"] = (net.tree.start[0] + day.astype(np.int64)).astype(str).astype(object)
    index = Index(labels, np.arange(len(days)), node, len(net.tree))
    rows = model.rows("worst_day", index, Bounds(lower=asked), relief="t below what is to be there")
    each = days.assign(row=rows.ids)
    for parts, sign in ((lands, 1.0), (leaves, -1.0)):
        met = until_then(each, parts)
        model.add(met["row"].to_numpy(), met["column"].to_numpy(), sign * met["tonnes"].to_numpy(float))
    _stock_and_shortage(model, net, each)


def _stock_and_shortage(model: Model, net: Network, rows: pd.DataFrame) -> None:
    """Add what the period before ended with, and take what stays short off what is due."""
    point, node, row = (rows[name].to_numpy(np.int64) for name in (*CELL, "row"))
    parent = net.tree.parent[node]
    for name, at in (("column.hold", parent), ("column.short", node)):
        account = model.account(name)
        grid = np.full((len(net.points), len(net.tree)), -1)
        grid[account.code, account.node] = account.column
        column = np.where(at >= 0, grid[point, at], -1)
        there = column >= 0
        model.add(row[there], column[there], 1.0)
