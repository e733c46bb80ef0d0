"""Write the Pyomo model: its columns, and one method per rule of the specification."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from .accounts import Charge, Counted, charges, counted, windows
from .awards import Awarded
from .blends import intakes
from .conditions import Conditions
from .contracts import Contracts
from .custody import NOBODY, Custody
from .earliest import earliest_days
from .emissions import carbon, waits
from .facilities import Facilities
from .incumbents import Incumbents
from .indices import INDICES, Concentrated
from .lines import activities, line_capacities
from .lying import lying
from .numbers import MEASURES, Numbers
from .overflow import overflow
from .qualified import Qualified
from .shortfall import may_be_short, shortage
from .splits import Alike
from .stability import Stability
from .stock import asked_for, closing, lasting, lying_anyway, use_bound
from .tiers import Tiers
from .timing import Timing
from .used import Used
from .worst import WorstDays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .network import Network

EXACT = 1e-9  # rounding allowed in a row without columns


@dataclass(frozen=True)
class Promise:
    """One row: lower <= body <= upper; `total` is value * Q_total, the measure of a share row's size."""

    rule: str
    key: tuple[Any, ...]
    lower: float | None
    body: Any
    upper: float | None
    total: Any = None


class Twin:
    """The model of one case and question."""

    def __init__(self, network: Network, strict: bool = False) -> None:
        self.network, self.custody = network, Custody(network)
        self.indices = Concentrated(network, self.custody, strict)
        self.model = pyo.ConcreteModel()
        self.promises: list[Promise] = []
        self.duals: dict[Any, float] = {}  # of the last solve, by Pyomo row; none where a number is whole
        self.whole = (
            self.custody,
            Used(network),
            Qualified(network),
            Tiers(network),
            Numbers(network, self.custody),
            Conditions(network),
            Facilities(network),
            Contracts(network),
            Stability(network),
            Awarded(network),
            Incumbents(network),
            Alike(network),
            Timing(network),
            WorstDays(network),
            self.indices,
        )
        self._add_columns()
        for rule in (
            self.balance,
            self.offer,
            self.pace,
            self.process,
            self.lines,
            self.lane,
            self.safety,
            self.closing,
            self.maximum,
            self.use,
            self.limits,
        ):
            rule()
        self.promises += [Promise(*row) for part in self.whole for row in part.rows(self.columns)]
        self._add_rows()
        self._add_objectives()

    def _add_columns(self) -> None:
        network, model = self.network, self.model
        shorts = may_be_short(network)
        disposed = {point: row for point, row in network.stocks.items() if row["disposal_cost"] is not None}
        keys = {
            "buy": list(network.buys),
            "ship": list(network.ships),
            "make": list(network.makes),
            "hold": [(*point, n) for point in network.may_hold for n in network.nodes],
            "short": shorts,
            "dispose": [(*point, n) for point in disposed for n in network.nodes],
        }
        self.columns: dict[str, Any] = {}
        for kind, kind_keys in keys.items():
            setattr(model, kind, pyo.Var(kind_keys, domain=pyo.NonNegativeReals, initialize=0.0))
            self.columns[kind] = getattr(model, kind)
        for part in self.whole:
            self.columns |= part.add_columns(model)
        for key in shorts:
            model.short[key].setub(network.demand[key])
        for point, row in disposed.items():
            if row["disposal_maximum"] is not None:
                for n in network.nodes:
                    model.dispose[(*point, n)].setub(row["disposal_maximum"] * network.years[n])

    def add(
        self, rule: str, key: tuple[Any, ...], lower: float | None, body: Any, upper: float | None, total: Any = None
    ) -> None:
        """Remember a row; rows without a column are kept too, as they may be impossible."""
        self.promises.append(Promise(rule, key, lower, body, upper, total))

    def balance(self) -> None:
        """What comes in, less what goes out, is the demand: every point, every node."""
        network, model = self.network, self.model
        terms: dict[tuple[str, str, int], list[Any]] = defaultdict(list)
        for key, move in network.buys.items():
            for n, share in move.arrives.items():
                terms[move.destination, move.material, n].append(share * model.buy[key])
        for key, move in network.ships.items():
            terms[move.origin, move.material, move.ordered].append(-model.ship[key])
            for n, share in move.arrives.items():
                terms[move.destination, move.material, n].append(share * model.ship[key])
        for (name, m), arrives in network.makes.items():
            site = network.processes[name]["site"]
            for material, quantity in network.inputs(name).items():
                terms[site, material, m].append(-quantity * model.make[name, m])
            for material, quantity in network.outputs(name).items():
                for n, share in arrives.items():
                    terms[site, material, n].append(quantity * share * model.make[name, m])
        for site, material, n in model.hold:
            terms[site, material, n].append(-model.hold[site, material, n])
            if n + 1 in network.nodes:
                terms[site, material, n + 1].append(model.hold[site, material, n])
        for key in model.dispose:
            terms[key].append(-model.dispose[key])
        for key in model.short:
            terms[key].append(model.short[key])
        given: dict[tuple[str, str, int], float] = defaultdict(float)
        for (site, material), row in network.stocks.items():
            given[site, material, 0] += row["opening"]
        for row, n in network.open_orders:
            given[row["site"], row["material"], n] += row["quantity"]
        for point in network.points:
            for n in network.nodes:
                key = (*point, n)
                asked = network.demand.get(key, 0.0) - given[key]
                self.add("balance", key, asked, pyo.quicksum(terms[key]), asked)

    def offer(self) -> None:
        """Orders of a period stay within the offer's capacity."""
        for name, row in self.network.offers.items():
            for m in self.network.nodes:
                capacity = self.network.offer_capacity(row, m)
                ordered = [self.model.buy[key] for key in self.network.buys if key[0] == name and key[-1] == m]
                if capacity is not None:
                    self.add("offer", (name, m), None, pyo.quicksum(ordered), capacity)

    def pace(self) -> None:
        """The part of its capacity that is ordered of an offer moves between periods no faster than it may."""
        network, moves = self.network, self.network.buys
        for name, row in network.offers.items():
            for n in network.nodes[1:] if row["change_maximum"] is not None else ():
                part = row["change_maximum"] * (network.years[n - 1] + network.years[n]) / 2
                before, most = (network.offer_capacity(row, m) for m in (n - 1, n))
                then, now = ([self.model.buy[k] for k in moves if k[0] == name and k[-1] == m] for m in (n - 1, n))
                if part >= 1 or not (before and most and then and now):
                    continue
                change = pyo.quicksum(now) / most - pyo.quicksum(then) / before
                self.add("rise", (name, n), None, most * change, part * most)
                self.add("fall", (name, n), None, -most * change, part * most)

    def process(self) -> None:
        """Activity of a period stays within the process's capacity."""
        for name, m in self.network.makes:
            capacity = self.network.process_capacity(name, m)
            if capacity is not None:
                self.add("process", (name, m), None, self.model.make[name, m], capacity)

    def lines(self) -> None:
        """What its processes start in a period, added up, stays within the line's capacity."""
        for line, m, capacity in line_capacities(self.network):
            started = [self.model.make[key] for key in activities(self.network, line, [m])]
            self.add("line", (line, m), None, pyo.quicksum(started), capacity)

    def lane(self) -> None:
        """What departs over a lane stays within its capacity."""
        network = self.network
        for row in network.tables["lanes"]:
            if row["capacity"] is None:
                continue
            departing: dict[int, list[Any]] = defaultdict(list)
            for kind, moves in (("buy", network.buys), ("ship", network.ships)):
                for key, move in moves.items():
                    if move.lane is row:
                        for n, share in move.departs.items():
                            departing[n].append(share * self.columns[kind][key])
            for n in network.nodes:
                key = (row["origin"], row["destination"], row["material"], row["mode"], n)
                self.add("lane", key, None, pyo.quicksum(departing[n]), row["capacity"] * network.years[n])

    def safety(self) -> None:
        """Stock, and what went on before an order could have arrived, is the safety stock asked for, and the cover."""
        network, days = self.network, earliest_days(self.network)
        for point, row in network.stocks.items():
            first, gone = days.get(point, math.inf), 0.0
            for n, period in enumerate(network.periods):
                early = min(max(first - network.day(period.start), 0.0) / period.days, 1.0)
                gone += early * self._onward(point, n)
                kept = self.model.hold[(*point, n)] + (gone if early > 0 else 0.0)
                safety, cover = (lasting(network, point, n, column) for column in ("safety_days", "cover_days"))
                for rule, full in (("safety", max(row["safety"], safety)), ("cover", cover)):
                    asked = asked_for(network, point, n, first, full) if full > 0 else 0.0
                    if asked > 0:
                        self.add(rule, (*point, n), asked, kept, None)

    def _onward(self, point: tuple[str, str], n: int) -> Any:
        """What lanes and processes take from a point in a period."""
        network, model = self.network, self.model
        sent = [
            model.ship[key] for key, move in network.ships.items() if move.ordered == n and point == (key[0], key[2])
        ]
        names = [name for name, row in network.processes.items() if row["site"] == point[0]]
        taken = [
            network.inputs(name).get(point[1], 0.0) * model.make[name, n] for name in names if (name, n) in model.make
        ]
        return pyo.quicksum([*sent, *taken])

    def closing(self) -> None:
        """Stock at the end is at least the closing stock; a blank one is asked for where an order can arrive."""
        leaf, end, days = self.network.nodes[-1], self.network.question.reported - 1, earliest_days(self.network)
        for point, row in self.network.stocks.items():
            asked = closing(self.network, point)
            comes = days.get(point, math.inf) < self.network.day(self.network.periods[leaf].end)
            if asked > 0 and (row["closing"] is not None or comes):
                n = leaf if row["closing"] is None else end
                self.add("closing", (*point, n), asked, self.model.hold[(*point, n)], None)

    def maximum(self) -> None:
        """Stock is at most the maximum, or what lies there though nothing is ordered and nothing can go on."""
        for point, row in self.network.stocks.items():
            for n in self.network.nodes if row["maximum"] is not None else ():
                most = max(row["maximum"], lying_anyway(self.network, point, n))
                self.add("maximum", (*point, n), None, self.model.hold[(*point, n)], most)

    def use(self) -> None:
        """Stock is at most what could still be of use, and what orders had to bring too much."""
        for point in self.network.may_hold:
            for n in self.network.nodes:
                bound, more = use_bound(self.network, point, n), overflow(self.network).get((point, n), {})
                brought = [rate * self.columns[kind][key] for (kind, key), rate in more.items()]
                later = self.network.has_tail and n + 1 < len(self.network.periods)
                if bound is not None and not later:
                    self.add("use", (*point, n), None, self.model.hold[(*point, n)] - pyo.quicksum(brought), bound)

    def limits(self) -> None:
        """Share, tonnes and spend limits: a row per window and member."""
        for limit in self.network.limits:
            if limit["measure"] in {*MEASURES, *INDICES}:
                continue
            if limit["measure"] == "grade":
                self.grades(limit)
                continue
            if limit["measure"] == "facilities":
                continue
            if limit["measure"] == "shortage":
                for end, body, most in shortage(self.network, self.columns["short"], limit):
                    self.add("shortage", (limit["limit"], "", limit["site"], *end), None, body, most)
                continue
            if limit["measure"] == "lead_days":
                self.waits(limit)
                continue
            everything = list(self._everything(limit))
            for window in windows(self.network, limit):
                there = lying(self.network, self.columns, limit, window) if limit["counts"] == "stock" else ()
                inside = [part for part in [*everything, *there] if window.of(part) != 0]
                members = self._members(limit, inside)
                total = pyo.quicksum(window.of(part) * part.column for part in inside)
                for name, groups in members.items():
                    mine = [part for part in inside if part.group in groups]
                    if mine or limit["sense"] == "min":
                        own = pyo.quicksum(window.of(part) * part.column for part in mine)
                        self._add_limit(limit, (limit["limit"], name, limit["site"], *window.end), own, total)

    def _everything(self, limit: dict[str, Any]) -> Iterator[Counted]:
        """Yield what a limit counts, wherever it counts it."""
        if limit["counts"] == "use":
            return self.custody.counted(self.columns, limit)
        return (carbon if limit["measure"] == "carbon" else counted)(self.network, self.columns, limit)

    def _members(self, limit: dict[str, Any], inside: list[Counted]) -> dict[str, set[str]]:
        """Return the groups of each member that a limit may have a row for; what is nobody's is everybody's."""
        if limit["by"] == "":
            return {"": {""}}
        least = limit["sense"] == "min"
        if limit["member"]:
            name = limit["member"]
            members = {name: self.network.groups.get(name, {name})}
        else:
            members = {part.group: {part.group} for part in inside if not (least and part.group == NOBODY)}
        return members if least else {name: {*groups, NOBODY} for name, groups in members.items()}

    def waits(self, limit: dict[str, Any]) -> None:
        """What arrives of a member within a window took no more days than the limit says, on average."""
        everything = list(waits(self.network, self.columns, limit))
        for window in windows(self.network, limit):
            inside = [(part, days) for part, days in everything if window.of(part) != 0]
            for name, groups in self._members(limit, [part for part, _ in inside]).items():
                mine = [(part, days) for part, days in inside if part.group in groups]
                if mine:
                    held = pyo.quicksum(window.of(part) * days * part.column for part, days in mine)
                    total = pyo.quicksum(window.of(part) * part.column for part, _ in mine)
                    self._add_limit(limit, (limit["limit"], name, limit["site"], *window.end), held, total)

    def grades(self, limit: dict[str, Any]) -> None:
        """What a blend takes in within a window has the grade on average: grade times tonnes, over tonnes."""
        make = self.model.make
        for site, taken in intakes(self.network, limit).items():
            for window in windows(self.network, limit):
                parts = [
                    (*part, inside * make[name, m])
                    for name, of in taken.items()
                    for part in of
                    for m, inside in window.parts.items()
                    if (name, m) in make
                ]
                held = pyo.quicksum(grade * tonnes * run for grade, tonnes, run in parts)
                total = pyo.quicksum(tonnes * run for _, tonnes, run in parts)
                self._add_limit(limit, (limit["limit"], "", site, *window.end), held, total)

    def _add_limit(self, limit: dict[str, Any], key: tuple[Any, ...], own: Any, total: Any) -> None:
        body, bound, size = own, limit["value"], None
        if limit["measure"] in {"share", "grade", "lead_days"}:
            body, bound, size = own - limit["value"] * total, 0.0, limit["value"] * total
        least = limit["sense"] == "min"
        self.add(limit["measure"], key, bound if least else None, body, None if least else bound, size)

    def _add_rows(self) -> None:
        """Give the rows with columns to Pyomo; set aside those without any that are broken."""
        self.model.rows = pyo.ConstraintList()
        self.impossible: list[Promise] = []
        self._written: dict[tuple[str, tuple[Any, ...]], Any] = {}
        for promise in self.promises:
            if pyo.is_potentially_variable(promise.body):
                row = self.model.rows.add((promise.lower, promise.body, promise.upper))
                self._written[promise.rule, promise.key] = row
                continue
            body = pyo.value(promise.body)
            too_low = promise.lower is not None and body < promise.lower - EXACT
            if too_low or (promise.upper is not None and body > promise.upper + EXACT):
                self.impossible.append(promise)

    def dual_of(self, promise: Promise) -> float:
        """Return the row's dual at the last solve (thousand USD per unit); NaN if there is none."""
        row = self._written.get((promise.rule, promise.key))
        return self.duals.get(row, math.nan) if row is not None else math.nan

    def hold_price(self) -> float:
        """Return what holding level 1 costs, USD per unit of weighted shortage; 0 if no row holds it."""
        held = self.model.component("held")
        return 0.0 if held is None else -1000 * self.duals.get(held, 0.0) / self.all_weighted

    def _add_objectives(self) -> None:
        """Write weighted shortage and discounted cost (USD) as expressions."""
        network, model = self.network, self.model
        value = {key: network.materials[key[1]]["value"] * network.priority[key] for key in network.demand}
        self.all_weighted = sum(value[key] * tonnes for key, tonnes in network.demand.items())
        self.weighted_shortage = pyo.quicksum(value[key] * model.short[key] for key in model.short)
        self.charges = list(charges(network, self.columns))
        self.charges += [Charge(*charge) for part in self.whole for charge in part.charges(self.columns)]
        self.cost = pyo.quicksum(
            network.discount[charge.node] * charge.amount * charge.column for charge in self.charges if charge.amount
        )
