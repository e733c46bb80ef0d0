"""Lots of each delivery, counted again: what of an offer comes to a site by one mode on one day is whole lots of it."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sourcing.audit.verdict import tonnes_slack
from sourcing.families.contracts.records import contracts
from sourcing.replay.rows import GRAM
from sourcing.replay.words import number, purchase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from sourcing.audit.cells import Book
    from sourcing.families.contracts.records import Contract
    from sourcing.replay import Facts, Replay

Key = tuple[str, str, str, int]


@dataclass(frozen=True)
class _Offer:
    offer: str
    min_lot: float = 0.0
    lot_multiple: float = 0.0
    lot_of: str = "delivery"


def broken_lots(facts: Facts, plan: Replay, book: Book) -> Iterator[str]:
    """Yield a finding for each delivery of orders.csv that is no whole lots, or below the least one, of its offer.

    Not of an offer whose lots are of the period and go several ways, nor where parts of an order are called off under
    contracts that sell on no day together: no delivery can have both.
    """
    ways: dict[str, int] = defaultdict(int)
    for route in facts.routes:
        ways[route[0]] += 1
    offers = {row.offer: row for row in facts.records.table("offers", _Offer)}
    known = {code: row for code, row in offers.items() if row.lot_of == "delivery" or ways[code] == 1}
    parted = _called(facts, plan)
    for (key, day), tonnes in _delivered(facts, book).items():
        offer = known.get(key[0])
        if offer is not None and (said := _broken(offer, tonnes)) and _sell_together(facts, key, parted.get(key, [])):
            yield f"table orders, {purchase(facts, key[:3], key[3])}, ordered on {day}: {number(tonnes)} t {said}"


def _delivered(facts: Facts, book: Book) -> Mapping[tuple[Key, date], float]:
    """Return t by route, period and day of order, under whatever contract."""
    found: dict[tuple[Key, date], float] = defaultdict(float)
    spans = list(zip(facts.calendar.nodes, facts.calendar.starts, facts.calendar.ends, strict=True))
    for row in book["orders"]:
        for n, start, end in spans:
            if start <= row["order_on"] < end:
                key = row["offer"], row["destination"], row["mode"], n
                found[key, row["order_on"]] += row["tonnes"]
    return found


def _broken(offer: _Offer, tonnes: float) -> str:
    """Return what is wrong with a delivery, "" if nothing is."""
    slack = GRAM + tonnes_slack(tonnes)
    if tonnes < offer.min_lot - slack:
        return f"is less than its min_lot, {number(offer.min_lot)} t"
    if offer.lot_multiple and abs(math.remainder(tonnes, offer.lot_multiple)) > slack:
        return f"is no whole number of lots of {number(offer.lot_multiple)} t"
    return ""


def _called(facts: Facts, plan: Replay) -> Mapping[Key, list[Contract]]:
    """Return by order the contracts under which some of it is called off."""
    known = {each.contract: each for each in contracts(facts)}
    found: dict[Key, list[Contract]] = defaultdict(list)
    for (code, destination, mode, n), tonnes in plan.decided.get("call", {}).items():
        if code in known and tonnes > 0:
            found[known[code].offer, destination, mode, n].append(known[code])
    return found


def _sell_together(facts: Facts, key: Key, under: list[Contract]) -> bool:
    """Say whether there is a day on which an order can be placed and all of some contracts sell."""
    first, (*route, n) = facts.calendar.starts[0], key
    spans = [span for each in under if (span := each.selling(facts, n)) is not None]
    for stretch in facts.orders[route[0], route[1], route[2]][n].stretches:
        days = [(first + timedelta(days=stretch.since), first + timedelta(days=stretch.until)), *spans]
        if max(low for low, _ in days) < min(high for _, high in days):
            return True
    return False
