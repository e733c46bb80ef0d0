"""Postings of duty on what crosses a border."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.network.borders import duty_rates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.borders import Crossings, Duty
    from sourcing.network.windows import Windows
    from sourcing.protocol import Account, Model

    Reals = NDArray[np.float64]


def close(model: Model, net: Network) -> None:
    """Charge duty on every tonne bought or shipped, in the node in which it arrives, at the rates of its own days."""
    routes, ships = net.routes, net.ships
    price = net.case.only("offers", "price")["price"].to_numpy(float)[routes["code"].to_numpy()]
    bought = Goods(net.route_crossings, price, routes["freight"].to_numpy(float))
    _charge(model, duty_rates(net.case, bought.crossings, net.tree), bought, (model.account("ordered"), net.route_days))
    value = net.case["materials"].set_index("material")["value"]
    sent = Goods(net.ship_crossings, ships["material"].map(value).to_numpy(float), ships["freight"].to_numpy(float))
    days = (net.opened if model.explaining else net).ship_days
    _charge(model, duty_rates(net.case, sent.crossings, net.tree), sent, (model.account("sent"), days))


class Goods(NamedTuple):
    """What crosses a border, row by row, and what a tonne of it is worth and costs to carry [USD/t]."""

    crossings: Crossings
    value: Reals
    freight: Reals


def _charge(model: Model, duty: Duty, goods: Goods, decided: tuple[Account, Windows]) -> None:
    """Charge what was decided (account: goods, node, column), piece by piece, on the days on which it arrives."""
    account, windows = decided
    parts = windows.parts(account.code.astype(np.int64), account.node)
    code = account.code[parts.order]
    cif, fob = duty.on(code, parts.opens, parts.closes)
    owed = parts.share * (cif * (goods.value[code] + goods.freight[code]) + fob * goods.value[code])
    due = np.flatnonzero(owed)
    at = (np.zeros_like(due), parts.node[due])
    model.post("cost.duty", at, account.column[parts.order[due]], owed[due])
