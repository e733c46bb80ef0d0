"""Columns, rows and postings of lots kept apart: what is held, sent, worked up, disposed of and used of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.families.custody.arrays import Split, arriving, mixed_points, split_of, wholes_of
from sourcing.network.counts import counts_any, process_most
from sourcing.network.routes import SHIP
from sourcing.protocol import CONSTANT, Bounds, Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.protocol import Account, Block, Model

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

LOT = ["site", "material", "lot"]


def close(model: Model, net: Network) -> None:
    """Split what leaves and stays at each mixed point by lots, balance each lot, and post what is used of it."""
    if not len(net.custody):
        return
    custody = net.custody
    balance = _Balance(net)
    mixed = mixed_points(custody, len(net.points))[custody.lots["point"].to_numpy()]
    for name in ("hold", "dispose"):
        parts = _split(model, net, name, custody.lots["point"].to_numpy(), custody.lots[LOT])
        balance.take(parts.part, parts.node, parts.column)
        if name == "hold":
            _carry(net, balance, parts)
    _send(model, net, balance)
    _work_up(model, net, balance)
    balance.bring(*arriving(net, model.account("entry")))
    _open(net, balance)
    _use(model, net, balance, mixed)
    balance.close(model, mixed)


class _Balance:
    """What comes to each lot, less what goes: (lot, node) x column, constants apart."""

    def __init__(self, net: Network) -> None:
        self.net = net
        self.parts: list[tuple[Ints, Ints, Ints, Reals]] = []

    def bring(self, lot: Ints, node: Ints, column: Ints, value: Reals) -> None:
        """Add to lots; -1 is none of them."""
        there = lot >= 0
        self.parts.append((lot[there], node[there], column[there], value[there]))

    def take(self, lot: Ints, node: Ints, column: Ints, value: Reals | float = 1.0) -> None:
        """Take from lots."""
        self.bring(lot, node, column, -np.broadcast_to(np.asarray(value, float), lot.shape))

    def close(self, model: Model, mixed: Flags) -> None:
        """Declare the rows of the lots at mixed points: where there is one class the balance of the point says it."""
        lot, node, column, value = (np.concatenate(side) for side in zip(*self.parts, strict=True))
        nodes, lots = len(self.net.tree), self.net.custody.lots
        given, fixed = np.zeros((len(lots), nodes)), column < 0
        np.add.at(given, (lot[fixed], node[fixed]), value[fixed])
        code, when = (axis.ravel() for axis in np.indices(given.shape)[:, mixed])
        bounds = Bounds(0.0 - given[code, when], 0.0 - given[code, when])
        rows = model.rows("lot_balance", Index(lots[LOT], code, when, nodes), bounds)
        moved = ~fixed & mixed[lot]
        model.add(rows.at(lot[moved], node[moved]), column[moved], value[moved])


def _split(model: Model, net: Network, name: str, of: Ints, entities: pd.DataFrame) -> Split:
    """Declare what each lot has of a set of columns, and that all lots together have all of it.

    ``of`` is the entity of the set that each of ``entities`` is a part of. Where that has one part, all of it is that.
    """
    parts = split_of(model.account(f"column.{name}"), of)
    several = np.flatnonzero(parts.several)
    index = Index(entities, parts.part[several], parts.node[several], len(net.tree))
    columns = model.columns(f"{name}_of", index, Bounds(0.0))
    parts.column[several] = columns.ids
    whole, node, column, row = wholes_of(parts, several)
    rows = model.rows(f"{name}_apart", Index(_whole(net, name), whole, node, len(net.tree)), Bounds(0.0, 0.0))
    model.add(rows.ids[row], columns.ids, 1.0)
    model.add(rows.ids, column, -1.0)
    return parts


def _whole(net: Network, name: str) -> pd.DataFrame:
    """Return the entities of a set of columns that is split."""
    if name == "ship":
        return net.ships[SHIP]
    return net.case["processes"][["process"]] if name == "make" else net.points.entities


def _carry(net: Network, balance: _Balance, held: Split) -> None:
    """Let stock of a lot at the end of a node be there in those that follow it."""
    child = np.arange(1, len(net.tree))
    which, step = np.nonzero(held.node[:, None] == net.tree.parent[child])
    balance.bring(held.part[which], child[step], held.column[which], np.ones(len(which)))


def _send(model: Model, net: Network, balance: _Balance) -> None:
    """Send lots on, each as what it is."""
    sent = net.custody.sent
    entities = net.ships[SHIP].iloc[sent["ship"]].reset_index(drop=True).assign(lot=_labels(net, sent["lot"]))
    parts = _split(model, net, "ship", sent["ship"].to_numpy(), entities)
    model.post("sent.lots", (parts.part, parts.node), parts.column, 1.0)
    balance.take(sent["lot"].to_numpy()[parts.part], parts.node, parts.column)
    which, _, node, column, value = parts.posted(model.account("ship.entry"))
    balance.bring(sent["enters"].to_numpy()[which], node, column, value)


def _work_up(model: Model, net: Network, balance: _Balance) -> None:
    """Let processes take in lots, and give what becomes of them."""
    custody = net.custody
    entities = custody.run.assign(process=net.case["processes"]["process"].to_numpy(object)[custody.run["process"]])
    parts = _split(model, net, "make", custody.run["process"].to_numpy(), entities)
    quantity = -net.inputs["quantity"].to_numpy(float)[custody.taken["side"]]
    side, at = parts.pairs(custody.taken["run"].to_numpy())
    took = (custody.taken["lot"].to_numpy()[side], parts.node[at], parts.column[at], quantity[side])
    balance.take(*took)
    _post_taken(model, net, took)
    if counts_any(net):
        several, most = np.flatnonzero(parts.several), process_most(net, explaining=model.explaining)
        where = parts.whole[several], parts.node[several]
        model.post("most", (np.zeros_like(where[1]), where[1]), parts.column[several], most[where])
    entry, first = model.account("entry"), len(net.routes)
    made = (entry.code >= first) & (entry.code < first + len(net.outputs)) & (entry.column >= 0)
    which, code, node, column, value = parts.posted(entry, made)
    key = pd.MultiIndex.from_arrays([custody.given["run"], custody.given["side"]])
    place = key.get_indexer(pd.MultiIndex.from_arrays([which, code - first]))
    balance.bring(np.append(custody.given["lot"].to_numpy(), -1)[place], node, column, value)


def _post_taken(model: Model, net: Network, took: tuple[Ints, Ints, Ints, Reals]) -> None:
    """Post what processes take in of each lot (lot, node), where a limit that names the material looks at it."""
    lot, node, column, tonnes = took
    looked = np.logical_or.reduce([view.taken for view in net.custody.views])
    here = looked[net.custody.lots["point"].to_numpy()[lot]]
    model.post("taken.lots", (lot[here], node[here]), column[here], tonnes[here])


def _open(net: Network, balance: _Balance) -> None:
    """Let opening stocks be there at the start, each as what it is."""
    lot = net.custody.entering[len(net.origins) :]
    opening = net.case["stocks"]["opening"].fillna(0.0).to_numpy(float)
    balance.bring(lot, np.zeros_like(lot), np.full(len(lot), CONSTANT), opening)


def _use(model: Model, net: Network, balance: _Balance, mixed: Flags) -> None:
    """Let what is delivered be of lots, where goods are mixed; post what is used of each, and the most it can be."""
    lots, due = net.custody.lots, net.demand.tonnes
    point = lots["point"].to_numpy()
    lot, node = np.nonzero(due[point] > 0)
    own = mixed[lot]
    used = model.columns("use_of", Index(lots[LOT], lot[own], node[own], len(net.tree)), Bounds(0.0))
    balance.take(used.code, used.node, used.ids)
    model.post("used.lots", (used.code, used.node), used.ids, 1.0)
    model.post("most", (np.zeros_like(used.node), used.node), used.ids, due[point[used.code], used.node])
    _deliver(model, net, used)
    alone, when = lot[~own], node[~own]
    model.post("used.lots", (alone, when), np.full(len(alone), CONSTANT), due[point[alone], when])
    only = np.full(len(net.points), -1)
    only[point[~mixed]] = np.flatnonzero(~mixed)
    for missing in _missing(model):
        here = only[missing.code] >= 0
        model.post("used.lots", (only[missing.code[here]], missing.node[here]), missing.column[here], -1.0)


def _deliver(model: Model, net: Network, used: Block) -> None:
    """Let all lots used at a point be what is delivered there."""
    point, cells = net.custody.lots["point"].to_numpy()[used.code], np.zeros(net.demand.tonnes.shape, bool)
    cells[point, used.node] = True
    due = net.demand.tonnes[cells]
    code, node = np.nonzero(cells)
    index = Index(net.points.entities, code, node, len(net.tree))
    rows = model.rows("use_apart", index, Bounds(due, due))
    model.add(rows.at(point, used.node), used.ids, 1.0)
    for missing in _missing(model):
        here = cells[missing.code, missing.node]
        model.add(rows.at(missing.code[here], missing.node[here]), missing.column[here], 1.0)


def _missing(model: Model) -> list[Account]:
    """Return what is not delivered, at (point, node): in the explaining build also where nothing may stay short."""
    return [model.account(f"column.{name}") for name in ("short", "relief_demand")]


def _labels(net: Network, lot: pd.Series[int]) -> NDArray[np.object_]:
    found: NDArray[np.object_] = net.custody.lots["lot"].to_numpy(object)[lot]
    return found
