"""What minimum numbers may force to be bought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.network.limits import counts_use

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from sourcing.network import Network

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]


def must_take(net: Network) -> Reals:
    """Return by point the tonnes that minimum numbers may force to be bought beyond what is asked for there.

    One that counts what is used forces nobody to bring what nobody uses.
    """
    limits, use = net.case["limits"], counts_use(net.case["limits"])
    tonnes = np.zeros(len(net.points))
    for scope in net.number_scopes:
        limit = limits.iloc[scope.row]
        if limit["sense"] == "min" and not use[scope.row]:
            point = net.points.find(net.origins["site"], net.origins["material"])
            times = float(limit["at_least"]) * float(limit["value"]) * scope.window.stretch
            origins = np.flatnonzero(scope.weight[: len(point)])
            each = np.zeros(len(net.points))
            np.maximum.at(each, point[origins], times / (scope.weight * _smallest(scope.share))[origins])
            tonnes += each
    return tonnes


def _smallest(share: sparse.csc_array) -> Reals:
    """Return the smallest part of each origin that is anybody's, 1 where none is: to bring so much takes the most."""
    parts = share.tocoo()
    held = np.flatnonzero(parts.data > 0)
    smallest = np.ones(share.shape[0])
    np.minimum.at(smallest, parts.row[held], parts.data[held])
    return smallest
