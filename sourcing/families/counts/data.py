"""Limits on numbers: what they may say, and numbers that nobody can reach, or of those who could bring any amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.parts import DataCheck, Screen
from sourcing.tables.limits import CONTRADICTS, OUTSIDE, each_limit, filled
from sourcing.tables.numbers import has_a_part
from sourcing.tables.problems import Problem
from sourcing.tables.screens.finding import OR_LESS, Finding
from sourcing.tables.screens.shares import groups_counted, members_of, windows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sourcing.network import Network
    from sourcing.question import Question
    from sourcing.tables.limits import Limit, Said
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


_COUNTS = ("suppliers", "destinations")
_SCOPE = ["measure", "by", "member", "site", "stage", "material", "element", "counted_in", "per", "from", "until"]


def count_columns(limit: Limit) -> Said:
    """Return what contradicts in a limit on a number, or in one that only a number could have."""
    said: Said = []
    measure, value, by = limit["measure"], limit["value"], limit["by"]
    if measure not in _COUNTS:
        fact = "at_least is for numbers of suppliers and destinations"
        return [("at_least", fact, "leave it blank", CONTRADICTS)] if filled(limit.get("at_least")) else []
    if not by:
        said.append(("by", f"nothing says what is counted as {measure}", "fill in by, such as supplier", CONTRADICTS))
    if has_a_part(value):
        said.append(("value", f"{value:g} is no whole number", "write how many, such as 2", OUTSIDE))
    if limit["sense"] == "min" and not filled(limit.get("at_least")):
        repair = "say from how many t in the window a member counts, such as 20"
        said.append(("at_least", "at_least is blank, so a gram would make a member count", repair, CONTRADICTS))
    if measure == "destinations" and limit["site"]:
        said.append(("site", "destinations are the sites that are counted", "leave site blank", CONTRADICTS))
    if measure == "destinations" and limit["sense"] == "min" and by and not limit["member"]:
        said.append(("member", "a least number of sites needs a member", f"say which {by} it is for", CONTRADICTS))
    return said


def numbers(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse a minimum number above a maximum number of the same."""
    frame = tables["limits"]
    frame = frame[frame["measure"].isin(_COUNTS)]
    if frame.empty:
        return []
    same = frame[_SCOPE].astype(str).fillna("").agg("|".join, axis=1)
    both = frame[frame.groupby(same)["sense"].transform("nunique") > 1]
    return [problem for _, rows in both.groupby(same) for problem in _crossed(rows)]


def _crossed(rows: pd.DataFrame) -> Iterator[Problem]:
    """Yield each minimum above a maximum that counts members from less on: of such maxima, the first by its value."""
    most = rows[(rows["sense"] == "max") & rows["value"].notna()].sort_values("value", kind="stable").to_dict("records")
    if not most:
        return
    values = np.array([limit["value"] for limit in most])
    lowest = np.minimum.accumulate([_least(limit["at_least"]) for limit in most])
    for least in rows[(rows["sense"] == "min") & rows["value"].notna()].to_dict("records"):
        below = int(np.searchsorted(values, least["value"]))
        first = int(np.searchsorted(-lowest, -_least(least["at_least"]), side="right"))
        if first < below:
            fact = f"{least['limit']} asks for {least['value']:g} or more, {most[first]['limit']} for no more than"
            fact += f" {most[first]['value']:g} of the same"
            yield Problem(
                "limits", int(least["row"]), "value", fact, "lower the minimum or raise the maximum", CONTRADICTS
            )


def _least(number: object) -> float:
    return number if isinstance(number, float) and number > 0 else 0.0


CHECKS = (DataCheck(("limits",), each_limit(count_columns)), DataCheck(("limits",), numbers))
CODES = {
    "SCREEN-323": "number of suppliers above those there are",
    "SCREEN-324": "count without an end",
}
SCREENS = (Screen(endless, 13, ("SCREEN-324",)), Screen(few_members, of="supply"))
