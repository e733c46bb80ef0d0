"""Decide-by dates of real options, counted again from what a plan's tables say: decisions, orders, purchases, runs.

What a row of options.csv means is in docs/plan.md; nothing here is of ``sourcing.daily``, which writes it. The orders
are those of orders.csv, which is compared by itself, and those that the tail would place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from sourcing.replay import words
from sourcing.replay.qualification import Qualification

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from sourcing.audit.cells import Book, Row
    from sourcing.replay import Facts

_DUST = 1e-9
"""Days: what is left of a day by rounding is no day."""


@dataclass(frozen=True)
class _Contract:
    contract: str
    offer: str
    since: date | None = None
    fee: float = 0.0
    prepayment: float = 0.0
    exit_cost: float | None = None


@dataclass(frozen=True)
class _Quoted:
    offer: str
    quoted_until: date | None = None


@dataclass(frozen=True)
class _Plant:
    site: str
    process: str = ""
    opening_cost: float | None = None


def options_again(facts: Facts, book: Book, later: Iterable[Row]) -> list[Row]:
    """Return the rows that options.csv has to have.

    Parameters
    ----------
    book : the rows of the plan's tables.
    later : the orders that the tail would place, as rows of orders.csv; that has none of them.
    """
    orders = [*book["orders"], *later]
    every = chain(
        _approvals(facts, book),
        _contracts(facts, book, orders),
        _quotations(facts, orders),
        _licences(facts, orders),
        _facilities(facts, book),
    )
    return [row for row in every if row["decide_by"] < facts.calendar.reported_end]


def _says_yes(book: Book, decision: str, key: str) -> list[int]:
    """Return the periods in which the plan decides for something."""
    rows = (row for row in book["decisions"] if (row["decision"], row["key"]) == (decision, key))
    return [row["node"] for row in rows if row["value"] > 1 / 2]


def _approvals(facts: Facts, book: Book) -> Iterator[Row]:
    """Yield each approval that is begun: it has to be there on the first day of the first period it is used in.

    It is not needed in a period that begins before its ``from``.
    """
    for gate in facts.records.table("qualifications", Qualification):
        kind, code, since = gate.key
        moved = [(facts.calendar.starts[row["node"]], row["tonnes"]) for row in _moved(book, kind, code)]
        under = [(day, tonnes) for day, tonnes in moved if gate.since is None or gate.since <= day]
        key = "|".join(gate.key)
        if under and _says_yes(book, "qualify", key):
            first = min(day for day, _ in under)
            who = words.offered(facts, code) if kind == "offer" else words.user(facts, (kind, code))
            what = f"approval of {who}" + (f" as it is from {since} on" if since else "")
            due = first - timedelta(days=math.ceil(gate.days - _DUST))
            whose = _of_offer(facts, code) if kind == "offer" else {}
            yield _row("approval", key, (due, first), gate.cost, what, tonnes=math.fsum(t for _, t in under), **whose)


def _moved(book: Book, kind: str, code: str) -> list[Row]:
    """Return what is ordered of an offer, or run by a process."""
    rows = book["purchases" if kind == "offer" else "conversions"]
    return [row for row in rows if row[kind] == code and row["tonnes"] > 0]


def _contracts(facts: Facts, book: Book, orders: list[Row]) -> Iterator[Row]:
    """Yield each contract that is signed, due with its first call-off, or left, which is due on the first day."""
    start, last_days = facts.calendar.starts[0], _last_days(facts)
    for terms in facts.records.table("contracts", _Contract):
        code, whose = terms.contract, _of_offer(facts, terms.offer)
        what = f"contract {code} with {words.offered(facts, terms.offer)}"
        called = [row for row in orders if row["contract"] == code]
        if _says_yes(book, "sign", code):
            begins = start if terms.since is None else max(start, terms.since)
            first = min([row["order_on"] for row in called], default=begins)
            days = min(first, last_days.get(terms.offer, first)), first
            cost, tonnes = terms.fee + terms.prepayment, math.fsum(row["tonnes"] for row in called)
            yield _row("contract", code, days, cost, what, tonnes=tonnes, **whose)
        elif _says_yes(book, "leave", code):
            yield _row("leaving", code, (start, start), terms.exit_cost or 0.0, f"leaving {what}", tonnes=0.0, **whose)


def _last_days(facts: Facts) -> dict[str, date]:
    rows = facts.records.table("offers", _Quoted)
    return {row.offer: row.quoted_until for row in rows if row.quoted_until is not None}


def _quotations(facts: Facts, orders: list[Row]) -> Iterator[Row]:
    """Yield each quotation that ends and is ordered on: due with the first order, but by its last day."""
    for code, last in _last_days(facts).items():
        rows = [row for row in orders if row["offer"] == code]
        if rows:
            first = min(row["order_on"] for row in rows)
            what = f"quotation of {words.offered(facts, code)}, which ends on {last}"
            tonnes = math.fsum(row["tonnes"] for row in rows)
            yield _row("quotation", code, (min(first, last), first), 0.0, what, tonnes=tonnes, **_of_offer(facts, code))


def _licences(facts: Facts, orders: list[Row]) -> Iterator[Row]:
    """Yield each export licence of a supplier for a material and a destination that orders have to be applied for."""
    asking = [row for row in orders if row["apply_by"] is not None]
    for whose in {tuple(row[name] for name in ("supplier", "material", "destination")) for row in asking}:
        supplier, material, site = whose
        rows = [row for row in asking if (row["supplier"], row["material"], row["destination"]) == whose]
        days = min(row["apply_by"] for row in rows), min(row["order_on"] for row in rows)
        goods = f"{supplier} {words.material(facts, material)} to {words.site(facts, site)}"
        named = {"supplier": supplier, "material": material, "destination": site}
        tonnes = math.fsum(row["tonnes"] for row in rows)
        yield _row("licence", "|".join(whose), days, 0.0, f"export licence for {goods}", tonnes=tonnes, **named)


def _facilities(facts: Facts, book: Book) -> Iterator[Row]:
    """Yield each process and site that is opened, due when that period begins."""
    for table in ("processes", "sites"):
        for plant in facts.records.table(table, _Plant):
            if plant.opening_cost is None:
                continue
            kind, code = ("process", plant.process) if table == "processes" else ("site", plant.site)
            tonnes = math.fsum(row["tonnes"] for row in _moved(book, kind, code)) if kind == "process" else None
            what = f"opening {words.user(facts, (kind, code))}"
            for n in _says_yes(book, "opened", f"{kind}|{code}"):
                day = facts.calendar.starts[n]
                yield _row("facility", f"{kind}|{code}", (day, day), plant.opening_cost, what, tonnes=tonnes)


def _row(kind: str, option: str, days: tuple[date, date], cost: float, what: str, **cells: Any) -> Row:
    """Return a row; ``days`` are the last to decide on and the first of use."""
    row: Row = {"kind": kind, "option": option, "decide_by": days[0], "needed_on": days[1], "cost": cost, "words": what}
    return {**row, "supplier": "", "material": "", "destination": "", **cells}


def _of_offer(facts: Facts, code: str) -> dict[str, str]:
    offer = facts.records.offers[code]
    return {"supplier": offer.supplier, "material": offer.material}
