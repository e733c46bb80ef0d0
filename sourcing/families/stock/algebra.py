"""Columns, rows and postings of stock held and disposed of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.kept import closing_asked, counted_as_there, room, safety_asked, stock_asked
from sourcing.network.reach import usable_stock
from sourcing.network.surplus import Parts, too_much
from sourcing.network.useful import most_of_use
from sourcing.protocol import CONSTANT, Bounds, Index

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.protocol import Block, Model

    Flags = NDArray[np.bool_]
    Reals = NDArray[np.float64]
    Ints = NDArray[np.int64]


def build(model: Model, net: Network) -> None:
    """Declare ``hold`` (t at the end of a node) within its rules, and ``dispose`` where disposal has a price."""
    stocks, points, nodes = net.case["stocks"], net.points, len(net.tree)
    point = points.find(stocks["site"], stocks["material"])
    kept = ~points.transit
    most, more = np.where(kept[:, None], most_of_use(net), 0.0), _brought_too_much(model, net)
    if net.tree.has_tail:  # what is not left at its end is used: that is enough
        most[np.ix_(kept, ~_ends(net))] = np.inf
    more = more.only(kept[more.point] & np.isfinite(most[more.point, more.node]))
    beyond = np.zeros(most.shape, bool)
    beyond[more.point, more.node] = True
    beyond[:, net.tree.leaves] |= np.isfinite(most[:, net.tree.leaves]) & kept[:, None]
    code, node = np.nonzero((most > 0) | beyond)
    upper = np.where(beyond, np.inf, most)[code, node]
    hold = model.columns("hold", Index(points.entities, code, node, nodes), Bounds(0.0, upper))
    _use(model, net, hold, (beyond, most, more))
    _carry_over(model, net, hold)
    opening = stocks["opening"].to_numpy(float)
    model.post("balance", (point, np.zeros_like(point)), np.full(len(point), CONSTANT), opening)
    _keep_within(model, net, hold, point)
    _charge_holding(model, net, hold, point)
    _dispose(model, net, point)


def _ends(net: Network) -> Flags:
    """Return which nodes have none after them."""
    return np.isin(np.arange(len(net.tree)), net.tree.leaves)


def _levels(stocks: pd.DataFrame, column: str, count: int, point: Ints) -> Reals:
    """Return a column of the stocks table by stock point, 0 where blank or without a row."""
    level = np.zeros(count)
    level[point] = stocks[column].fillna(0.0).to_numpy(float)
    return level


def _brought_too_much(model: Model, net: Network) -> Parts:
    """Return what orders, shipments and runs may add to the stock beyond use."""
    entry, shipped = model.account("entry"), model.account("ship.entry")
    own = np.flatnonzero(entry.column >= 0)
    point = np.concatenate([net.routes["point"].to_numpy(), net.outputs["point"].to_numpy()])[entry.code[own]]
    parts = Parts(
        np.concatenate([entry.column[own], shipped.column]).astype(np.int64),
        np.concatenate([point, net.ships["point"].to_numpy()[shipped.code]]).astype(np.int64),
        np.concatenate([entry.node[own], shipped.node]).astype(np.int64),
        np.concatenate([entry.value[own], shipped.value]),
    )
    kept = usable_stock(stock_asked(net)[:, None], net.hops, net.recipes)[:, 0]
    return too_much(net, parts, kept)


def _use(model: Model, net: Network, hold: Block, at: tuple[Flags, Reals, Parts]) -> None:
    """Hold stock to what can still be used, and what orders had to bring besides."""
    beyond, most, more = at
    code, node = np.nonzero(beyond)
    rows = model.rows("use", Index(net.points.entities, code, node, len(net.tree)), Bounds(upper=most[code, node]))
    model.add(rows.ids, hold.at(code, node), 1.0)
    model.add(rows.at(more.point, more.node), more.column, -more.tonnes)


def _carry_over(model: Model, net: Network, hold: Block) -> None:
    model.post("balance", (hold.code, hold.node), hold.ids, -1.0)
    model.post("stays", (hold.code, hold.node), hold.ids, 1.0)
    child = np.arange(1, len(net.tree))
    before = hold.grid[:, net.tree.parent[child]]
    code, step = np.nonzero(before >= 0)
    model.post("balance", (code, child[step]), hold.ids[before[code, step]], 1.0)


def _keep_within(model: Model, net: Network, hold: Block, point: Ints) -> None:
    stocks = net.case["stocks"]
    told, at_the_end = stocks["closing"].notna().to_numpy()[:, None], net.tree.end == net.tree.reported_end
    closing = np.where(np.where(told, at_the_end, _ends(net)), closing_asked(net, point)[:, None], 0.0)
    safety = _hold_rows(model, net, hold, point, ("safety", safety_asked(net, point)))
    model.add(*counted_as_there(net, model.account("onward"), safety))
    _hold_rows(model, net, hold, point, ("closing", closing))
    _hold_rows(model, net, hold, point, ("maximum", room(net, point)))


def _hold_rows(model: Model, net: Network, hold: Block, point: Ints, rule: tuple[str, Reals]) -> Block:
    """Hold stock to the tonnes of a rule, by row of stocks and node: NaN is no maximum, 0 asks for nothing."""
    name, level = rule
    above = name == "maximum"
    row, node = np.nonzero((~np.isnan(level) if above else level > 0) & (hold.grid[point] >= 0))
    index = Index(net.points.entities, point[row], node, len(net.tree))
    bounds = Bounds(upper=level[row, node]) if above else Bounds(lower=level[row, node])
    rows = model.rows(name, index, bounds, relief="t above the maximum" if above else f"t below the {name} stock")
    model.add(rows.ids, hold.at(point[row], node), 1.0)
    return rows


def _charge_holding(model: Model, net: Network, hold: Block, point: Ints) -> None:
    rate = _levels(net.case["stocks"], "holding_cost", len(net.points), point)[hold.code]
    paid = rate != 0
    node = hold.node[paid]
    model.post("cost.holding", (np.zeros_like(node), node), hold.ids[paid], rate[paid] * net.tree.years[node])


def _dispose(model: Model, net: Network, point: Ints) -> None:
    stocks, nodes = net.case["stocks"], len(net.tree)
    price, most = stocks["disposal_cost"].to_numpy(float), stocks["disposal_maximum"].fillna(np.inf).to_numpy(float)
    row, node = (axis.ravel() for axis in np.indices((len(stocks), nodes))[:, ~np.isnan(price)])
    index = Index(net.points.entities, point[row], node, nodes)
    dispose = model.columns("dispose", index, Bounds(0.0, most[row] * net.tree.years[node]))
    model.post("balance", (point[row], node), dispose.ids, -1.0)
    model.post("stays", (point[row], node), dispose.ids, 1.0)
    model.post("cost.disposal", (np.zeros_like(node), node), dispose.ids, price[row])
