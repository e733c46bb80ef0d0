"""What a common split promises: of what arrives from a supplier in a year, every site gets its part."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyomo.environ as pyo

    from .facts import Row
    from .network import Network


class Alike:
    """The rows of splits; they have no columns of their own."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.most: dict[Any, float] = {}
        self.groups: dict[str, list[Row]] = defaultdict(list)
        for row in network.tables["splits"]:
            self.groups[row["split"]].append(row)

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        return {}

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield rule, key, lower bound, body and upper bound."""
        years: dict[int, list[int]] = defaultdict(list)
        for n, period in enumerate(self.network.periods):
            years[period.start.year].append(n)
        for sites in self.groups.values():
            for nodes in years.values():
                arrived = self.arrived(columns, sites, nodes)
                needs = [self.needs(row, nodes) for row in sites]
                for row, need in zip(sites, needs, strict=True) if sum(needs) > 0 else ():
                    for supplier in sorted({who for who, _ in arrived}):
                        own = arrived.get((supplier, row["site"]), 0.0)
                        fair = sum(need / sum(needs) * arrived.get((supplier, s["site"]), 0.0) for s in sites)
                        all_here = sum(body for (_, site), body in arrived.items() if site == row["site"])
                        key = (row["split"], supplier, row["site"], nodes[-1])
                        yield "split_least", key, 0.0, own - fair + row["within"] * all_here, None
                        yield "split_most", key, None, own - fair - row["within"] * all_here, 0.0

    def needs(self, row: Row, nodes: list[int]) -> float:
        if row["weight"] is not None:
            return row["weight"]
        return sum(self.network.demand.get((row["site"], row["material"], n), 0.0) for n in nodes)

    def arrived(self, columns: dict[str, Any], sites: list[Row], nodes: list[int]) -> dict[tuple[str, str], Any]:
        """Return what arrives in some periods, by supplier and site."""
        found: dict[tuple[str, str], Any] = defaultdict(float)
        ends = {(row["site"], row["material"]) for row in sites}
        for key, move in self.network.buys.items():
            if (move.destination, move.material) in ends:
                share = sum(part for n, part in move.arrives.items() if n in nodes)
                found[move.offer["supplier"], move.destination] += share * columns["buy"][key]
        return found

    def charges(self, columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        yield from ()
