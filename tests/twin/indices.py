"""What limits on concentration promise, by a fine grid of tangents: too generous by a known part, or too strict."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from .accounts import counted, lens_of_offer, lens_of_process, windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .accounts import Counted
    from .custody import Custody
    from .facts import Row
    from .network import Network

INDICES = {"hhi", "governance_hhi", "supply_risk"}
GRID = 64
ERROR = (0.5 / GRID) ** 2
"""How far a square of a share can be above the highest of the tangents."""


class Concentrated:
    """Squares of what arrives, above tangents at every 64th of the total.

    ``strict`` lowers each limit by what the tangents may leave out: then every plan of the twin keeps it.
    """

    def __init__(self, network: Network, custody: Custody, strict: bool = False) -> None:
        self.network, self.custody, self.strict = network, custody, strict
        self.most: dict[Any, float] = {}
        self.limits = [row for row in network.limits if row["measure"] in INDICES]
        self.curves: list[tuple[Any, Any, Any]] = []

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        model.square = pyo.Var(pyo.Any, dense=False, domain=pyo.NonNegativeReals, initialize=0.0)
        return {}

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
        """Yield rule, key, lower bound, body and upper bound; of a limit also what its row is measured against."""
        for limit in self.limits:
            everything = list(self._counted(columns, limit))
            for window in windows(self.network, limit):
                parts: dict[str, Any] = defaultdict(float)
                for part in everything:
                    if window.of(part) != 0:
                        parts[part.group] += window.of(part) * part.column
                yield from self._window(columns, limit, window.end, parts)

    def _counted(self, columns: dict[str, Any], limit: Row) -> list[Counted]:
        """Return what a limit counts; of supply risk what is primary, which is what is left of a lens of its own."""
        if limit["counts"] == "use":
            return list(self.custody.counted_of_members(columns, limit))
        if limit["measure"] != "supply_risk":
            return list(counted(self.network, columns, limit))
        found = []
        for part in counted(self.network, columns, {**limit, "by": "source"}):
            code, network = part.group, self.network
            offer, process = network.offers.get(code), network.processes.get(code)
            own = offer or process or {"recycled": 0.0}
            groups = [("unknown", 1.0)]
            if offer:
                groups = lens_of_offer(network, limit, offer, offer["material"])
            elif process:
                groups = lens_of_process(network, limit["by"], process)
            for group, share in groups:
                found.append(part._replace(group=group, amount=part.amount * share * (1 - own["recycled"])))
        return found

    def _terms(self, limit: Row) -> tuple[dict[str, float], float, float]:
        """Return the weights of countries, what the weighted index counts for, and what there is without it."""
        weights = {row["country"]: row["value"] * row["trade"] for row in self.network.tables["governance"]}
        if limit["measure"] == "hhi":
            return {}, 1.0, 0.0
        if limit["measure"] == "governance_hhi":
            return weights, 1.0, 0.0
        what = {"element": limit["element"], "material": "" if limit["element"] else limit["material"]}
        (row,) = [row for row in self.network.tables["supply_risk"] if what.items() <= row.items()]
        rest, half = (1 - row["eol_rir"]) * row["substitution"], row["import_reliance"] / 2
        return weights, rest * (1 - half), rest * half * row["global_hhi"]

    def _window(
        self, columns: dict[str, Any], limit: Row, end: tuple[str, int], parts: dict[str, Any]
    ) -> Iterator[tuple[Any, ...]]:
        name, site, (weights, factor, world) = limit["limit"], limit["site"], self._terms(limit)
        weigh = {group: factor * weights.get(group, max(weights.values(), default=1.0)) for group in parts}
        square = next(iter(columns.values())).model().square
        total = sum(parts.values())
        for group, own in parts.items():
            z = square[name, group, site, *end]
            self.curves.append((z, own, total))
            for step in range(1, GRID + 1):
                p = step / GRID
                yield "tangent", (name, group, site, end[0], step, end[1]), None, 2 * p * own - p * p * total - z, 0.0
        allowed = limit["value"] - world - (sum(weigh.values()) * ERROR if self.strict else 0.0)
        squares = sum(weigh[group] * square[name, group, site, *end] for group in parts)
        yield limit["measure"], (name, "", site, *end), None, squares - allowed * total, 0.0, allowed * total

    def follow(self) -> None:
        """Give every square the value that the rest of a plan makes it."""
        for z, own, total in self.curves:
            tonnes = pyo.value(total)
            z.set_value(pyo.value(own) ** 2 / tonnes if tonnes > 0 else 0.0, skip_validation=True)

    def charges(self, columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        yield from ()
