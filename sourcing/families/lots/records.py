"""What one lot of each owner may bring to a point."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay.lots import Lots

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point


def must_take(facts: Facts) -> dict[Point, float]:
    """Return t by point that one lot of every owner may bring or ask for there."""
    found: dict[Point, float] = defaultdict(float)
    lots = Lots.of(facts)
    size = {owner: terms.size for owner, terms in lots.terms.items()}
    for key, route in facts.routes.items() if size else ():
        found[(route.destination, route.material)] += sum(size[owner] for owner in lots.buying(facts, key))
    for ship in facts.ships if size else ():
        _, destination, material, _ = ship
        found[(destination, material)] += sum(size[owner] for owner in lots.shipping(facts, ship))
    for code, process in facts.records.processes.items():
        run = sum(size[owner] for owner in lots.making(facts, code))
        for material, quantity in facts.records.recipes.get(code, {}).items():
            found[(process.site, material)] += run * abs(quantity)
    return found
