"""Transport, checked: what leaves over a lane stays within it, and own shipments pay freight."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.rows import Charge, Residual, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay
    from sourcing.replay.records import LaneKey


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "lane" (origin, destination, material, mode, node) of every lane with a capacity, in t."""
    leaving = departures(facts, plan)
    for key, lane in facts.records.lanes.items():
        if lane.capacity is not None:
            called = words.along(facts, key)
            for n in facts.calendar.nodes:
                place = f"{called}, {facts.calendar.label(n)}"
                bound = lane.capacity * facts.calendar.years(n)
                yield at_most("lane", (*key, n), leaving[(key, n)], bound, place)


def departures(facts: Facts, plan: Replay) -> dict[tuple[LaneKey, int], float]:
    """Return the t that leave over each lane with a capacity in each period, purchases and own shipments together."""
    found: dict[tuple[LaneKey, int], float] = defaultdict(float)
    for (offer, destination, mode, m), tonnes in plan.buy.items():
        key = (offer, destination, mode)
        lane = facts.routes[key].lane
        if lane is not None and facts.records.lanes[lane].capacity is not None:
            for n, share in facts.departures[key][m].parts:
                found[(lane, n)] += tonnes * share
    for (origin, destination, material, mode, m), tonnes in plan.ship.items():
        ship = (origin, destination, material, mode)
        for n, share in facts.shipped(ship, m, to_arrival=False).parts:
            found[(facts.ships[ship].key, n)] += tonnes * share
    return found


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield the freight of own shipments on arrival (what is late: at the last node)."""
    for (origin, destination, material, mode, m), tonnes in plan.ship.items():
        ship = (origin, destination, material, mode)
        for n, share in facts.shipped(ship, m).landings:
            yield Charge("freight", n, facts.ships[ship].freight * tonnes * share, (*ship, m))
