"""Postings of what was ordered before the plan began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.protocol import CONSTANT

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def build(model: Model, net: Network) -> None:
    """Let open orders arrive: constants of the balance and of what limits count."""
    order, node = net.order_arrivals
    quantity = net.case["open_orders"]["quantity"].to_numpy(float)[order]
    constant = np.full(len(order), CONSTANT)
    model.post("balance", (net.order_point[order], node), constant, quantity)
    model.post("entry", (len(net.routes) + len(net.outputs) + order, node), constant, quantity)
