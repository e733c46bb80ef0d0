"""What the days of cover may come to: no more than there is room for."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from sourcing.parts import Screen
from sourcing.tables import Finding
from sourcing.tables.screens.finding import amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.tables.screens.supply import Supply


def above_maximum(supply: Supply) -> Iterator[Finding]:
    """Yield a warning for each stock whose cover comes to more than its maximum when something can have come."""
    frame = supply.case["stocks"]
    frame = frame[(frame["cover_days"] > 0) & frame["maximum"].notna()]
    read = (frame[name] for name in ("site", "material", "row", "cover_days", "maximum"))
    for site, material, row, days, maximum in zip(*read, strict=True):
        tonnes, end = _most_covered(supply, (site, material), float(days))
        if tonnes > maximum:
            place = supply.case.place("stocks", int(row), "cover_days")
            fact = f"cover of {days:g} days is {amount(tonnes)} on {supply.day(end - 1)}, above the maximum of "
            repair = "lower it, or raise the maximum"
            yield Finding("warning", place, fact + amount(maximum), repair, "SCREEN-308")


def _most_covered(supply: Supply, point: tuple[str, str], days: float) -> tuple[float, float]:
    """Return the most t due in some days after a period that begins when something can have come, and when it ends."""
    bounds, most = supply.bounds, (0.0, 0.0)
    spans = list(itertools.pairwise(bounds))
    rates = [sum(due.within(*span) for due in supply.due.get(point, ())) / (span[1] - span[0]) for span in spans]
    lasting = list(zip(rates, bounds[:-1], [*bounds[1:-1], math.inf], strict=True))
    for start, end in spans:
        if start > supply.arrivals.get(point, math.inf):  # arrivals within a period count from its first day
            due = sum(rate * max(min(end + days, until) - max(end, since), 0.0) for rate, since, until in lasting)
            most = max(most, (due, end))
    return most


SCREENS = (Screen(above_maximum, of="supply"),)
