"""What a limit on carbon counts: purchases and how they come, own shipments, and what own processes do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.network.counting import count_scopes
from sourcing.network.limits import ALL, Scope, counted_of, looks_at, members_of, windows

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.counting import Counted
    from sourcing.protocol import Account, Model

    Reals = NDArray[np.float64]
    Mask = NDArray[np.bool_]


def post_carbon(model: Model, net: Network) -> None:
    """Post the t CO2e of everything that emits to "carbon" at (emitter, node).

    Emitters are the origins, then the own shipments, then the processes. Goods emit where they arrive, with the lane
    that brings them; a process where it runs.
    """
    each, before = _carbon(net), 0
    for account, count in (("entry", len(net.origins)), ("ship.entry", len(net.ships)), ("activity", len(net.line_of))):
        posted = model.account(account)
        emitter = before + posted.code
        emits = np.flatnonzero(each[emitter])
        at = (emitter[emits], posted.node[emits])
        model.post("carbon", at, posted.column[emits], posted.value[emits] * each[emitter[emits]])
        before += count


def count_carbon(net: Network, posted: Account) -> Counted:
    """Count what was posted to "carbon" for every limit on it."""
    rows = np.flatnonzero((net.case["limits"]["measure"] == "carbon").to_numpy())
    return count_scopes(net, posted, [_scope(net, int(row)) for row in rows])


def _carbon(net: Network) -> Reals:
    """Return t CO2e per tonne of each emitter; what is blank emits nothing."""
    offers, lanes, processes = (net.case[table]["carbon"].fillna(0.0) for table in ("offers", "lanes", "processes"))
    along = np.append(lanes.to_numpy(float), 0.0)
    bought = offers.to_numpy(float)[net.routes["code"].to_numpy()] + along[net.routes["lane"].to_numpy()]
    by_offer = offers.set_axis(net.case.only("offers", "offer")["offer"])
    ordered = by_offer.reindex(net.case["open_orders"]["offer"]).fillna(0.0).to_numpy(float)
    made = np.zeros(len(net.outputs))
    return np.concatenate([bought, made, ordered, along[net.ships["lane"].to_numpy()], processes.to_numpy(float)])


def _scope(net: Network, row: int) -> Scope:
    limit, origins = net.case["limits"].iloc[row], net.origins
    here = looks_at(limit, origins["material"], origins["site"]) & (origins["kind"] != "make").to_numpy()
    own = np.concatenate([looks_at(limit, net.ships["material"], net.ships["destination"]), _runs(net, limit)])
    if limit["by"]:
        own[:] = False
    weight = np.concatenate([here, own]).astype(float)
    members, share = counted_of(limit, here.astype(float), members_of(net.case, origins, limit))
    rest = np.full((len(own), len(members)), float(members == [ALL]))
    parts = sparse.csc_array(sparse.vstack([share, sparse.csc_array(rest)]))
    return Scope(row, str(limit["site"]), weight, members, parts, windows(limit, net.tree))


def _runs(net: Network, limit: pd.Series[str]) -> Mask:
    """Return which processes a limit counts, by what they make and where they run."""
    processes, outputs = net.case["processes"], net.outputs
    makes = outputs.loc[outputs["material"] == limit["material"], "process"]
    wanted = processes["process"].isin(makes) | (limit["material"] == "")
    passes: Mask = (wanted & ((processes["site"] == limit["site"]) | (limit["site"] == ""))).to_numpy()
    return passes
