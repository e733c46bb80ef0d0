"""Limits on what arrives in a window: shares, tonnes, spend, numbers of suppliers, concentration, carbon, lead."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from oracle.custody import used
from oracle.grade import grade
from oracle.lying import lying
from oracle.members import STAGES, UNKNOWN, Counted, Parts, contained, converter, members, put, stage
from oracle.network import recipe
from oracle.program import add, times, total
from oracle.tables import NOT_TOLD, Row, counts_use, filled, number, span
from oracle.whole import enough

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oracle.model import Model
    from oracle.program import Terms


def limits(model: Model) -> None:
    for row in model.case.rows("limits"):
        for nodes in windows(model, row):
            MEASURES[row["measure"]](model, row, nodes)


def windows(model: Model, row: Row) -> list[Parts]:
    """Return of each window (a period, a calendar year or the horizon) the part of each node's days that it has."""
    first, end = span(row, "from", "until")
    per = row.get("per", "") or ("period" if row["measure"] in ("grade", "facilities") else "year")
    found: dict[object, Parts] = {}
    for n, (start, after) in enumerate(model.case.nodes):
        if per == "horizon" and n >= model.case.reported and row["measure"] != "shortage":
            continue
        for ordinal in range(start, after):
            if first <= ordinal < end:
                key = {"period": n, "year": date.fromordinal(ordinal).year, "horizon": 0}[per]
                parts = found.setdefault(key, {})
                parts[n] = parts.get(n, 0.0) + 1 / (after - start)
    return list(found.values())


def converted(model: Model, row: Row, nodes: Parts) -> Iterator[tuple[str, Counted]]:
    """Yield what own processes bring to a limit's stage from what had not reached it: of the country of their site."""
    if not filled(row, "stage"):
        return
    reached = STAGES.index(row["stage"])
    for (code, n, material, m), tonnes in model.brings.items():
        process = model.case.by("processes", "process")[code]
        inputs = [line["material"] for line in recipe(model.case, code) if number(line, "quantity") < 0]
        new = stage(model, material) >= reached > max(stage(model, name) for name in inputs)
        if m in nodes and new and row.get("site", "") in ("", process["site"]):
            part = tonnes * contained(model, row, material) * nodes[m]
            yield converter(model, row, process), Counted({model.make[code, n]: part})


def counted(model: Model, row: Row, nodes: Parts) -> dict[str, Counted]:
    """Return what a limit counts of each member in a window: what arrives, or what is used."""
    if not counts_use(row):
        found = arrived(model, row, nodes)
        if row.get("counts") == "stock":
            put(found, NOT_TOLD, lying(model, row, nodes))
        return found
    found = used(model, row, nodes)
    if NOT_TOLD in found and row["measure"] != "share" and row.get("sense") != "min":
        put(found, UNKNOWN, found.pop(NOT_TOLD))
    return found


def told(found: dict[str, Counted]) -> dict[str, Counted]:
    """Return what somebody is known to be of."""
    return {code: item for code, item in found.items() if code != NOT_TOLD}


def arrived(model: Model, row: Row, nodes: Parts) -> dict[str, Counted]:
    """Return what arrives of each member in a window, by purchases and open orders; of a group all together."""
    found: dict[str, Counted] = {}
    for move in model.buys():
        part = sum(share * nodes.get(n, 0.0) for n, share in move.arrives.items())
        part *= contained(model, row, move.material)
        if part and row.get("site", "") in ("", move.destination):
            for code, share in members(model, row, move.offer).items():
                put(found, code, Counted({move.column: part * share}))
    for order in model.case.rows("open_orders"):
        node = model.case.node_of(date.fromisoformat(order["arrives"]).toordinal())
        part = number(order, "quantity") * contained(model, row, order["material"])
        if node in nodes and part and row.get("site", "") in ("", order["site"]):
            offer = model.case.by("offers", "offer").get(order.get("offer", ""))
            for code, share in members(model, row, offer).items():
                put(found, code, Counted({}, part * share * nodes[node]))
    for code, more in converted(model, row, nodes):
        put(found, code if row.get("by") else "", more)
    return found


def sums(found: dict[str, Counted]) -> Counted:
    return Counted(total(item.terms for item in found.values()), sum(item.given for item in found.values()))


def each(model: Model, row: Row, found: dict[str, Counted]) -> dict[str, Counted]:
    """Return the members that a limit speaks of: one, a group together, or each one by one."""
    wanted = row.get("member", "")
    if not wanted:
        return found
    return {wanted: sums({code: item for code, item in found.items() if model.case.names(wanted, code)})}


def side(model: Model, row: Row, item: Counted, bound: float) -> None:
    """Hold what is counted to no more, or no less, than a bound."""
    if row.get("sense") == "min":
        model.program.row(f"limit {row['limit']}", item.terms, least=bound - item.given)
    else:
        model.program.row(f"limit {row['limit']}", item.terms, most=bound - item.given)


def share(model: Model, row: Row, nodes: Parts) -> None:
    found = counted(model, row, nodes)
    everything, part = sums(found), number(row, "value")
    whole = Counted(times(everything.terms, -part), -part * everything.given)
    for item in judged(model, row, found).values():
        side(model, row, item.and_(whole), 0.0)


def judged(model: Model, row: Row, found: dict[str, Counted]) -> dict[str, Counted]:
    """Return what a limit on shares holds: what nobody tells is everybody's under a maximum."""
    items = each(model, row, told(found))
    if NOT_TOLD in found and row.get("sense") != "min":
        items = {code: item.and_(found[NOT_TOLD]) for code, item in items.items()} or {NOT_TOLD: found[NOT_TOLD]}
    return items


def tonnes(model: Model, row: Row, nodes: Parts) -> None:
    found = counted(model, row, nodes)
    if not found and row.get("sense") == "min":
        found = {row.get("member", ""): Counted({})}
    for item in each(model, row, found).values():
        side(model, row, item, number(row, "value"))


def spend(model: Model, row: Row, nodes: Parts) -> None:
    """Hold what is ordered for, in money, by the date of the order."""
    found: dict[str, Counted] = {}
    for move in model.buys():
        asked = contained(model, row, move.material) and row.get("site", "") in ("", move.destination)
        if move.node in nodes and asked and move.offer:
            for code, part in members(model, row, move.offer).items():
                put(found, code, Counted({move.column: number(move.offer, "price") * part * nodes[move.node]}))
    for item in each(model, row, found).values():
        side(model, row, item, number(row, "value"))


def suppliers(model: Model, row: Row, nodes: Parts) -> None:
    """Hold the number of members that bring more (of a minimum: as much) as counts."""
    found = told(counted(model, row, nodes))
    if filled(row, "member"):
        found = {code: item for code, item in found.items() if model.case.names(row["member"], code)}
    floor, top = number(row, "at_least"), enough(model)
    flags: Terms = {}
    for code, item in found.items():
        flag = model.program.flag(f"present {code}@{sorted(nodes.items())}")
        flags[flag] = 1.0
        if row.get("sense") == "min":
            model.program.row("enough", add(item.terms, {flag: -floor}), least=-item.given)
        else:
            model.program.row("absent", add(item.terms, {flag: -top}), most=floor - item.given)
    side(model, row, Counted(flags), number(row, "value"))


def destinations(model: Model, row: Row, nodes: Parts) -> None:
    """Hold to how many sites each member delivers more (of a minimum: as much) than counts."""
    floor, top, wanted = number(row, "at_least"), enough(model), row.get("member", "")
    flags: dict[str, Terms] = {wanted: {}} if wanted else {}
    for site in model.case.sites:
        for code, item in counted(model, row | {"site": site}, nodes).items():
            if wanted not in ("", code):
                continue
            flag = model.program.flag(f"delivers {code} {site}@{sorted(nodes.items())}")
            flags.setdefault(code, {})[flag] = 1.0
            if row.get("sense") == "min":
                model.program.row("enough", add(item.terms, {flag: -floor}), least=-item.given)
            else:
                model.program.row("absent", add(item.terms, {flag: -top}), most=floor - item.given)
    for terms in flags.values():
        side(model, row, Counted(terms), number(row, "value"))


def facilities(model: Model, row: Row, nodes: Parts) -> None:
    """Hold how many sites and processes that can be closed are open in each period."""
    for n in nodes:
        terms = {flag: 1.0 for (_, _, m), flag in model.is_open.items() if m == n}
        side(model, row, Counted(terms), number(row, "value"))


def hhi(model: Model, row: Row, nodes: Parts) -> None:
    """Hold the sum of the squared shares, by governance each times how badly its country is governed.

    Each square is cut by its tangents while the program is solved.
    """
    badly = {
        line["country"]: number(line, "value") * number(line, "trade", 1.0) for line in model.case.rows("governance")
    }
    found = counted(model, row, nodes)
    everything = sums(found)
    if not everything.terms and not everything.given:
        return
    whole = defined(model, everything)
    squares: Terms = {}
    for code, item in found.items():
        square = model.program.column("square")
        squares[square] = 1.0 if row["measure"] == "hhi" else badly.get(code, max(badly.values()))
        model.program.squares.append((square, defined(model, item), whole))
    model.program.row("hhi", add(squares, {whole: -number(row, "value") * (1 + model.case.give)}), most=0.0)


def defined(model: Model, item: Counted) -> int:
    """Return a column that is what is counted."""
    column = model.program.column("counted")
    model.program.row("counted", add(item.terms, {column: -1.0}), -item.given, -item.given)
    return column


def carbon(model: Model, row: Row, nodes: Parts) -> None:
    """Hold what is emitted by what arrives, is shipped and is made; sorted by seller only what is bought."""
    found: dict[str, Counted] = {}
    for move in model.moves:
        part = sum(share * nodes.get(n, 0.0) for n, share in move.arrives.items())
        if row.get("material", "") not in ("", move.material) or row.get("site", "") not in ("", move.destination):
            continue
        emitted = sum(number(thing, "carbon") for thing in (move.offer, move.lane) if thing)
        if move.offer is None and row.get("by"):
            continue
        for code, whose in (members(model, row, move.offer) if move.offer else {"": 1.0}).items():
            put(found, code, Counted({move.column: part * emitted * whose}))
    for order in model.case.rows("open_orders"):
        node = model.case.node_of(date.fromisoformat(order["arrives"]).toordinal())
        offer = model.case.by("offers", "offer").get(order.get("offer", ""))
        here = row.get("material", "") in ("", order["material"]) and row.get("site", "") in ("", order["site"])
        if node in nodes and offer and here:
            for code, whose in members(model, row, offer).items():
                put(found, code, Counted({}, number(order, "quantity") * number(offer, "carbon") * whose * nodes[node]))
    if not row.get("by") and not filled(row, "site") and not filled(row, "material"):
        for process in model.case.rows("processes"):
            for n in nodes:
                if (process["process"], n) in model.make:
                    column = model.make[process["process"], n]
                    put(found, "", Counted({column: number(process, "carbon") * nodes[n]}))
    for item in each(model, row, found).values():
        side(model, row, item, number(row, "value"))


def lead_days(model: Model, row: Row, nodes: Parts) -> None:
    """Hold the average days from order to arrival of what arrives."""
    found: dict[str, Counted] = {}
    for move in model.buys():
        held = contained(model, row, move.material) if row.get("site", "") in ("", move.destination) else 0.0
        late = {key: key[1] / number(row, "value") - 1 for key in move.by_lead}
        over = sum(part * late[key] * nodes.get(key[0], 0.0) for key, part in move.by_lead.items())
        if held:
            for code, whose in members(model, row, move.offer).items():
                put(found, code, Counted({move.column: over * held * whose}))
    for item in each(model, row, found).values():
        side(model, row, item, 0.0)


def shortage(model: Model, row: Row, nodes: Parts) -> None:
    """Hold what stays short, in tonnes or weighed by priority and value."""
    terms: Terms = {}
    for (point, n), column in model.short.items():
        if n in nodes and row.get("site", "") in ("", point[0]) and row.get("material", "") in ("", point[1]):
            terms[column] = nodes[n] * (model.weights[column] if row.get("counted_in") == "weighted" else 1.0)
    side(model, row, Counted(terms), number(row, "value"))


MEASURES = {
    "share": share,
    "tonnes": tonnes,
    "spend": spend,
    "suppliers": suppliers,
    "destinations": destinations,
    "facilities": facilities,
    "hhi": hhi,
    "governance_hhi": hhi,
    "grade": grade,
    "carbon": carbon,
    "lead_days": lead_days,
    "shortage": shortage,
}
