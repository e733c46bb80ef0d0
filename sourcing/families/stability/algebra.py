"""Columns, rows and charges of orders held to the last plan's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.families.stability.arrays import build_last
from sourcing.network import ROUTE
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.families.stability.arrays import LastPlan
    from sourcing.network import Network
    from sourcing.protocol import Model

    Ints = NDArray[np.int64]


class Ordered(NamedTuple):
    """What may be ordered: route, node and column of each order, and the last plan."""

    route: Ints
    node: Ints
    column: Ints
    last: LastPlan


def close(model: Model, net: Network) -> None:
    """Hold orders to the last plan's inside the frozen window, and charge what is ordered more or less after it."""
    if net.case["change_terms"].empty:
        return
    posted, last = model.account("ordered"), build_last(net)
    route, node, column = (side.astype(np.int64) for side in (posted.code, posted.node, posted.column))
    ordered, frozen, shut = Ordered(route, node, column, last), last.frozen[route, node], last.shut[route, node]
    before, some = last.tonnes[route, node], np.flatnonzero(frozen > 0)
    _hold(model, net, (ordered, some), ("stands", Bounds(lower=frozen[some]), "t below the frozen order"))
    some = np.flatnonzero(shut)
    _hold(model, net, (ordered, some), ("frozen", Bounds(upper=before[some]), "t above the frozen order"))
    _charge(model, net, ordered, np.flatnonzero(~shut & (last.more + last.less > 0)[route]))


def _hold(model: Model, net: Network, what: tuple[Ordered, Ints], rule: tuple[str, Bounds, str]) -> None:
    """Hold some of the orders by a row each."""
    (ordered, some), (name, bounds, relief) = what, rule
    index = Index(net.routes[ROUTE], ordered.route[some], ordered.node[some], len(net.tree))
    rows = model.rows(name, index, bounds, relief)
    model.add(rows.ids, ordered.column[some], 1.0)


def _charge(model: Model, net: Network, ordered: Ordered, some: Ints) -> None:
    """Declare ``more`` and ``less`` (t against the last plan) of some of the orders, and charge both."""
    route, node, last = ordered.route[some], ordered.node[some], ordered.last
    entities, nodes, before = net.routes[ROUTE], len(net.tree), last.tonnes[route, node]
    rows = model.rows("changed", Index(entities, route, node, nodes), Bounds(before, before))
    model.add(rows.ids, ordered.column[some], 1.0)
    for name, sign, cost, mine in (
        ("more", -1.0, last.more, np.arange(len(some))),
        ("less", 1.0, last.less, np.flatnonzero(before > 0)),
    ):
        block = model.columns(name, Index(entities, route[mine], node[mine], nodes), Bounds(0.0))
        model.add(rows.ids[mine], block.ids, sign)
        model.post("cost.changes", (np.zeros_like(mine), block.node), block.ids, cost[route[mine]])
