"""The last plan's orders over the periods of this one: what stands, until when, and what a change costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.routes import ROUTE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Days = NDArray[np.datetime64]


@dataclass(frozen=True, eq=False)
class LastPlan:
    """The last plan's orders by (way, node): first every route, then the ways that are no routes any more.

    ``ways`` names them (offer, destination, mode). ``tonnes`` is what was ordered on the node's days, ``frozen`` the
    part of it dated before the window ends, ``shut`` whether the window lasts to the node's end. ``more`` and ``less``
    is what a tonne of change costs [USD/t] by way.
    """

    ways: pd.DataFrame
    tonnes: Reals
    frozen: Reals
    shut: Flags
    more: Reals
    less: Reals


def build_last(net: Network) -> LastPlan:
    """Spread the last plan's orders over the nodes and find the terms of every way."""
    orders, tree = net.case["last_orders"], net.tree
    routes = net.routes[ROUTE]
    ways = pd.concat([routes, orders[ROUTE]], ignore_index=True).drop_duplicates(ignore_index=True)
    which = pd.MultiIndex.from_frame(ways).get_indexer(pd.MultiIndex.from_frame(orders[ROUTE]))
    until, more, less = _terms(net, ways["offer"])
    frozen_end = np.minimum(tree.end[None, :], until[which][:, None])
    return LastPlan(
        ways=ways,
        tonnes=_spread(net, (which, len(ways)), np.broadcast_to(tree.end, frozen_end.shape)),
        frozen=_spread(net, (which, len(ways)), frozen_end),
        shut=tree.end[None, :] <= until[:, None],
        more=more,
        less=less,
    )


def _spread(net: Network, of: tuple[NDArray[np.int64], int], end: Days) -> Reals:
    """Return by (way, node) what is ordered from each node's first day up to ``end`` (order, node)."""
    orders, (which, count) = net.case["last_orders"], of
    first, last = (orders[name].to_numpy("datetime64[D]")[:, None] for name in ("from", "until"))
    common = (np.minimum(end, last) - np.maximum(net.tree.start[None, :], first)).astype(float)
    part = np.maximum(common, 0.0) / (last - first).astype(float)
    found = np.zeros((count, len(net.tree)))
    np.add.at(found, which, part * orders["tonnes"].to_numpy(float)[:, None])
    return found


def _terms(net: Network, offers: pd.Series[str]) -> tuple[Days, Reals, Reals]:
    """Return the end of the frozen window and the cost of more and less for each offer."""
    terms = net.case["change_terms"].drop_duplicates("offer").set_index("offer")
    named = pd.Index(offers).where(pd.Index(offers).isin(terms.index), "")
    mine = terms.reindex(named)
    until = mine["frozen_until"].fillna(pd.Timestamp(str(net.tree.start[0]))).to_numpy("datetime64[D]")
    more, less = (mine[name].fillna(0.0).to_numpy(float) for name in ("cost_more", "cost_less"))
    return until, more, less


def must_take(net: Network) -> Reals:
    """Return by stock point the tonnes that are frozen, whatever is needed by now."""
    found = np.zeros(len(net.points))
    if len(net.case["change_terms"]):
        frozen = build_last(net).frozen[: len(net.routes)].sum(axis=1)
        np.add.at(found, net.routes["point"].to_numpy(), frozen)
    return found
