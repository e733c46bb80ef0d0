"""What lies when a window of a limit begins, or is under way to where it will: of nobody in particular."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .accounts import Counted, reaches, weight
from .custody import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .accounts import Window
    from .facts import Row
    from .network import Network


def lying(network: Network, columns: dict[str, Any], limit: Row, window: Window) -> Iterator[Counted]:
    """Yield it at the first node of the window, so that all of it counts there, however many of its days do."""
    first = min(window.parts)
    whole = 1.0 / window.parts[first]

    def worth(site: str, material: str) -> float:
        if limit["stage"] and not reaches(network, material, limit["stage"]):
            return 0.0
        return weight(network, limit, material, site) * whole

    for (site, material), row in network.stocks.items() if first == network.nodes[0] else ():
        yield Counted(first, NOBODY, worth(site, material) * row["opening"], 1.0)
    for site, material, n in columns["hold"]:
        if n == first - 1:
            yield Counted(first, NOBODY, worth(site, material), columns["hold"][site, material, n])
    for key, move in network.ships.items():
        share = sum(part for n, part in move.arrives.items() if n in window.parts) if key[-1] < first else 0.0
        yield Counted(first, NOBODY, worth(move.destination, move.material) * share, columns["ship"][key])
    for (name, m), arrives in network.makes.items():
        site, taken = network.processes[name]["site"], network.inputs(name)
        share = sum(part for n, part in arrives.items() if n in window.parts) if m < first else 0.0
        for material, quantity in network.outputs(name).items():
            lifted = limit["stage"] and not any(reaches(network, what, limit["stage"]) for what in taken)
            if not lifted:  # else it is counted when it comes out
                yield Counted(first, NOBODY, worth(site, material) * quantity * share, columns["make"][name, m])
