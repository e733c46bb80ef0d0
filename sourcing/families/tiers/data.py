"""What the columns of a price tier may say, and the tiers of one owner together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.parts import DataCheck, Screen
from sourcing.tables.problems import Problem
from sourcing.tables.screens.finding import OR_LESS, Finding

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.question import Question

Tables = Mapping[str, pd.DataFrame]

_CODE = "DATA-150"
_ONE = "fill in offer (with a price) or supplier (with a discount), one of them"


def tiers(tables: Tables) -> list[Problem]:
    """Refuse a tier whose columns contradict each other, and tiers of one offer or supplier that do."""
    frame = tables["tiers"]
    if frame.empty:
        return []
    rows = frame.to_dict("records")
    problems = [Problem("tiers", int(row["row"]), *said, _CODE) for row in rows for said in _row(row)]
    for column in ("kind", "counted_in"):
        first = frame.groupby(["offer", "supplier"])[column].transform("first")
        for row, value, other in zip(frame["row"], frame[column], first, strict=True):
            if value and value != other:
                fact = f"{value}, and another tier of the same has {other}"
                repair = f"write one {column} for all its tiers"
                problems.append(Problem("tiers", int(row), column, fact, repair, _CODE))
    return problems + _paid(tables)


def _row(row: Mapping[Any, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield column, fact and repair."""
    if bool(row["offer"]) == bool(row["supplier"]):
        yield "offer", "offer and supplier are both filled in" if row["offer"] else "a tier of nobody", _ONE
        return
    wanted, other = ("price", "discount") if row["offer"] else ("discount", "price")
    owner = "offer" if row["offer"] else "supplier"
    if pd.isna(row[wanted]):
        yield wanted, f"a tier of {_a(owner)} without a {wanted}", f"fill in {wanted}"
    if not pd.isna(row[other]):
        yield other, f"a tier of {_a(owner)} has a {wanted}, and no {other}", "leave it blank"
    if row["offer"] and row["counted_in"] == "value":
        yield "counted_in", "an offer has one price, so its tiers count tonnes", "write tonnes, or leave it blank"
    if row["supplier"] and row["counted_in"] != "value" and row["kind"] == "incremental":
        fact = "of tonnes of several offers nobody can say which are the ones above"
        yield "counted_in", fact, "write value (USD) as counted_in, or all_units as kind"


def _a(owner: str) -> str:
    return "an offer" if owner == "offer" else "a supplier"


def _paid(tables: Tables) -> list[Problem]:
    """Refuse tiers of an offer that is paid for: there is no end to what one would order."""
    frame, offers = tables["tiers"], tables["offers"]
    paid = offers[offers["price"] < 0]
    wrong = frame["offer"].isin(set(paid["offer"])) | frame["supplier"].isin(set(paid["supplier"]))
    fact, repair = "the offers of a tier have prices, and one of them is below 0", "correct the price in offers.csv"
    return [Problem("tiers", int(row), "offer", fact, repair, _CODE) for row in frame.loc[wrong, "row"]]


def endless(net: Network, _: Question) -> Iterator[Finding]:
    """Yield an error for each tier of what could be any amount."""
    from sourcing.families.tiers.arrays import most_of_tiers
    from sourcing.network.tiers import build_tiers
    from sourcing.network.useful import boundless

    if not len(net.case["tiers"]) or not boundless(net):
        return
    tiers = build_tiers(net.case)
    free = np.isinf(most_of_tiers(net, tiers)).any(axis=1) & ~tiers.owners["sliced"].to_numpy()
    for row in tiers.owners.loc[free, "row"]:
        fact = "nothing says how much could be ordered in the tiers at most"
        repair = f"fill in the capacity of the offers they are for, {OR_LESS}"
        yield Finding("error", net.case.place("tiers", int(row)), fact, repair, "SCREEN-330")


CODES = {
    "DATA-150": "price tiers that contradict each other",
    "SCREEN-330": "price tiers without an end",
}
CHECKS = (DataCheck(("tiers", "offers"), tiers),)
SCREENS = (Screen(endless, 12, ("SCREEN-330",)),)
