"""What can be counted in the tiers of an owner at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]


from sourcing.network.tiers import Tiers, calendar_years


def most_of_tiers(net: Network, tiers: Tiers, *, explaining: bool = False) -> Reals:
    """Return by (owner, last node of a year) the most that can be counted; infinity where nothing bounds it.

    Parameters
    ----------
    explaining : capacities may give way, and bound only what nothing else does.
    """
    members = tiers.members
    row, owner = members["row"].to_numpy(), members["owner"].to_numpy()
    shape = (len(tiers.owners), len(net.tree))
    counts = members["counts"].to_numpy(float)[:, None]
    able, use = (np.zeros(shape) for _ in range(2))
    for total, tonnes in ((able, _capacity(net)), (use, _useful(net))):
        each = np.multiply(counts, tonnes[row], where=counts > 0, out=np.zeros((len(row), len(net.tree))))
        np.add.at(total, owner, each)
    last = tiers.steps.groupby("owner")["begins"].max().to_numpy()[:, None] * calendar_years(net.tree)[2]
    wanted = np.maximum(use, last)
    most: Reals = np.where(np.isfinite(wanted), wanted, able) if explaining else np.minimum(wanted, able)
    return most


def _capacity(net: Network) -> Reals:
    """Return by (offer, last node of a year) the tonnes that the offer can give in the year."""
    node, end, _ = calendar_years(net.tree)
    tonnes = np.zeros(net.offer_capacity.shape)
    np.add.at(tonnes.T, end, net.offer_capacity[:, node].T)
    return tonnes


def _useful(net: Network) -> Reals:
    """Return by (offer, last node of a year) the tonnes that could be used where its routes lead, from the year on.

    Divided by the part of a tonne ordered in the year of which least can be used.
    """
    node, end, _ = calendar_years(net.tree)
    first = np.full(len(net.tree), len(net.tree) - 1)
    np.minimum.at(first, end, node)
    part = np.ones(net.used_parts.routes.shape)
    np.minimum.at(part.T, end, net.used_parts.routes[:, node].T)
    tonnes = np.zeros((len(net.case["offers"]), len(net.tree)))
    np.add.at(tonnes, net.routes["code"].to_numpy(), net.useful[net.routes["point"].to_numpy()][:, first] / part)
    return tonnes
