"""Build the sets of the model: points, demand, routes of the offers, ships, capacities and licence lags."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from .customs import UNTOLD, maker_of, makers_at, makers_of_all
from .earliest import first_there
from .facts import (
    Period,
    Question,
    Row,
    Run,
    add_months,
    arrival_shares,
    capacity_in,
    capacity_on,
    common_days,
    demand_interval,
    runs_of,
    year_fraction,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Point = tuple[str, str]  # (site, material)


@dataclass(frozen=True)
class Move:
    """A buy or a ship decided in one period: where it goes, when it leaves and when it arrives."""

    material: str
    destination: str
    lane: Row | None
    ordered: int
    runs: list[Run]
    freight: float
    departs: dict[int, float]
    arrives: dict[int, float]
    late: float
    offer: Row = field(default_factory=dict)
    origin: str = ""
    mode: str = ""
    makers: frozenset[str] | None = None  # whose goods it takes, where a licence tells them apart


class Network:
    """Every set and every number of the model, before any column exists."""

    def __init__(self, tables: dict[str, list[Row]], question: Question) -> None:
        self.tables, self.question, self.periods = tables, question, question.periods
        self.nodes = range(len(self.periods))
        self.years = [year_fraction(period.start, period.end) for period in self.periods]
        start, rate = self.periods[0].start, question.discount_rate
        self.discount = [
            (1 + rate) ** -(year_fraction(start, period.start) + self.years[n] / 2)
            for n, period in enumerate(self.periods)
        ]
        self.sites = {row["site"]: row for row in tables["sites"]}
        self.worth = {row["material"]: row for row in tables["materials"]}
        self.materials = {
            name: {**row, "value": 1.0 if row["value"] is None else row["value"]} for name, row in self.worth.items()
        }
        self.processes = {row["process"]: row for row in tables["processes"]}
        self.lines = {row["line"]: row for row in tables["lines"]}
        self.stocks = {(row["site"], row["material"]): row for row in tables["stocks"]}
        self.offers = {row["offer"]: row for row in tables["offers"]}
        self.groups: dict[str, set[str]] = defaultdict(set)
        for row in tables["groups"]:
            self.groups[row["group"]].add(row["member"])
        self.contents = {(row["material"], row["element"]): row["share"] for row in tables["contents"]}
        replaced = {row["limit"] for row in question.limits}
        self.limits = [row for row in tables["limits"] if row["limit"] not in replaced] + question.limits
        self._set_points()
        self._set_demand()
        self._set_open_orders()
        self.made_at = makers_at(self)
        self.first_there = first_there(self)
        self.length = (self.periods[-1].end - self.periods[0].start).days
        self.buys = {
            (offer["offer"], move.destination, move.lane["mode"] if move.lane else "", m): move
            for offer in tables["offers"]
            for m in self.nodes
            for move in self._buys_of(offer, m)
        }
        self.ships = {
            (move.origin, move.destination, move.material, move.mode, m): move
            for m in self.nodes
            for move in self._ships_in(m)
        }
        self.makes = {
            (name, m): arrival_shares(self.periods, runs)[0]
            for name in self.processes
            for m in self.nodes
            if (runs := self.runs_of(name, m))
        }

    def day(self, date: date) -> int:
        """Return the days from the start of the horizon to a date."""
        return (date - self.periods[0].start).days

    # Points -----------------------------------------------------------------------------------------------------------

    def inputs(self, process: str) -> dict[str, float]:
        """Return the tonnes taken per tonne of activity, by material, as positive numbers."""
        rows = [row for row in self.tables["recipes"] if row["process"] == process]
        return {row["material"]: -row["quantity"] for row in rows if row["quantity"] < 0}

    def outputs(self, process: str) -> dict[str, float]:
        """Return the tonnes given per tonne of activity, by material."""
        rows = [row for row in self.tables["recipes"] if row["process"] == process]
        return {row["material"]: row["quantity"] for row in rows if row["quantity"] > 0}

    def _set_points(self) -> None:
        taken = {(row["site"], material) for name, row in self.processes.items() for material in self.inputs(name)}
        made = {(row["site"], material) for name, row in self.processes.items() for material in self.outputs(name)}
        ordered = {(row["site"], row["material"]) for row in self.tables["open_orders"]}
        wanted = {(row["site"], row["material"]) for row in self.tables["demand"]}
        self.usable = wanted | taken | set(self.stocks)
        self.wanted = set(self.usable)
        passed = self._passed_through(made | ordered)
        self.usable |= passed
        self.points = sorted(self.usable | made | ordered)
        self.may_hold = sorted(self.wanted | made | ordered)
        self.sources = made | set(self.stocks) | passed

    def _passed_through(self, there: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return the points where something can land and from where lanes lead to one that wants it."""
        hops = {
            ((row["origin"], name), (row["destination"], name))
            for row in self.tables["lanes"]
            for name in self.materials
            if row["material"] in ("", name) and row["origin"] != row["destination"]
        }
        offered = {(row["site"], row["material"]) for row in self.tables["offers"] if not row["destination"]}
        lands = there | set(self.stocks) | {end for start, end in hops if start in offered}
        lands |= {(row["destination"], row["material"]) for row in self.tables["offers"] if row["destination"]}
        leads = {start for start, end in hops if end in self.usable}
        for _ in hops:
            lands |= {end for start, end in hops if start in lands}
            leads |= {start for start, end in hops if end in leads}
        return lands & leads

    def _set_demand(self) -> None:
        """Spread demand rows over periods by days; priority and shortage cost are means weighted by those tonnes."""
        self.demand: dict[tuple[str, str, int], float] = defaultdict(float)
        priority: dict[tuple[str, str, int], float] = defaultdict(float)
        cost: dict[tuple[str, str, int], float] = defaultdict(float)
        for row, interval, quantity in self.due_rows():
            own = row["shortage_cost"]
            price = self.materials[row["material"]]["shortage_cost"] if own is None else own
            for n, period in enumerate(self.periods):
                tonnes = quantity * common_days(interval.start, interval.end, period) / interval.days
                if tonnes > 0:
                    key = (row["site"], row["material"], n)
                    self.demand[key] += tonnes
                    priority[key] += tonnes * row["priority"]
                    cost[key] += tonnes * (math.nan if price is None else price)
        self.priority = {key: priority[key] / tonnes for key, tonnes in self.demand.items()}
        self.shortage_cost = {key: cost[key] / tonnes for key, tonnes in self.demand.items()}

    @property
    def has_tail(self) -> bool:
        """Whether periods follow that are not reported."""
        return self.question.reported < len(self.periods)

    def due_rows(self) -> Iterator[tuple[Row, Period, float]]:
        """Yield rows of demand with their days and tonnes, and again what lies in the last months, year after year."""
        rows = [(row, demand_interval(row["period"])) for row in self.tables["demand"]]
        yield from ((row, days, row["quantity"]) for row, days in rows)
        end, first = self.periods[self.question.reported - 1].end, self.periods[0].start
        for row, days in rows if self.has_tail else []:
            same = [other for of, other in rows if (of["site"], of["material"]) == (row["site"], row["material"])]
            last = max([end, *(other.end for other in same)])
            back = add_months(last, -12)
            since = max(back, first)
            low, high, times = max(days.start, since), min(days.end, last), 1
            quantity = row["quantity"] * (high - low).days / days.days
            while low < high:
                length = (last - since) * times
                start = add_months(low, 12 * times) if since == back else low + length
                until = add_months(high, 12 * times) if since == back else high + length
                start = max(start, last)
                if start >= self.periods[-1].end:
                    break
                yield row, Period(start, max(until, start + timedelta(days=1))), quantity
                times += 1

    def _set_open_orders(self) -> None:
        """Find the node of each open order; those after the horizon have none and are not used."""
        self.open_orders: list[tuple[Row, int]] = []
        for row in self.tables["open_orders"]:
            if row["arrives"] < self.periods[0].start:
                raise ValueError(f"open order {row['order']} arrives before the horizon")
            for n, period in enumerate(self.periods):
                if period.start <= row["arrives"] < period.end:
                    self.open_orders.append((row, n))

    # Routes -----------------------------------------------------------------------------------------------------------

    def covers(self, field_value: str, country: str) -> bool:
        """Whether a country field (blank = any, a country or a group) holds the country."""
        return field_value in ("", country) or country in self.groups.get(field_value, ())

    def licence_lag(self, origin: str, destination: str, material: str, day: date, made: str = "") -> float:
        """Return the longest lag of the licences in force on a day; 0 within one country.

        ``made`` is where the goods were made, or (not told); blank where they leave from.
        """
        home, away = self.sites[origin]["country"], self.sites[destination]["country"]
        lags = [0.0]
        for row in self.tables["licences"]:
            in_force = (row["from"] or day) <= day and (row["until"] is None or day < row["until"])
            follows = row["follows"] == "origin" and made in (row["country"], UNTOLD) and row["country"] != away
            named = (row["country"] == home or follows) and row["material"] in ("", material)
            if in_force and named and home != away and self.covers(row["destination"], away):
                lags.append(row["lag_days"])
        return max(lags)

    def lanes_from(self, origin: str, material: str) -> list[Row]:
        """Return the lanes that carry the material; one that names it replaces its namesake for any material."""
        rows = [row for row in self.tables["lanes"] if row["origin"] == origin]
        named = [row for row in rows if row["material"] == material]
        ends = {(row["destination"], row["mode"]) for row in named}
        return named + [row for row in rows if row["material"] == "" and (row["destination"], row["mode"]) not in ends]

    def active(self, offer: Row, m: int) -> Period:
        """Return the days of the period on which the offer may be ordered (possibly none)."""
        period = self.periods[m]
        start = max(period.start, offer["start"] or period.start)
        return Period(start, max(start, min(period.end, offer["end"] or period.end)))

    def offer_capacity(self, offer: Row, m: int) -> float | None:
        """Return K of the offer in the period, t; None if it has neither capacity nor ramp."""
        ramps = [row for row in self.tables["ramps"] if row["offer"] == offer["offer"]]
        return capacity_in(self._sold(offer, m), offer["capacity"], ramps)

    def shut(self, stops: str, site: str, day: date, **of: str) -> bool:
        """Whether something stops at a site on a day, for what is ``of`` a supplier, destination or mode."""
        place = {
            "site": site,
            "country": self.sites[site]["country"],
            "supplier": "",
            "destination": "",
            "mode": "",
            **of,
        }
        return any(
            row["stops"] == stops
            and row["from"] <= day < row["until"]
            and all(row[name] in ("", value) for name, value in place.items())
            for row in self.tables["closures"]
        )

    def _sold(self, offer: Row, m: int) -> list[date]:
        """Return the days of the period on which the offer may be ordered, whatever its capacity."""
        days = self.active(offer, m).each
        return [day for day in days if not self.shut("orders", offer["site"], day, supplier=offer["supplier"])]

    def process_capacity(self, process: str, m: int) -> float | None:
        """Return K of the process in the period, t of activity; None if it has neither capacity nor ramp."""
        ramps = [row for row in self.tables["ramps"] if row["process"] == process]
        return capacity_in(self.running([process], m), self.processes[process]["capacity"], ramps)

    def line_capacity(self, line: str, m: int) -> float | None:
        """Return K of the line in the days on which any of its processes runs, all if none ever does."""
        ramps = [row for row in self.tables["ramps"] if row["line"] == line]
        names = [name for name, row in self.processes.items() if row["line"] == line]
        ever = any(self.running(names, n) for n in self.nodes)
        days = self.running(names, m) if ever else self.periods[m].each
        return capacity_in(days, self.lines[line]["capacity"], ramps)

    def ends(self, offer: Row) -> list[tuple[str, Row | None]]:
        """Return where an offer can be bought to, and the lane it takes."""
        ends: list[tuple[str, Row | None]] = [(offer["destination"], None)]
        if not offer["destination"]:
            lanes = self.lanes_from(offer["site"], offer["material"])
            ends = [(row["destination"], row) for row in lanes]
            ends += [(offer["site"], None)] if (offer["site"], offer["material"]) in self.wanted else []
        return [(destination, lane) for destination, lane in ends if (destination, offer["material"]) in self.usable]

    def _buys_of(self, offer: Row, m: int) -> Iterator[Move]:
        capacity = self.offer_capacity(offer, m)
        if not self._sold(offer, m) or capacity == 0:
            return
        origin, material = offer["site"], offer["material"]
        days = self._open_days(offer, m)
        for destination, lane in self.ends(offer):
            waits = self._waits(days, origin, destination, offer, maker_of(self, offer))
            move = self._move((material, origin, destination), lane, self._trips(waits, offer, destination, lane), m)
            if move.arrives or offer["offer"] in self._promised():
                yield replace(move, offer=offer)

    def _promised(self) -> set[str]:
        named = [*self.tables["awards"], *self.tables["contracts"]]
        return {row["offer"] for row in [*named, *(self.tables["last_orders"] if self.tables["change_terms"] else [])]}

    def sends(self) -> Iterator[tuple[str, str, str, Row]]:
        """Yield origin, destination, material and lane of every way for goods that are there."""
        for origin, material in sorted(self.sources):
            for lane in self.lanes_from(origin, material):
                destination = lane["destination"]
                if destination != origin and (destination, material) in self.usable:
                    yield origin, destination, material, lane

    def _ships_in(self, m: int) -> Iterator[Move]:
        for origin, destination, material, lane in self.sends():
            for mode, makers, made in self._apart(origin, destination, material, lane):
                waits = self._waits(self.periods[m].each, origin, destination, {"material": material}, made)
                ready = self.first_there.get((origin, material), math.inf)
                goods = {"site": origin, "supplier": "", "destination": ""}
                trips = [
                    (leaves._replace(first=cut.first, after=cut.after), cut)
                    for leaves, comes in self._trips(waits, goods, destination, lane)
                    for cut in self._in_time([comes], ready, 0.0)
                ]
                if trips:
                    move = self._move((material, origin, destination), lane, trips, m)
                    yield replace(move, mode=mode, makers=makers)

    def _apart(
        self, origin: str, destination: str, material: str, lane: Row
    ) -> Iterator[tuple[str, frozenset[str] | None, str]]:
        """Yield mode, whose goods (None: all), and one of them, of every way over a lane: one for each wait."""
        if not any(row["follows"] == "origin" for row in self.tables["licences"]):
            yield lane["mode"], None, ""
            return

        def waits(made: str) -> tuple[float, ...]:
            days = (day for period in self.periods for day in period.each)
            return tuple(self.licence_lag(origin, destination, material, day, made) for day in days)

        alike: dict[tuple[float, ...], list[str]] = defaultdict(list)
        for made in makers_of_all(self):
            alike[waits(made)].append(made)
        for wait, makers in alike.items():
            named = "/".join(makers if len(makers) <= 3 else [*makers[:2], f"+{len(makers) - 2}"])
            mode = (
                lane["mode"]
                if wait == waits("") or len(alike) == 1
                else ", ".join(filter(None, (lane["mode"], f"made in {named}")))
            )
            if len(alike) == 1 or self.made_at[origin, material] & set(makers):
                yield mode, None if len(alike) == 1 else frozenset(makers), makers[0]

    def _in_time(self, runs: list[Run], ready: float, days: float) -> list[Run]:
        """Return the part of some runs from the day on which all is there, of which all arrives within the horizon."""
        first = self.periods[0].start.toordinal()
        cut = [
            run._replace(
                first=max(run.first, first + ready), after=min(run.after, first + self.length - run.lead - days)
            )
            for run in runs
        ]
        return [run for run in cut if run.after - run.first > 1e-9]

    def inputs_there(self, name: str) -> float:
        """Return the first day after the start on which all inputs of a process could be there."""
        site = self.processes[name]["site"]
        return max((self.first_there.get((site, what), math.inf) for what in self.inputs(name)), default=0.0)

    def runs_of(self, name: str, m: int) -> list[Run]:
        """Return the days of a period on which a process can run, and its days."""
        row = self.processes[name]
        owners = [("process", row), *([("line", self.lines[row["line"]])] if row["line"] else [])]
        days = [day for day in self.periods[m].each if all(self._gives(*owner, day) for owner in owners)]
        days = [day for day in days if not self.shut("work", row["site"], day)]
        runs = runs_of((day.toordinal(), self.run_days(row, day)) for day in days)
        return self._in_time(runs, self.inputs_there(name), 0.0)

    def run_days(self, row: Row, day: date) -> float:
        """Return the days that a process takes from a day on, with those on which it stands still."""
        after = day
        whole = left = math.ceil(row["days"] - 1e-9) if self.tables["closures"] else 0
        while left:
            after += timedelta(days=1)
            left -= not self.shut("work", row["site"], after)
        took = (after - day).days
        return float(row["days"]) if took == whole else float(took)

    def _gives(self, kind: str, owner: Row, day: date) -> bool:
        ramps = [row for row in self.tables["ramps"] if row[kind] == owner[kind]]
        return (owner["capacity"] is None and not ramps) or capacity_on(day, owner["capacity"], ramps) > 0

    def running(self, names: list[str], m: int) -> list[date]:
        """Return the days of a period on which any of some processes runs, if only for a part of the day."""
        runs = [run for name in names for run in self.runs_of(name, m)]
        found = {n for run in runs for n in range(math.floor(run.first + 1e-9), math.ceil(run.after - 1e-9))}
        return [day for day in self.periods[m].each if day.toordinal() in found]

    def _open_days(self, offer: Row, m: int) -> list[date]:
        """Return the days of a period on which an offer is open and has any capacity."""
        return [day for day in self._sold(offer, m) if self._gives("offer", offer, day)]

    def lead(self, goods: Row, day: date) -> float:
        """Return the days until what is ordered on a day is ready; own goods are at once."""
        if goods.get("days") != "working":
            return float(goods.get("lead_days", 0.0))
        after, left = day, math.ceil(goods["lead_days"] - 1e-9)
        while left:
            after += timedelta(days=1)
            shut = self.shut("orders", goods["site"], after, supplier=goods["supplier"])
            left -= after.strftime("%a") not in ("Sat", "Sun") and not shut
        return (after - day).days

    def _waits(self, days: list[date], origin: str, destination: str, goods: Row, made: str) -> list[Run]:
        """Return some days, each with the days until goods of an offer (or own ones) leave."""
        way = origin, destination, goods["material"]
        lags = [self.licence_lag(*way, day, made) + self.lead(goods, day) for day in days]
        return runs_of((day.toordinal(), wait) for day, wait in zip(days, lags, strict=True))

    def _trips(self, waits: list[Run], goods: Row, destination: str, lane: Row | None) -> list[tuple[Run, Run]]:
        """Return runs with the days until they leave and until they arrive; single days where anything ever closes."""
        if not self.tables["closures"]:
            transit = lane["transit_days"] if lane else 0.0
            return [(run, run._replace(lead=run.lead + transit)) for run in waits]
        found = []
        for run in waits:
            for number in range(int(run.first), int(run.after)):
                leaves, comes = self.trip(date.fromordinal(number), run.lead, goods, destination, lane)
                found.append((Run(number, number + 1, leaves), Run(number, number + 1, comes)))
        return found

    def trip(self, day: date, wait: float, goods: Row, to: str, lane: Row | None) -> tuple[float, float]:
        """Return the days until departure and arrival of what is ready some days after one; the supplier's own way
        has no departure that anybody knows.
        """
        mode, ready = lane["mode"] if lane else "", day + timedelta(days=math.ceil(wait - 1e-9))
        of = {"supplier": goods["supplier"], "destination": to, "mode": mode}
        leaves = ready
        while not goods["destination"] and self.shut("loading", goods["site"], leaves, **of):
            leaves += timedelta(days=1)
        departs = wait if leaves == ready else (leaves - day).days
        due = departs + (lane["transit_days"] if lane else 0.0)
        lands = comes = day + timedelta(days=math.ceil(due - 1e-9))
        abroad = self.sites[goods["site"]]["country"] != self.sites[to]["country"]
        while self.shut("receipt", to, comes, mode=mode) or (abroad and self.shut("customs", to, comes, mode=mode)):
            comes += timedelta(days=1)
        return departs, due if comes == lands else (comes - day).days

    def _move(self, way: tuple[str, str, str], lane: Row | None, trips: list[tuple[Run, Run]], m: int) -> Move:
        material, origin, destination = way
        leaves, comes = [leave for leave, _ in trips], [come for _, come in trips]
        arrives, late = arrival_shares(self.periods, comes)
        departs, _ = arrival_shares(self.periods, leaves)
        freight = lane["freight"] if lane else 0.0
        return Move(material, destination, lane, m, comes, freight, departs, arrives, late, origin=origin)
