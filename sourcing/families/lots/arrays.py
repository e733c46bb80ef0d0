"""What the owners of lots can be asked for at most, and what one lot of each may bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.lots import DELIVERY, owners, sizes, years_left

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


LOT = ["kind", "code"]


def must_take(net: Network) -> Reals:
    """Return by stock point the tonnes that one lot of every owner may bring beyond what is asked for there."""
    tonnes = np.zeros(len(net.points))
    if not len(net.lots):
        return tonnes
    size = sizes(net.lots.terms["least"].to_numpy(float), net.lots.terms["multiple"].to_numpy(float))
    for what, point in (("buy", net.routes["point"].to_numpy()), ("ship", net.ships["point"].to_numpy())):
        for owner in owners(net, what):
            _bring(tonnes, size, owner, point)
    sides = pd.concat([net.inputs, net.outputs])
    process, quantity = sides["code"].to_numpy(), np.abs(sides["quantity"].to_numpy(float))
    for owner in owners(net, "make"):
        _bring(tonnes, size, owner[process], sides["point"].to_numpy(), quantity)
    return tonnes


def _bring(tonnes: Reals, size: Reals, owner: Ints, point: Ints, per_tonne: Reals | float = 1.0) -> None:
    mine = np.flatnonzero(owner >= 0)
    part = np.broadcast_to(per_tonne, len(owner))[mine]
    np.add.at(tonnes, point[mine], size[owner[mine]] * part)


def most_of_owners(net: Network) -> Reals:
    """Return the tonnes (owner, node) that capacities allow; infinity where the tables name none.

    What is ordered over a lane departs later: it is held to all that the lane can carry from the node on.
    """
    most = np.full((len(net.lots), len(net.tree)), np.inf)
    yearly = net.case["lanes"]["capacity"].fillna(np.inf).to_numpy(float)
    service = net.service_of
    together = np.zeros(len(net.case["services"]))
    np.add.at(together, service[service >= 0], yearly[service >= 0])
    left = years_left(net.tree)
    for kind, capacity in (
        ("offer", net.offer_capacity),
        ("process", net.process_capacity),
        ("line", net.line_capacity),
        ("lane", yearly[:, None] * left),
        ("service", together[:, None] * left),
    ):
        owner = net.lots.of[kind]
        most[owner[owner >= 0]] = capacity[owner >= 0]
    delivery = net.lots.of[DELIVERY]
    most[delivery[delivery >= 0]] = net.offer_capacity[net.routes["code"].to_numpy()[delivery >= 0]]
    return most
