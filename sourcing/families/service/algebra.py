"""Columns and postings of demand and of what stays short of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.errors import DataError, Fault
from sourcing.network.shortage import post_short
from sourcing.protocol import CONSTANT, Bounds, Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.protocol import Block, Model

    Ints = NDArray[np.int64]
    Cells = tuple[Ints, Ints]
    Mask = NDArray[np.bool_]


def build(model: Model, net: Network) -> None:
    """Ask for the demand; declare ``short`` (t not delivered) where the question allows shortage."""
    asked = net.demand.tonnes > 0
    code, node = np.nonzero(asked)
    model.post("balance", (code, node), np.full(len(code), CONSTANT), -net.demand.tonnes[code, node])
    _insist(model, net, asked & ~net.may_be_short)
    may = _cells(asked & net.may_be_short)
    if not len(may[0]):
        return
    short = model.columns("short", _at(net, may), Bounds(0.0, net.demand.tonnes[may]))
    model.post("balance", may, short.ids, 1.0)
    model.post("shortage", (np.zeros_like(short.node), short.node), short.ids, net.demand.weight[may])
    post_short(model, net, short)
    if net.shortage == "priced":
        _charge(model, net, short)


def _insist(model: Model, net: Network, due: Mask) -> None:
    """Let demand that must be met (point, node) give way in the explaining build only."""
    must = _cells(due)
    gap = model.relief("demand", _at(net, must), "t not delivered") if len(must[0]) else None
    if gap is not None:
        model.post("balance", must, gap.ids, 1.0)


def _cells(which: Mask) -> Cells:
    code, node = np.nonzero(which)
    return code, node


def _at(net: Network, cells: Cells) -> Index:
    code, node = cells
    return Index(net.points.entities, code, node, len(net.tree))


def _charge(model: Model, net: Network, short: Block) -> None:
    price = net.demand.price[short.code, short.node]
    if np.isnan(price).any():
        first = net.points.entities.iloc[short.code[np.isnan(price).argmax()]]
        fact = f"a tonne short of {first['material']} at {first['site']} has no price"
        repair = 'fill in shortage_cost there or in materials.csv, or ask for shortage = "least"'
        raise DataError([Fault("demand.csv, column shortage_cost", fact, repair, "DATA-136")])
    model.post("cost.shortage", (np.zeros_like(short.node), short.node), short.ids, price)
