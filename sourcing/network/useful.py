"""Big-M bounds by use: how much can ever be used at a point from some node on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.custody import keeps_apart
from sourcing.network.disposal import any_amount, at_hand, could_come, disposes, thresholds
from sourcing.network.kept import stock_asked
from sourcing.network.reach import reaching, remaining_demand, usable_stock

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network

    Flags = NDArray[np.bool_]
    Reals = NDArray[np.float64]


def useful(net: Network) -> Reals:
    """Return tonnes (point, node) that could be used at the point from the node on, itself included.

    That is demand, the stock asked for at the end, what can be sold or disposed of, one lot of every owner and the
    minimums of contracts, there and wherever material can go from there. Where any amount could be disposed of, it is
    all that could come there; infinity where nothing says how much, or where material is lost in a loop.
    """
    wanted = (stock_asked(net) + net.forced)[:, None]
    for outlet in (net.demand.tonnes, _outlets(net)):
        wanted = wanted + outlet + remaining_demand(outlet, net.tree)
    free = any_amount(net)
    found = usable_stock(wanted, net.hops, net.recipes)
    if free.any():
        most = usable_stock(wanted[:, :1] + thresholds(net)[:, None], net.hops, net.recipes)[:, 0]
        found[free] = could_come(net, free, most * net.used_parts.arriving)[free][:, None]
    return found


def boundless(net: Network) -> bool:
    """Say whether nothing bounds what could be used at some point: a decision there needs a capacity for its bound."""
    return not np.isfinite(net.useful).all()


def most_of_use(net: Network) -> Reals:
    """Return the stock (point, node) that can still be used after the node, or is there, or is asked for.

    Use is demand, later disposal, the stock asked for and what terms may bring beyond it, there and wherever material
    can go from there; infinity where it is lost in a loop, and where any amount can be disposed of later. What terms
    bring to the point itself comes on top, as nothing that is there anyway takes its place; where any amount can be
    disposed of it is not left at the end. What is there comes on top of use where a limit counts use, or lots are kept
    apart: it may be of an origin that must not be used, or owes more than others.
    """
    asked = stock_asked(net)
    wanted = (asked + net.forced)[:, None]
    for outlet in (net.demand.tonnes, _outlets(net)):
        wanted = wanted + remaining_demand(outlet, net.tree)
    use = usable_stock(wanted, net.hops, net.recipes) - net.forced[:, None]
    use[np.ix_(reaching(disposes(net), net.hops, net.recipes), _before_others(net))] = np.inf
    use, there = np.maximum(use, asked[:, None]), at_hand(net)[:, None]
    most: Reals = use + there if keeps_apart(net) else np.maximum(use, there)
    return most + np.where(disposes(net), 0.0, net.forced)[:, None]


def useful_orders(net: Network) -> Reals:
    """Return the tonnes (route, node) of an order of which all that can be used is used; it may bring more."""
    most: Reals = net.useful[net.routes["point"].to_numpy()] / net.used_parts.routes
    return most


def useful_ships(net: Network) -> Reals:
    """Return the tonnes (ship, node) of a shipment of which all that can be used is used."""
    most: Reals = net.useful[net.ships["point"].to_numpy()] / net.used_parts.ships
    return most


def useful_runs(net: Network) -> Reals:
    """Return the activity (process, node) of which every output could be used: nothing that is made can be left."""
    outputs = net.outputs
    most = np.full(net.process_capacity.shape, np.inf)
    made = net.useful[outputs["point"].to_numpy()] / net.used_parts.of_runs(net)
    np.minimum.at(most, outputs["code"].to_numpy(), made)
    return most


def all_of_use(net: Network) -> Reals:
    """Return by point the tonnes that can arrive in all and be used; infinity where some could be disposed of.

    What is used instead of opening stocks and open orders is more than ``useful``: as much may be left of those.
    """
    there = at_hand(net)[:, None]
    most: Reals = (net.useful[:, 0] + usable_stock(there, net.hops, net.recipes)[:, 0]) * net.used_parts.arriving
    stocks, wasting = net.case["stocks"], np.zeros(len(net.points), bool)
    wasting[net.points.find(stocks["site"], stocks["material"])] = stocks["disposal_cost"].notna()
    most[reaching(wasting, net.hops, net.recipes)] = np.inf
    return most


def _before_others(net: Network) -> Flags:
    """Return by node whether another follows it."""
    return ~np.isin(np.arange(len(net.tree)), net.tree.leaves)


def _outlets(net: Network) -> Reals:
    """Return the most that may be sold or disposed of, (point, node), where there is a most."""
    stocks = net.case["stocks"]
    limited = (stocks["disposal_cost"].notna() & stocks["disposal_maximum"].notna()).to_numpy()
    most = stocks["disposal_maximum"].to_numpy(float)[limited, None] * net.tree.years
    tonnes = np.zeros((len(net.points), len(net.tree)))
    tonnes[net.points.find(stocks["site"], stocks["material"])[limited]] = most
    return tonnes
