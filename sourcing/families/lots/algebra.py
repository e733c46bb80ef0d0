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
    index = Index(terms[LOT], *np.divmod(cell, nodes), nodes)
    used = model.columns("used", index, Bounds(0.0, 1.0), unit="", whole=True)
    most = _most(model, net, used)
    use = model.rows("switch", index, Bounds(upper=0.0))
    _sum(model, use, asked)
    model.add(use.ids, used.ids, -most)
    cost, least, multiple = (terms[name].to_numpy(float)[used.code] for name in ("cost", "least", "multiple"))
    paid = np.flatnonzero(cost)
    model.post("cost.ordering", (np.zeros_like(paid), used.node[paid]), used.ids[paid], cost[paid])
    if len(net.case["conditions"]):
        model.post("used", (used.code, used.node), used.ids, 1.0)
    _least(model, asked, (used, least))
    _multiple(model, asked, (used, multiple), most)


def _most(model: Model, net: Network, used: Block) -> np.ndarray:
    """Return the most that can be asked for: what could be used, and the capacity unless that may give way."""
    each = model.account("lot.most")
    useful = np.zeros(used.grid.shape)
    np.add.at(useful, (each.code, each.node), each.value)
    capacity = most_of_owners(net)
    most = useful if model.explaining else np.minimum(useful, capacity)
    found: np.ndarray = np.where(np.isfinite(most), most, capacity)[used.code, used.node]
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


def _multiple(model: Model, asked: Account, owners: tuple[Block, np.ndarray], most: np.ndarray) -> None:
    used, multiple = owners
    some = np.flatnonzero(multiple)
    index = Index(used.entities, used.code[some], used.node[some], used.grid.shape[1])
    count = model.columns("lots", index, Bounds(0.0, np.floor(most[some] / multiple[some] + 1e-9)), "", whole=True)
    rows = model.rows("multiple", index, Bounds(0.0, 0.0))
    _sum(model, rows, asked)
    model.add(rows.ids, count.ids, -multiple[some])
