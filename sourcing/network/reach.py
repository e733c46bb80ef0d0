"""How far material reaches: where it can go from a point, and how much of it can ever be used there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]


_CHUNK = 64
"""Targets worked on at a time, which bounds the memory."""
_NOISE = 1e-12


@dataclass(frozen=True)
class Recipes:
    """Inputs and outputs of all processes: process, point and quantity (t per t of activity) of each."""

    process: Ints
    point: Ints
    quantity: Reals


@dataclass(frozen=True)
class Hops:
    """Lanes between stock points for goods already in the chain."""

    origin: Ints
    point: Ints


def usable_stock(wanted: Reals, hops: Hops, recipes: Recipes) -> Reals:
    """Return the most stock (point, node) that can still be used: Σ_q F[p, q] · wanted[q, node].

    F[p, q] is the largest number of tonnes at p that a tonne at q can ask for, along any chain from p to q: a lane
    passes tonnes on one for one, a process asks for |input| / output. A loop that loses material on the way has no
    largest product; every point that can enter one, or reach a point where infinity is wanted, gets infinity.
    """
    return over_chains(wanted, *_arcs(hops, recipes))


def over_chains(wanted: Reals, start: Ints, end: Ints, factor: Reals) -> Reals:
    """Return by (point, node) Σ_q F[p, q] · wanted[q, node], F the largest product of factors over chains of arcs."""
    endless = _reaches(_losing(len(wanted), start, end, factor) | np.isinf(wanted).any(axis=1), start, end)
    inside = ~endless[start] & ~endless[end]
    start, end, factor = start[inside], end[inside], factor[inside]
    usable = np.where(endless[:, None], np.inf, 0.0) * np.ones_like(wanted)
    targets = np.flatnonzero((wanted > 0).sum(axis=1) * ~endless)
    by_start = np.argsort(start, kind="stable")
    begins = np.flatnonzero(np.diff(start[by_start], prepend=-1))
    tails, end, factor = start[by_start[begins]], end[by_start], factor[by_start, None]
    for part in np.array_split(targets, max(len(targets) // _CHUNK, 1)):
        needed = np.zeros((len(wanted), len(part)))
        needed[part, np.arange(len(part))] = 1.0
        before = np.zeros_like(needed)
        while not np.array_equal(before, needed):
            before = needed.copy()
            needed[tails] = np.maximum(before[tails], np.maximum.reduceat(factor * before[end], begins))
        usable[~endless] += (needed @ wanted[part])[~endless]
    return usable


def reaching(target: Flags, hops: Hops, recipes: Recipes) -> Flags:
    """Return the points from which lanes and processes could take material to a target, the targets included."""
    start, end, _ = _arcs(hops, recipes)
    return _reaches(target, start, end)


def _losing(count: int, start: Ints, end: Ints, factor: Reals) -> Flags:
    """Return the points on loops whose product exceeds one, found component by component."""
    looping = _on_loops(count, start, end)
    if not looping.any():
        return np.zeros(count, bool)
    start, end, factor = start[looping], end[looping], factor[looping]
    component = components(count, start, end)
    within = component[start] == component[end]
    tail, head, gain = start[within], end[within], np.log(factor[within])
    height = np.zeros(count)
    grown = np.zeros(count, bool)
    for _ in range(int(np.bincount(component).max(initial=0)) + 1):
        before = height.copy()
        np.maximum.at(height, tail, gain + before[head])
        grown = height > before + _NOISE
        if not grown.any():
            break
    return np.isin(component, component[grown])


def components(count: int, start: Ints, end: Ints) -> Ints:
    """Return for each point one of those that it leads to and that lead back to it, the same for all of them.

    By Kosaraju's two searches, along the arcs and against them; SciPy's takes longer to load than a case to read.
    """
    along, against = _neighbours(start, end), _neighbours(end, start)
    component, told = np.arange(count), set[int]()
    seen: set[int] = set()
    order = [point for first in along for point in _left(first, along, seen)]
    for first in reversed(order):
        if first not in told:
            component[_left(first, against, told)] = first
    return component


def _neighbours(start: Ints, end: Ints) -> dict[int, list[int]]:
    """Return the points that arcs lead to from each that any leads from."""
    found: dict[int, list[int]] = defaultdict(list)
    for one, other in zip(start.tolist(), end.tolist(), strict=True):
        found[one].append(other)
    return dict(found)


def _left(first: int, onward: Mapping[int, list[int]], seen: set[int]) -> list[int]:
    """Return the points in reach that are not yet seen, each when a search in depth leaves it; note them as seen."""
    if first in seen:
        return []
    seen.add(first)
    left, path = [], [(first, iter(onward.get(first, ())))]
    while path:
        ways = path[-1][1]
        further = next((other for other in ways if other not in seen), None)
        if further is None:
            left.append(path.pop()[0])
        else:
            seen.add(further)
            path.append((further, iter(onward.get(further, ()))))
    return left


def _on_loops(count: int, start: Ints, end: Ints) -> Flags:
    """Return the arcs that neither begin nor end a chain, however often the ends of chains are taken off."""
    kept, before = np.ones(len(start), bool), np.zeros(len(start), bool)
    while not np.array_equal(before, kept):
        before = kept
        left, entered = np.zeros(count, bool), np.zeros(count, bool)
        left[start[kept]] = entered[end[kept]] = True
        kept = kept & left[end] & entered[start]
    return kept


def _reaches(target: Flags, start: Ints, end: Ints) -> Flags:
    """Return the points from which a target can be reached, the targets included."""
    reached, before = target.copy(), ~target
    while not np.array_equal(before, reached):
        before = reached.copy()
        reached[start[before[end]]] = True
    return reached


def _arcs(hops: Hops, recipes: Recipes) -> tuple[Ints, Ints, Reals]:
    """Return all lanes and process steps as arcs: from, to, tonnes asked for at "from" per tonne at "to"."""
    inside, outside, factor = _process_arcs(recipes)
    ones = np.ones(len(hops.origin))
    return (
        np.concatenate([hops.origin, inside]),
        np.concatenate([hops.point, outside]),
        np.concatenate([ones, factor]),
    )


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
