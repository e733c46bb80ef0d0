"""Minimum numbers that there are too few members for, and numbers of those who could bring any amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.parts import Screen
from sourcing.tables.screens.finding import OR_LESS, Finding
from sourcing.tables.screens.shares import groups_counted, members_of, windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network
    from sourcing.question import Question
    from sourcing.tables.screens.supply import Supply


def few_members(supply: Supply) -> list[Finding]:
    """Return the least numbers of suppliers that are larger than the number of those there are."""
    findings = []
    frame = supply.case["limits"]
    for record in frame[(frame["measure"] == "suppliers") & (frame["sense"] == "min")].to_dict("records"):
        limit = {str(name): value for name, value in record.items()}
        if not windows(supply, limit):
            continue
        there = groups_counted(supply, limit)
        if limit["member"]:
            there = there & members_of(supply, limit["member"])
        if len(there) < limit["value"]:
            by = str(limit["by"]).replace("_", " ")
            fact = f"{limit['limit']} asks for {limit['value']:g} or more by {by}, and there are {len(there)}"
            place = supply.case.place("limits", int(limit["row"]), "value")
            repair = "add offers from others, or lower the limit"
            findings.append(Finding("error", place, fact, repair, "SCREEN-323"))
    return findings


def endless(net: Network, _: Question) -> Iterator[Finding]:
    """Yield an error for each count of what could be any amount."""
    from sourcing.network.counts import counts_any, process_most, route_most
    from sourcing.network.useful import boundless

    if not counts_any(net) or not boundless(net):
        return
    runs = np.isinf(process_most(net))[net.outputs["code"].to_numpy()]
    free = np.flatnonzero(np.concatenate([np.isinf(route_most(net)), runs]).any(axis=1))
    limits = net.case["limits"]
    for row in sorted({scope.row for scope in net.number_scopes if scope.weight[free].any()}):
        if limits["sense"].iloc[row] == "max":
            place = net.case.place("limits", int(limits["row"].iloc[row]))
            fact = "it counts who brings anything, and nothing says how much some could bring at most"
            repair = f"fill in the capacity of their offers and processes, {OR_LESS}"
            yield Finding("error", place, fact, repair, "SCREEN-324")


CODES = {
    "SCREEN-323": "number of suppliers above those there are",
    "SCREEN-324": "count without an end",
}
SCREENS = (Screen(endless, 13), Screen(few_members, of="supply"))
