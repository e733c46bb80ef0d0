"""Postings of duty on what crosses a border."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    _charge(model, ("entry", "late"), _per_tonne(net, net.route_crossings, price, routes["freight"].to_numpy(float)))
    value = net.case["materials"].set_index("material")["value"].fillna(1.0)
    worth = ships["material"].map(value).to_numpy(float)
    freight = ships["freight"].to_numpy(float)
    _charge(model, ("ship.entry", "ship.late"), _per_tonne(net, net.ship_crossings, worth, freight))


def _per_tonne(net: Network, goods: Crossings, value: Reals, freight: Reals) -> Reals:
    """Return duty [USD/t] per (goods, node of arrival)."""
    on_cif, on_price = duty_rates(net.case, goods, net.tree)
    duty: Reals = on_cif * (value + freight)[:, None] + on_price * value[:, None]
    return duty


def _charge(model: Model, accounts: tuple[str, str], duty: Reals) -> None:
    for name in accounts:
        posted = model.account(name)
        mine = (posted.column >= 0) & (posted.code < len(duty))
        code, node, column, value = (part[mine] for part in (posted.code, posted.node, posted.column, posted.value))
        owed = duty[code, node] * value
        due = owed != 0
        model.post("cost.duty", (np.zeros(due.sum(), np.int64), node[due]), column[due], owed[due])
