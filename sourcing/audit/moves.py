"""Purchases, shipments and conversions: every column beside the tonnes follows from the tables."""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.replay import words
from sourcing.replay.licence import licence_lag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from sourcing.audit.cells import Book, Row
    from sourcing.replay import Facts

    Bills = Mapping[tuple[str, tuple[object, ...]], float]

_ENDS = ("from", "until")
_TOLD = ("supplier", "site", "country", "material")
_OF_OFFER = itemgetter(*_TOLD)
_DAYS = itemgetter("order_from", "order_until", "arrives_from", "arrives_until")


def moves(facts: Facts, book: Book, bills: Bills) -> Iterator[str]:
    """Yield a finding for each wrong cell; ``bills`` is USD by head and column key, recomputed by the checks."""
    for row in book["purchases"]:
        yield from _purchase(facts, row, bills)
    for row in book["shipments"]:
        yield from _shipment(facts, row, bills)
    for row in book["conversions"]:
        yield from _conversion(facts, row, bills)


def _purchase(facts: Facts, row: Row, bills: Bills) -> Iterator[str]:
    """Yield the findings on one purchase."""
    key, m, amount = (row["offer"], row["destination"], row["mode"]), row["node"], row["tonnes"]
    offer, passage = facts.records.offers[row["offer"]], facts.orders[key][m]
    place = partial(words.purchase, facts, key, m)
    told = facts.once(_sold, offer.offer)
    if _OF_OFFER(row) != told:
        yield from compare.said(place, row, dict(zip(_TOLD, told, strict=True)), "the tables say")
    if _DAYS(row) != (*passage.placed, *passage.window):
        yield from compare.said(place, row, _dates(order=passage.placed, arrives=passage.window), "the calendar says")
    yield from compare.tonnes(place, row, {"late_tonnes": amount * passage.after}, amount)
    column = (*key, m)
    own = {
        "purchase": (bills.get(("purchase", column), 0.0), compare.rate(amount, offer.price)),
        "freight": (bills.get(("freight", column), 0.0), compare.rate(amount, facts.routes[key].freight)),
        "duty": (bills.get(("duty", column), 0.0), compare.tariffs(amount)),
    }
    yield from compare.money(place, row, own)


def _sold(facts: Facts, code: str) -> tuple[str, ...]:
    """Return what a purchase repeats of its offer, in the order of ``_TOLD``."""
    offer = facts.records.offers[code]
    return offer.supplier, offer.site, facts.origin_country(code), offer.material


def _shipment(facts: Facts, row: Row, bills: Bills) -> Iterator[str]:
    """Yield the findings on one own shipment."""
    key, m, amount = (row["origin"], row["destination"], row["material"], row["mode"]), row["node"], row["tonnes"]
    place = partial(words.shipment, facts, key, m)
    passage, departure = facts.shipped(key, m), facts.shipped(key, m, to_arrival=False)
    dates: dict[str, object] = _dates(departs=departure.window, arrives=passage.window)
    if "licence_days" in row:
        dates["licence_days"] = licence_lag(facts.records, facts.sent_by(key), passage.placed[0])
    yield from compare.said(place, row, dates, "the calendar says")
    yield from compare.tonnes(place, row, {"late_tonnes": amount * passage.after}, amount)
    own = {
        "freight": (bills.get(("freight", (*key, m)), 0.0), compare.rate(amount, facts.ships[key].freight)),
        "duty": (bills.get(("duty", (*key, m)), 0.0), compare.tariffs(amount)),
    }
    yield from compare.money(place, row, own)


def _conversion(facts: Facts, row: Row, bills: Bills) -> Iterator[str]:
    """Yield the findings on one process run."""
    process, m, amount = facts.records.processes[row["process"]], row["node"], row["tonnes"]
    place = partial(words.conversion, facts, process.process, m)
    yield from compare.said(place, row, {"site": process.site}, "the tables say")
    late = amount * facts.run(process.process, m).after
    yield from compare.tonnes(place, row, {"late_tonnes": late}, amount)
    bill = bills.get(("conversion", (process.process, m)), 0.0)
    yield from compare.money(place, row, {"conversion": (bill, compare.rate(amount, process.cost))})


def _dates(**events: tuple[date, date]) -> dict[str, object]:
    """Return <name>_from and <name>_until of each event."""
    return {f"{name}_{end}": day for name, days in events.items() for end, day in zip(_ENDS, days, strict=True)}
