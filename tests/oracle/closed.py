"""Closed days: what would happen on one happens on the next that is open, and lead times count working days or not."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

from oracle.tables import number, span

if TYPE_CHECKING:
    from collections.abc import Callable

    from oracle.network import Move
    from oracle.tables import Case, Row

FRIDAY = 5
WHERE = ("country", "site", "supplier", "destination", "mode")


def shut(case: Case, stops: str, ordinal: int, site: str, **of: str) -> bool:
    """Whether something stops on a day at a site, for a supplier, a destination and a mode where these matter."""
    about = {"site": site, "country": case.sites[site]["country"], **of}
    return any(
        row["stops"] == stops
        and span(row, "from", "until")[0] <= ordinal < span(row, "from", "until")[1]
        and all(row.get(name, "") in ("", about.get(name, "")) for name in WHERE)
        for row in case.rows("closures")
    )


def sold(case: Case, offer: Row, ordinal: int) -> bool:
    """Whether an offer can be ordered on a day, as far as closures go."""
    return not shut(case, "orders", ordinal, offer["site"], supplier=offer["supplier"])


def ready(case: Case, offer: Row, ordinal: int) -> float:
    """Return the lead time, in days of the calendar, of what is ordered on a day."""
    if offer.get("days") != "working":
        return number(offer, "lead_days")
    left, after = up(number(offer, "lead_days")), ordinal
    while left:
        after += 1
        left -= date.fromordinal(after).isoweekday() <= FRIDAY and sold(case, offer, after)
    return float(after - ordinal)


def under_way(case: Case, move: Move, ordinal: int, wait: float) -> tuple[float, float]:
    """Return the days from a day until the departure and the arrival of what is ready to leave after a wait."""
    supplier = move.offer["supplier"] if move.offer else ""
    leaves = wait
    if not (move.offer and move.offer.get("destination")):
        of = {"supplier": supplier, "destination": move.destination, "mode": move.mode}
        leaves = next_open(ordinal, wait, lambda on: shut(case, "loading", on, move.origin, **of))
    abroad = case.sites[move.origin]["country"] != case.sites[move.destination]["country"]
    kinds = ("customs", "receipt") if abroad else ("receipt",)
    comes = leaves + (number(move.lane, "transit_days") if move.lane else 0.0)

    def closed(on: int) -> bool:
        return any(shut(case, kind, on, move.destination, mode=move.mode) for kind in kinds)

    return leaves, next_open(ordinal, comes, closed)


def next_open(ordinal: int, days: float, closed: Callable[[int], bool]) -> float:
    """Return so many days after one, or more where the day they come to, a whole one, is closed."""
    first = on = ordinal + up(days)
    while closed(on):
        on += 1
    return days if on == first else float(on - ordinal)


def works(case: Case, process: Row, ordinal: int) -> bool:
    """Whether an own process does not stand still on a day."""
    return not shut(case, "work", ordinal, process["site"])


def takes(case: Case, process: Row, ordinal: int) -> float:
    """Return the days until a run that starts on a day is through: it stands still on closed ones."""
    whole = left = up(number(process, "days"))
    after = ordinal
    while left:
        after += 1
        left -= works(case, process, after)
    return number(process, "days") if after - ordinal == whole else float(after - ordinal)


def up(days: float) -> int:
    return math.ceil(days - 1e-9)
