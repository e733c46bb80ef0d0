"""Rows of limits on tonnes and on money spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.counting import count
from sourcing.protocol import Bounds

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def close(model: Model, net: Network) -> None:
    """Hold the tonnes that arrive, or the money that is ordered for, of each member against the limit."""
    _limit(model, net, "tonnes", "entry", "t beyond the limit")
    _limit(model, net, "spend", "ordered", "USD beyond the limit")


def _limit(model: Model, net: Network, measure: str, account: str, relief: str) -> None:
    counted = count(net, model.account(account), (measure,))
    limits = net.case["limits"].iloc[counted.limit]
    most, bound = (limits["sense"] == "max").to_numpy(), limits["value"].to_numpy(float) - counted.member.constant
    bounds = Bounds(np.where(most, -np.inf, bound), np.where(most, bound, np.inf))
    rows = model.rows(measure, counted.members, bounds, relief)
    model.add(rows.ids[counted.member.row], counted.member.column, counted.member.value)
