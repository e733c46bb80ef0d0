"""What facilities promise: nothing is done at what is closed, and no more arrives at a site than it can handle."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pyomo.environ as pyo

from .lots import owners
from .served import idle
from .used import could_make, could_move, could_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network

Owner = tuple[str, str]
Line = tuple[str, tuple[Any, ...], "float | None", Any, "float | None"]


class Held(NamedTuple):
    """A row that keeps a closed facility idle: what is done, at most so much, while the owner is open."""

    rule: str
    key: tuple[Any, ...]
    terms: list[tuple[float, str, tuple[Any, ...]]]
    most: float
    owner: Owner
    given: float = 0.0


class Facilities:
    """The columns and rows of facilities: by (kind, code, period)."""

    def __init__(self, network: Network) -> None:
        self.network, self.lots = network, owners(network)
        rows = [("process", name, row) for name, row in network.processes.items()]
        rows += [("site", name, row) for name, row in network.sites.items()]
        self.known: dict[Owner, Row] = {
            (kind, name): row
            for kind, name, row in rows
            if row["opening_cost"] is not None or row["fixed_cost"] is not None
        }
        self.cells = [(*owner, n) for owner in self.known for n in network.nodes]
        self.most = dict.fromkeys(self.cells, 1.0)
        self.new = [cell for cell in self.cells if self.known[cell[:2]]["opening_cost"] is not None]

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        """Give the model whether each facility is open, and whether it is opened, in each period."""
        model.open = pyo.Var(self.cells, domain=pyo.Binary, initialize=0)
        model.opened = pyo.Var(self.new, domain=pyo.Binary, initialize=0)
        return {"open": model.open, "opened": model.opened}

    def rows(self, columns: dict[str, Any]) -> Iterator[Line]:
        """Yield rule, key, lower bound, body and upper bound."""
        yield from self._opens(columns)
        yield from self._throughput(columns)
        for held in [*self._runs(), *self._moves(), *self._arrivals()]:
            body = pyo.quicksum(value * columns[kind][key] for value, kind, key in held.terms)
            is_open = columns["open"][(*held.owner, held.key[-1])]
            yield held.rule, held.key, None, body - held.most * is_open, -held.given
        for limit in self.network.limits:
            if limit["measure"] == "facilities":
                yield from self._limit(columns, limit)

    def charges(self, columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Yield head, node, USD and column."""
        for cell in self.cells:
            cost = (self.known[cell[:2]]["fixed_cost"] or 0.0) * self.network.years[cell[-1]]
            yield "fixed", cell[-1], cost, columns["open"][cell]
        for cell in self.new:
            yield "opening", cell[-1], self.known[cell[:2]]["opening_cost"], columns["opened"][cell]

    def _opens(self, columns: dict[str, Any]) -> Iterator[Line]:
        is_open, opened = columns["open"], columns["opened"]
        for owner in self.known:
            new = (*owner, 0) in opened
            for n in self.network.nodes:
                before = is_open[(*owner, n - 1)] if n else 0 if new else 1
                now = opened[(*owner, n)] if new else 0
                if n or new:
                    yield "opens", (*owner, n), None, is_open[(*owner, n)] - before - now, 0.0
            if new:
                times = pyo.quicksum(opened[(*owner, n)] for n in self.network.nodes)
                yield "opened_once", (*owner, self.network.nodes[-1]), None, times, 1.0

    def _runs(self) -> Iterator[Held]:
        for name, n in self.network.makes:
            process = self.network.processes[name]
            most = min(could_make(self.network, name, n))
            room = [self.network.process_capacity(name, n)]
            if process["line"]:
                room.append(self.network.line_capacity(process["line"], n))
            most = min([most, *(each for each in room if each is not None)])
            for owner in (("process", name), ("site", process["site"])):
                if owner in self.known:
                    yield Held("run", (*owner, name, n), [(1.0, "make", (name, n))], most, owner)

    def _moves(self) -> Iterator[Held]:
        network = self.network
        ways: dict[tuple[str, str, str, int], list[tuple[tuple[Any, ...], float]]] = defaultdict(list)
        for key, move in network.ships.items():
            yearly = move.lane["capacity"] if move.lane else None
            room = math.inf if yearly is None else yearly * sum(network.years[key[-1] :])
            most = min(could_move(network, "ship", key), room)
            ways[key[0], key[1], key[3], key[4]].append((key, most))
        for way, each in ways.items():
            if ("site", way[0]) in self.known:
                terms = [(1.0, "ship", key) for key, _ in each]
                yield Held("sent", way, terms, sum(most for _, most in each), ("site", way[0]))
        ordered: dict[tuple[str, int], dict[tuple[Any, ...], float]] = defaultdict(dict)
        for key in network.buys:
            ordered[key[0], key[-1]][key] = could_move(network, "buy", key)
        for (name, n), each in ordered.items():
            owner, room = ("site", network.offers[name]["site"]), network.offer_capacity(network.offers[name], n)
            if owner in self.known:
                most = min(sum(each.values()), math.inf if room is None else room)
                yield Held("sold", (name, n), [(1.0, "buy", key) for key in each], most, owner)
                for key, use in each.items() if len(each) > 1 else ():
                    if self._may_exceed(key):
                        yield Held("bought", key, [(1.0, "buy", key)], use if use < math.inf else room, owner)

    def _may_exceed(self, key: tuple[Any, ...]) -> bool:
        """Whether the offer gives more in some period than could be used where the route leads."""
        network, offer = self.network, self.network.offers[key[0]]
        room = [network.offer_capacity(offer, n) for n in network.nodes]
        same = {n: (*key[:-1], n) for n in network.nodes}
        late = {n: could_use(network, (key[1], offer["material"]), n) for n in network.nodes}
        use = [could_move(network, "buy", same[n]) if same[n] in network.buys else late[n] for n in network.nodes]
        return any(most is None or could < most for could, most in zip(use, room, strict=True))

    def _arrivals(self) -> Iterator[Held]:
        for (site, material, n), terms in self._arriving().items():
            use = [could_use(self.network, (site, material), m) for m in self.network.nodes]
            if ("site", site) in self.known and math.inf not in use:
                given, unused = self._given()[site, material, n], use[0] * idle(self.network)[(site, material), n]
                yield Held("arrival", (site, material, n), terms, use[n] + unused + given, ("site", site), given)

    def _arriving(self) -> dict[tuple[str, str, int], list[tuple[float, str, tuple[Any, ...]]]]:
        found: dict[tuple[str, str, int], list[tuple[float, str, tuple[Any, ...]]]] = defaultdict(list)
        for kind, moves in (("buy", self.network.buys), ("ship", self.network.ships)):
            for key, move in moves.items():
                for n, share in move.arrives.items():
                    found[move.destination, move.material, n].append((share, kind, key))
        for cell in self._given():
            found[cell] += []
        return found

    def _given(self) -> dict[tuple[str, str, int], float]:
        found: dict[tuple[str, str, int], float] = defaultdict(float)
        for order, n in self.network.open_orders:
            found[order["site"], order["material"], n] += order["quantity"]
        return found

    def _throughput(self, columns: dict[str, Any]) -> Iterator[Line]:
        came, given = self._arriving(), self._given()
        for site, row in self.network.sites.items():
            for n in self.network.nodes if row["capacity"] is not None else ():
                here = [cell for cell in came if (cell[0], cell[2]) == (site, n)]
                terms = [columns[kind][key] * value for cell in here for value, kind, key in came[cell]]
                room = row["capacity"] * self.network.years[n]
                arrived = sum(given[cell] for cell in here)
                is_open = columns["open"]["site", site, n] if ("site", site) in self.known else 1.0
                yield "throughput", (site, n), None, pyo.quicksum(terms) - room * is_open, -arrived

    def _limit(self, columns: dict[str, Any], limit: Row) -> Iterator[Line]:
        least = limit["sense"] == "min"
        for n in self.network.nodes:
            period = self.network.periods[n]
            if (limit["from"] and period.end <= limit["from"]) or (limit["until"] and period.start >= limit["until"]):
                continue
            count: dict[str, list[Any]] = defaultdict(list)
            if least:
                count[limit["member"]] += []
            for owner, row in self.known.items():
                name = (self.network.sites[row["site"]][limit["by"]] or "unknown") if limit["by"] else ""
                if not limit["member"]:
                    count[name].append(columns["open"][(*owner, n)])
                elif name in self.network.groups.get(limit["member"], {limit["member"]}):
                    count[limit["member"]].append(columns["open"][(*owner, n)])
            for name, each in count.items():
                bounds = (limit["value"], None) if least else (None, limit["value"])
                yield (
                    "facilities",
                    (limit["limit"], name, "", period.label, n),
                    bounds[0],
                    pyo.quicksum(each),
                    bounds[1],
                )
