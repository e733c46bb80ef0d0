"""Rows of limits on carbon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.carbon.arrays import count_carbon, post_carbon
from sourcing.protocol import Bounds

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def close(model: Model, net: Network) -> None:
    """Hold what is emitted in each window against the limit."""
    if not (net.case["limits"]["measure"] == "carbon").any():
        return
    post_carbon(model, net)
    counted = count_carbon(net, model.account("carbon"))
    most = net.case["limits"]["value"].to_numpy(float)[counted.limit] - counted.member.constant
    rows = model.rows("carbon", counted.members, Bounds(upper=most), relief="t CO2e beyond the limit")
    model.add(rows.ids[counted.member.row], counted.member.column, counted.member.value)
