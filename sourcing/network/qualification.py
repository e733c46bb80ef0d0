"""What has to be qualified: offers and processes that nobody may order from, or run, before their approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.calendar import DUST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.tables import Case

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


def build_gates(case: Case) -> pd.DataFrame:
    """Return one row per qualification: kind ("offer" or "process"), code, from, opens, owner, cost [USD], days.

    ``opens`` is the first day on which it is needed, NaT for the start, and ``from`` the same as text; ``owner`` is
    the row in the table of offers or processes.
    """
    rows = case["qualifications"]
    sold = (rows["offer"] != "").to_numpy()
    offers, processes = pd.Index(case.only("offers", "offer")["offer"]), pd.Index(case["processes"]["process"])
    since = rows["from"].to_numpy("datetime64[D]")
    return pd.DataFrame(
        {
            "kind": np.where(sold, "offer", "process").astype(object),
            "code": np.where(sold, rows["offer"], rows["process"]).astype(object),
            "from": np.where(np.isnat(since), "", since.astype(str)).astype(object),
            "opens": rows["from"].to_numpy("datetime64[s]"),
            "owner": np.where(sold, offers.get_indexer(rows["offer"]), processes.get_indexer(rows["process"])),
            "cost": rows["cost"].to_numpy(float),
            "days": rows["days"].to_numpy(float),
        }
    )


def needed(net: Network) -> Flags:
    """Return whether each (gate, node) needs the approval: its period begins on the gate's first day or later."""
    opens = net.gates["opens"].to_numpy("datetime64[D]")[:, None]
    flags: Flags = np.isnat(opens) | (net.tree.start >= opens)
    return flags


def may_be_ordered(net: Network) -> Flags:
    """Return whether each (offer, node) has any capacity, and could be qualified if that is asked."""
    may: Flags = (net.offer_capacity > 0) & approvable(net, "offer", len(net.offer_capacity))
    return may


def approvable(net: Network, kind: str, count: int) -> Flags:
    """Return whether each (offer or process, node) could be qualified by then, where that is asked."""
    may, gates, tree = np.ones((count, len(net.tree)), bool), net.gates, net.tree
    if len(gates):
        waited = (tree.start - tree.start[0]).astype(float)
        shut = needed(net) & (waited < gates["days"].to_numpy(float)[:, None] - DUST)
        mine = np.flatnonzero(gates["kind"] == kind)
        np.logical_and.at(may, gates["owner"].to_numpy()[mine], ~shut[mine])
    return may
