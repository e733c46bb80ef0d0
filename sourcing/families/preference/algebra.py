"""Weights of preference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def close(model: Model, net: Network) -> None:
    """Weigh what is ordered from favoured and penalised offers."""
    liked = net.case.only("offers", "preference")["preference"].fillna(0.0).to_numpy(float)
    if not liked.any():
        return
    ordered = model.account("ordered")
    weight = liked[net.routes["code"].to_numpy()[ordered.code]]
    some = np.flatnonzero(weight)
    node = ordered.node[some]
    model.post("weight.preference", (np.zeros_like(node), node), ordered.column[some], weight[some])
