"""Rows of conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.families.conditions.arrays import resolve
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.families.conditions.arrays import Conditions
    from sourcing.network import Network
    from sourcing.protocol import Block, Model


def close(model: Model, net: Network) -> None:
    """Ask for enough of what ``then`` names wherever what ``if`` names is used."""
    if net.case["conditions"].empty:
        return
    found, used, nodes = resolve(net), model.account("used"), len(net.tree)
    which, at = np.nonzero(found.cause[:, None] == used.code[None, :])
    rows = model.rows(
        "condition",
        Index(net.case["conditions"][["condition"]], which, used.node[at], nodes),
        Bounds(lower=0.0),
        relief="t below what the condition asks for",
    )
    model.add(rows.ids, used.column[at], -found.enough[which])
    for kind in ("offer", "process"):
        _asked(model, net, rows, (found, kind))


def _asked(model: Model, net: Network, rows: Block, conditions: tuple[Conditions, str]) -> None:
    """Add what is asked of what ``then`` names: in the node itself, or in every node that is reported as it is."""
    found, kind = conditions
    account = model.account({"offer": "ordered", "process": "activity"}[kind])
    owner = net.routes["code"].to_numpy()[account.code] if kind == "offer" else account.code
    which, at = np.nonzero(((found.kind == kind)[:, None]) & (found.then[:, None] == owner[None, :]))
    whole = found.whole[which]
    same = rows.at(which[~whole], account.node[at[~whole]])
    model.add(same[same >= 0], account.column[at[~whole]][same >= 0], 1.0)
    for node in range(len(net.tree)):
        alike = net.tree.reported[account.node[at[whole]]] == net.tree.reported[node]
        row = np.where(alike, rows.at(which[whole], np.full(int(whole.sum()), node)), -1)
        model.add(row[row >= 0], account.column[at[whole]][row >= 0], 1.0)
