"""Rules that take whole numbers: lots, qualification, conditions, and what has to be opened or can be closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.network import Move, capacity, years_in
from oracle.program import add, total
from oracle.tables import Row, day, filled, number

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.program import Terms

Owner = tuple[str, str]


def asked(model: Model, kind: str, code: str, n: int) -> Terms:
    """Return what an owner is asked for in a node: ordered, sent or run, all its columns together."""
    if kind == "process":
        return {model.make[code, n]: 1.0} if (code, n) in model.make else {}
    if kind == "line":
        rows = [row for row in model.case.rows("processes") if row.get("line") == code]
        return add(*(asked(model, "process", row["process"], n) for row in rows))
    return {move.column: 1.0 for move in model.moves if move.node == n and owner(move, kind) == code}


def owner(move: Move, kind: str) -> str | None:
    """Return which offer, lane or service an order or a shipment belongs to."""
    if kind == "offer":
        return move.offer["offer"] if move.offer else None
    if move.lane is None:
        return None
    return move.lane.get("service") if kind == "service" else lane_code(move.lane)


def lane_code(lane: Row) -> str:
    return "/".join(lane.get(column, "") for column in ("origin", "destination", "material", "mode"))


def enough(model: Model) -> float:
    """Return more tonnes than any plan could ask for of anything in all."""
    case = model.case
    cells = [
        *(number(row, "quantity") for table in ("demand", "open_orders", "awards") for row in case.rows(table)),
        *(number(row, name) for row in case.rows("stocks") for name in ("opening", "safety", "closing")),
        *(number(row, "disposal_maximum") * 10 for row in case.rows("stocks")),
        *(number(row, name) for row in case.rows("offers") for name in ("min_lot", "lot_multiple")),
        *(number(row, "min_lot") for table in ("lanes", "services") for row in case.rows(table)),
        *(number(row, "min_run") for table in ("processes", "lines") for row in case.rows(table)),
        *(number(row, "minimum") * 10 for row in case.rows("contracts")),
        *(number(row, "at_least") * 10 for row in case.rows("limits")),
    ]
    made = [abs(number(row, "quantity")) for row in case.rows("recipes") if number(row, "quantity")]
    return 2 * sum(cells) / min([1.0, *made])


def most(model: Model, kind: str, code: str, n: int) -> float:
    """Return the most an owner can be asked for in a node: its capacity, or what no plan exceeds."""
    table = {"offer": "offers", "process": "processes", "line": "lines"}.get(kind)
    if table is None:
        return enough(model)
    return min(enough(model), capacity(model.case, model.case.by(table, kind)[code], kind, code, n))


def used(model: Model, kind: str, code: str, n: int) -> int:
    """Return the flag that says whether an owner is asked for anything in a node."""
    if (kind, code, n) not in model.used:
        flag = model.program.flag(f"used {kind} {code}@{n}")
        model.used[kind, code, n] = flag
        terms = add(asked(model, kind, code, n), {flag: -most(model, kind, code, n)})
        model.program.row(f"switch {kind} {code} {n}", terms, most=0.0)
    return model.used[kind, code, n]


def lots(model: Model) -> None:
    """Least lots, multiples, and what an order, a run or a sailing costs by itself."""
    owners = [
        *(("offer", row["offer"], row, "min_lot", "order_cost") for row in model.case.rows("offers")),
        *(("process", row["process"], row, "min_run", "run_cost") for row in model.case.rows("processes")),
        *(("line", row["line"], row, "min_run", "run_cost") for row in model.case.rows("lines")),
        *(("lane", lane_code(row), row, "min_lot", "order_cost") for row in model.case.rows("lanes")),
        *(("service", row["service"], row, "min_lot", "order_cost") for row in model.case.rows("services")),
    ]
    for kind, code, row, least, cost in owners:
        for n in model.nodes:
            terms = asked(model, kind, code, n)
            each = kind == "offer" and row.get("lot_of", "") != "period"
            if terms and (number(row, cost) or (filled(row, least) and not each)):
                flag = used(model, kind, code, n)
                model.charge(flag, number(row, cost), n)
                if not each:
                    model.program.row(f"lot {code} {n}", add(terms, {flag: -number(row, least)}), least=0.0)
            for column in terms if each else ():
                delivery(model, row, n, column)
            if terms and filled(row, "lot_multiple") and not each:
                multiple(model, row, f"{code}@{n}", terms)


def delivery(model: Model, offer: Row, n: int, column: int) -> None:
    """Hold what is ordered by one route in a node to the least lot, if anything is, and to multiples."""
    name, terms = f"{offer['offer']} {column}@{n}", {column: 1.0}
    if filled(offer, "min_lot"):
        flag = model.program.flag(f"delivered {name}")
        model.program.row(f"none {name}", add(terms, {flag: -most(model, "offer", offer["offer"], n)}), most=0.0)
        model.program.row(f"lot {name}", add(terms, {flag: -number(offer, "min_lot")}), least=0.0)
    if filled(offer, "lot_multiple"):
        multiple(model, offer, name, terms)


def multiple(model: Model, offer: Row, name: str, terms: Terms) -> None:
    """Hold what is ordered to multiples of a lot."""
    lot = {model.program.column(f"lots {name}", whole=True): -number(offer, "lot_multiple")}
    model.program.row(f"multiple {name}", add(terms, lot), 0.0, 0.0)


def qualification(model: Model) -> None:
    """Nothing is ordered or run in a period that begins before its approval."""
    starts = [first for first, _ in model.case.nodes]
    for row in model.case.rows("qualifications"):
        kind = "offer" if filled(row, "offer") else "process"
        code, days = row[kind], number(row, "days")
        flags = [model.program.flag(f"qualify {code}@{n}") for n in model.nodes]
        model.program.row(f"once {code}", dict.fromkeys(flags, 1.0), most=1.0)
        for n in model.nodes:
            model.charge(flags[n], number(row, "cost"), n)
            if filled(row, "from") and starts[n] < day(row["from"]):
                continue
            approved = {flags[m]: -most(model, kind, code, n) for m in range(n + 1) if starts[m] + days <= starts[n]}
            model.program.row(f"qualified {code} {n}", add(asked(model, kind, code, n), approved), most=0.0)


def conditions(model: Model) -> None:
    """Where one offer or process is used, as much is asked of another as counts."""
    for row in model.case.rows("conditions"):
        kind = row["kind"]
        then = model.case.by({"offer": "offers", "process": "processes"}[kind], kind)[row["then"]]
        counts = number(row, "at_least", number(then, "min_lot" if kind == "offer" else "min_run"))
        for n in model.nodes:
            if not asked(model, kind, row["if"], n):
                continue
            alike = [m for m in model.nodes if (m < model.case.reported) == (n < model.case.reported)]
            when = alike if row.get("per") == "horizon" else [n]
            second = total(asked(model, kind, row["then"], m) for m in when)
            flag = used(model, kind, row["if"], n)
            model.program.row(f"condition {n}", add(second, {flag: -counts}), least=0.0)


def facilities(model: Model) -> None:
    """Processes and sites that cost something to open or to keep open, and what a site can handle."""
    for kind, table in (("process", "processes"), ("site", "sites")):
        for row in model.case.rows(table):
            if filled(row, "opening_cost") or filled(row, "fixed_cost"):
                is_open = opened(model, row, kind)
                for n in model.nodes:
                    shut(model, kind, row[kind], n, is_open[n])
            else:
                is_open = {}
            if kind == "site" and filled(row, "capacity"):
                throughput(model, row, is_open)


def opened(model: Model, row: Row, kind: str) -> dict[int, int]:
    """Return the flags of being open by node: opened at most once, and closed for good."""
    flags, starts = {}, []
    for n in model.nodes:
        flags[n] = model.program.flag(f"open {row[kind]}@{n}")
        model.charge(flags[n], number(row, "fixed_cost") * years_in(model.case, n), n)
        before = {flags[n - 1]: -1.0} if n else {}
        there = 0.0 if n or filled(row, "opening_cost") else 1.0
        if filled(row, "opening_cost"):
            starts.append(model.program.flag(f"opened {row[kind]}@{n}"))
            model.charge(starts[-1], number(row, "opening_cost"), n)
            before[starts[-1]] = -1.0
        model.program.row(f"opens {row[kind]} {n}", add({flags[n]: 1.0}, before), most=there)
        model.is_open[kind, row[kind], n] = flags[n]
    model.program.row(f"opened once {row[kind]}", dict.fromkeys(starts, 1.0), most=1.0)
    return flags


def shut(model: Model, kind: str, code: str, n: int, flag: int) -> None:
    """Let nothing run, arrive, leave or be ordered where it is closed."""
    here = [row["process"] for row in model.case.rows("processes") if row[kind] == code]
    for process in here:
        bound = {flag: -most(model, "process", process, n)}
        model.program.row(f"run {process} {n}", add(asked(model, "process", process, n), bound), most=0.0)
    if kind == "process":
        return
    coming, given = arriving(model, code, n)
    leaving = {move.column: 1.0 for move in model.moves if move.origin == code and move.node == n}
    room = {flag: -enough(model)}
    model.program.row(f"arrival {code} {n}", add(coming, room), most=-given)
    model.program.row(f"sent {code} {n}", add(leaving, room), most=0.0)


def arriving(model: Model, site: str, n: int) -> tuple[Terms, float]:
    """Return what arrives at a site in a node, bought and shipped, and what open orders bring."""
    moves = [move for move in model.moves if move.destination == site and n in move.arrives]
    given = sum(model.coming((site, material))[n] for material in model.case.materials)
    return {move.column: move.arrives[n] for move in moves}, given


def throughput(model: Model, row: Row, is_open: dict[int, int]) -> None:
    for n in model.nodes:
        coming, given = arriving(model, row["site"], n)
        handles = number(row, "capacity") * years_in(model.case, n)
        if is_open:
            model.program.row(f"throughput {n}", add(coming, {is_open[n]: -handles}), most=-given)
        else:
            model.program.row(f"throughput {n}", coming, most=handles - given)
