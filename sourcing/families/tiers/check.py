"""Price tiers, checked: everything ordered is priced in a tier that was reached, and what that adds or takes off."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.families.tiers.records import most_by_owner, schedules
from sourcing.replay import words
from sourcing.replay.calendar_years import calendar_years, part_of_year
from sourcing.replay.rows import GRAM, Charge, Residual, unless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.families.tiers.records import Owner, Schedule, Tier
    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "tiers" (owner, offer, year) in t, and "slice", or "tier_from" and "tier_to"."""
    known = schedules(facts)
    yield from _all_priced(facts, plan, known)
    most = most_by_owner(facts, known)
    for owner, schedule in known.items():
        for last, nodes in calendar_years(facts).items():
            part, place = part_of_year(facts, nodes), _place(facts, owner, last)
            if not schedule.sliced:
                yield from _reached(plan, schedule, (owner, last, place), (part, most[owner, last]))
                continue
            for tier in schedule.tiers[:-1]:
                key, counted = (*owner, tier.label, last), _counted(plan, owner, schedule, tier, last)
                width = (tier.ends - tier.begins) * part
                yield Residual("slice", key, "<=", width - counted, counted + width, place, width)


def _all_priced(facts: Facts, plan: Replay, known: dict[Owner, Schedule]) -> Iterator[Residual]:
    ordered: dict[tuple[str, int], float] = defaultdict(float)
    end = {n: last for last, nodes in calendar_years(facts).items() for n in nodes}
    for (offer, _, _, n), tonnes in plan.buy.items():
        ordered[offer, end[n]] += tonnes
    for owner, schedule in known.items():
        for offer in (each.offer for each in schedule.offers):
            for last in calendar_years(facts):
                each = [plan.decision("tier", *owner, offer, tier.label, last) for tier in schedule.tiers]
                left, size = sum(each) - ordered[offer, last], sum(each) + ordered[offer, last]
                place = f"{_place(facts, owner, last)}, {words.offered(facts, offer)}"
                yield Residual("tiers", (*owner, offer, last), "==", left, size, place)


def _reached(
    plan: Replay, schedule: Schedule, at: tuple[Owner, int, str], year: tuple[float, float]
) -> Iterator[Residual]:
    """Yield the rows of tiers of which one is reached, in ``year``: its part, and the most that can be counted."""
    (owner, last, place), (part, most) = at, year
    others = sum(plan.decision("reached", *owner, tier.label, last) for tier in schedule.tiers[1:])
    for tier in schedule.tiers:
        key = (*owner, tier.label, last)
        counted = _counted(plan, owner, schedule, tier, last)
        reached = plan.decision("reached", *key) if tier.begins else 1.0 - others
        first, end = tier.begins * part, min(tier.ends * part, most)
        gram = GRAM * max((schedule.counts(offer) for offer in schedule.offers), default=1.0)
        if tier.begins:
            yield Residual("tier_from", key, ">=", counted - first * reached, counted + first, place, grain=gram)
        left, grain = end * reached - counted, unless(reached, gram)
        yield Residual("tier_to", key, "<=", left, counted + end, place, grain=grain)


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield what the tiers add to the offers' prices, at the last period of the year."""
    for owner, schedule in schedules(facts).items():
        for last, nodes in calendar_years(facts).items():
            part = part_of_year(facts, nodes)
            for tier in schedule.tiers:
                for offer in schedule.offers:
                    key = (*owner, offer.offer, tier.label, last)
                    yield Charge("discount", last, schedule.per_tonne(tier, offer) * plan.decision("tier", *key), key)
                if not schedule.sliced and tier.lower:
                    reached = plan.decision("reached", *owner, tier.label, last)
                    yield Charge("discount", last, tier.lower * part * reached, (*owner, tier.label, last))


def decides(facts: Facts) -> Iterator[tuple[str, tuple[object, ...], float]]:
    """Yield every decision that may be made, with the most that it can be; rows bound the tonnes of a tier."""
    for owner, schedule in schedules(facts).items():
        for last in calendar_years(facts):
            for tier in schedule.tiers:
                for offer in schedule.offers:
                    yield "tier", (*owner, offer.offer, tier.label, last), math.inf
                if tier.begins and not schedule.sliced:
                    yield "reached", (*owner, tier.label, last), 1.0


def _counted(plan: Replay, owner: Owner, schedule: Schedule, tier: Tier, last: int) -> float:
    """Return the t or USD priced in a tier in a year."""
    return sum(
        schedule.counts(offer) * plan.decision("tier", *owner, offer.offer, tier.label, last)
        for offer in schedule.offers
    )


def _place(facts: Facts, owner: Owner, last: int) -> str:
    """Return "tiers of Lynas, 2027"."""
    kind, code = owner
    name = code if kind == "supplier" else words.offered(facts, code)
    return f"tiers of {name}, {facts.calendar.starts[last].year}"
