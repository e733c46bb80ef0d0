"""What lines promise: the capacity their processes share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .network import Network


def activities(network: Network, line: str, nodes: Iterable[int]) -> Iterator[tuple[str, int]]:
    """Yield the keys of `make` on the line in some periods."""
    for name, row in network.processes.items():
        if row["line"] == line:
            yield from ((name, m) for m in nodes if (name, m) in network.makes)


def line_capacities(network: Network) -> Iterator[tuple[str, int, float]]:
    """Yield line, period and t of activity for the lines that have a capacity or a ramp."""
    for line in network.lines:
        for m in network.nodes:
            capacity = network.line_capacity(line, m)
            if capacity is not None:
                yield line, m, capacity
