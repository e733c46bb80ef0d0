"""Postings of duty on what crosses a border."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.network.borders import duty_rates
from sourcing.network.customs import customs_values, duty_of_ships, origins_of_sent
from sourcing.protocol import Account

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.borders import Duty
    from sourcing.network.windows import Windows
    from sourcing.protocol import Model

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Texts = NDArray[np.object_]


class Goods(NamedTuple):
    """What crosses a border, row by row: the route or ship that it goes by, its duty, worth and freight [USD/t]."""

    way: Ints
    duty: Duty
    value: Reals
    freight: Reals


def close(model: Model, net: Network) -> None:
    """Charge duty on every tonne bought or shipped, in the node in which it arrives, at the rates of its own days."""
    routes = net.routes
    price = net.case.only("offers", "price")["price"].to_numpy(float)[routes["code"].to_numpy()]
    duty = duty_rates(net.case, net.route_crossings, net.tree)
    bought = Goods(np.arange(len(routes)), duty, price, routes["freight"].to_numpy(float))
    _charge(model, bought, model.account("ordered"), net.route_days)
    days, every = (net.opened if model.explaining else net).ship_days, np.arange(len(net.ships))
    alike = _own(net, every, np.full(len(every), net.customs.other, object))
    _charge(model, alike, _only(model.account("sent"), net.customs.ship < 0), days)
    if net.customs.views:
        ship = net.custody.sent["ship"].to_numpy()
        lots = _own(net, ship, origins_of_sent(net))
        _charge(model, lots, _only(model.account("sent.lots"), net.customs.ship[ship] >= 0), days)


def _own(net: Network, ship: Ints, origin: Texts) -> Goods:
    """Return own goods of each origin sent by ships."""
    value = np.asarray(net.ships["material"].map(customs_values(net)), np.float64)[ship]
    freight = net.ships["freight"].to_numpy(float)[ship]
    return Goods(ship, duty_of_ships(net, ship, origin, (value, freight)), value, freight)


def _only(account: Account, which: Flags) -> Account:
    """Return what was posted of some of the goods."""
    kept = which[account.code.astype(np.int64)]
    return Account(account.code[kept], account.node[kept], account.column[kept], account.value[kept])


def _charge(model: Model, goods: Goods, account: Account, windows: Windows) -> None:
    """Charge what was decided (goods, node, column), piece by piece, on the days on which it arrives."""
    code = account.code.astype(np.int64)
    parts = windows.parts(goods.way[code], account.node)
    code = code[parts.order]
    cif, fob = goods.duty.on(code, parts.opens, parts.closes)
    owed = parts.share * (cif * (goods.value[code] + goods.freight[code]) + fob * goods.value[code])
    due = np.flatnonzero(owed)
    at = (np.zeros_like(due), parts.node[due])
    model.post("cost.duty", at, account.column[parts.order[due]], owed[due])
