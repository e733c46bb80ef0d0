"""Decisions without an end: who is used, approved or opened needs a bound on how much, and the tables name none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.counts import counts_any, process_most, route_most
from sourcing.network.facilities import TABLES, endless_arrivals, runs, sales, sends
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


def endless_facilities(net: Network, _: Question) -> Iterator[Finding]:
    """Yield an error for each facility of what could be any amount."""
    if not len(net.facilities) or not boundless(net):
        return
    sites = net.case["sites"].set_index("site")["capacity"]
    free = np.zeros(len(net.facilities) + 1, bool)
    for bounded in (runs(net)[0], sends(net)[0], *sales(net)):
        free[bounded.facility[np.isinf(bounded.most).any(axis=1)]] = True
    arriving = endless_arrivals(net)
    free[arriving] |= np.append(net.facilities.terms["at"].map(sites).isna().to_numpy(), values=False)[arriving]
    for kind, code in net.facilities.terms.loc[free[:-1], ["kind", "code"]].itertuples(index=False, name=None):
        table = TABLES[kind]
        row = net.case[table].set_index(kind).loc[code, "row"]
        fact = "it is opened or closed, and nothing says how much could arrive, leave or run there at most"
        repair = "fill in its capacity" + (", those of its lanes" if kind == "site" else "")
        place = net.case.place(table, int(row))
        yield Finding("error", place, fact, f"{repair}, {OR_LESS}", "SCREEN-370")
