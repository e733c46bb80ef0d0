"""Rows of limits on the average lead time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.families.average_lead.arrays import count_waits
from sourcing.protocol import Bounds

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def close(model: Model, net: Network) -> None:
    """Hold the average days from order to arrival of each member against the limit, in tonnes that arrive."""
    if not (net.case["limits"]["measure"] == "lead_days").any():
        return
    _post(model, net)
    counted = count_waits(net, model.account("waited.days"), model.account("waited"))
    asked = net.case["limits"]["value"].to_numpy(float)[counted.limit]
    rows = model.rows("lead_days", counted.members, Bounds(upper=0.0), relief="t beyond the limit")
    model.add(rows.ids[counted.member.row], counted.member.column, counted.member.value / asked[counted.member.row])
    row_of = np.full(len(counted.total.constant), -1)
    row_of[counted.total_of] = np.arange(len(counted.total_of))
    model.add(rows.ids[row_of[counted.total.row]], counted.total.column, -counted.total.value)


def _post(model: Model, net: Network) -> None:
    """Post what arrives of each purchase to "waited" (t), and to "waited.days" (t times days since the order)."""
    ordered = model.account("ordered")
    arrives = net.route_days.arrivals(ordered.code, ordered.node).used
    at, column = (ordered.code[arrives.order], arrives.node), ordered.column[arrives.order]
    model.post("waited", at, column, arrives.share)
    model.post("waited.days", at, column, arrives.share * arrives.lead)
