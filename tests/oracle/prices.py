"""Rules of price and of today's suppliers, by calendar year: tiers, incumbents; awards by hand and common splits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from oracle.network import Move, years_in
from oracle.program import add, times, total
from oracle.tables import calendar_span, filled, number
from oracle.whole import enough

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.program import Terms
    from oracle.tables import Row


def calendar_years(model: Model) -> dict[int, list[int]]:
    """Return the nodes of each calendar year: those that start in it."""
    found: dict[int, list[int]] = {}
    for n, (first, _) in enumerate(model.case.nodes):
        found.setdefault(date.fromordinal(first).year, []).append(n)
    return found


def ordered(model: Model, nodes: list[int], **cells: str) -> Terms:
    """Return what is ordered in some nodes of offers with such cells."""
    return {
        move.column: 1.0
        for move in model.buys()
        if move.node in nodes and move.offer and all(move.offer[name] == value for name, value in cells.items())
    }


def tiers(model: Model) -> None:
    """Prices that change with what is ordered in a year."""
    owners: dict[tuple[str, str], list[Row]] = {}
    for row in model.case.rows("tiers"):
        kind = "offer" if filled(row, "offer") else "supplier"
        owners.setdefault((kind, row[kind]), []).append(row)
    for (kind, code), rows in owners.items():
        rows.sort(key=lambda row: number(row, "above"))
        for nodes in calendar_years(model).values():
            priced(model, [row for row in model.case.rows("offers") if row[kind] == code], rows, nodes)


def priced(model: Model, offers: list[Row], rows: list[Row], nodes: list[int]) -> None:
    """Price one year of an owner in one of its tiers; tier 0 has the offers' own prices."""
    length = sum(years_in(model.case, n) for n in nodes)
    begins = [0.0, *(number(row, "above") * length for row in rows)]
    value = rows[0].get("counted_in") == "value"
    top = enough(model) * (max(number(offer, "price") for offer in offers) + 1 if value else 1.0)
    flags = [model.program.flag(f"reached {j}@{nodes[-1]}") for j in range(len(begins))]
    model.program.row("tiers of a year", dict.fromkeys(flags, 1.0), 1.0, 1.0)
    parts: dict[str, Terms] = {offer["offer"]: {} for offer in offers}
    for j, flag in enumerate(flags):
        counted: Terms = {}
        for offer in offers:
            price = number(offer, "price")
            column = model.program.column(f"tier {j} {offer['offer']}@{nodes[-1]}")
            parts[offer["offer"]][column] = 1.0
            counted[column] = price if value else 1.0
            model.charge(column, off(rows[j - 1], price) if j else 0.0, nodes[-1])
        end = begins[j + 1] if j + 1 < len(begins) else max(top, begins[j])
        model.program.row("tier from", add(counted, {flag: -begins[j]}), least=0.0)
        model.program.row("tier to", add(counted, {flag: -end}), most=0.0)
        if rows[0]["kind"] == "incremental" and j:
            model.charge(flag, below(offers[0], rows, begins, j, value=value), nodes[-1])
    for offer in offers:
        made = times(ordered(model, nodes, offer=offer["offer"]), -1.0)
        model.program.row("tiers", add(parts[offer["offer"]], made), 0.0, 0.0)


def off(row: Row, price: float) -> float:
    """Return by how much a tier's price of a tonne differs from the offer's."""
    return number(row, "price") - price if filled(row, "offer") else -number(row, "discount") * price


def below(offer: Row, rows: list[Row], begins: list[float], j: int, *, value: bool) -> float:
    """Return what the tonnes below an incremental tier are charged apart from its own price."""
    price = number(offer, "price")
    rates = [0.0, *(-number(row, "discount") if value else off(row, price) for row in rows)]
    return sum((rates[i] - rates[j]) * (begins[i + 1] - begins[i]) for i in range(j))


def incumbents(model: Model) -> None:
    """What is bought from today's suppliers and moves away costs something, and only so much may."""
    for nodes in calendar_years(model).values():
        length = sum(years_in(model.case, n) for n in nodes)
        moved: dict[str, tuple[Terms, Terms, float]] = {}
        for row in model.case.rows("incumbents"):
            offer = model.case.by("offers", "offer")[row["offer"]]
            today = times(ordered(model, nodes, material=offer["material"]), number(row, "share"))
            fixed = number(row, "quantity") * length
            column = model.program.column(f"moved {row['offer']}@{nodes[-1]}")
            model.charge(column, number(row, "switching_cost"), nodes[-1])
            own = ordered(model, nodes, offer=row["offer"])
            model.program.row("move", add({column: 1.0}, times(today, -1.0), own), least=fixed)
            away(model, row, {column: 1.0}, today, fixed, length)
            before = moved.get(offer["material"], ({}, {}, 0.0))
            moved[offer["material"]] = (add(before[0], {column: 1.0}), add(before[1], today), before[2] + fixed)
        for material, (columns, today, fixed) in moved.items():
            away(model, model.case.materials[material], columns, today, fixed, length)


def away(model: Model, row: Row, columns: Terms, today: Terms, fixed: float, length: float) -> None:
    """Hold what moves away to tonnes a year or to a share of today's purchases."""
    if filled(row, "may_move"):
        model.program.row("may move", columns, most=number(row, "may_move") * length)
    if filled(row, "may_move_share"):
        part = number(row, "may_move_share")
        model.program.row("may move", add(columns, times(today, -part)), most=part * fixed)


def awards(model: Model) -> None:
    """What is fixed by hand is ordered, no less and no more."""
    case = model.case
    for row in case.rows("awards"):
        first, end = calendar_span(row["period"])
        offer = case.by("offers", "offer")[row["offer"]]
        own: list[Terms] = []
        everything: list[Terms] = []
        for move in model.buys():
            if filled(row, "site") and move.destination != row["site"]:
                continue
            part = within(move, first, end)
            if part and move.material == offer["material"]:
                everything.append({move.column: part})
                if move.offer is offer or (move.offer and move.offer["offer"] == offer["offer"]):
                    own.append({move.column: part})
        ours, of_all = total(own), total(everything)
        if filled(row, "share"):
            model.program.row("award", add(ours, times(of_all, -number(row, "share"))), 0.0, 0.0)
        else:
            inside = max(0, min(end, case.nodes[-1][1]) - max(first, case.nodes[0][0])) / (end - first)
            quantity = number(row, "quantity") * inside
            model.program.row("award", ours, quantity, quantity)


def within(move: Move, first: int, end: int) -> float:
    """Return the part of an order that is placed on some days."""
    return sum(first <= ordinal < end for ordinal in move.days) / len(move.days)


def splits(model: Model) -> None:
    """Each site of a split gets its part of whatever comes from a supplier to all of them, by calendar year."""
    case = model.case
    for name in dict.fromkeys(row["split"] for row in case.rows("splits")):
        rows = [row for row in case.rows("splits") if row["split"] == name]
        material, sites = rows[0]["material"], {row["site"] for row in rows}
        suppliers = {row["supplier"] for row in case.rows("offers") if row["material"] == material}
        for nodes in calendar_years(model).values():
            due = {
                site: sum(model.demand.get((site, material), [0.0] * len(model.nodes))[n] for n in nodes)
                for site in sites
            }
            needs = {row["site"]: number(row, "weight", due[row["site"]]) for row in rows}
            if not sum(needs.values()):
                continue
            for supplier in sorted(suppliers):
                got = {site: brought(model, site, material, nodes, supplier) for site in sites}
                for row in rows:
                    site = row["site"]
                    part = times(total(got.values()), -needs[site] / sum(needs.values()))
                    room = times(brought(model, site, material, nodes, ""), number(row, "within"))
                    model.program.row("split", add(got[site], part, room), least=0.0)
                    model.program.row("split", add(got[site], part, times(room, -1.0)), most=0.0)


def brought(model: Model, site: str, material: str, nodes: list[int], supplier: str) -> Terms:
    """Return what a supplier's orders (blank: everybody's) bring to a site in some nodes."""
    return {
        move.column: sum(part for n, part in move.arrives.items() if n in nodes)
        for move in model.buys()
        if move.point == (site, material) and move.offer and supplier in ("", move.offer["supplier"])
    }
