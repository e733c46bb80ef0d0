"""Columns and rows of limits on shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.counting import count_goods
from sourcing.network.held import STOCK
from sourcing.network.used import GOODS
from sourcing.protocol import Bounds

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def close(model: Model, net: Network) -> None:
    """Hold each member's tonnes against its share of the total, a column of its own that keeps the rows short."""
    counted = count_goods(net, {name: model.account(name) for name in (*GOODS, *STOCK)}, ("share",))
    limits = net.case["limits"].iloc[counted.limit]
    total = model.columns("counted", counted.totals, Bounds(0.0))
    given = -counted.total.constant
    definition = model.rows("total", counted.totals, Bounds(given, given))
    model.add(definition.ids[counted.total.row], counted.total.column, counted.total.value)
    model.add(definition.ids, total.ids, -1.0)
    most, given = (limits["sense"] == "max").to_numpy(), -counted.member.constant
    bounds = Bounds(np.where(most, -np.inf, given), np.where(most, given, np.inf))
    rows = model.rows("share", counted.members, bounds, relief="t beyond the limit")
    model.add(rows.ids[counted.member.row], counted.member.column, counted.member.value)
    model.add(rows.ids, total.ids[counted.total_of], -limits["value"].to_numpy(float))
