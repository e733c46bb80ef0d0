"""Disposal without an end: where any amount can be got rid of, and how much could come there all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.measures import measures_that
from sourcing.network.reach import over_chains
from sourcing.network.tiers import build_tiers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

"""What a maximum of is never kept by bringing more."""


class Arcs(NamedTuple):
    """Steps that goods take: from, to, and tonnes at "to" per tonne at "from"."""

    start: Ints
    end: Ints
    gain: Reals


def disposes(net: Network) -> Flags:
    """Return by point whether any amount can be disposed of there."""
    stocks, found = net.case["stocks"], np.zeros(len(net.points), bool)
    endless = (stocks["disposal_cost"].notna() & stocks["disposal_maximum"].isna()).to_numpy()
    found[net.points.find(stocks["site"], stocks["material"])[endless]] = True
    return found


def any_amount(net: Network) -> Flags:
    """Return by point whether any amount there could be disposed of, at a gain, for nothing or at a cost.

    There itself, where a lane leads, or as all that a process makes of it: what it makes that somebody has to use
    keeps the process to that use, whatever else comes with it.
    """
    free = disposes(net)
    before = ~free
    while not np.array_equal(before, free):
        before = free.copy()
        free[net.hops.origin[before[net.hops.point]]] = True
        loose = ~_bound_to_use(net, before)
        free[net.inputs["point"].to_numpy()[loose[net.inputs["code"].to_numpy()]]] = True
    return free


def _bound_to_use(net: Network, free: Flags) -> Flags:
    """Return which processes make something that cannot be disposed of without an end."""
    held = np.zeros(len(net.case["processes"]), bool)
    held[net.outputs["code"].to_numpy()[~free[net.outputs["point"].to_numpy()]]] = True
    return held


def could_come(net: Network, free: Flags, wanted: Reals) -> Reals:
    """Return by point the most tonnes that could come there in all; infinity where nothing says how much.

    That is what is there and on order, what offers can give, and what processes can make while their other outputs are
    used: there, and wherever it can come from. ``wanted`` is what could be used at each point but for disposal: an
    offer without a capacity is asked for no more, where more would be for nothing (``waste_pays``).
    """
    held = _bound_to_use(net, free)
    room = net.process_capacity.sum(axis=1)
    np.minimum(room, _runs(net, np.where(free, np.inf, wanted)), out=room, where=held)
    source = _bought(net, wanted) + at_hand(net)
    made, outputs = np.isfinite(room) | held, net.outputs
    code = outputs["code"].to_numpy()
    own = np.flatnonzero(made[code])
    np.add.at(source, outputs["point"].to_numpy()[own], room[code[own]] * outputs["quantity"].to_numpy(float)[own])
    arcs = _onwards(net, ~made)
    return over_chains(source[:, None], arcs.end, arcs.start, arcs.gain)[:, 0]


def _runs(net: Network, useful: Reals) -> Reals:
    """Return the activity of each process of which all that it makes can be used."""
    most, outputs = np.full(len(net.case["processes"]), np.inf), net.outputs
    made = useful[outputs["point"].to_numpy()] / outputs["quantity"].to_numpy(float)
    np.minimum.at(most, outputs["code"].to_numpy(), made)
    return most


def _bought(net: Network, wanted: Reals) -> Reals:
    """Return by point what its routes could bring in all."""
    routes, tonnes = net.routes, np.zeros(len(net.points))
    able = net.offer_capacity.sum(axis=1)[routes["code"].to_numpy()]
    point = routes["point"].to_numpy()
    if not waste_pays(net):
        able = np.minimum(able, wanted[point])
    np.add.at(tonnes, point, able)
    return tonnes


def _onwards(net: Network, loose: Flags) -> Arcs:
    """Return lanes, and from inputs to outputs the processes that nothing but their inputs holds."""
    recipes = net.recipes
    mine = loose[recipes.process]
    taken, made = np.flatnonzero((recipes.quantity < 0) & mine), np.flatnonzero((recipes.quantity > 0) & mine)
    pairs = np.argwhere(recipes.process[taken][:, None] == recipes.process[made][None, :])
    start, end = taken[pairs[:, 0]], made[pairs[:, 1]]
    return Arcs(
        np.concatenate([net.hops.origin, recipes.point[start]]),
        np.concatenate([net.hops.point, recipes.point[end]]),
        np.concatenate([np.ones(len(net.hops.origin)), -recipes.quantity[end] / recipes.quantity[start]]),
    )


def at_hand(net: Network) -> Reals:
    """Return by point the opening stock and what open orders bring."""
    stocks, tonnes = net.case["stocks"], np.zeros(len(net.points))
    tonnes[net.points.find(stocks["site"], stocks["material"])] = stocks["opening"].fillna(0.0).to_numpy(float)
    np.add.at(tonnes, net.order_point, net.case["open_orders"]["quantity"].to_numpy(float))
    return tonnes


def waste_pays(net: Network) -> bool:
    """Say whether bringing goods only to dispose of them could serve a plan.

    It could where a rule compares quantities or asks for some (a share, an average, a minimum, an allotment, a
    contract), and where somebody pays for taking, making or disposing of them. Tiers do it no further than to where
    their last begins (``thresholds``).
    """
    case, limits = net.case, net.case["limits"]
    asked = (limits["sense"] == "min") | ~limits["measure"].isin(measures_that(lambda measure: measure.is_sum))
    sold = (case["stocks"]["disposal_cost"] < 0) & case["stocks"]["disposal_maximum"].isna()
    paid = [case["offers"]["price"], case["tiers"]["price"], case["processes"]["cost"]]
    ruled = ("contracts", "splits", "incumbents", "change_terms")
    named = any(len(case[table]) for table in ruled)
    return bool(asked.any() or sold.any() or named or any((cost < 0).any() for cost in paid))


def thresholds(net: Network) -> Reals:
    """Return by point the tonnes up to which it may pay to order more, to reach the last tier of an offer's price."""
    tonnes = np.zeros(len(net.points))
    if len(net.case["tiers"]):
        tiers, routes = build_tiers(net.case), net.routes
        last = tiers.steps.groupby("owner")["begins"].max().to_numpy() * net.tree.years.sum()
        members = tiers.members[tiers.members["counts"] > 0]
        offer = np.zeros(len(net.case["offers"]))
        np.add.at(offer, members["row"].to_numpy(), last[members["owner"].to_numpy()] / members["counts"].to_numpy())
        np.add.at(tonnes, routes["point"].to_numpy(), offer[routes["code"].to_numpy()])
    return tonnes
