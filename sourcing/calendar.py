"""Periods, the tree of time they form, and how an order placed in one period arrives in later ones."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


DAY, MONTH, YEAR = np.timedelta64(1, "D"), np.timedelta64(1, "M"), np.timedelta64(1, "Y")
"""What a date is moved by."""
AFTER = " (after the horizon)"
"""What is said behind the name of a period, or of a window, of the tail."""
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

    ``parent`` is -1 at the root; ``probability`` of a node is that of the leaves below it. ``reported`` is false of the
    nodes of the tail, which are planned with the others so that these order what comes later; left out, all are.
    """

    parent: Ints
    start: Dates
    end: Dates
    probability: Reals
    discount_rate: float
    reported: Flags = field(default_factory=lambda: np.empty(0, bool))

    def __post_init__(self) -> None:
        """Take all nodes for reported where nobody says which are."""
        if len(self.reported) != len(self.parent):
            object.__setattr__(self, "reported", np.ones(len(self.parent), bool))

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.parent)

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What tells the tree from others."""
        days = (self.start.astype("datetime64[D]"), self.end.astype("datetime64[D]"))
        arrays = (self.parent, *days, self.probability, self.reported)
        return (self.discount_rate, *(each.tobytes() for each in arrays))

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
        """Name of each node's period, as a planner writes it; of the tail with a word that it is."""
        named = zip(self.start, self.end, self.reported, strict=True)
        return [label(start, end) + ("" if reported else AFTER) for start, end, reported in named]

    @cached_property
    def has_tail(self) -> bool:
        """Whether nodes follow that are not reported."""
        return not bool(self.reported.all())

    @cached_property
    def reported_end(self) -> np.datetime64:
        """Day after the last that is reported."""
        last: np.datetime64 = self.end[self.reported].max().astype("datetime64[D]")
        return last

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

    @cached_property
    def opens(self) -> Reals:
        """First day of each node's period, in days since the start of the horizon."""
        return self.since_start(self.start)

    @cached_property
    def closes(self) -> Reals:
        """Day after the last of each node's period, in days since the start of the horizon."""
        return self.since_start(self.end)

    @cached_property
    def horizon(self) -> float:
        """Days from the start to the end of the longest path."""
        return float(self.closes.max())

    def since_start(self, dates: Dates) -> Reals:
        """Return dates as days since the start of the horizon."""
        days: Reals = (dates.astype("datetime64[D]") - self.start[0].astype("datetime64[D]")).astype(float)
        return days

    def whole(self, node: Ints, lead: Reals) -> Pieces:
        """Return orders placed on every day of their node's period, each with one lead time."""
        return Pieces(np.arange(len(node)), node, self.opens[node], self.closes[node], np.asarray(lead, float))

    def arrivals(self, pieces: Pieces) -> Arrivals:
        """Return the shares of orders by the node in which they arrive, the parts of every piece together."""
        return self.parts(pieces).together(len(self))

    def parts(self, pieces: Pieces) -> Arrivals:
        """Spread each piece of an order over the nodes in which it arrives, ``lead`` days after its own days.

        The share that arrives in n is the overlap of [opens + lead, closes + lead) with n over the days of all pieces
        of the order. An order arrives at every descendant at the right depth; what comes after a leaf is late there.
        """
        which, at, late, opens, closes = (
            np.concatenate(column) for column in zip(*(self._on_path(path, pieces) for path in self.paths), strict=True)
        )
        if len(self.paths) > 1:
            _, first = np.unique(np.stack([which, at, late]), axis=1, return_index=True)
            which, at, late, opens, closes = (part[first] for part in (which, at, late, opens, closes))
        share = pieces.weight[which] * (closes - opens) / (pieces.closes - pieces.opens)[which]
        return Arrivals(pieces.order[which], at, share, late.astype(bool), opens, closes, pieces.lead[which])

    def _on_path(self, path: Ints, pieces: Pieces) -> tuple[Ints, Ints, Ints, Reals, Reals]:
        """Return piece, node, late (0 or 1), first and last day of every part that arrives along a path."""
        on = np.zeros(len(self), bool)
        on[path] = True
        which = np.flatnonzero(on[pieces.node])
        lead = pieces.lead[which]
        edges = np.concatenate([self.opens[path], [self.closes[path[-1]], np.inf]])
        of, slot, opens, closes = cut(pieces.opens[which] + lead, pieces.closes[which] + lead, edges)
        return which[of], path[np.minimum(slot, len(path) - 1)], (slot == len(path)).astype(np.int64), opens, closes


def cut(opens: Reals, closes: Reals, edges: Reals) -> tuple[Ints, Ints, Reals, Reals]:
    """Cut stretches of days at ``edges``: which stretch, which slot between two edges, and the days of every part."""
    first = np.searchsorted(edges, opens, side="right") - 1
    count = np.maximum(np.searchsorted(edges, closes, side="left") - first, 0)
    which = np.repeat(np.arange(len(opens)), count)
    slot = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + first[which]
    begins, ends = np.maximum(opens[which], edges[slot]), np.minimum(closes[which], edges[slot + 1])
    real = ends - begins > DUST
    if real.all():
        return which, slot, begins, ends
    return which[real], slot[real], begins[real], ends[real]


@dataclass(frozen=True)
class Pieces:
    """The days on which orders are placed, evenly: stretches of days, each with a lead time of its own.

    ``order`` is the position in the orders given and ``node`` the period of the order; a stretch lasts from ``opens``
    to ``closes``, in days since the start of the horizon, and what is ordered in it arrives ``lead`` days later.
    """

    order: Ints
    node: Ints
    opens: Reals
    closes: Reals
    lead: Reals

    @cached_property
    def weight(self) -> Reals:
        """Part of its order that is placed on the days of each piece."""
        days = self.closes - self.opens
        part: Reals = days / np.bincount(self.order, days)[self.order]
        return part


@dataclass(frozen=True)
class Arrivals:
    """Parts of orders: ``order`` the position in the orders given, ``node`` where the ``share`` arrives.

    ``late`` marks what arrives after the horizon; it is charged at the leaf that ``node`` names, and not used.
    ``opens`` and ``closes`` are the days of the arrival since the start of the horizon, ``lead`` the days since the
    order (their mean where a part is made of several pieces).
    """

    order: Ints
    node: Ints
    share: Reals
    late: NDArray[np.bool_]
    opens: Reals
    closes: Reals
    lead: Reals

    def _only(self, rows: NDArray[np.bool_]) -> Arrivals:
        return Arrivals(*(getattr(self, each.name)[rows] for each in fields(self)))

    @cached_property
    def used(self) -> Arrivals:
        """The parts that arrive within the horizon."""
        return self._only(~self.late)

    def together(self, nodes: int) -> Arrivals:
        """Return one part per order, node of arrival and late or not."""
        key = (self.order * nodes + self.node) * 2 + self.late
        if (key[1:] > key[:-1]).all():
            return self
        each, first, of = np.unique(key, return_index=True, return_inverse=True)
        if len(each) == len(key):
            return self
        share: Reals = np.bincount(of, self.share).astype(float)
        opens, closes = np.full(len(each), np.inf), np.full(len(each), -np.inf)
        np.minimum.at(opens, of, self.opens)
        np.maximum.at(closes, of, self.closes)
        lead = np.bincount(of, self.share * self.lead) / share
        return Arrivals(self.order[first], self.node[first], share, self.late[first], opens, closes, lead)


def build_path(bounds: Dates, discount_rate: float, reported: int | None = None) -> TimeTree:
    """Return the tree of a deterministic question: one path over the periods between ``bounds``.

    ``reported`` is how many of them are; the others are the tail. Left out, all are.
    """
    count = len(bounds) - 1
    told = np.arange(count) < (count if reported is None else reported)
    return TimeTree(np.arange(-1, count - 1), bounds[:-1], bounds[1:], np.ones(count), discount_rate, told)
