"""Periods, the tree of time they form, and how an order placed in one period arrives in later ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


DAY, MONTH, YEAR = np.timedelta64(1, "D"), np.timedelta64(1, "M"), np.timedelta64(1, "Y")
"""What a date is moved by."""
DUST = 1e-9
"""Days; a sliver this thin is rounding in a sum of fractional days, not a delivery."""


def year_fraction(start: Dates, end: Dates) -> Reals:
    """Return the length of [start, end) in years, each day counting 1/365 or 1/366 of its own calendar year."""
    (first, opened), (last, closed) = _year_and_part(start), _year_and_part(end)
    fraction: Reals = (last - first) + (closed - opened)
    return fraction


def _year_and_part(date: Dates) -> tuple[Reals, Reals]:
    """Return each date's calendar year, and the part of it that has gone."""
    year = np.asarray(date, "datetime64[Y]")
    first = year.astype("datetime64[D]")
    days = ((year + YEAR).astype("datetime64[D]") - first).astype(float)
    return year.astype(float), (np.asarray(date, "datetime64[D]") - first).astype(float) / days


def label(start: np.datetime64, end: np.datetime64) -> str:
    """Return "2027", "2027-Q1" or "2027-03" for a calendar year, quarter or month, else the first day."""
    month, after = start.astype("datetime64[M]"), end.astype("datetime64[M]")
    text = str(start.astype("datetime64[D]"))
    if month.astype("datetime64[D]") != start or after.astype("datetime64[D]") != end:
        return text
    months, offset = int((after - month).astype(int)), int(month.astype(int)) % 12
    if months == 12 and offset == 0:
        return text[:4]
    if months == 3 and offset % 3 == 0:
        return f"{text[:4]}-Q{offset // 3 + 1}"
    return text[:7] if months == 1 else text


@dataclass(frozen=True)
class TimeTree:
    """The tree of time: nodes in topological order, node 0 the root; deterministic questions give a path.

    ``parent`` is -1 at the root; ``probability`` of a node is that of the leaves below it.
    """

    parent: Ints
    start: Dates
    end: Dates
    probability: Reals
    discount_rate: float

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.parent)

    @cached_property
    def days(self) -> Reals:
        """Days in each node's period."""
        return (self.end - self.start).astype(float)

    @cached_property
    def years(self) -> Reals:
        """Length of each node's period in years."""
        return year_fraction(self.start, self.end)

    @cached_property
    def discount(self) -> Reals:
        """Present value of a dollar paid in the middle of each node's period."""
        middle = year_fraction(np.broadcast_to(self.start[0], len(self)), self.start) + self.years / 2
        factor: Reals = (1.0 + self.discount_rate) ** -middle
        return factor

    @cached_property
    def labels(self) -> list[str]:
        """Name of each node's period, as a planner writes it."""
        return [label(start, end) for start, end in zip(self.start, self.end, strict=True)]

    @cached_property
    def leaves(self) -> Ints:
        """Nodes that have no child."""
        return np.setdiff1d(np.arange(len(self)), self.parent)

    @cached_property
    def paths(self) -> list[Ints]:
        """For each leaf the nodes from the root to it."""
        return [self._path(int(leaf)) for leaf in self.leaves]

    def _path(self, leaf: int) -> Ints:
        nodes = [leaf]
        while self.parent[nodes[-1]] >= 0:
            nodes.append(int(self.parent[nodes[-1]]))
        return np.array(nodes[::-1])

    def arrivals(self, node: Ints, lead: Reals) -> Arrivals:
        """Spread orders placed evenly over ``node``'s period over the nodes in which they arrive ``lead`` days later.

        The share that arrives in n is the overlap of [start + lead, end + lead) with n over the length of the period
        of order. An order arrives at every descendant at the right depth; what comes after a leaf is late there.
        """
        parts = [self._on_path(path, np.asarray(node), np.asarray(lead, float)) for path in self.paths]
        order, at, share, late = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        if len(self.paths) > 1:
            _, first = np.unique(np.stack([order, at, late]), axis=1, return_index=True)
            order, at, share, late = order[first], at[first], share[first], late[first]
        return Arrivals(order, at, share, late.astype(bool))

    def _on_path(self, path: Ints, node: Ints, lead: Reals) -> tuple[Ints, Ints, Reals, Ints]:
        depth = np.full(len(self), -1)
        depth[path] = np.arange(len(path))
        which = np.flatnonzero(depth[node] >= 0)
        zero = self.start[0]
        starts, ends = ((bound[path] - zero).astype(float) for bound in (self.start, self.end))
        opens = starts[depth[node[which]]] + lead[which]
        closes = ends[depth[node[which]]] + lead[which]
        first = np.searchsorted(ends, opens, side="right")
        last = np.searchsorted(starts, closes, side="left")
        count = np.maximum(last - first, 0)
        order = np.repeat(np.arange(len(which)), count)
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        slot = first[order] + offset
        length = closes - opens
        common = np.minimum(closes[order], ends[slot]) - np.maximum(opens[order], starts[slot])
        order, slot, common = (part[common > DUST] for part in (order, slot, common))
        share = common / length[order]
        late = np.clip((closes - np.maximum(opens, ends[-1])) / length, 0.0, 1.0)
        behind = np.flatnonzero(late > 0)
        return (
            which[np.concatenate([order, behind])],
            path[np.concatenate([slot, np.full(len(behind), len(path) - 1)])],
            np.concatenate([share, late[behind]]),
            np.repeat([0, 1], [len(order), len(behind)]),
        )


@dataclass(frozen=True)
class Arrivals:
    """Parts of orders: ``order`` the position in the orders given, ``node`` where the ``share`` arrives.

    ``late`` marks what arrives after the horizon; it is charged at the leaf that ``node`` names, and not used.
    """

    order: Ints
    node: Ints
    share: Reals
    late: NDArray[np.bool_]

    @cached_property
    def used(self) -> Arrivals:
        """The parts that arrive within the horizon."""
        inside = ~self.late
        return Arrivals(self.order[inside], self.node[inside], self.share[inside], self.late[inside])


def build_path(bounds: Dates, discount_rate: float) -> TimeTree:
    """Return the tree of a deterministic question: one path over the periods between ``bounds``."""
    count = len(bounds) - 1
    return TimeTree(np.arange(-1, count - 1), bounds[:-1], bounds[1:], np.ones(count), discount_rate)
