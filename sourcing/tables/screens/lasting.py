"""Days of supply that a stock is to last for: what they come to, beside the room there is and the demand there is."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from sourcing.tables.screens.finding import Finding, amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.tables.screens.supply import Supply


def lasting(supply: Supply, column: str, called: str) -> Iterator[Finding]:
    """Yield a warning for each row of stocks whose days come to more than its maximum, or to nothing.

    ``column`` has the days, ``called`` is what they are in words. More is asked for only when something can have come.
    """
    frame = supply.case["stocks"]
    frame = frame[frame[column] > 0]
    read = (frame[name] for name in ("site", "material", "row", column, "maximum"))
    for site, material, row, days, maximum in zip(*read, strict=True):
        place = supply.case.place("stocks", int(row), column)
        if not supply.due.get((site, material)):
            fact = f"{days:g} days of demand are nothing: no demand is due at {site}, and days count no other use"
            yield Finding("warning", place, fact, "write the safety stock in t (safety)", "SCREEN-393")
            continue
        tonnes, end = _most_due(supply, (site, material), float(days))
        if tonnes > maximum:  # a blank maximum is none
            fact = f"{called} of {days:g} days is {amount(tonnes)} on {supply.day(end - 1)}, above the maximum of "
            yield Finding("warning", place, fact + amount(maximum), "lower it, or raise the maximum", "SCREEN-308")


def _most_due(supply: Supply, point: tuple[str, str], days: float) -> tuple[float, float]:
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
