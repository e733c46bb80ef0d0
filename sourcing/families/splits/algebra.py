"""Rows of splits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.families.splits.arrays import SPLIT, build_splits
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.families.splits.arrays import Splits
    from sourcing.network import Network
    from sourcing.protocol import Block, Model


def close(model: Model, net: Network) -> None:
    """Hold every site of a split to its part of what comes from each supplier, from below and from above."""
    if net.case["splits"].empty:
        return
    splits = build_splits(net, model.account("entry"))
    code, node = np.nonzero(~np.isnan(splits.part[splits.entities["line"].to_numpy()]))
    index = Index(splits.entities[SPLIT], code, node, len(net.tree))
    least = model.rows("split_least", index, Bounds(lower=0.0), relief="t below the common split")
    _count(model, least, splits, 1.0)
    most = model.rows("split_most", index, Bounds(upper=0.0), relief="t above the common split")
    _count(model, most, splits, -1.0)


def _count(model: Model, rows: Block, splits: Splits, room: float) -> None:
    """Add what arrives at the site from the supplier, less its part of what does at all sites, and the room."""
    arrivals, entities = splits.arrivals, splits.entities
    own = arrivals.merge(entities[["line", "supplier", "entity"]], on=["line", "supplier"])
    _add(model, rows, own, np.ones(len(own)))
    of_split = entities[["split", "supplier", "line", "entity"]]
    each = arrivals.drop(columns="line").merge(of_split, on=["split", "supplier"])
    _add(model, rows, each, -splits.part[each["line"].to_numpy(), each["end"].to_numpy()])
    roomy = entities.loc[entities["within"] > 0, ["line", "within", "entity"]]
    of_site = arrivals.drop(columns="supplier").merge(roomy, on="line")
    _add(model, rows, of_site, room * of_site["within"].to_numpy(float))


def _add(model: Model, rows: Block, arrivals: pd.DataFrame, factor: np.ndarray) -> None:
    at = rows.at(arrivals["entity"].to_numpy(), arrivals["end"].to_numpy())
    known = at >= 0
    value = arrivals["value"].to_numpy(float) * factor
    model.add(at[known], arrivals["column"].to_numpy()[known], value[known])
