"""Runs of numbers one after another, such as the rows that belong to each of many things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.signedinteger[Any]]


def ranges(start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Return the ``count`` numbers from each ``start`` on, one run after another: which run each is of, and the number.

    For starts 5 and 9 and counts 2 and 3: which 0, 0, 1, 1, 1, and the numbers 5, 6, 9, 10, 11.
    """
    which = np.repeat(np.arange(len(count)), count)
    return which, np.arange(len(which)) + np.repeat(start - (np.cumsum(count) - count), count)


def followers(node: Ints, parent: Ints) -> tuple[Ints, Ints]:
    """Return every pair of an entry and a child of its node: positions in ``node``, and in ``parent``."""
    order = np.argsort(node, kind="stable")
    first, last = (np.searchsorted(node[order], parent, side=side) for side in ("left", "right"))
    child, at = ranges(first, last - first)
    return order[at], child
