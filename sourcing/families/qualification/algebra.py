"""Columns, rows and charges of qualification."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.qualification import GATE, in_time, most_of_gates, needed
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Block, Model


def close(model: Model, net: Network) -> None:
    """Declare ``qualify`` (yes or no per gate and node of start) and let nothing through a gate before its approval."""
    gates, nodes = net.gates, len(net.tree)
    if gates.empty:
        return
    labels = gates[GATE]
    gate, start, use = in_time(net)
    begin = Index(labels, *np.divmod(np.unique(gate * nodes + start), nodes), nodes)
    qualify = model.columns("qualify", begin, Bounds(0.0, 1.0), unit="", whole=True)
    cost = gates["cost"].to_numpy(float)[qualify.code]
    model.post("cost.qualification", (np.zeros_like(qualify.node), qualify.node), qualify.ids, cost)
    at, node, column = _asked(model, net)
    index = Index(labels, *np.divmod(np.unique(at * nodes + node), nodes), nodes)
    rows = model.rows("qualified", index, Bounds(upper=0.0), relief="t before it is qualified")
    model.add(rows.at(at, node), column, 1.0)
    open_ = rows.at(gate, use) >= 0
    gate, start, use = gate[open_], start[open_], use[open_]
    most = most_of_gates(net, capped=not model.explaining)
    model.add(rows.at(gate, use), qualify.at(gate, start), -most[gate, use])
    _once(model, net, qualify)


def _asked(model: Model, net: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return gate, node and column of whatever may only be ordered or run behind a gate."""
    ordered, run = model.account("ordered"), model.account("activity")
    parts = []
    for kind, owner, moved in (
        ("offer", net.routes["code"].to_numpy()[ordered.code], ordered),
        ("process", run.code, run),
    ):
        frame = pd.DataFrame({"owner": owner.astype(np.int64), "node": moved.node, "column": moved.column})
        mine = net.gates.loc[net.gates["kind"] == kind, ["owner"]].rename_axis("gate").reset_index()
        parts.append(frame.merge(mine, on="owner"))
    gate, node, column = (np.concatenate([part[side] for part in parts]) for side in ("gate", "node", "column"))
    asked = needed(net)[gate, node]
    return gate[asked], node[asked], column[asked]


def _once(model: Model, net: Network, qualify: Block) -> None:
    """Let each gate be passed at most once on every path."""
    gates, paths = np.unique(qualify.code), net.tree.paths
    leaf = np.array([path[-1] for path in paths])
    index = Index(qualify.entities, np.repeat(gates, len(leaf)), np.tile(leaf, len(gates)), len(net.tree))
    rows = model.rows("once", index, Bounds(upper=1.0))
    for path in paths:
        on = np.isin(qualify.node, path)
        model.add(rows.at(qualify.code[on], np.full(on.sum(), path[-1])), qualify.ids[on], 1.0)
