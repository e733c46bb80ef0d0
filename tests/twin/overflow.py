"""What an order has to bring too much to a point, because its first part is needed and the rest comes later."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .customs import any_mixed
from .stock import at_most_asked, need_factors

if TYPE_CHECKING:
    from .network import Network, Point

Key = tuple[str, tuple[Any, ...]]


@lru_cache(maxsize=8)
def arriving(network: Network) -> dict[Point, dict[Key, dict[int, float]]]:
    """Return by point and column the tonnes that come in each period per tonne of the column."""
    found: dict[Point, dict[Key, dict[int, float]]] = defaultdict(dict)
    for kind, moves in (("buy", network.buys), ("ship", network.ships)):
        for key, move in moves.items():
            found[move.destination, move.material][kind, key] = dict(move.arrives)
    for (name, m), shares in network.makes.items():
        for material, given in network.outputs(name).items():
            point = (network.processes[name]["site"], material)
            found[point]["make", (name, m)] = {n: given * share for n, share in shares.items()}
    return found


@lru_cache(maxsize=8)
def overflow(network: Network) -> dict[tuple[Point, int], dict[Key, float]]:
    """Return by point and period what a tonne of each column may leave there beyond what can be used."""
    found: dict[tuple[Point, int], dict[Key, float]] = defaultdict(dict)
    for point, columns in arriving(network).items():
        factors = need_factors(network, point)
        if factors is None:
            continue
        use = [
            sum(float(factor) * network.demand.get((*end, n), 0.0) for end, factor in factors.items())
            for n in network.nodes
        ]
        kept = sum(float(factor) * at_most_asked(network, end) for end, factor in factors.items())
        apart = any(limit["counts"] == "use" for limit in network.limits) or any_mixed(network)
        covers = 0 if apart else 1  # who may use it later, and for what duty?
        wide = {key: comes for key, comes in columns.items() if len(comes) > 1}
        for key, comes in wide.items():
            for n in network.nodes:
                most = max(
                    (left_over(wide, comes, t, n, use, (kept, covers)) for t in range(min(comes), max(comes)) if t < n),
                    default=0.0,
                )
                if most > 1e-9:
                    found[point, n][key] = most
    return found


def left_over(
    columns: dict[Key, dict[int, float]],
    comes: dict[int, float],
    t: int,
    n: int,
    use: list[float],
    asked: tuple[float, int],
) -> float:
    """Return what is over by period n of a tonne that is just enough for what its parts up to t are needed for.

    ``asked`` is what is to be kept, and whether later use covers what comes too much.
    """
    kept, covers = asked
    begun = min(min(other) for other in columns.values() if min(other) <= t < max(other))
    early = sum(use[begun : t + 1]) + kept
    if early <= 0:
        return 0.0
    before = sum(part for m, part in comes.items() if m <= t)
    after = sum(part for m, part in comes.items() if t < m <= n)
    return after - before * sum(use[t + 1 :]) * covers / early
