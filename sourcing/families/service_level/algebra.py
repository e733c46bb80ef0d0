"""Rows of limits on what stays short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.network.shortage import MEASURE, count_short, mean_weights
from sourcing.protocol import Bounds

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def close(model: Model, net: Network) -> None:
    """Hold what stays short in each window against the limit, in tonnes of mean weight."""
    if not (net.case["limits"]["measure"] == MEASURE).any():
        return
    counted = count_short(net, model.account("short"))
    size = mean_weights(net, counted)
    most = net.case["limits"]["value"].to_numpy(float)[counted.limit] / size
    rows = model.rows("shortage", counted.members, Bounds(upper=most), relief="t beyond the limit")
    model.add(rows.ids[counted.member.row], counted.member.column, counted.member.value / size[counted.member.row])
