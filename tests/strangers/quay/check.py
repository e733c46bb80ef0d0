"""Quays, checked: what arrives at a site stays within its quay, but for what pays the surcharge."""

from collections import defaultdict
from dataclasses import dataclass

from sourcing.replay import words
from sourcing.replay.movements import movements
from sourcing.replay.rows import Charge, Residual


@dataclass(frozen=True)
class Quay:
    """The columns of a site that this rule reads."""

    site: str
    quay_capacity: float | None = None
    quay_surcharge: float | None = None


def quays(facts):
    """Return the sites with a quay by their code."""
    found = facts.records.table("sites", Quay)
    return {row.site: row for row in found if row.quay_capacity is not None}


def residuals(facts, plan):
    """Yield the row "quay" (site, node), in t."""
    landed = defaultdict(float)
    moved = movements(facts, plan)
    for (site, _, n), tonnes in [*moved.bought.items(), *moved.shipped_in.items()]:
        landed[site, n] += tonnes
    for site, row in quays(facts).items():
        for n in facts.calendar.nodes:
            most, beyond = row.quay_capacity * facts.calendar.years(n), plan.decision("beyond", site, n)
            place = f"quay of {words.site(facts, site)}, {facts.calendar.label(n)}"
            left = most + beyond - landed[site, n]
            yield Residual("quay", (site, n), "<=", left, most + beyond + landed[site, n], place, most)


def charges(facts, plan):
    """Yield the surcharge on every tonne beyond, in the period in which it is landed."""
    known = quays(facts)
    for (site, n), tonnes in plan.decided.get("beyond", {}).items():
        yield Charge("quay", n, known[site].quay_surcharge * tonnes, (site, n))


def decides(facts):
    """Yield every decision that may be made, with the most that it can be."""
    for site, row in quays(facts).items():
        if row.quay_surcharge is not None:
            for n in facts.calendar.nodes:
                yield "beyond", (site, n), float("inf")
