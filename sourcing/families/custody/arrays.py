"""Splits of columns by lot: which part of which whole each column is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.ranges import ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.custody import Custody
    from sourcing.protocol import Account

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Split:
    """The columns of a set, once for each lot that has a part of them.

    By part and node: ``part`` (among the parts), ``node``, ``whole`` (the entity of the set) and ``of`` (the column of
    the set), ``several`` (whether it has more parts than this) and ``column``, which is that of the set where not.
    """

    part: Ints
    node: Ints
    whole: Ints
    of: Ints
    several: Flags
    column: Ints

    def pairs(self, part: Ints) -> tuple[Ints, Ints]:
        """Pair places in an array of parts with the places here that are of the same part."""
        order = np.argsort(self.part, kind="stable")
        first = np.searchsorted(self.part[order], part)
        which, place = ranges(first, np.searchsorted(self.part[order], part, side="right") - first)
        return which, order[place]

    def posted(self, account: Account, which: Flags | None = None) -> tuple[Ints, Ints, Ints, Ints, Reals]:
        """Return what was posted of the set, of each part in the place of its whole.

        Part, code and node of the posting, column of the part, value.
        """
        kept = account.column >= 0 if which is None else which
        code, node, column = (side[kept].astype(np.int64) for side in (account.code, account.node, account.column))
        value = account.value[kept]
        order = np.argsort(self.of, kind="stable")
        first = np.searchsorted(self.of[order], column)
        posting, place = ranges(first, np.searchsorted(self.of[order], column, side="right") - first)
        own = order[place]
        return self.part[own], code[posting], node[posting], self.column[own], value[posting]


def split_of(whole: Account, wholes: Ints) -> Split:
    """Split a set of columns: ``wholes`` is the entity that each part is a part of."""
    order = np.argsort(wholes, kind="stable")
    first = np.searchsorted(wholes[order], whole.code)
    count = np.searchsorted(wholes[order], whole.code, side="right") - first
    which, place = ranges(first, count)
    column = whole.column[which].astype(np.int64)
    node, code = (side[which].astype(np.int64) for side in (whole.node, whole.code))
    return Split(order[place], node, code, column, (count > 1)[which], column.copy())


def wholes_of(parts: Split, several: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the entity, node and column of each whole with several parts, and which of them each such part is of."""
    column, first, of = np.unique(parts.of[several], return_index=True, return_inverse=True)
    at = several[first]
    return parts.whole[at], parts.node[at], column, of


def mixed_points(custody: Custody, points: int) -> Flags:
    """Return at which stock points goods of several classes can be."""
    found: Flags = np.bincount(custody.lots["point"].to_numpy(), minlength=points) > 1
    return found


def arriving(net: Network, entry: Account) -> tuple[Ints, Ints, Ints, Reals]:
    """Return what is bought and what was ordered before, as it arrives: lot (-1 for none), node, column and value."""
    first, made = len(net.routes), len(net.outputs)
    own = (entry.code < first) | (entry.code >= first + made)
    lot = net.custody.entering[entry.code[own]]
    return lot, entry.node[own].astype(np.int64), entry.column[own].astype(np.int64), entry.value[own]
