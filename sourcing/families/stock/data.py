"""Stock that does not fit its store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import Screen
from sourcing.tables.screens.finding import Finding, amount
from sourcing.tables.screens.lasting import lasting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.tables.screens.supply import Supply


def above_maximum(supply: Supply) -> list[Finding]:
    """Return stock that is asked for above its maximum."""
    findings = []
    frame = supply.case["stocks"]
    for column in ("safety", "closing"):
        wrong = frame[frame[column] > frame["maximum"]]
        for row, asked, maximum in zip(wrong["row"], wrong[column], wrong["maximum"], strict=True):
            place = supply.case.place("stocks", int(row), column)
            fact = f"{column} stock of {amount(asked)} is above the maximum of {amount(maximum)}"
            findings.append(Finding("error", place, fact, "lower it, or raise the maximum", "SCREEN-308"))
    return findings


def days(supply: Supply) -> Iterator[Finding]:
    """Yield a warning for each safety stock whose days come to more than its maximum, or to nothing."""
    yield from lasting(supply, "safety_days", "safety stock")


CODES = {
    "SCREEN-308": "stock asked for above the maximum",
    "SCREEN-393": "days of demand where none is due",
}
SCREENS = (
    Screen(above_maximum, refuses=("SCREEN-308",), of="supply", always=True),
    Screen(days, of="supply"),
)
