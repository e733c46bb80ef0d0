"""What of a tonne ordered, shipped or made serves anybody where it lands: late parts and leftovers do not."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from .overflow import arriving, overflow

if TYPE_CHECKING:
    from .network import Network, Point
    from .overflow import Key


def served(network: Network, point: Point, key: Key, whole: float) -> float:
    """Return the tonnes that serve at the point per tonne of a column; ``whole`` if nothing lands in time."""
    lands = sum(arriving(network).get(point, {}).get(key, {}).values())
    return lands - overflow(network)[point, network.nodes[-1]].get(key, 0.0) if lands else whole


@lru_cache(maxsize=8)
def swelling(network: Network) -> dict[Point, float]:
    """Return by point the most tonnes that land there per tonne that serves."""
    found: dict[Point, float] = defaultdict(lambda: 1.0)
    for point, columns in arriving(network).items():
        for key, comes in columns.items():
            if comes:
                found[point] = max(found[point], sum(comes.values()) / served(network, point, key, 1.0))
    return found


@lru_cache(maxsize=8)
def idle(network: Network) -> dict[tuple[Point, int], float]:
    """Return by point and period of arrival the most tonnes that serve nobody per tonne that does."""
    found: dict[tuple[Point, int], float] = defaultdict(float)
    for point, columns in arriving(network).items():
        over = overflow(network)[point, network.nodes[-1]]
        for key, comes in columns.items():
            for n in comes:
                each = over.get(key, 0.0) / served(network, point, key, 1.0)
                found[point, n] = max(found[point, n], each)
    return found
