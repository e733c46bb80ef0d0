"""What limits on numbers promise: whoever is not counted brings no more than the threshold, and the count is kept."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pyomo.environ as pyo

from .accounts import counted, windows
from .used import could_make, could_move

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .accounts import Counted
    from .custody import Custody
    from .facts import Row
    from .network import Network

MEASURES = ("suppliers", "destinations")


class Member(NamedTuple):
    """Somebody who may be counted: the key of the column, the parts of its tonnes, and the most they can be."""

    limit: Row
    key: tuple[Any, ...]
    parts: list[Counted]
    most: float

    @property
    def group(self) -> tuple[Any, ...]:
        """Return the key of the row that counts it."""
        name = self.key[1] if self.limit["measure"] == "destinations" else self.limit["member"]
        return (self.limit["limit"], name, self.limit["site"], *self.key[-2:])


class Numbers:
    """The columns and rows of limits on numbers."""

    def __init__(self, network: Network, custody: Custody) -> None:
        self.network, self.custody = network, custody
        self.limits = [row for row in network.limits if row["measure"] in MEASURES]
        self.members: list[Member] = []

    @property
    def most(self) -> dict[tuple[Any, ...], float]:
        """The most of each column: everything is counted once."""
        return {one.key: 1.0 for one in self.members}

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        """Give the model whether each member is counted."""
        full = most_of_all(self.network) if self.limits else {}
        for limit in self.limits:
            sites = sorted(self.network.sites) if limit["measure"] == "destinations" else [limit["site"]]
            for site in sites:
                self.members += members(self.network, limit, site, self._parts(limit, site, model, full))
        model.present = pyo.Var([one.key for one in self.members], domain=pyo.Binary, initialize=0)
        return {"present": model.present}

    def _parts(self, limit: Row, site: str, model: pyo.ConcreteModel, full: dict[str, Any]) -> list[list[Counted]]:
        """Return what a limit counts at a site, by columns and by the most that each of them can be."""
        row = {**limit, "site": site}
        if limit["counts"] == "use":
            most = {
                "consumed": {key: self.network.demand[(*key[:2], key[-1])] for key in model.consumed},
                "worked": {key: full["make"][key[0], key[-1]] for key in model.worked},
            }
            used = {"consumed": model.consumed, "worked": model.worked}
            return [list(self.custody.counted_of_members(each, row)) for each in (used, most)]
        return [list(counted(self.network, each, row)) for each in ({"buy": model.buy, "make": model.make}, full)]

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield rule, key, lower bound, body and upper bound."""
        groups: dict[tuple[Any, ...], tuple[Row, list[Any]]] = {}
        for limit in self.limits:
            if limit["sense"] == "min":
                for window in windows(self.network, limit):
                    groups[limit["limit"], limit["member"], limit["site"], *window.end] = (limit, [])
        for one in self.members:
            present, threshold = columns["present"][one.key], one.limit["at_least"] or 0.0
            tonnes = pyo.quicksum(part.amount * part.column for part in one.parts)
            if one.limit["sense"] == "min":
                yield "enough", one.key, 0.0, tonnes - threshold * present, None
            else:
                yield "absent", one.key, None, tonnes - max(one.most - threshold, 0.0) * present, threshold
            groups.setdefault(one.group, (one.limit, []))[1].append(present)
        for key, (limit, chosen) in groups.items():
            least = limit["sense"] == "min"
            bounds = (limit["value"], None) if least else (None, limit["value"])
            yield limit["measure"], key, bounds[0], pyo.quicksum(chosen), bounds[1]

    def charges(self, _: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Yield nothing: to be counted costs nothing."""
        yield from ()


def members(network: Network, limit: Row, site: str, counts: list[list[Counted]]) -> Iterator[Member]:
    """Yield whoever can bring anything in a window, of what is counted and the most that it can be."""
    parts, full = counts
    inside = network.groups.get(limit["member"], {limit["member"]})
    for window in windows(network, limit):
        mine: dict[str, list[Counted]] = defaultdict(list)
        most: dict[str, float] = defaultdict(float)
        for part, whole in zip(parts, full, strict=True):
            if window.of(part) != 0 and (not limit["member"] or part.group in inside):
                together = limit["member"] and limit["measure"] == "destinations"
                name = limit["member"] if together else part.group
                mine[name].append(part._replace(amount=window.of(part)))
                most[name] += window.of(whole) * whole.column
        for name in mine:
            yield Member(limit, (limit["limit"], name, site, *window.end), mine[name], most[name])


def most_of_all(network: Network) -> dict[str, Any]:
    """Return the most that every order and every run can be."""
    buy, make = {}, {}
    for key, move in network.buys.items():
        buy[key] = lesser(could_move(network, "buy", key), network.offer_capacity(move.offer, key[-1]))
    for name, m in network.makes:
        process = network.processes[name]
        use = max(could_make(network, name, m))
        line = None
        if process["line"]:
            line = network.line_capacity(process["line"], m)
        make[name, m] = lesser(lesser(use, network.process_capacity(name, m)), line)
    return {"buy": buy, "make": make}


def lesser(tonnes: float, most: float | None) -> float:
    return tonnes if most is None else min(tonnes, most)
