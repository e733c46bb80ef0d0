"""Float of a delivery: days that it may come later, alone, before its destination goes below safety, or is empty."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from sourcing.daily.safety import safety_by_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from sourcing.daily.levels import Levels
    from sourcing.daily.orders import Order
    from sourcing.replay import Facts
    from sourcing.replay.records import Point

    Reals = NDArray[np.float64]


def by_point(dated: Sequence[Order]) -> Mapping[Point, list[int]]:
    """Return which of some deliveries, by position, come to each point."""
    found: dict[Point, list[int]] = defaultdict(list)
    for at, row in enumerate(dated):
        found[row.destination, row.material].append(at)
    return found


def allow(facts: Facts, block: Levels, dated: list[Order], coming: Mapping[Point, list[int]]) -> None:
    """Write into each delivery to the points of a block how many days it may slip, if all else comes as planned.

    A delivery of q t that comes on day a may slip to the first day from a on at whose end less than q t lie above what
    is to be there: had it not come by then, that would be missing. Stock is counted to the end of the tail; a delivery
    that nobody misses by then, or that comes after it, has no such day. What own runs and shipments take is taken: a
    slip ends where one of them would wait, and is not followed to what waits behind it.
    """
    together = _together(dated)
    for at, point in enumerate(block.points):
        safety, noise = safety_by_day(facts, point), float(block.noise[at])
        for order in coming.get(point, ()):
            row = dated[order]
            since, tonnes = (row.arrive_on - facts.calendar.starts[0]).days, together[_delivery(row)] - noise
            to_safety = _until(block.stock[at, since:] - safety[since:], tonnes)
            to_empty = _until(block.stock[at, since:], tonnes)
            last = None if to_safety is None else row.arrive_on + timedelta(days=to_safety)
            dated[order] = row._replace(slip_to_safety=to_safety, slip_to_empty=to_empty, last_safe_date=last)


def _delivery(row: Order) -> tuple[str, str, str, date]:
    return row.offer, row.destination, row.mode, row.order_on


def _together(dated: Sequence[Order]) -> Mapping[tuple[str, str, str, date], float]:
    """Return the t of each delivery, whatever contracts its parts are called off under."""
    found: dict[tuple[str, str, str, date], float] = defaultdict(float)
    for row in dated:
        found[_delivery(row)] += row.tonnes
    return found


def _until(free: Reals, tonnes: float) -> int | None:
    """Return on which day less than some tonnes are free for the first time; None where on none."""
    misses = free < tonnes
    return int(misses.argmax()) if misses.any() else None
