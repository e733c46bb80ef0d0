"""The earliest day on which an order could arrive at a point, before which no safety stock is asked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sourcing.replay.qualification import could_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay.facts import Facts
    from sourcing.replay.points import Route
    from sourcing.replay.records import Point


def first_arrivals(facts: Facts) -> dict[Point, float]:
    """Return T_p in days after the start of the horizon; a point that no order reaches is left out.

    The smallest solution of T = min(own orders, T of an origin + transit, T of the slowest input + process days),
    found by lowering values until none moves.
    """
    found: dict[Point, float] = {}
    for route in facts.routes.values():
        _lower(found, (route.destination, route.material), _own_orders(facts, route))
    moved = True
    while moved:
        moved = False
        for point, days in _derived(facts, found):
            moved = _lower(found, point, days) or moved
    return found


def _lower(found: dict[Point, float], point: Point, days: float) -> bool:
    """Keep the smaller value and say whether it moved."""
    if days < found.get(point, math.inf) - 1e-9:
        found[point] = days
        return True
    return False


def _own_orders(facts: Facts, route: Route) -> float:
    """Return the day the first order over a route arrives, infinite if none can be placed."""
    for m in facts.calendar.nodes:
        if could_order(facts, route.offer, m):
            return (facts.calendar.starts[m] - facts.calendar.starts[0]).days + facts.lead_days(route, m)
    return math.inf


def _derived(facts: Facts, found: dict[Point, float]) -> Iterator[tuple[Point, float]]:
    """Yield the day on which own shipments and own making could first arrive, given what is known so far."""
    for ship in facts.ships:
        origin, destination, material, _ = ship
        yield (destination, material), found.get((origin, material), math.inf) + facts.shipping_days(ship, 0)
    for code, process in facts.records.processes.items():
        inputs = (found.get((process.site, material), math.inf) for material in facts.records.intake(code))
        ready = max(inputs, default=0.0) + process.days
        for material in facts.records.output(code):
            yield (process.site, material), ready
