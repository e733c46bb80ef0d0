"""Rows of limits on the grade of what is blended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.families.grade.arrays import count_intake
from sourcing.protocol import Bounds

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def close(model: Model, net: Network) -> None:
    """Hold the average grade of what each blend takes in against the limit, in tonnes of intake."""
    counted = count_intake(net, model.account("intake"))
    limits = net.case["limits"].iloc[counted.limit]
    most, asked = (limits["sense"] == "max").to_numpy(), limits["value"].to_numpy(float)
    bounds = Bounds(np.where(most, -np.inf, 0.0), np.where(most, 0.0, np.inf))
    rows = model.rows("grade", counted.members, bounds, relief="t beyond the limit")
    model.add(rows.ids[counted.member.row], counted.member.column, counted.member.value / asked[counted.member.row])
    row_of = np.full(len(counted.total.constant), -1)
    row_of[counted.total_of] = np.arange(len(counted.total_of))
    model.add(rows.ids[row_of[counted.total.row]], counted.total.column, -counted.total.value)
