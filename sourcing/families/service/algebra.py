"""Columns and postings of demand and of what stays short of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.errors import DataError, Fault
from sourcing.protocol import CONSTANT, Bounds, Index

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Block, Model


def build(model: Model, net: Network) -> None:
    """Ask for the demand; declare ``short`` (t not delivered) unless the question forbids shortage."""
    code, node = np.nonzero(net.demand.tonnes > 0)
    due = net.demand.tonnes[code, node]
    model.post("balance", (code, node), np.full(len(code), CONSTANT), -due)
    index = Index(net.points.entities, code, node, len(net.tree))
    if net.shortage == "none":
        gap = model.relief("demand", index, "t not delivered")
        if gap is not None:
            model.post("balance", (code, node), gap.ids, 1.0)
        return
    short = model.columns("short", index, Bounds(0.0, due))
    model.post("balance", (code, node), short.ids, 1.0)
    model.post("shortage", (np.zeros_like(node), node), short.ids, net.demand.weight[code, node])
    if net.shortage == "priced":
        _charge(model, net, short)


def _charge(model: Model, net: Network, short: Block) -> None:
    price = net.demand.price[short.code, short.node]
    if np.isnan(price).any():
        first = net.points.entities.iloc[short.code[np.isnan(price).argmax()]]
        fact = f"a tonne short of {first['material']} at {first['site']} has no price"
        repair = 'fill in shortage_cost there or in materials.csv, or ask for shortage = "least"'
        raise DataError([Fault("demand.csv, column shortage_cost", fact, repair, "DATA-190")])
    model.post("cost.shortage", (np.zeros_like(short.node), short.node), short.ids, price)
