"""Columns, rows and postings of lots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.families.lots.arrays import LOT, most_of_owners
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Account, Block, Model


def close(model: Model, net: Network) -> None:
    """Declare ``used`` (yes or no per owner and node) for what was posted to "lot", and hold it to its terms."""
    asked = model.account("lot")
    terms, nodes = net.lots.terms, len(net.tree)
    cell = np.unique(asked.code.astype(np.int64) * nodes + asked.node)
    code, node = np.divmod(cell, nodes)
    most, some = _most(model, net), net.lots.switched[code]
    index = Index(terms[LOT], code[some], node[some], nodes)
    used = model.columns("used", index, Bounds(0.0, 1.0), unit="", whole=True)
    use = model.rows("switch", index, Bounds(upper=0.0))
    _sum(model, use, asked)
    model.add(use.ids, used.ids, -most[used.code, used.node])
    cost, least = (terms[name].to_numpy(float)[used.code] for name in ("cost", "least"))
    paid = np.flatnonzero(cost)
    model.post("cost.ordering", (np.zeros_like(paid), used.node[paid]), used.ids[paid], cost[paid])
    if len(net.case["conditions"]):
        model.post("used", (used.code, used.node), used.ids, 1.0)
    _least(model, asked, (used, least))
    multiple = terms["multiple"].to_numpy(float)
    some = multiple[code] > 0
    _multiple(model, asked, Index(terms[LOT], code[some], node[some], nodes), (multiple, most))


def _most(model: Model, net: Network) -> np.ndarray:
    """Return the most (owner, node) that can be asked for: what could be used, and capacity unless it may give way."""
    each, capacity = model.account("lot.most"), most_of_owners(net)
    useful = np.zeros(capacity.shape)
    np.add.at(useful, (each.code, each.node), each.value)
    most = useful if model.explaining else np.minimum(useful, capacity)
    found: np.ndarray = np.where(np.isfinite(most), most, capacity)
    return found


def _sum(model: Model, rows: Block, asked: Account) -> None:
    """Add what is asked of each owner to the rows that it has."""
    at = rows.at(asked.code, asked.node)
    known = at >= 0
    model.add(at[known], asked.column[known], asked.value[known])


def _least(model: Model, asked: Account, owners: tuple[Block, np.ndarray]) -> None:
    used, least = owners
    some = np.flatnonzero(least)
    index = Index(used.entities, used.code[some], used.node[some], used.grid.shape[1])
    rows = model.rows("lot", index, Bounds(lower=0.0), relief="t below the least lot")
    _sum(model, rows, asked)
    model.add(rows.ids, used.ids[some], -least[some])


def _multiple(model: Model, asked: Account, index: Index, owners: tuple[np.ndarray, np.ndarray]) -> None:
    """Hold what is asked to multiples; ``owners`` has those of each owner, and the most of each (owner, node)."""
    multiple, most = owners[0][index.code], owners[1][index.code, index.node]
    count = model.columns("lots", index, Bounds(0.0, np.floor(most / multiple + 1e-9)), "", whole=True)
    rows = model.rows("multiple", index, Bounds(0.0, 0.0))
    _sum(model, rows, asked)
    model.add(rows.ids, count.ids, -multiple)
