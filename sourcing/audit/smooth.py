"""A plan that is smoother than the cheapest: what it costs more, and by how much its orders move, reckoned again."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sourcing.audit.verdict import money_slack
from sourcing.families.stability.records import last_orders, stability
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.audit.cells import Book
    from sourcing.replay import Facts

_ORDERED = 0.001
"""Tonnes in a period from which on somebody orders."""
_SAME = 1e-6
"""Difference of two parts of what is ordered that is none."""


def spent(manifest: Mapping[str, Any]) -> float:
    """Return by how much a plan says that it costs more than the cheapest, USD at today's value."""
    found = (manifest.get("smooth") or {}).get("more", 0.0)
    return float(found) if isinstance(found, int | float) else 0.0


def smooth(facts: Facts, book: Book, manifest: Mapping[str, Any], asked: float, cost: float) -> Iterator[str]:
    """Yield a finding for what does not hold of a plan that is said to be smoother than the cheapest.

    Parameters
    ----------
    asked : the part of the least cost that the question lets a plan cost more.
    cost : what was minimised, reckoned again, USD at today's value.
    """
    said = manifest.get("smooth")
    if not said:
        return
    figures = {name: said.get(name) for name in ("sliver", "least", "more", "moved", "starts")}
    wrong = [name for name, value in figures.items() if not isinstance(value, int | float)]
    if wrong:
        yield f"manifest: smooth says no number for {', '.join(wrong)}"
        return
    sliver, least = figures["sliver"], figures["least"]
    if not 0 < sliver <= asked:
        yield f"manifest: smooth says sliver {number(sliver)}, the question says {number(asked)}"
    slack = money_slack(cost)
    if not -slack <= cost - least <= sliver * abs(least) + slack:
        yield (
            f"manifest: the plan costs USD {number(cost)}, and the least cost is said to be {number(least)}: "
            f"that is not within {number(sliver)} of it"
        )
    moved, starts = _moved(facts, book)
    for name, own, room in (("more", cost - least, slack), ("moved", moved, _SAME), ("starts", starts, 0)):
        if not abs(figures[name] - own) <= room:
            yield f"manifest: smooth says {name} {number(figures[name])}, the arithmetic says {number(own)}"


def _moved(facts: Facts, book: Book) -> tuple[float, int]:
    """Return what orders move by a day, as a part of what is ordered a day, and how often an offer starts or stops."""
    days = [float(facts.calendar.days(n)) for n in range(facts.calendar.reported)]
    ordered: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(days))
    for row in book["purchases"]:
        if row["node"] < len(days):
            ordered[row["offer"]][row["node"]] += row["tonnes"]
    before, offers = _before(facts), facts.records.offers
    moved, starts, paid = 0.0, 0, 0.0
    for offer in {*ordered, *before} & {*offers}:
        price, series = offers[offer].price or 0.0, list(zip(ordered[offer], days, strict=True))
        paid += price * sum(ordered[offer])
        first = [(before.get(offer, 0.0), days[0])] if last_orders(facts) else []
        for (was, then), (now, since) in pairwise([*first, *series]):
            moved += price * abs(now / since - was / then)
            starts += (now >= _ORDERED) != (was >= _ORDERED)
    changes = len(days) - (0 if last_orders(facts) else 1)
    return (moved / changes / (paid / sum(days)) if paid and changes else 0.0), starts


def _before(facts: Facts) -> Mapping[str, float]:
    """Return what the last plan ordered of each offer on the days of the first period, by ways there still are."""
    found: dict[str, float] = defaultdict(float)
    for (way, n), tonnes in stability(facts).tonnes.items():
        if n == 0 and way in facts.routes:
            found[way[0]] += tonnes
    return found
