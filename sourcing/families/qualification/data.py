"""What rows of qualifications may say, and those that take longer than the horizon: what waits for them never runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.parts import DataCheck, Screen
from sourcing.tables.rules import owned_by_one
from sourcing.tables.screens.finding import OR_LESS, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sourcing.network import Network
    from sourcing.question import Question
    from sourcing.tables.problems import Problem
    from sourcing.tables.screens.supply import Supply


def qualifications(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse a qualification that is of both offer and process, or of neither."""
    return owned_by_one("qualifications", tables["qualifications"])


def never_approved(supply: Supply) -> list[Finding]:
    """Return what cannot be approved before the last period begins, even if started on the first day."""
    frame = supply.case["qualifications"]
    last = supply.bounds[-2]
    since = (frame["from"] - supply.origin).dt.days.fillna(0)
    late = frame[(frame["days"] > last) & (since <= last)]
    findings = []
    for row in late.to_dict("records"):
        who = row["offer"] or row["process"]
        fact = (
            f"{who} takes {row['days']:g} days to qualify, and the last period begins {last:g} days after the start, "
            f"on {supply.day(last)}: it is never approved"
        )
        repair = "lengthen the horizon, correct the days, or remove the row if it is qualified already"
        place = supply.case.place("qualifications", int(row["row"]), "days")
        findings.append(Finding("warning", place, fact, repair, "SCREEN-316"))
    return findings


def endless(net: Network, _: Question) -> Iterator[Finding]:
    """Yield an error for each qualification of what could be any amount."""
    from sourcing.families.qualification.arrays import most_of_gates
    from sourcing.network.qualification import needed
    from sourcing.network.useful import boundless

    if not len(net.gates) or not boundless(net):
        return
    free = (np.isinf(most_of_gates(net)) & needed(net)).any(axis=1)
    rows = net.case["qualifications"]["row"].to_numpy()
    kinds, codes = net.gates["kind"].to_numpy(), net.gates["code"].to_numpy()
    for row, kind, code in zip(rows[free], kinds[free], codes[free], strict=True):
        fact = f"nothing says how much of {code} could be used at most once it is qualified"
        repair = f"fill in its capacity in {'offers' if kind == 'offer' else 'processes'}.csv"
        repair += f", {OR_LESS}"
        yield Finding("error", net.case.place("qualifications", int(row)), fact, repair, "SCREEN-315")


CODES = {
    "SCREEN-315": "qualification for an amount without an end",
    "SCREEN-316": "qualification that ends after the horizon",
}
CHECKS = (DataCheck(("qualifications",), qualifications),)
SCREENS = (
    Screen(endless, 11, ("SCREEN-315",)),
    Screen(never_approved, of="supply"),
)
