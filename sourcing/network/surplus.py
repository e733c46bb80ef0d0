"""What an order brings too much: it arrives over several periods, and the first of them may need more than the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.network.custody import keeps_apart
from sourcing.network.ranges import ranges
from sourcing.network.reach import usable_stock

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

_NOISE = 1e-9


class Parts(NamedTuple):
    """What columns bring: column, stock point, node of arrival, and tonnes there per tonne of the column."""

    column: Ints
    point: Ints
    node: Ints
    tonnes: Reals

    def only(self, which: NDArray[np.bool_] | Ints) -> Parts:
        """Return some of them, or all in another order."""
        return Parts(self.column[which], self.point[which], self.node[which], self.tonnes[which])


def too_much(net: Network, parts: Parts, kept: Reals) -> Parts:
    """Return by column, point and node what a tonne may add to the stock beyond what can still be used.

    Of an order of which ``before`` has arrived by node t, what comes later, less what t's need leaves for it to cover:
    later use over the use up to t, times ``before``. Where lots are kept apart, t's need leaves nothing: what comes
    later may be forbidden, or dearer than others. The largest over all t counts, and stays until the end.

    Parameters
    ----------
    kept : tonnes that are to be in stock, by point; they may be what an order is needed for.
    """
    use = usable_stock(net.demand.tonnes, net.hops, net.recipes)
    credit = 0.0 if keeps_apart(net) else 1.0
    found = [_on_path(path, use, parts, (kept, credit)) for path in net.tree.paths]
    column, point, node = (np.concatenate([each[side] for each in found]) for side in range(3))
    return _largest(Parts(column, point, node, np.concatenate([each.tonnes for each in found])), use.shape)


def _largest(found: Parts, shape: tuple[int, ...]) -> Parts:
    """Return the most tonnes of each column, point and node, in their order."""
    points, nodes = shape
    key = (found.column * points + found.point) * nodes + found.node
    order = np.argsort(key, kind="stable")
    begins = np.flatnonzero(np.diff(key[order], prepend=-1))
    each = found.only(order[begins])
    return each._replace(tonnes=np.maximum.reduceat(found.tonnes[order], begins))


@dataclass(frozen=True, eq=False)
class _Orders:
    """Orders that arrive on a path: ``sofar`` has by node what has arrived, from first to last node of each.

    Of each order: ``column``, ``point``, the place of its ``first`` node on the path, and where in ``sofar`` it
    ``ends``. Of each entry of ``sofar``: which ``order`` it is of, and the place of its node, ``at``.
    """

    column: Ints
    point: Ints
    first: Ints
    ends: Ints
    order: Ints
    at: Ints
    sofar: Reals


def _on_path(path: Ints, use: Reals, parts: Parts, asked: tuple[Reals, float]) -> Parts:
    """Return what comes too much along one path of the tree; a node may be named more than once.

    ``asked``: the tonnes that are to be in stock, by point, and the part of later use that orders are to cover.
    """
    place = np.full(use.shape[1], -1)
    place[path] = np.arange(len(path))
    bounded = np.asarray(np.isfinite(use).all(axis=1))
    inside = (place[parts.node] >= 0) & bounded[parts.point]
    own = parts if inside.all() else parts.only(inside)
    orders = _orders(own, place[own.node], len(use))
    last = orders.ends[orders.order]
    early = np.flatnonzero(np.arange(len(last)) < last)
    left = orders.sofar[early] * (1 + _later_over_early(use[:, path], orders, early, asked))
    which, later = ranges(early + 1, last[early] - early)
    tonnes = orders.sofar[later] - left[which]
    more = tonnes > _NOISE
    later, tonnes = later[more], tonnes[more]
    stays = np.where(later == last[later], len(path) - orders.at[later], 1)
    which, node = ranges(orders.at[later], stays)
    order = orders.order[later[which]]
    return Parts(orders.column[order], orders.point[order], path[node], tonnes[which])


def _orders(parts: Parts, at: Ints, points: int) -> _Orders:
    """Return the orders among some parts, of which ``at`` are the places on the path.

    Nodes between those in which parts come are there too: where a licence ends, orders overtake others.
    """
    key = parts.column * points + parts.point
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key, kind="stable")
        key, at, parts = key[order], at[order], parts.only(order)
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    first, last = np.minimum.reduceat(at, begins), np.maximum.reduceat(at, begins)
    size = last - first + 1
    starts = np.cumsum(size) - size
    entry = at + np.repeat(starts - first, np.diff(begins, append=len(key)))
    sofar = np.asarray(np.bincount(entry, parts.tonnes, size.sum()), np.float64)
    for step in range(1, size.max(initial=0)):
        now = starts[size > step] + step
        sofar[now] += sofar[now - 1]
    order, place = ranges(first, size)
    return _Orders(parts.column[begins], parts.point[begins], first, starts + size - 1, order, place, sofar)


def _later_over_early(use: Reals, orders: _Orders, early: Ints, asked: tuple[Reals, float]) -> Reals:
    """Return use after t, over use up to t since the first order that arrives on both sides of t began to."""
    kept, credit = asked
    order, at = orders.order[early], orders.at[early]
    point, since = orders.point[order], np.full(use.shape, use.shape[1])
    np.minimum.at(since, (point, at), orders.first[order])
    until = np.concatenate([np.zeros((len(use), 1)), np.cumsum(use, axis=1)], axis=1)
    served = until[point, at + 1] - until[point, since[point, at]] + kept[point]
    later = credit * (until[point, -1] - until[point, at + 1])
    ratio: Reals = np.divide(later, served, out=np.full(len(served), np.inf), where=served > 0)
    return ratio
