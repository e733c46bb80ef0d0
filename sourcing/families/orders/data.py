"""Open orders that do not fit the horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import Screen
from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from sourcing.tables.screens.supply import Supply


def outside_horizon(supply: Supply) -> list[Finding]:
    """Return open orders that arrive before the horizon or after it."""
    findings = []
    frame = supply.case["open_orders"]
    days = (frame["arrives"] - supply.origin).dt.days
    for order, row, day in zip(frame["order"], frame["row"], days, strict=True):
        place = supply.case.place("open_orders", int(row), "arrives")
        if day < 0:
            fact = f"{order} arrives on {supply.day(day)}, before the horizon starts on {supply.day(0)}"
            repair = "if it has arrived add it to the opening stock and remove the row, else correct the day"
            findings.append(Finding("error", place, fact, repair, "SCREEN-305"))
        elif day >= supply.planned:
            fact = f"{order} arrives on {supply.day(day)}, after the horizon, and is not used"
            findings.append(Finding("warning", place, fact, "lengthen the horizon if it matters", "SCREEN-306"))
    return findings


CODES = {
    "SCREEN-305": "open order before the horizon",
    "SCREEN-306": "open order after the horizon",
}
SCREENS = (Screen(outside_horizon, refuses=("SCREEN-305",), of="supply", always=True),)
