"""Awards, checked: what is ordered is what was awarded by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.awards.records import awards
from sourcing.replay import words
from sourcing.replay.rows import Residual, at_least, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "award_least" and "award_most" (offer, period, site, node), in t."""
    for award in awards(facts):
        parts = award.parts(facts)
        if not parts:
            continue
        own, total = 0.0, 0.0
        for (offer, destination, mode, n), tonnes in plan.buy.items():
            if award.covers(destination) and n in parts:
                own += parts[n] * tonnes if offer == award.offer else 0.0
                same = facts.routes[offer, destination, mode].material == facts.records.offers[award.offer].material
                total += parts[n] * tonnes if same else 0.0
        key = (award.offer, award.period, award.site, max(parts))
        into = f" to {words.site(facts, award.site)}" if award.site else ""
        place = f"award of {words.offered(facts, award.offer)}{into}, {award.period}"
        if award.share is None:
            yield at_least("award_least", key, own, award.tonnes(facts), place)
            yield at_most("award_most", key, own, award.tonnes(facts), place)
        else:
            left, size = own - award.share * total, own + award.share * total
            yield Residual("award_least", key, ">=", left, size, place, 0.0)
            yield Residual("award_most", key, "<=", -left, size, place, 0.0)
