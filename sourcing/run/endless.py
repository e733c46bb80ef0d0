"""Decisions without an end: who is used, approved or reaches a tier needs a bound on how much; the tables name none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.counts import counts_any, number_scopes, process_most, route_most
from sourcing.network.lots import KINDS, most_of_owners
from sourcing.network.qualification import most_of_gates, needed
from sourcing.network.tiers import build_tiers, most_of_tiers
from sourcing.tables import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network


def endless(net: Network) -> Iterator[Finding]:
    """Yield an error for each owner of lots or tiers, qualification and count of what could be any amount."""
    some = len(net.lots) or len(net.gates) or len(net.case["tiers"]) or counts_any(net)
    if not some or np.isfinite(net.useful).all():
        return
    yield from _lots(net)
    yield from _gates(net)
    yield from _tiers(net)
    yield from _counts(net)


def _lots(net: Network) -> Iterator[Finding]:
    free = np.append(np.isinf(most_of_owners(net)).any(axis=1), values=False)
    for kind, where in KINDS.items():
        rows = net.case[where.table]["row"].to_numpy()
        for row in rows[free[net.lots.of[kind]]]:
            place = net.case.place(where.table, int(row))
            fact = "it has a least lot, a cost for each use or a condition, but nothing says how much is the most"
            repair = "fill in capacity" if kind != "service" else "fill in the capacity of its lanes"
            yield Finding("error", place, fact, f"{repair}, or a disposal_maximum where goods are sold", "SCREEN-314")


def _gates(net: Network) -> Iterator[Finding]:
    free = (np.isinf(most_of_gates(net)) & needed(net)).any(axis=1)
    rows = net.case["qualifications"]["row"].to_numpy()
    kinds, codes = net.gates["kind"].to_numpy(), net.gates["code"].to_numpy()
    for row, kind, code in zip(rows[free], kinds[free], codes[free], strict=True):
        fact = f"nothing says how much of {code} could be used at most once it is qualified"
        repair = f"fill in its capacity in {'offers' if kind == 'offer' else 'processes'}.csv"
        repair += ", or a disposal_maximum where goods are sold"
        yield Finding("error", net.case.place("qualifications", int(row)), fact, repair, "SCREEN-315")


def _tiers(net: Network) -> Iterator[Finding]:
    if not len(net.case["tiers"]):
        return
    tiers = build_tiers(net.case)
    free = np.isinf(most_of_tiers(net, tiers)).any(axis=1) & ~tiers.owners["sliced"].to_numpy()
    for row in tiers.owners.loc[free, "row"]:
        fact = "nothing says how much could be ordered in the tiers at most"
        repair = "fill in the capacity of the offers they are for, or a disposal_maximum where goods are sold"
        yield Finding("error", net.case.place("tiers", int(row)), fact, repair, "SCREEN-330")


def _counts(net: Network) -> Iterator[Finding]:
    if not counts_any(net):
        return
    runs = np.isinf(process_most(net))[net.outputs["code"].to_numpy()]
    free = np.flatnonzero(np.concatenate([np.isinf(route_most(net)), runs]).any(axis=1))
    limits = net.case["limits"]
    for row in sorted({scope.row for scope in number_scopes(net) if scope.weight[free].any()}):
        if limits["sense"].iloc[row] == "max":
            place = net.case.place("limits", int(limits["row"].iloc[row]))
            fact = "it counts who brings anything, and nothing says how much some could bring at most"
            repair = "fill in the capacity of their offers and processes, or a disposal_maximum where goods are sold"
            yield Finding("error", place, fact, repair, "SCREEN-324")
