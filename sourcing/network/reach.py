"""How far material reaches: when an order can first arrive at a point, and how much of it can ever be used there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Recipes:
    """Inputs and outputs of all processes: process, point and quantity (t per t of activity) of each."""

    process: Ints
    point: Ints
    quantity: Reals
    days: Reals
    """Processing days of each process."""


@dataclass(frozen=True)
class Hops:
    """Lanes between stock points for goods already in the chain, with their days at the root."""

    origin: Ints
    point: Ints
    days: Reals


def first_arrival(direct: Reals, hops: Hops, recipes: Recipes) -> Reals:
    """Return the earliest day after the start at which an order can have arrived at each point; infinity if never.

    ``direct`` is that day for what is bought straight to the point. Lanes add their transit; a process waits for the
    last of its inputs and adds its days.
    """
    earliest = direct.copy()
    taken, made = recipes.quantity < 0, recipes.quantity > 0
    for _ in range(len(direct) + 1):
        before = earliest.copy()
        np.minimum.at(earliest, hops.point, before[hops.origin] + hops.days)
        ready = np.zeros(len(recipes.days))
        np.maximum.at(ready, recipes.process[taken], before[recipes.point[taken]])
        out = recipes.process[made]
        np.minimum.at(earliest, recipes.point[made], ready[out] + recipes.days[out])
        if np.array_equal(before, earliest):
            break
    return earliest


def tonnes_needed(count: int, hops: Hops, recipes: Recipes) -> Reals:
    """Return F[p, q]: the largest number of tonnes at p that a tonne at q can ask for, along any chain from p to q.

    A lane passes tonnes on one for one; a process asks for |input| / output. A loop that loses material on the way has
    no largest product: every point that can enter it gets infinity towards what the loop can reach.
    """
    ends = _process_arcs(recipes)
    start, end = np.concatenate([hops.origin, ends[0]]), np.concatenate([hops.point, ends[1]])
    factor = np.concatenate([np.ones(len(hops.origin)), ends[2]])
    needed = np.eye(count)
    for round_ in range(2 * count + 2):
        before = needed.copy()
        np.maximum.at(needed, start, factor[:, None] * before[end])
        grown = needed > before * (1 + 1e-12)
        if not grown.any():
            break
        if round_ > count:
            needed[grown] = np.inf
    return needed


def _process_arcs(recipes: Recipes) -> tuple[Ints, Ints, Reals]:
    taken, made = np.flatnonzero(recipes.quantity < 0), np.flatnonzero(recipes.quantity > 0)
    pairs = np.argwhere(recipes.process[taken][:, None] == recipes.process[made][None, :])
    inside, outside = taken[pairs[:, 0]], made[pairs[:, 1]]
    return recipes.point[inside], recipes.point[outside], -recipes.quantity[inside] / recipes.quantity[outside]


def remaining_demand(demand: Reals, tree: TimeTree) -> Reals:
    """Return for each (point, node) what is still due strictly after the node, on the path that asks for most."""
    after = np.zeros_like(demand)
    for node in range(len(tree) - 1, 0, -1):
        parent = tree.parent[node]
        after[:, parent] = np.maximum(after[:, parent], after[:, node] + demand[:, node])
    return after


def usable_stock(needed: Reals, remaining: Reals, closing: Reals) -> Reals:
    """Return the most stock (point, node) that can still be used: Σ_q F[p, q] · (remaining + closing stock at q)."""
    wanted = remaining + closing[:, None]
    wants = np.flatnonzero((wanted > 0).sum(axis=1))
    unlimited = np.isinf(needed[:, wants]).sum(axis=1) > 0
    finite: Reals = np.where(np.isinf(needed[:, wants]), 0.0, needed[:, wants]) @ wanted[wants]
    return np.where(np.expand_dims(unlimited, 1), np.inf, finite)
