"""The rows of what lands within the period in which it was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.calendar import DUST
from sourcing.network.demand import due_within
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.protocol import Model

    Ints = NDArray[np.int64]

_ROW = ["point", "node", "day"]


def close(model: Model, net: Network) -> None:
    """Let what lands from a day of a node on serve no demand of the node's earlier days."""
    landing = _landing(model, net)
    rows = landing[_ROW].drop_duplicates().sort_values(_ROW, ignore_index=True)
    point, node, day = rows["point"].to_numpy(np.int64), rows["node"].to_numpy(np.int64), rows["day"].to_numpy(float)
    after = due_within(net, point, day, net.tree.closes[node])
    held = np.flatnonzero(after < net.demand.tonnes[point, node] - DUST)
    if not len(held):
        return
    rows = rows.iloc[held].reset_index(drop=True)
    labels = net.points.entities.iloc[point[held]].reset_index(drop=True)
    labels["landing"] = (net.tree.start[0] + day[held].astype(np.int64)).astype(str).astype(object)
    index = Index(labels, np.arange(len(held)), node[held], len(net.tree))
    block = model.rows("early", index, Bounds(upper=after[held]), relief="t above the demand from then on")
    met = landing.merge(rows.assign(row=block.ids).rename(columns={"day": "from"}), on=["point", "node"])
    met = met[met["day"] >= met["from"]]
    model.add(met["row"].to_numpy(), met["column"].to_numpy(), met["share"].to_numpy(float))
    left = pd.concat([_posted(model, name) for name in ("onward", "stays")]).rename(columns={"code": "point"})
    met = left.merge(rows.assign(row=block.ids), on=["point", "node"])
    model.add(met["row"].to_numpy(), met["column"].to_numpy(), -met["value"].to_numpy(float))


def _posted(model: Model, name: str) -> pd.DataFrame:
    """Return an account as a frame, without its constants."""
    each = model.account(name)
    moved = each.column >= 0
    sides = {"code": each.code, "node": each.node, "column": each.column, "value": each.value}
    return pd.DataFrame({side: values[moved] for side, values in sides.items()})


def _landing(model: Model, net: Network) -> pd.DataFrame:
    """Return what lands in the node of its decision: point, node, day (whole, from the start), column, share."""
    decided = pd.concat([_posted(model, name)[["column", "node"]] for name in ("ordered", "sent", "activity")])
    node_of = np.full(decided["column"].max() + 1 if len(decided) else 0, -1)
    node_of[decided["column"]] = decided["node"]
    entry, shipped = (_at_once(_posted(model, name), node_of) for name in ("entry", "ship.entry"))
    routes, outputs = len(net.routes), net.outputs
    bought = entry[entry["code"] < routes]
    made = entry[entry["code"] >= routes].assign(code=lambda each: each["code"] - routes)
    opened = net.opened if model.explaining else net
    parts = [
        (bought, net.routes["point"], net.route_days.landing),
        (shipped, net.ships["point"], opened.ship_days.landing),
        (made, outputs["point"], opened.run_days.landing[outputs["code"].to_numpy()]),
    ]
    found = [
        part.assign(
            point=point.to_numpy(np.int64)[part["code"].to_numpy()],
            day=np.floor(first[part["code"].to_numpy(), part["node"].to_numpy()] + DUST),
        )
        for part, point, first in parts
    ]
    landing = pd.concat(found, ignore_index=True).rename(columns={"value": "share"})
    late = np.flatnonzero(landing["day"].to_numpy() > net.tree.opens[landing["node"].to_numpy()])
    return landing.iloc[late]


def _at_once(entries: pd.DataFrame, node_of: Ints) -> pd.DataFrame:
    """Return the entries in the node in which their column is decided."""
    found: pd.DataFrame = entries[entries["node"].to_numpy() == node_of[entries["column"].to_numpy()]]
    return found
