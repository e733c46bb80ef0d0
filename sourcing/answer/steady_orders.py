"""Total variation of a plan's orders: by how much what is ordered of each offer a day moves from period to period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from sourcing.engine.smoothing import Steady
from sourcing.families.stability.arrays import build_last
from sourcing.network.ranges import followers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.network import Network
    from sourcing.outcome import Values
    from sourcing.question.schema import Objective

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

BY_ROUTE = 0.1
"""What a change of where an offer's goods go, and how, counts beside a change of what is ordered of it."""
LARGE = 40_000
"""Columns above which orders are smoothed only where a question says so: the level takes twice as long as the least
cost itself of 10,000, four times of 30,000, and seconds become minutes beyond."""
ORDERED = 0.001
"""Tonnes in a period from which on somebody orders: a kilogram."""


def sliver_of(objective: Objective, formulation: Formulation) -> float:
    """Return the part of the least cost that smooth orders may cost: none in a large program that nobody asks it of."""
    asked = "smooth" in objective.model_fields_set or formulation.shape[1] <= LARGE
    return objective.smooth if asked else 0.0


def unsmoothed(objective: Objective, formulation: Formulation) -> list[str]:
    """Return a note if orders are not smoothed because the program is large."""
    if sliver_of(objective, formulation) == objective.smooth:
        return []
    size, asks = f"{formulation.shape[1]:,} columns", f"smooth = {objective.smooth} in [objective]"
    return [f"orders are not smoothed: {size} are more than {LARGE:,}; {asks} asks for it"]


def steady_of(formulation: Formulation, sliver: float) -> Steady | None:
    """Return what is to move little: rates of order by offer, and for a tenth by route; None where nothing may.

    The first period moves against the last plan's orders of its days, if there is a last plan, and against nothing
    otherwise. Each rate is valued at its offer's price.
    """
    if not sliver or "buy" not in formulation.columns:
        return None
    net = formulation.network
    offer, route = net.routes["code"].to_numpy(np.int64), np.arange(len(net.routes))
    parts = [_changes(formulation, offer, 1.0), _changes(formulation, route, BY_ROUTE)]
    rates, before, value = zip(*parts, strict=True)
    found = Steady(sparse.csr_array(sparse.vstack(rates)), np.concatenate(before), np.concatenate(value), sliver)
    return found if len(found.value) else None


def _changes(formulation: Formulation, group: Ints, counts: float) -> tuple[sparse.csr_array, Reals, Reals]:
    """Return changes of the rates of groups of routes, in all periods: rows over the columns, before, USD/t.

    ``group`` is that of each route. A group of which nothing can be ordered in a period, nor in the one before, has
    no change there.
    """
    net, buy = formulation.network, formulation.columns["buy"]
    nodes, days, parent = len(net.tree), net.tree.days, net.tree.parent
    last, own = _last_rates(net, group), group[buy.code].astype(np.int64)
    child = np.flatnonzero(parent >= 0)
    order, node = followers(buy.node, parent[child])
    key = np.concatenate([own * nodes + buy.node, own[order] * nodes + child[node]])
    column = np.concatenate([buy.ids, buy.ids[order]])
    rate = np.concatenate([1.0 / days[buy.node], -1.0 / days[buy.node[order]]])
    kept = (parent[key % nodes] >= 0) | (last is not None)
    at, row = np.unique(key[kept], return_inverse=True)
    rows = sparse.csr_array((rate[kept], (row, column[kept])), shape=(len(at), formulation.shape[1]))
    price = np.zeros(int(group.max(initial=-1)) + 1)
    price[group] = net.case["offers"]["price"].fillna(0.0).to_numpy(float)[net.routes["code"]]
    before = np.zeros(len(at)) if last is None else np.where(parent[at % nodes] < 0, last[at // nodes], 0.0)
    worth = price[at // nodes] > 0
    return sparse.csr_array(rows[worth]), before[worth], counts * price[at // nodes][worth]


def _last_rates(net: Network, group: Ints) -> Reals | None:
    """Return what the last plan ordered of each group a day, on the days of the first period; None without one."""
    if net.case["last_orders"].empty:
        return None
    tonnes = build_last(net).tonnes[: len(net.routes), 0]
    rates: Reals = np.bincount(group, weights=tonnes, minlength=int(group.max(initial=-1)) + 1) / net.tree.days[0]
    return rates


def told_of_steadiness(values: Values, sliver: float) -> dict[str, Any]:
    """Return what the manifest says of a plan that is smoother than the cheapest; nothing of one that is not.

    ``least`` is the least cost with what is only weighed, USD at today's value. ``moved`` is what the orders of an
    offer move by from one period of the horizon to the next, in USD a day at list prices, as a part of what all orders
    come to a day; ``starts`` how often an offer is ordered where it was not before, or no longer.
    """
    if values.solution.least is None:
        return {}
    costs = values.formulation.objectives["cost"]
    least, now, before = float(costs @ values.cheapest), float(costs @ values.x), _moved(values, values.cheapest)
    own = _moved(values, values.x)
    figures = {"sliver": sliver, "least": least, "more": now - least}
    return {"smooth": figures | dict(own) | {f"cheapest_{name}": value for name, value in before.items()}}


def _moved(values: Values, x: Reals) -> Mapping[str, float]:
    """Return the part by which orders move, and how many start or stop, in the periods of the horizon."""
    net, buy = values.network, values.formulation.columns["buy"]
    tree, offers = net.tree, net.case["offers"]
    tonnes = np.zeros((len(offers), len(tree)))
    np.add.at(tonnes, (net.routes["code"].to_numpy()[buy.code], buy.node), x[buy.ids])
    last = _last_rates(net, net.routes["code"].to_numpy(np.int64))
    price, parent = offers["price"].fillna(0.0).to_numpy(float), tree.parent
    after = np.flatnonzero(tree.reported & (parent >= 0))
    now, before, days = tonnes[:, after], tonnes[:, parent[after]], tree.days[parent[after]]
    if last is not None:
        first = np.pad(last, (0, len(offers) - len(last))) * tree.days[0]
        now, before = np.column_stack([tonnes[:, 0], now]), np.column_stack([first, before])
        after, days = np.append(0, after), np.append(tree.days[0], days)
    moved = float(price @ np.abs(now / tree.days[after] - before / days).sum(axis=1))
    starts = int(((now >= ORDERED) != (before >= ORDERED)).sum())
    paid = float(price @ tonnes[:, tree.reported].sum(axis=1)) / float(tree.days[tree.reported].sum())
    return {"moved": moved / len(after) / paid if paid and len(after) else 0.0, "starts": starts}
