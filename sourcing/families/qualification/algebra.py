"""Columns, rows and charges of qualification."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.families.qualification.arrays import GATE, in_time, most_of_gates
from sourcing.network.along import Terms, at_most
from sourcing.network.qualification import needed
from sourcing.network.useful import all_of_use
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
    if not model.explaining:
        _approved(model, net, qualify)


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
    started = Terms(qualify.code, qualify.node, qualify.ids, np.ones(len(qualify)))
    at_most(model, net.tree, ("once", qualify.entities), np.ones(len(qualify.entities)), started)


def _approved(model: Model, net: Network, qualify: Block) -> None:
    """Let no more arrive in all at a point, under an approval needed from the start, than could be used there.

    What can never be approved needs no such row: none of it is ordered.
    """
    entry, gates = model.account("entry"), net.gates
    gate_of = np.full(len(net.case.only("offers", "offer")), -1)
    begun = np.isin(np.arange(len(gates)), qualify.code)
    first = np.flatnonzero((gates["kind"] == "offer") & (gates["from"] == "") & begun)
    gate_of[gates["owner"].to_numpy()[first]] = first
    bought = np.flatnonzero(entry.code < len(net.routes))
    route, most = entry.code[bought], all_of_use(net)
    gate, point = gate_of[net.routes["code"].to_numpy()[route]], net.routes["point"].to_numpy()[route]
    held = (gate >= 0) & np.isfinite(most[point])
    bought, gate, point = bought[held], gate[held], point[held]
    pairs, pair = np.unique(np.stack([gate, point]), axis=1, return_inverse=True)
    labels = gates[GATE].iloc[pairs[0]].reset_index(drop=True)
    labels["site"] = net.points.entities["site"].to_numpy()[pairs[1]]
    which, start = np.nonzero(pairs[0][:, None] == qualify.code[None, :])
    arrives = Terms(pair, entry.node[bought], entry.column[bought], entry.value[bought])
    started = Terms(which, qualify.node[start], qualify.ids[start], -most[pairs[1][which]])
    at_most(model, net.tree, ("approved", labels), np.zeros(len(labels)), arrives, started)
