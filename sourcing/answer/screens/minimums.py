"""Minimums that an offer cannot give: what a signed contract asks for, or one to be signed could never take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.families.contracts.arrays import calls, contracts
from sourcing.tables import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network


def beyond_offer(net: Network) -> Iterator[Finding]:
    """Yield for each contract the first window whose minimum is more than its offer can give in it.

    An error where the contract is signed, cannot be left, and the minimum is hard: then there is no plan.
    """
    own = contracts(net)
    if not len(own):
        return
    pairs = own.ends.merge(own.slices, on=["window", "node"])
    code, node = pairs["code"].to_numpy(), pairs["node"].to_numpy()
    reachable = np.isin(np.arange(len(own)), calls(net)["code"].to_numpy())
    called = pairs["called"].to_numpy(float)
    given = np.multiply(net.offer_capacity[own.offer[code], node], called, where=called > 0, out=np.zeros(len(called)))
    least = own.per_window("minimum")
    room = np.zeros(least.shape)
    np.add.at(room, (pairs["window"].to_numpy(), pairs["end"].to_numpy()), np.where(reachable[code], given, 0.0))
    over = least > room * (1 + 1e-9) + 1e-6
    beyond = np.flatnonzero(over.any(axis=1))
    for row, place in zip(*np.unique(own.owner[beyond], return_index=True), strict=True):
        window, last = beyond[place], int(over[beyond[place]].argmax())
        terms = own.table.iloc[int(row)]
        hard = bool(own.hard[row] and own.signed[row] and not own.leavable[row])
        place = net.case.place("contracts", int(terms["row"]), "minimum")
        given = f"{least[window, last]:,.6g} t are asked for up to {net.tree.labels[last]}"
        fact = f"{given}, and offer {terms['offer']} can give {room[window, last]:,.6g} t in that window"
        repair = "lower the minimum, raise the offer's capacity, or fill in take_or_pay"
        yield Finding("error" if hard else "warning", place, fact, repair, "SCREEN-340")
