"""What lines promise: the capacity their processes share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import capacity_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .network import Network


def activities(network: Network, line: str, nodes: Iterable[int]) -> Iterator[tuple[str, int]]:
    """Yield the keys of `make` on the line in some periods."""
    for name, row in network.processes.items():
        if row["line"] == line:
            yield from ((name, m) for m in nodes)


def line_capacities(network: Network) -> Iterator[tuple[str, int, float]]:
    """Yield line, period and t of activity for the lines that have a capacity or a ramp."""
    for line, row in network.lines.items():
        ramps = [ramp for ramp in network.tables["ramps"] if ramp["line"] == line]
        for m, period in enumerate(network.periods):
            capacity = capacity_in(period, row["capacity"], ramps)
            if capacity is not None:
                yield line, m, capacity
