"""Within long periods stock is looked at on the eve of what comes next."""

from __future__ import annotations

import math
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from .earliest import earliest_days
from .stock import due, lasting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Run
    from .network import Network, Point

    Flow = tuple[float, Any, tuple[float, float]]


class WorstDays:
    """The rows on days within periods of more than 31 days."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.most: dict[Any, float] = {}
        self.origin = network.periods[0].start.toordinal()

    def add_columns(self, _model: pyo.ConcreteModel) -> dict[str, Any]:
        """Give the model no columns."""
        return {}

    def charges(self, _columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Charge nothing."""
        yield from ()

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float, Any, None]]:
        """Yield rule, key, lower bound, body and no upper bound."""
        network = self.network
        if network.question.within == "nothing":
            return
        for (site, material, n), tonnes in network.demand.items():
            if tonnes > 0 and network.periods[n].days > 31:
                point, first = (site, material), network.day(network.periods[n].start)
                flows = list(self._flows(point, columns))
                keys = (("hold", (*point, n - 1)), ("short", (*point, n)))
                there = [columns[kind][key] for kind, key in keys if key in columns[kind]]
                opening = network.stocks.get(point, {}).get("opening", 0.0) if n == 0 else 0.0
                for day in self._looked_at(point, n, flows):
                    done = [part * column * self._share(*days, first, day) for part, column, days in flows]
                    least = due(network, point, first, day) - opening - self._awaited(point, first, day)
                    date = (network.periods[0].start + timedelta(days=day)).isoformat()
                    asked = least + self._asked(point, n, day)
                    yield "worst_day", (*point, date, n), asked, pyo.quicksum([*there, *done]), None

    @staticmethod
    def _share(since: float, until: float, first: float, day: float) -> float:
        """Return which part of what is spread over some days lies between two of them."""
        return max(min(until, day) - max(since, first), 0.0) / (until - since)

    def _flows(self, point: Point, columns: dict[str, Any]) -> Iterator[Flow]:
        """Yield t per t (taken: below 0), the column, and the days over which it is spread."""
        network = self.network
        for kind, moves in (("buy", network.buys), ("ship", network.ships)):
            for key, move in moves.items():
                if (move.destination, move.material) == point:
                    yield from self._spread(columns[kind][key], 1.0, move.runs, landing=True)
                if kind == "ship" and (move.origin, move.material) == point:
                    yield from self._spread(columns[kind][key], -1.0, move.runs, landing=False)
        for name, n in network.makes:
            if network.processes[name]["site"] == point[0]:
                made, taken = (side(name).get(point[1], 0.0) for side in (network.outputs, network.inputs))
                column, runs = columns["make"][name, n], network.runs_of(name, n)
                yield from self._spread(column, made, runs, landing=True) if made else ()
                yield from self._spread(column, -taken, runs, landing=False) if taken else ()

    def _spread(self, column: Any, part: float, runs: list[Run], *, landing: bool) -> Iterator[Flow]:
        days = sum(run.after - run.first for run in runs)
        for run in runs:
            since = run.first - self.origin + (run.lead if landing else 0.0)
            yield part * (run.after - run.first) / days, column, (since, since + run.after - run.first)

    def _looked_at(self, point: Point, n: int, flows: list[Flow]) -> list[int]:
        """Return the last day of every seven before which more comes, or after which less is due."""
        network, period = self.network, self.network.periods[n]
        first, last = network.day(period.start), network.day(period.end)
        paces: dict[tuple[int, float], list[float]] = {}
        for part, column, (since, until) in flows:
            for at, sign in ((since, 1.0), (until, -1.0)) if part > 0 else ():
                paces.setdefault((id(column), round(at, 9)), []).append(sign * part / (until - since))
        found = {math.floor(at + 1e-9) for (_, at), turns in paces.items() if sum(turns) > 1e-6 * max(turns)}
        orders = [row for row, _ in network.open_orders if (row["site"], row["material"]) == point]
        found |= {network.day(row["arrives"]) for row in orders}
        rows = [days for row, days, _ in network.due_rows() if (row["site"], row["material"]) == point]
        found |= {network.day(days.end) for days in rows}
        inside = sorted(day for day in found if first < day < last)
        return [day for day, later in pairwise([*inside, last + 7]) if (later - first) // 7 > (day - first) // 7]

    def _awaited(self, point: Point, first: float, day: float) -> float:
        orders = [row for row, _ in self.network.open_orders if (row["site"], row["material"]) == point]
        return sum(row["quantity"] for row in orders if first <= self.network.day(row["arrives"]) < day)

    def _asked(self, point: Point, n: int, day: int) -> float:
        """Return the safety stock, if an order can have come before the last period began."""
        network, row = self.network, self.network.stocks.get(point)
        arrives = earliest_days(network).get(point, math.inf)
        if network.question.within != "safety" or row is None or n == 0:
            return 0.0
        if network.day(network.periods[n - 1].start) < arrives:
            return 0.0
        wanted, end = row["safety_days"] or 0.0, network.day(network.periods[n].end)
        here = min(wanted, end - day) * network.demand.get((*point, n), 0.0) / network.periods[n].days
        rest = lasting(network, point, n, "safety_days", wanted - min(wanted, end - day))
        return max(float(row["safety"]), here + rest)
