"""When an approval can be there in time, and how much can be ordered or run under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.calendar import DUST
from sourcing.network.qualification import needed
from sourcing.network.useful import useful_orders, useful_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


GATE = ["kind", "code", "from"]


def in_time(net: Network) -> tuple[Ints, Ints, Ints]:
    """Return gate, node of start and node of use wherever the approval is needed, and there on the period's first day.

    The node of use is the node of start, or one after it on a path.
    """
    tree = net.tree
    after = np.zeros((len(tree), len(tree)), bool)
    for path in tree.paths:
        after[np.ix_(path, path)] |= np.triu(np.ones((len(path), len(path)), bool))
    waited = (tree.start[None, :] - tree.start[:, None]).astype(float)
    asked, days = needed(net), net.gates["days"].to_numpy(float)
    parts = [np.nonzero(after & (waited >= days[gate] - DUST) & asked[gate]) for gate in range(len(days))]
    gate = np.repeat(np.arange(len(parts)), [len(start) for start, _ in parts])
    start, use = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    return gate, start, use


def most_of_gates(net: Network, *, capped: bool = True) -> Reals:
    """Return tonnes (gate, node) that could be ordered or run: what could be used, within the capacity if ``capped``.

    Where there is no end to what could be used, it is the capacity in either case; infinity where there is none.
    """
    useful = np.zeros(net.offer_capacity.shape)
    np.add.at(useful, net.routes["code"].to_numpy(), useful_orders(net))
    sold, owner = (net.gates["kind"] == "offer").to_numpy(), net.gates["owner"].to_numpy()
    most = np.empty((len(owner), len(net.tree)))
    for mine, use, capacity in (
        (sold, useful, net.offer_capacity),
        (~sold, useful_runs(net), net.process_capacity),
    ):
        of = owner[mine]
        within = np.minimum(use, capacity) if capped else np.where(np.isfinite(use), use, capacity)
        most[mine] = within[of]
    return most
