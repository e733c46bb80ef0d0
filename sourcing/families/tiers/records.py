"""Price tiers: who has them, where each begins in a year, and what it adds to the offers' prices."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.calendar_years import calendar_years, part_of_year
from sourcing.replay.useful import useful

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Offer
    from sourcing.replay.useful import Uses

Owner = tuple[str, str]


@dataclass(frozen=True)
class _Row:
    above: float
    kind: str
    offer: str = ""
    supplier: str = ""
    counted_in: str = "tonnes"
    price: float | None = None
    discount: float = 0.0


@dataclass(frozen=True)
class Tier:
    """One tier: where it begins and the next does [t or USD per year], and what it adds per t, or as a share."""

    begins: float
    ends: float
    rate: float
    lower: float
    """What lower tiers charge apart from it, USD per year; 0 unless incremental."""
    label: str


@dataclass(frozen=True)
class Schedule:
    """The tiers of one owner, the offers' own price first, and its offers.

    ``sliced``: incremental and never cheaper, so that each tier is priced by itself.
    """

    tiers: tuple[Tier, ...]
    offers: tuple[Offer, ...]
    sliced: bool
    by_value: bool
    of_supplier: bool

    def counts(self, offer: Offer) -> float:
        """Return what a tonne of an offer counts: 1, or USD."""
        return offer.price if self.by_value else 1.0

    def per_tonne(self, tier: Tier, offer: Offer) -> float:
        """Return what a tier adds to the price of a tonne of an offer."""
        return tier.rate * offer.price if self.of_supplier else tier.rate


def schedules(facts: Facts) -> dict[Owner, Schedule]:
    """Return the tiers of every offer and supplier that has any."""
    rows: dict[Owner, list[_Row]] = defaultdict(list)
    for row in facts.records.table("tiers", _Row):
        rows[("offer", row.offer) if row.offer else ("supplier", row.supplier)].append(row)
    return {owner: _schedule(facts, owner, sorted(mine, key=lambda row: row.above)) for owner, mine in rows.items()}


def _schedule(facts: Facts, owner: Owner, rows: list[_Row]) -> Schedule:
    kind, code = owner
    offers = tuple(
        offer for offer in facts.records.offers.values() if code == (offer.offer if kind == "offer" else offer.supplier)
    )
    rates = [0.0] + [-row.discount if row.price is None else row.price - offers[0].price for row in rows]
    begins = [0.0] + [row.above for row in rows]
    ends = [*begins[1:], math.inf]
    incremental, by_value = rows[0].kind == "incremental", rows[0].counted_in == "value"
    tiers = []
    for j, (first, last, rate) in enumerate(zip(begins, ends, rates, strict=True)):
        lower = sum((rates[i] - rate) * (ends[i] - begins[i]) for i in range(j)) if incremental else 0.0
        text = f"{first:,.6f}".rstrip("0").rstrip(".")
        tiers.append(Tier(first, last, rate, lower, text + (" USD" if by_value else " t")))
    sliced = incremental and rates == sorted(rates)
    return Schedule(tuple(tiers), offers, sliced, by_value, kind == "supplier")


def most_by_owner(facts: Facts, known: dict[Owner, Schedule]) -> dict[tuple[Owner, int], float]:
    """Return the most that can be counted for each owner whose tiers are not sliced, by the last period of the year."""
    whole = {owner: schedule for owner, schedule in known.items() if not schedule.sliced}
    if not whole:
        return {}
    use, found = useful(facts), {}
    for owner, schedule in whole.items():
        for last, nodes in calendar_years(facts).items():
            able = wanted = 0.0
            for offer in schedule.offers:
                each = schedule.counts(offer)
                if each:
                    able += each * sum(facts.offer_capacity(offer.offer, n) for n in nodes)
                    wanted += each * _wanted(facts, use, offer, nodes)
            wanted = max(wanted, schedule.tiers[-1].begins * part_of_year(facts, nodes))
            found[owner, last] = min(able, wanted)
    return found


def _wanted(facts: Facts, use: Uses, offer: Offer, nodes: list[int]) -> float:
    """Return t of an offer that could be used from a year on, over the part of an order of which least can be."""
    wanted = 0.0
    for key, route in facts.routes.items():
        if route.offer == offer.offer:
            point = (route.destination, route.material)
            wanted += use[point, nodes[0]] / min(use.parts.order(facts, key, n) for n in nodes)
    return wanted
