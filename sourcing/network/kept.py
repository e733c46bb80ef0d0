"""Stock targets: safety stock and cover by period, from what is there, and closing stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.demand import due_within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.protocol import Account, Block

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

_NOTHING = 1e-9
"""Tonnes; what is left of a difference of equal sums is no stock to keep."""


def safety_asked(net: Network, point: Ints) -> Reals:
    """Return tonnes of safety stock to keep by (row of stocks, node); ``point`` is the stock point of each row.

    In full that is ``safety``, or the demand of ``safety_days`` after the node where that is more.
    """
    full = net.case["stocks"]["safety"].to_numpy(float)[:, None]
    return _that_can_be_there(net, point, np.maximum(full, _due_after(net, point, "safety_days")))


def cover_asked(net: Network, point: Ints) -> Reals:
    """Return tonnes to keep by (row of stocks, node) for the days of demand to be covered after the node."""
    return _that_can_be_there(net, point, _due_after(net, point, "cover_days"))


def _that_can_be_there(net: Network, point: Ints, full: Reals) -> Reals:
    """Return what of the tonnes (row of stocks, node) to be kept in full can be asked for.

    From the first period that begins when an order can have arrived it is all. Before, it is no more of it than
    opening stock and open orders leave after the demand up to the day of the first arrival; where nothing can be
    disposed of, the balance keeps that by itself up to the period of that day.
    """
    starts, ends = net.tree.opens, net.tree.closes
    first = net.first_arrival[point][:, None]
    row, node = np.nonzero((starts < first) & (full > 0))
    until = np.minimum(ends[node], first[row, 0])
    left = come_by(net)[point[row], node] - due_within(net, point[row], np.zeros_like(until), until)
    asked = full.copy()
    asked[row, node] = np.clip(left, 0.0, full[row, node])
    by_itself = net.case["stocks"]["disposal_cost"].isna().to_numpy()[:, None] & (ends <= first)
    asked[by_itself | (asked <= _NOTHING)] = 0.0
    return asked


def _due_after(net: Network, point: Ints, column: str) -> Reals:
    """Return tonnes due by (row of stocks, node) in the days of a column of stocks, of the path that asks for most.

    Each day counts at the rate of the period it lies in, days after the horizon at that of the last period.
    """
    days = net.case["stocks"][column].fillna(0.0).to_numpy(float)
    tree, found = net.tree, np.zeros((len(point), len(net.tree)))
    some = np.flatnonzero(days > 0)[:, None]
    for path in tree.paths if some.size else ():
        tonnes = net.demand.tonnes[point[some], path]
        gone = np.cumsum(tonnes, axis=1)
        until = tree.closes[path] + days[some]
        at = np.searchsorted(tree.opens[path], until, side="left") - 1
        part = (until - tree.closes[path][at]) / tree.days[path][at]  # of the period it ends in: missing, or beyond
        row = np.arange(len(some))[:, None]
        due = gone[row, at] + part * tonnes[row, at] - gone
        found[some, path] = np.maximum(found[some, path], due)
    return found


def safety_level(net: Network, point: Ints, day: Reals) -> Reals:
    """Return tonnes of safety stock to keep at each point on a day: ``safety``, or what is due in ``safety_days``.

    Each day counts at the rate of the period it lies in, days after the horizon at that of the last period.
    """
    stocks = net.case["stocks"]
    row = np.full(len(net.points), -1)
    row[net.points.find(stocks["site"], stocks["material"])] = np.arange(len(stocks))
    row = row[point]
    safety, days = (np.append(stocks[name].fillna(0.0).to_numpy(float), 0.0)[row] for name in ("safety", "safety_days"))
    found: Reals = safety.copy()
    for path in net.tree.paths:
        edges = np.append(net.tree.opens[path], net.tree.closes[path[-1]])
        for cell in np.flatnonzero(days > 0):
            tonnes = net.demand.tonnes[point[cell], path]
            gone, until = np.append(0.0, np.cumsum(tonnes)), day[cell] + days[cell]
            beyond = max(until - edges[-1], 0.0) * tonnes[-1] / net.tree.days[path[-1]]
            due = np.interp(until, edges, gone) + beyond - np.interp(day[cell], edges, gone)
            found[cell] = max(found[cell], due)
    return found


def counted_as_there(net: Network, sent: Account, rows: Block) -> tuple[Ints, Ints, Reals]:
    """Return what has gone on by a lane or into a process before an order could have arrived: row, column, t/t.

    It counts in rows (stock point, node) of nodes that begin before that day.
    """
    part, tree = before_first(net), net.tree
    early = np.flatnonzero(part[rows.code, rows.node] > 0)
    asked = pd.DataFrame({"point": rows.code[early], "node": rows.node[early], "row": rows.ids[early]})
    gone = pd.DataFrame({"point": sent.code, "then": sent.node, "column": sent.column, "value": sent.value})
    pairs = asked.merge(gone[gone["point"].isin(asked["point"])], on="point")
    until = np.zeros((len(tree), len(tree)), bool)
    for path in tree.paths:
        until[np.ix_(path, path)] |= np.tri(len(path), dtype=bool)
    pairs = pairs[until[pairs["node"].to_numpy(), pairs["then"].to_numpy()]]
    counted = pairs["value"].to_numpy(float) * part[pairs["point"].to_numpy(), pairs["then"].to_numpy()]
    return pairs["row"].to_numpy(), pairs["column"].to_numpy(), counted


def before_first(net: Network) -> Reals:
    """Return the part of each node's days, by stock point, in which no order can have arrived."""
    part: Reals = np.clip((net.first_arrival[:, None] - net.tree.opens) / net.tree.days, 0.0, 1.0)
    return part


def closing_asked(net: Network, point: Ints) -> Reals:
    """Return tonnes to keep at the end by row of stocks.

    That is the closing stock, or where it is blank the safety stock, if an order can arrive before the end.
    """
    stocks = net.case["stocks"]
    reached = net.first_arrival[point] < net.tree.horizon
    blank = np.where(reached, stocks["safety"].to_numpy(float), 0.0)
    asked: Reals = np.where(stocks["closing"].isna(), blank, stocks["closing"].to_numpy(float))
    return asked


def stock_asked(net: Network) -> Reals:
    """Return by point the largest of safety stock, closing stock, and the days of both columns at the horizon's end."""
    stocks = net.case["stocks"]
    asked, point = np.zeros(len(net.points)), net.points.find(stocks["site"], stocks["material"])
    level = np.maximum(stocks["safety"].fillna(0.0).to_numpy(float), closing_level(stocks))
    for column in ("safety_days", "cover_days"):
        level = np.maximum(level, _due_after(net, point, column)[:, net.tree.leaves].max(axis=1))
    asked[point] = level
    return asked


def room(net: Network, point: Ints) -> Reals:
    """Return the most tonnes to keep by (row of stocks, node): the maximum, NaN where none is stated.

    It is no less than what lies there if nothing is ordered: where neither lanes nor processes take goods on and none
    can be disposed of, opening stock and open orders wait for demand, whatever there is room for.
    """
    stocks, tree = net.case["stocks"], net.tree
    maximum = np.repeat(stocks["maximum"].to_numpy(float)[:, None], len(tree), axis=1)
    come, lies = come_by(net), np.zeros((len(net.points), len(tree)))
    for n in range(len(tree)):
        parent = tree.parent[n]
        comes = come[:, n] if parent < 0 else lies[:, parent] + come[:, n] - come[:, parent]
        lies[:, n] = np.maximum(comes - net.demand.tonnes[:, n], 0.0)
    stays = np.ones(len(net.points), bool)
    stays[net.ships["from_point"].to_numpy()] = stays[net.inputs["point"].to_numpy()] = False
    stays[point[stocks["disposal_cost"].notna().to_numpy()]] = False
    most: Reals = np.where(stays[point][:, None], np.maximum(maximum, lies[point]), maximum)
    return most


def closing_level(stocks: pd.DataFrame) -> Reals:
    """Return the stock asked for at the end of the horizon: ``closing``, else the safety level."""
    level: Reals = stocks["closing"].fillna(stocks["safety"]).fillna(0.0).to_numpy(float)
    return level


def come_by(net: Network) -> Reals:
    """Return tonnes (point, node) of opening stock and of open orders that have arrived by the end of the node."""
    stocks, tree = net.case["stocks"], net.tree
    come = np.zeros((len(net.points), len(tree)))
    come[net.points.find(stocks["site"], stocks["material"]), 0] = stocks["opening"].fillna(0.0).to_numpy(float)
    order, node = net.order_arrivals
    np.add.at(come, (net.order_point[order], node), net.case["open_orders"]["quantity"].to_numpy(float)[order])
    for child in range(1, len(tree)):
        come[:, child] += come[:, tree.parent[child]]
    return come
