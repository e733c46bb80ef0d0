"""Postings of duty on what crosses a border."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.network.borders import duty_rates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.borders import Crossings
    from sourcing.protocol import Model

    Reals = NDArray[np.float64]


def close(model: Model, net: Network) -> None:
    """Charge duty on every tonne bought or shipped, in the node in which it arrives."""
    routes, ships = net.routes, net.ships
    price = net.case["offers"]["price"].to_numpy(float)[routes["code"].to_numpy()]
    _charge(model, net, ("entry", "late"), Goods(net.route_crossings, price, routes["freight"].to_numpy(float)))
    value = net.case["materials"].set_index("material")["value"]
    worth = ships["material"].map(value).to_numpy(float)
    freight = ships["freight"].to_numpy(float)
    _charge(model, net, ("ship.entry", "ship.late"), Goods(net.ship_crossings, worth, freight))


class Goods(NamedTuple):
    """What crosses a border, row by row, and what a tonne of it is worth and costs to carry [USD/t]."""

    crossings: Crossings
    value: Reals
    freight: Reals


def _charge(model: Model, net: Network, accounts: tuple[str, str], goods: Goods) -> None:
    duty = duty_rates(net.case, goods.crossings, net.tree)
    for name in accounts:
        posted = model.account(name)
        mine = (posted.column >= 0) & (posted.code < len(duty.kind))
        code, node, column, tonnes = (part[mine] for part in (posted.code, posted.node, posted.column, posted.value))
        kind, value = duty.kind[code], goods.value[code]
        owed = tonnes * (duty.cif[kind, node] * (value + goods.freight[code]) + duty.fob[kind, node] * value)
        due = owed != 0
        model.post("cost.duty", (np.zeros(due.sum(), np.int64), node[due]), column[due], owed[due])
