"""Columns, rows and charges of incumbents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.families.incumbents.arrays import build_incumbents
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.families.incumbents.arrays import Incumbents
    from sourcing.network import Network
    from sourcing.protocol import Block, Model

_ABOVE = "t above what may move"


def close(model: Model, net: Network) -> None:
    """Declare ``moved`` (t per incumbent and last node of a year), charge it, and let no more move than may."""
    if net.case["incumbents"].empty:
        return
    today = build_incumbents(net, model.account("ordered"))
    index = _index(today, today.rows[["offer"]], np.arange(len(today.rows)))
    moved = model.columns("moved", index, Bounds(0.0))
    rows = model.rows("move", index, Bounds(lower=_fixed(today)[moved.code] * today.years[moved.node]))
    model.add(rows.ids, moved.ids, 1.0)
    _count(model, rows, today.own, 1.0)
    _count(model, rows, today.shared, -1.0)
    cost = today.rows["switching_cost"].to_numpy(float)[moved.code]
    model.post("cost.switching", (np.zeros_like(moved.node), moved.node), moved.ids, cost)
    _may_move(model, today, moved)
    _may_move_all(model, net, (today, moved))


def _index(today: Incumbents, labels: pd.DataFrame, some: np.ndarray) -> Index:
    last = np.flatnonzero(today.years)
    code, node = (axis.ravel() for axis in np.meshgrid(some, last, indexing="ij"))
    return Index(labels, code, node, len(today.years))


def _fixed(today: Incumbents) -> np.ndarray:
    """Return the t/year that are bought today of each incumbent, 0 where it is a share."""
    return today.rows["quantity"].fillna(0.0).to_numpy(float)


def _count(model: Model, rows: Block, orders: pd.DataFrame, factor: np.ndarray | float, of: str = "incumbent") -> None:
    """Add the orders of every incumbent to its row, or to that of whatever ``of`` names; ``factor`` by order."""
    at = rows.at(orders[of].to_numpy(), orders["end"].to_numpy())
    known = at >= 0
    value = orders["value"].to_numpy(float) * factor
    model.add(at[known], orders["column"].to_numpy()[known], value[known])


def _may_move(model: Model, today: Incumbents, moved: Block) -> None:
    most, part = (today.rows[name].to_numpy(float) for name in ("may_move", "may_move_share"))
    index = _index(today, today.rows[["offer"]], np.flatnonzero(~np.isnan(most) | ~np.isnan(part)))
    bound = np.where(np.isnan(part), most, np.nan_to_num(part) * _fixed(today))
    rows = model.rows("may_move", index, Bounds(upper=bound[index.code] * today.years[index.node]), relief=_ABOVE)
    model.add(rows.ids, moved.at(index.code, index.node), 1.0)
    _count(model, rows, today.shared, -np.nan_to_num(part)[today.shared["incumbent"].to_numpy()])


def _may_move_all(model: Model, net: Network, whose: tuple[Incumbents, Block]) -> None:
    (today, moved), materials = whose, net.case["materials"]
    most, part = (materials[name].to_numpy(float) for name in ("may_move", "may_move_share"))
    of = pd.Index(materials["material"]).get_indexer(pd.Index(today.rows["material"]))
    fixed = np.bincount(of, _fixed(today), len(materials))
    held = np.isin(np.arange(len(materials)), of) & (~np.isnan(most) | ~np.isnan(part))
    index = _index(today, materials[["material"]], np.flatnonzero(held))
    bound = np.where(np.isnan(part), most, np.nan_to_num(part) * fixed)
    rows = model.rows("may_move_all", index, Bounds(upper=bound[index.code] * today.years[index.node]), relief=_ABOVE)
    at = rows.at(of[moved.code], moved.node)
    model.add(at[at >= 0], moved.ids[at >= 0], 1.0)
    orders = today.shared.assign(of=of[today.shared["incumbent"].to_numpy()])
    _count(model, rows, orders, -np.nan_to_num(part)[orders["of"].to_numpy()], of="of")
