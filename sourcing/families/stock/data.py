"""Stock that does not fit its store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import Screen
from sourcing.tables.screens.finding import SLACK, Finding, amount
from sourcing.tables.screens.lasting import lasting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network
    from sourcing.question import Question
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


def overfull(net: Network, _: Question) -> Iterator[Finding]:
    """Yield a warning for each place where more lies than there is room for, though nothing is ordered."""
    from sourcing.network.kept import room  # what a case is read with knows no network

    stocks = net.case["stocks"]
    most = room(net, net.points.find(stocks["site"], stocks["material"]))
    maximum = stocks["maximum"].to_numpy(float)[:, None]
    above = most > maximum + SLACK
    for at in range(len(stocks)):
        if not above[at].any():
            continue
        row, node = stocks.iloc[at], int(above[at].argmax())
        name, site = net.case.label("materials", str(row["material"])), net.case.label("sites", str(row["site"]))
        fact = (
            f"{amount(most[at, node])} of {name} lie at {site} at the end of {net.tree.labels[node]} though nothing is "
            f"ordered, and there is room for {amount(maximum[at, 0])}: the plan takes it as it is"
        )
        repair = "let an open order come later, or find more room"
        yield Finding("warning", net.case.place("stocks", int(row["row"]), "maximum"), fact, repair, "SCREEN-397")


def days(supply: Supply) -> Iterator[Finding]:
    """Yield a warning for each safety stock whose days come to more than its maximum, or to nothing."""
    yield from lasting(supply, "safety_days", "safety stock")


CODES = {
    "SCREEN-308": "stock asked for above the maximum",
    "SCREEN-393": "days of demand where none is due",
    "SCREEN-397": "opening stock and open orders that do not fit their store",
}
SCREENS = (
    Screen(above_maximum, refuses=("SCREEN-308",), of="supply", always=True),
    Screen(days, of="supply"),
    Screen(overfull),
)
