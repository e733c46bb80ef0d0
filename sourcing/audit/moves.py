"""Purchases, shipments and conversions: every column beside the tonnes follows from the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.replay import words
from sourcing.replay.lead import split, window

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sourcing.audit.cells import Book, Row
    from sourcing.replay import Facts
    from sourcing.replay.lead import Stretch

    Bills = Mapping[tuple[str, tuple[object, ...]], float]


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
    offer, route = facts.records.offers[row["offer"]], facts.routes[key]
    place = words.purchase(facts, key, m)
    stretches = facts.ordering(route, m)
    facts_of = {
        "supplier": offer.supplier,
        "site": offer.site,
        "country": facts.origin_country(offer.offer),
        "material": offer.material,
    }
    yield from compare.said(place, row, facts_of, "the tables say")
    ordered = [each._replace(days=0.0) for each in stretches]
    dates = _dates(facts, {"order": ordered, "arrives": stretches})
    yield from compare.said(place, row, dates, "the calendar says")
    late = amount * split(facts.calendar, stretches).late
    yield from compare.tonnes(place, row, {"late_tonnes": late}, amount)
    column = (*key, m)
    own = {
        "purchase": (bills.get(("purchase", column), 0.0), compare.rate(amount, offer.price)),
        "freight": (bills.get(("freight", column), 0.0), compare.rate(amount, route.freight)),
        "duty": (bills.get(("duty", column), 0.0), compare.tariffs(amount)),
    }
    yield from compare.money(place, row, own)


def _shipment(facts: Facts, row: Row, bills: Bills) -> Iterator[str]:
    """Yield the findings on one own shipment."""
    key, m, amount = (row["origin"], row["destination"], row["material"], row["mode"]), row["node"], row["tonnes"]
    place = words.shipment(facts, key, m)
    stretches = facts.shipping(key, m)
    dates = _dates(facts, {"departs": facts.shipping(key, m, to_arrival=False), "arrives": stretches})
    yield from compare.said(place, row, dates, "the calendar says")
    late = amount * split(facts.calendar, stretches).late
    yield from compare.tonnes(place, row, {"late_tonnes": late}, amount)
    own = {
        "freight": (bills.get(("freight", (*key, m)), 0.0), compare.rate(amount, facts.ships[key].freight)),
        "duty": (bills.get(("duty", (*key, m)), 0.0), compare.tariffs(amount)),
    }
    yield from compare.money(place, row, own)


def _conversion(facts: Facts, row: Row, bills: Bills) -> Iterator[str]:
    """Yield the findings on one process run."""
    process, m, amount = facts.records.processes[row["process"]], row["node"], row["tonnes"]
    place = words.conversion(facts, process.process, m)
    yield from compare.said(place, row, {"site": process.site}, "the tables say")
    late = amount * split(facts.calendar, facts.running(process.process, m)).late
    yield from compare.tonnes(place, row, {"late_tonnes": late}, amount)
    bill = bills.get(("conversion", (process.process, m)), 0.0)
    yield from compare.money(place, row, {"conversion": (bill, compare.rate(amount, process.cost))})


def _dates(facts: Facts, events: Mapping[str, Sequence[Stretch]]) -> dict[str, object]:
    """Return <name>_from and <name>_until of each event: the days of decision, and how long after it comes."""
    found: dict[str, object] = {}
    for name, stretches in events.items():
        found[f"{name}_from"], found[f"{name}_until"] = window(facts.calendar, stretches)
    return found
