"""Minimums that an offer cannot give: what a signed contract asks for, or one to be signed could never take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.tables import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network


def beyond_offer(net: Network) -> Iterator[Finding]:
    """Yield for each contract the first window whose minimum is more than its offer can give in it.

    An error where the contract is signed, cannot be left, and the minimum is hard: then there is no plan.
    """
    own = net.contracts
    if not len(own):
        return
    code, node, end = own.window
    reachable = np.isin(np.arange(len(own)), net.contract_calls["code"].to_numpy())
    room = np.zeros(own.part.shape)
    np.add.at(room, (code, end), np.where(reachable[code], net.offer_capacity[own.offer[code], node], 0.0))
    least = own.per_window("minimum")
    over = least > room * (1 + 1e-9) + 1e-6
    for row in np.flatnonzero(over.any(axis=1)).tolist():
        last = int(over[row].argmax())
        terms = own.table.iloc[row]
        hard = bool(own.hard[row] and own.signed[row] and not own.leavable[row])
        place = net.case.place("contracts", int(terms["row"]), "minimum")
        given = f"{least[row, last]:,.6g} t are asked for up to {net.tree.labels[last]}"
        fact = f"{given}, and offer {terms['offer']} can give {room[row, last]:,.6g} t in that window"
        repair = "lower the minimum, raise the offer's capacity, or fill in take_or_pay"
        yield Finding("error" if hard else "warning", place, fact, repair, "SCREEN-340")
