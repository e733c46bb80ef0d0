"""What may stay short, and what limits on shortage count of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.network.counting import Counted, count_scopes
from sourcing.network.limits import ALL, Scope, looks_at, windows

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.protocol import Account, Block, Model

    Mask = NDArray[np.bool_]
    Reals = NDArray[np.float64]

MEASURE, WEIGHTED = "shortage", "weighted"


def may_be_short(net: Network) -> Mask:
    """Return for each (point, node) whether what is due there may stay short, as the question treats shortage."""
    if net.shortage != "limited":
        return np.full(net.demand.tonnes.shape, net.shortage != "none")
    allowed = np.zeros(net.demand.tonnes.shape, bool)
    for row in _rows(net):
        limit = net.case["limits"].iloc[row]
        allowed[np.ix_(_here(net, limit), np.unique(windows(limit, net.tree).node))] = True
    return allowed


def post_short(model: Model, net: Network, short: Block) -> None:
    """Post what stays short to "short": its tonnes at (point, node), and weighted at (points + point, node)."""
    at = short.code, short.node
    model.post("short", at, short.ids, 1.0)
    model.post("short", (len(net.points) + short.code, short.node), short.ids, net.demand.weight[at])


def count_short(net: Network, posted: Account) -> Counted:
    """Count what was posted to "short" for every limit on shortage: tonnes, or weighted tonnes."""
    return count_scopes(net, posted, [_scope(net, row) for row in _rows(net)])


def mean_weights(net: Network, counted: Counted) -> Reals:
    """Return for each row of limits on shortage the mean weight of what is due that it counts: 1 of one in tonnes."""
    due, weight, limits = net.demand.tonnes, net.demand.weight, net.case["limits"]
    found = np.ones(len(counted.limit))
    windowed = counted.members.entities["window"].to_numpy(object)[counted.members.code]
    for at, (row, label) in enumerate(zip(counted.limit, windowed, strict=True)):
        limit = limits.iloc[row]
        if limit["counted_in"] == WEIGHTED:
            spans, here = windows(limit, net.tree), _here(net, limit)
            own = int(np.flatnonzero(spans.label == label)[0])  # nothing may be due in the others
            weighted, tonnes = (spans.tonnes(each[here].sum(axis=0))[own] for each in (weight * due, due))
            found[at] = float(weighted / tonnes)
    return found


def _rows(net: Network) -> list[int]:
    return np.flatnonzero((net.case["limits"]["measure"] == MEASURE).to_numpy()).tolist()


def _scope(net: Network, row: int) -> Scope:
    limit, points = net.case["limits"].iloc[row], len(net.points)
    half = points if limit["counted_in"] == WEIGHTED else 0
    weight = np.zeros(2 * points)
    weight[half + np.flatnonzero(_here(net, limit))] = 1.0
    return Scope(
        row, str(limit["site"]), weight, [ALL], sparse.csc_array(np.ones((2 * points, 1))), windows(limit, net.tree)
    )


def _here(net: Network, limit: pd.Series[str]) -> Mask:
    """Return which points a limit looks at."""
    points = net.points.entities
    return looks_at(limit, points["material"], points["site"])
