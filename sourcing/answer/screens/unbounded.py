"""Decisions without an end: who is used, approved or opened needs a bound on how much, and the tables name none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.counts import counts_any, process_most, route_most
from sourcing.network.useful import boundless
from sourcing.tables import Finding
from sourcing.tables.screens.finding import OR_LESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network
    from sourcing.question import Question


def endless_counts(net: Network, _: Question) -> Iterator[Finding]:
    """Yield an error for each count of what could be any amount."""
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
