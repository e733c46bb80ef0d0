"""Lots without a bound: whether anything is ordered, run or sent needs the most that it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.parts import Screen
from sourcing.tables.screens.finding import OR_LESS, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network
    from sourcing.question import Question


def endless(net: Network, _: Question) -> Iterator[Finding]:
    """Yield an error for each lot of what could be any amount."""
    from sourcing.families.lots.arrays import most_of_owners
    from sourcing.network.lots import KINDS, table_rows
    from sourcing.network.useful import boundless

    if not len(net.lots) or not boundless(net):
        return
    free = np.append(np.isinf(most_of_owners(net)).any(axis=1), values=False)
    found: dict[tuple[str, int], str] = {}
    for kind, where in KINDS.items():
        rows = net.case[where.table]["row"].to_numpy()[table_rows(net, kind)]
        found |= {(where.table, int(row)): kind for row in rows[free[net.lots.of[kind]]]}
    for (table, row), kind in found.items():
        fact = "it has a least lot, a cost for each use or a condition, but nothing says how much is the most"
        repair = "fill in capacity" if kind != "service" else "fill in the capacity of its lanes"
        yield Finding("error", net.case.place(table, row), fact, f"{repair}, {OR_LESS}", "SCREEN-314")


CODES = {
    "SCREEN-314": "lot without an end",
}
# a condition asks whether somebody is used, lots or no lots
SCREENS = (Screen(endless, 10, ("SCREEN-314",), always=True),)
