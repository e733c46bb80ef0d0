"""The planning problem as a program: orders, lanes, processes, stock, demand; other rules add to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oracle import closed
from oracle.custody import Flows
from oracle.first import first_arrivals, first_there, run_days
from oracle.follows import by_wait
from oracle.limits import windows
from oracle.network import Move, Point, capacity, dated, overlap, purchases, recipe, shipments, ways, years_in
from oracle.program import Program, Terms, add, times
from oracle.safety import closing, kept_safe, lying, taken_before
from oracle.tables import INFINITE, Case, Row, day, filled, number, year_part
from oracle.use import bounds, too_much

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Model:
    """A case with the columns that rules speak of.

    Attributes
    ----------
    moves : purchases and shipments, each with its column.
    make : column by process and node; hold, short, dispose : column by site, material and node.
    balance : terms of each account, by site, material and node; ``given`` what comes into it undecided.
    first : the day on which an order can first have arrived, by point.
    running : the days on which a process can run, by node.
    lands : the day on which a run first brings anything, by process and node.
    there : the first day on which anything can be at a point.
    takes : what lanes and processes take from a point in a node.
    lots : the commodities kept apart, where a limit counts use.
    brings : what a tonne of activity brings, by process, node of the start, material and node in which it comes.
    used : the flag of an owner in a node; is_open : of a process or a site that can be closed.
    weights : of a tonne short, by its column.
    """

    case: Case
    program: Program = field(default_factory=Program)
    moves: list[Move] = field(default_factory=list)
    make: dict[tuple[str, int], int] = field(default_factory=dict)
    hold: dict[tuple[Point, int], int] = field(default_factory=dict)
    short: dict[tuple[Point, int], int] = field(default_factory=dict)
    dispose: dict[tuple[Point, int], int] = field(default_factory=dict)
    balance: dict[tuple[Point, int], Terms] = field(default_factory=dict)
    given: dict[tuple[Point, int], float] = field(default_factory=dict)
    demand: dict[Point, list[float]] = field(default_factory=dict)
    used: dict[tuple[str, str, int], int] = field(default_factory=dict)
    is_open: dict[tuple[str, str, int], int] = field(default_factory=dict)
    weights: dict[int, float] = field(default_factory=dict)
    first: dict[Point, float] = field(default_factory=dict)
    lands: dict[tuple[str, int], float] = field(default_factory=dict)
    running: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    there: dict[Point, float] = field(default_factory=dict)
    takes: dict[tuple[Point, int], Terms] = field(default_factory=dict)
    brings: dict[tuple[str, int, str, int], float] = field(default_factory=dict)
    lots: Flows = field(default_factory=Flows)

    @property
    def nodes(self) -> range:
        return range(len(self.case.nodes))

    def charge(self, column: int, dollars: float, node: int) -> None:
        """Charge dollars for a unit of a column in a node, at present value."""
        self.program.charge(column, dollars * self.case.present_value[node])

    def buys(self) -> list[Move]:
        return [move for move in self.moves if move.kind == "buy"]

    def ships(self) -> list[Move]:
        return [move for move in self.moves if move.kind == "ship"]

    def enter(self, point: Point, node: int, column: int, tonnes: float) -> None:
        """Let a column move tonnes at a point in a node."""
        terms = self.balance.setdefault((point, node), {})
        terms[column] = terms.get(column, 0.0) + tonnes

    def take(self, point: Point, node: int, column: int, tonnes: float) -> None:
        """Note that a lane or a process takes tonnes from a point in a node."""
        terms = self.takes.setdefault((point, node), {})
        terms[column] = terms.get(column, 0.0) + tonnes

    def opening(self, point: Point) -> float:
        return sum(number(row, "opening") for row in self.stocks(point))

    def stocks(self, point: Point) -> list[Row]:
        return [row for row in self.case.rows("stocks") if (row["site"], row["material"]) == point]

    def coming(self, point: Point) -> list[float]:
        """Tonnes of open orders that arrive at a point, by node."""
        tonnes = [0.0 for _ in self.nodes]
        for row in self.case.rows("open_orders"):
            node = self.case.node_of(day(row["arrives"]))
            if (row["site"], row["material"]) == point and node is not None:
                tonnes[node] += number(row, "quantity")
        return tonnes


def build(case: Case, rules: tuple[Callable[[Model], None], ...] = ()) -> Program:
    """Return the program of a case: what everything needs, then each rule's own rows."""
    model = Model(case)
    wanted(model)
    orders(model)
    lanes(model)
    processes(model)
    accounts(model)
    for rule in rules:
        rule(model)
    return model.program


def wanted(model: Model) -> None:
    for each in model.case.due:
        due = model.demand.setdefault((each.row["site"], each.row["material"]), [0.0 for _ in model.nodes])
        for n, tonnes in enumerate(model.case.spread(each)):
            due[n] += tonnes
            model.program.tonnes += tonnes


def outputs(case: Case) -> set[Point]:
    return {
        (process["site"], row["material"])
        for process in case.rows("processes")
        for row in recipe(case, process["process"])
        if number(row, "quantity") > 0
    }


def orders(model: Model) -> None:
    """Add purchases and shipments, what they bring, and what they cost."""
    case = model.case
    bought = purchases(case)
    starts = {move.point for move in bought} | outputs(case)
    starts |= {(row["site"], row["material"]) for table in ("stocks", "open_orders") for row in case.rows(table)}
    ahead = by_wait(model, bought, ways(case, starts))
    model.first = first_arrivals(model, bought + ahead, {})
    model.there = first_there(model, bought + ahead)
    model.moves = bought
    for way in ahead:
        model.moves += shipments(case, way, model.there.get((way.origin, way.material), INFINITE))
    for move in model.moves:
        move.column = model.program.column(f"{'/'.join(move.way)}@{move.node}")
        for n, part in move.arrives.items():
            model.enter(move.point, n, move.column, part)
            model.charge(move.column, move.freight * part, n)
        model.charge(move.column, move.freight * move.late, model.nodes[-1])
        for n, dollars in move.duty.items():
            model.charge(move.column, dollars, n)
        if move.offer is not None:
            model.charge(move.column, number(move.offer, "price") + number(move.offer, "preference"), move.node)
        else:
            model.enter((move.origin, move.material), move.node, move.column, -1.0)
            model.take((move.origin, move.material), move.node, move.column, 1.0)
    for offer in case.rows("offers"):
        for n in model.nodes:
            terms = {m.column: 1.0 for m in model.buys() if m.offer is offer and m.node == n}
            most = capacity(case, offer, "offer", offer["offer"], n)
            if most < INFINITE:
                model.program.row(f"offer {offer['offer']} {n}", terms, most=most)


def lanes(model: Model) -> None:
    for lane in model.case.rows("lanes"):
        if not filled(lane, "capacity"):
            continue
        for n in model.nodes:
            terms = {m.column: m.departs[n] for m in model.moves if m.lane is lane and n in m.departs}
            model.program.row(f"lane {n}", terms, most=number(lane, "capacity") * years_in(model.case, n))


def processes(model: Model) -> None:
    """Add runs on the days on which they can be: inputs at once, outputs after the process's days."""
    case = model.case
    for process in case.rows("processes"):
        code = process["process"]
        for n in model.nodes:
            days = run_days(model, process, model.there, n)
            if not days:
                continue
            model.running[code, n] = days
            model.lands[code, n] = min(ordinal + closed.takes(case, process, ordinal) for ordinal in days)
            most = sum(dated(case, process, "process", code, ordinal) * year_part(ordinal) for ordinal in days)
            column = model.program.column(f"make {code}@{n}", most)
            model.make[code, n] = column
            model.charge(column, number(process, "cost"), n)
            run(model, process, n, days)
    for line in case.rows("lines"):
        members = [row["process"] for row in case.rows("processes") if row.get("line") == line["line"]]
        for n in model.nodes:
            days = sorted({ordinal for code in members for ordinal in model.running.get((code, n), [])})
            most = sum(dated(case, line, "line", line["line"], ordinal) * year_part(ordinal) for ordinal in days)
            terms = {model.make[code, n]: 1.0 for code in members if (code, n) in model.make}
            if most < INFINITE:
                model.program.row(f"line {n}", terms, most=most)


def run(model: Model, process: Row, n: int, days: list[int]) -> None:
    """Let a run take its inputs in its node and bring its outputs when they are done."""
    column = model.make[process["process"], n]
    for row in recipe(model.case, process["process"]):
        point, tonnes = (process["site"], row["material"]), number(row, "quantity")
        if tonnes < 0:
            model.enter(point, n, column, tonnes)
            model.take(point, n, column, -tonnes)
            continue
        for ordinal in days:
            through = ordinal + closed.takes(model.case, process, ordinal)
            for m, part in overlap(model.case, through, through + 1):
                model.enter(point, m, column, tonnes * part / len(days))
                key = process["process"], n, row["material"], m
                model.brings[key] = model.brings.get(key, 0.0) + tonnes * part / len(days)


def points(model: Model) -> list[Point]:
    """Return every point that something moves at."""
    found = {point for point, _ in model.balance} | set(model.demand)
    found |= {(row["site"], row["material"]) for table in ("stocks", "open_orders") for row in model.case.rows(table)}
    return sorted(found)


def accounts(model: Model) -> None:
    """Add stock, disposal, shortage and the balance of every point."""
    most = bounds(model, points(model))
    over = too_much(model, points(model))
    for point in points(model):
        coming = model.coming(point)
        for n in model.nodes:
            column = model.program.column(f"hold {point}@{n}")
            model.hold[point, n] = column
            if passes_only(model, point):
                model.program.most(column, 0.0)
            tail = model.case.reported < len(model.nodes)
            if most[point][n] < INFINITE and (n == model.nodes[-1] or not tail):  # of a tail, what is left at its end
                spare = times(over.get((point, n), {}), -1.0)
                model.program.row(f"use {point} {n}", add({column: 1.0}, spare), most=most[point][n])
            model.enter(point, n, column, -1.0)
            if n:
                model.enter(point, n, model.hold[point, n - 1], 1.0)
            kept(model, point, n)
            missing(model, point, n)
            given = coming[n] + (model.opening(point) if n == 0 else 0.0)
            need = model.demand.get(point, [0.0 for _ in model.nodes])[n] - given
            model.program.row(f"balance {point} {n}", model.balance.pop((point, n)), need, need)


def passes_only(model: Model, point: Point) -> bool:
    """Whether goods are only sent on from a point: nothing is asked for, used or made there, and no row keeps any."""
    case = model.case
    worked = {
        (process["site"], row["material"])
        for process in case.rows("processes")
        for row in recipe(case, process["process"])
    }
    leaves = any((move.origin, move.material) == point for move in model.ships())
    return leaves and point not in worked and point not in model.demand and not model.stocks(point)


def kept(model: Model, point: Point, n: int) -> None:
    """Hold stock between what has to be there and what there is room for; let go of some where that has a price."""
    column, length = model.hold[point, n], years_in(model.case, n)
    for row in model.stocks(point):
        if number(row, "safety") or number(row, "safety_days"):
            there = add({column: 1.0}, taken_before(model, point, n))
            model.program.row(f"safety {point} {n}", there, least=kept_safe(model, row, n))
        if n == (model.case.reported - 1 if filled(row, "closing") else model.nodes[-1]):
            model.program.row(f"closing {point}", {column: 1.0}, least=closing(model, row))
        if filled(row, "maximum"):
            most = max(number(row, "maximum"), lying(model, point, n))
            model.program.row(f"maximum {point} {n}", {column: 1.0}, most=most)
        model.charge(column, number(row, "holding_cost") * length, n)
        if filled(row, "disposal_cost"):
            gone = model.program.column(f"dispose {point}@{n}", number(row, "disposal_maximum", INFINITE) * length)
            model.dispose[point, n] = gone
            model.enter(point, n, gone, -1.0)
            model.charge(gone, number(row, "disposal_cost"), n)


def missing(model: Model, point: Point, n: int) -> None:
    """Let demand stay short where the question lets it, weighed or priced."""
    case = model.case
    rows = [each for each in case.due if (each.row["site"], each.row["material"]) == point]
    due = [(each.row, case.spread(each)[n]) for each in rows]
    tonnes = sum(part for _, part in due)
    if tonnes <= 0 or not may_stay_short(model, point, n):
        return
    column = model.program.column(f"short {point}@{n}", tonnes)
    model.short[point, n] = column
    model.enter(point, n, column, 1.0)
    material = case.materials[point[1]]
    weight = sum(number(row, "priority", 1.0) * part for row, part in due) / tonnes
    model.weights[column] = weight * number(material, "value", 1.0)
    if case.shortage == "priced":
        prices = [number(row, "shortage_cost", number(material, "shortage_cost")) * part for row, part in due]
        model.charge(column, sum(prices) / tonnes, n)
    elif case.shortage == "least":
        model.program.shortage[column] = model.weights[column]


def may_stay_short(model: Model, point: Point, n: int) -> bool:
    """Whether the question lets a demand stay short: limited means where a limit on shortage counts it."""
    if model.case.shortage != "limited":
        return model.case.shortage in ("least", "priced")
    return any(
        row["measure"] == "shortage"
        and row.get("site", "") in ("", point[0])
        and row.get("material", "") in ("", point[1])
        and any(n in parts for parts in windows(model, row))
        for row in model.case.rows("limits")
    )
