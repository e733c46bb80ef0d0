"""What lands late in a period serves none of its earlier days."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from .stock import due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Run
    from .network import Network, Point


class Timing:
    """The rows on what lands in the period in which it was decided."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.most: dict[Any, float] = {}

    def add_columns(self, _model: pyo.ConcreteModel) -> dict[str, Any]:
        """Give the model no columns."""
        return {}

    def charges(self, _columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Charge nothing."""
        yield from ()

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], None, Any, float]]:
        """Yield rule, key, no lower bound, body and upper bound."""
        network, landed, gone = self.network, self._landed(columns), self._gone(columns)
        for (point, n), parts in landed.items():
            period = network.periods[n]
            first, last = network.day(period.start), network.day(period.end)
            for day in sorted({day for day, _ in parts}):
                after = due(network, point, day, last)
                if day > first and due(network, point, first, day) > 1e-9:
                    late = pyo.quicksum(part for other, part in parts if other >= day)
                    date = (network.periods[0].start + timedelta(days=day)).isoformat()
                    yield "early", (*point, date, n), None, late - pyo.quicksum(gone[point, n]), after

    def _landed(self, columns: dict[str, Any]) -> dict[tuple[Point, int], list[tuple[int, Any]]]:
        """Return the day of first landing, and what lands in the period of its decision, by point and period."""
        network, found = self.network, defaultdict(list)
        for kind, moves in (("buy", network.buys), ("ship", network.ships)):
            for key, move in moves.items():
                n = move.ordered
                if n in move.arrives:
                    part = move.arrives[n] * columns[kind][key]
                    found[(move.destination, move.material), n].append((self._first(move.runs), part))
        for (name, n), arrives in network.makes.items():
            row = network.processes[name]
            for material, quantity in network.outputs(name).items():
                if n in arrives:
                    day = self._first(network.runs_of(name, n))
                    part = quantity * arrives[n] * columns["make"][name, n]
                    found[(row["site"], material), n].append((day, part))
        return found

    def _first(self, runs: list[Run]) -> int:
        """Return the day after the start on which the first of some runs of days arrives."""
        origin = self.network.periods[0].start.toordinal()
        return math.floor(min(run.first + run.lead for run in runs) - origin + 1e-9)

    def _gone(self, columns: dict[str, Any]) -> dict[tuple[Point, int], list[Any]]:
        """Return what stays, is disposed of, is sent and is taken by processes, by point and period."""
        network, found = self.network, defaultdict(list)
        for kind in ("hold", "dispose"):
            for key in columns[kind]:
                found[key[:2], key[2]].append(columns[kind][key])
        for key, move in network.ships.items():
            found[(move.origin, move.material), move.ordered].append(columns["ship"][key])
        for name, n in network.makes:
            for material, quantity in network.inputs(name).items():
                found[(network.processes[name]["site"], material), n].append(quantity * columns["make"][name, n])
        return found
