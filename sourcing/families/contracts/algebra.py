"""Columns, rows and postings of contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.families.contracts.arrays import CALL, WINDOW, calls, contracts
from sourcing.network import ROUTE
from sourcing.network.along import Terms, at_most
from sourcing.network.useful import all_of_use
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.protocol import Block, Model

    Reals = NDArray[np.float64]


def build(model: Model, net: Network) -> None:
    """Declare what is called off, what is signed and what is paid for and not taken; hold all to the terms."""
    if not len(contracts(net)):
        return
    call = _call(model, net)
    decided = _sign(model, net), _leave(model, net)
    _prepaid(model, net, call, decided[0])
    least, most = (contracts(net).per_window(column) for column in ("minimum", "maximum"))
    untaken = _untaken(model, net, least)
    rows = _terms(model, net, (call, *decided), ("contract_minimum", np.where(least > 0, least, np.nan)))
    model.add(rows.at(untaken.code, untaken.node), untaken.ids, 1.0)
    _terms(model, net, (call, *decided), ("contract_maximum", most))
    if not model.explaining:
        _useful(model, net, call, decided[0])


def _call(model: Model, net: Network) -> Block:
    """Declare ``call`` (t per contract, route and node) as part of what is ordered, and correct its price."""
    own, pairs, nodes = contracts(net), calls(net), len(net.tree)
    ordered = model.account("ordered")
    column = np.full((len(net.routes), nodes), -1, np.int64)
    column[ordered.code, ordered.node] = ordered.column
    contract, route = pairs["code"].to_numpy(), pairs["route"].to_numpy()
    code, node = np.nonzero(own.open[contract] & (column[route] >= 0))
    call = model.columns("call", Index(pairs[CALL], code, node, nodes), Bounds(0.0))
    used = np.zeros(column.shape, bool)
    used[route[code], node] = True
    some, when = np.nonzero(used)
    rows = model.rows("called", Index(net.routes[ROUTE], some, when, nodes), Bounds(upper=0.0))
    model.add(rows.ids, column[some, when], -1.0)
    model.add(rows.at(route[code], node), call.ids, 1.0)
    spot = net.case["offers"]["price"].to_numpy(float)[own.offer]
    dearer = own.price[contract[code], node] - spot[contract[code]]
    model.post("cost.contract", (np.zeros_like(node), node), call.ids, dearer)
    later = own.price[contract[code], node] * own.later(net.tree)[contract[code]]
    late = np.flatnonzero(later)
    model.post("cost.payment", (np.zeros_like(late), node[late]), call.ids[late], later[late])
    return call


def _sign(model: Model, net: Network) -> Block:
    own = contracts(net)
    open_ = np.flatnonzero(~own.signed & own.inside)
    root = np.zeros_like(open_)
    index = Index(own.table[["contract"]], open_, root, len(net.tree))
    sign = model.columns("sign", index, Bounds(0.0, 1.0), unit="", whole=True)
    model.post("cost.signing", (root, root), sign.ids, own.table["fee"].to_numpy(float)[open_])
    return sign


def _leave(model: Model, net: Network) -> Block:
    own = contracts(net)
    open_ = np.flatnonzero(own.leavable & own.inside)
    root = np.zeros_like(open_)
    index = Index(own.table[["contract"]], open_, root, len(net.tree))
    leave = model.columns("leave", index, Bounds(0.0, 1.0), unit="", whole=True)
    model.post("cost.exit", (root, root), leave.ids, own.table["exit_cost"].to_numpy(float)[open_])
    return leave


def _prepaid(model: Model, net: Network, call: Block, sign: Block) -> None:
    """Declare ``prepaid`` (t per contract and node), return its price, and hold it to what is paid and called off."""
    own = contracts(net)
    paid, nodes = own.table["prepayment"].to_numpy(float), len(net.tree)
    contract = calls(net)["code"].to_numpy()[call.code]
    possible = np.zeros(own.price.shape, bool)
    possible[contract, call.node] = True
    code, node = np.nonzero(possible & (own.price > 0) & (paid > 0)[:, None])
    entities = own.table[["contract"]]
    prepaid = model.columns("prepaid", Index(entities, code, node, nodes), Bounds(0.0))
    rows = model.rows("credited", Index(entities, code, node, nodes), Bounds(upper=0.0))
    model.add(rows.ids, prepaid.ids, 1.0)
    against = rows.at(contract, call.node)
    model.add(against[against >= 0], call.ids[against >= 0], -1.0)
    price, none = own.price[code, node], np.zeros_like(node)
    model.post("cost.prepayment", (none, node), prepaid.ids, -price)
    later = -price * own.later(net.tree)[code]
    late = np.flatnonzero(later)
    model.post("cost.payment", (none[late], node[late]), prepaid.ids[late], later[late])
    ahead = np.flatnonzero(paid[sign.code] > 0)
    root = np.zeros_like(ahead)
    model.post("cost.prepayment", (root, root), sign.ids[ahead], paid[sign.code[ahead]])
    at_most(model, net.tree, ("prepayment", entities), paid, Terms(code, node, prepaid.ids, price))


def _untaken(model: Model, net: Network, least: Reals) -> Block:
    own = contracts(net)
    window, node = np.nonzero((least > 0) & ~own.hard[own.owner][:, None])
    index = Index(own.windows[WINDOW], window, node, len(net.tree))
    untaken = model.columns("untaken", index, Bounds(0.0, least[window, node]))
    code, share = own.owner[window], own.table["take_or_pay"].to_numpy(float)
    model.post("cost.untaken", (np.zeros_like(node), node), untaken.ids, share[code] * own.price[code, node])
    return untaken


def _terms(model: Model, net: Network, decided: tuple[Block, Block, Block], rule: tuple[str, Reals]) -> Block:
    """Hold the calls of each window to its minimum or maximum (t, NaN for none) while it is signed and not left."""
    (call, sign, leave), (name, amount), own = decided, rule, contracts(net)
    window, end = np.nonzero(~np.isnan(amount))
    code, tonnes = own.owner[window], amount[window, end]
    bound = np.where(own.signed[code], tonnes, 0.0)
    index = Index(own.windows[WINDOW], window, end, len(net.tree))
    above = name == "contract_maximum"
    bounds = Bounds(upper=bound) if above else Bounds(lower=bound)
    rows = model.rows(name, index, bounds, relief="t above the maximum" if above else "t below the minimum")
    met = own.called_in(calls(net)["code"].to_numpy()[call.code], call.node)
    row, column = rows.at(met["window"].to_numpy(), met["end"].to_numpy()), call.ids[met["place"].to_numpy()]
    model.add(row[row >= 0], column[row >= 0], met["called"].to_numpy(float)[row >= 0])
    to_sign, to_leave = np.flatnonzero(~own.signed[code]), np.flatnonzero(own.leavable[code])
    model.add(rows.ids[to_sign], sign.at(code[to_sign], np.zeros_like(to_sign)), -tonnes[to_sign])
    model.add(rows.ids[to_leave], leave.at(code[to_leave], np.zeros_like(to_leave)), tonnes[to_leave])
    return rows


def _useful(model: Model, net: Network, call: Block, sign: Block) -> None:
    """Let no more arrive in all at a point, under a contract that is to be signed, than could be used there."""
    pairs, most = calls(net), all_of_use(net)
    route = pairs["route"].to_numpy()[call.code]
    contract, point = pairs["code"].to_numpy()[call.code], net.routes["point"].to_numpy()[route]
    held = np.flatnonzero(np.isin(contract, sign.code) & np.isfinite(most[point]))
    here, pair = np.unique(np.stack([contract[held], point[held]]), axis=1, return_inverse=True)
    labels = contracts(net).table[["contract"]].iloc[here[0]].reset_index(drop=True)
    labels["site"] = net.points.entities["site"].to_numpy()[here[1]]
    arrives = net.route_days.arrivals(route[held], call.node[held]).used
    called = Terms(pair[arrives.order], arrives.node, call.ids[held[arrives.order]], arrives.share)
    met = np.unique(called.entity)
    root = np.zeros_like(met)
    signed = Terms(met, root, sign.at(here[0][met], root), -most[here[1][met]])
    at_most(model, net.tree, ("contract_use", labels), np.zeros(len(labels)), called, signed)
