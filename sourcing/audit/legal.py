"""Whether a plan only does what the tables allow: known codes, legal routes, orders while an offer stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.audit.cells import Book, Row, named
from sourcing.audit.verdict import TRACE
from sourcing.replay import Replay, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcing.replay import Facts


def legal(facts: Facts, book: Book) -> tuple[Book, list[str]]:
    """Return the rows that name something the tables know, and a finding for each that does not or may not be."""
    objections: dict[str, Callable[[Facts, Row], str]] = {
        "purchases": _purchase,
        "shipments": _shipment,
        "conversions": _conversion,
        "stock": _point,
        "shortage": _point,
    }
    kept: Book = dict(book)
    findings: list[str] = []
    for table, objection in objections.items():
        kept[table] = []
        for row in book[table]:
            fact = objection(facts, row)
            if fact:
                findings.append(f"{named(table, row)}: {fact}; the row is left out of the audit")
            else:
                kept[table].append(row)
    findings.extend(_untimely(facts, kept["purchases"]))
    findings.extend(_misplaced(facts, kept["stock"]))
    return kept, findings


def _purchase(facts: Facts, row: Row) -> str:
    """Say what is wrong with the key of a purchase."""
    if row["offer"] not in facts.records.offers:
        return "the tables have no such offer"
    if (row["offer"], row["destination"], row["mode"]) not in facts.routes:
        return "the tables have no way to buy it there like that"
    return ""


def _shipment(facts: Facts, row: Row) -> str:
    """Say what is wrong with the key of a shipment."""
    if (row["origin"], row["destination"], row["material"], row["mode"]) not in facts.ships:
        return "no lane carries own material like that"
    if not facts.shipping((row["origin"], row["destination"], row["material"], row["mode"]), row["node"]):
        return "nothing that is there in that period could be sent and still arrive within the horizon"
    return ""


def _conversion(facts: Facts, row: Row) -> str:
    """Say what is wrong with the key of a conversion."""
    if row["process"] not in facts.records.processes:
        return "the tables have no such process"
    if not facts.running(row["process"], row["node"]):
        return "it cannot run in that period: without capacity or inputs, or too late to end within the horizon"
    return ""


def _point(facts: Facts, row: Row) -> str:
    """Say what is wrong with the key of a stock row."""
    return "" if (row["site"], row["material"]) in facts.points.known else "the tables have no such stock point"


def _untimely(facts: Facts, rows: list[Row]) -> list[str]:
    """Return a finding for each order in a period in which the offer has nothing to give, or nothing of it lands."""
    found, possible = [], Replay.everything(facts).buy
    for row in rows:
        key = (row["offer"], row["destination"], row["mode"])
        if row["tonnes"] <= TRACE or (*key, row["node"]) in possible:
            continue
        closed = not facts.may_order(row["offer"], row["node"])
        why = "nothing can be ordered in that period" if closed else "all of it arrives after the horizon"
        place, tonnes = words.purchase(facts, key, row["node"]), words.number(row["tonnes"])
        found.append(f"{place}: the plan orders {tonnes} t, but {why}")
    return found


def _misplaced(facts: Facts, rows: list[Row]) -> list[str]:
    """Return a finding for stock thrown away where the tables do not allow it."""
    found = []
    for row in rows:
        point = (row["site"], row["material"])
        place = words.at_point(facts, *point, row["node"])
        stock = facts.records.stocks.get(point)
        if row["disposed"] > TRACE and (stock is None or stock.disposal_cost is None):
            found.append(f"{place}: the plan disposes of {words.number(row['disposed'])} t where that is not allowed")
    return found
