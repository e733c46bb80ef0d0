"""Demand that does not fit the horizon, or is stated twice."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from sourcing.tables.screens.finding import Finding, amount

if TYPE_CHECKING:
    from sourcing.tables.screens.supply import Supply


def dated(supply: Supply) -> list[Finding]:
    """Return demand outside the horizon, and demand stated twice."""
    return _demand(supply) + _overlapping(supply)


def _demand(supply: Supply) -> list[Finding]:
    outside = sorted(
        due.row for rows in supply.due.values() for due in rows if due.last <= 0 or due.first >= supply.planned
    )
    if not outside:
        return []
    rows = f"{len(outside)} rows of demand lie" if len(outside) > 1 else "the demand lies"
    fact = f"{rows} wholly outside the horizon ({supply.day(0)} to {supply.day(supply.planned - 1)}) and is not used"
    fact = fact.replace("and is", "and are") if len(outside) > 1 else fact
    place = supply.case.place("demand", outside[0], "period")
    return [Finding("warning", place, fact, "change the horizon if it should count", "SCREEN-307")]


def _overlapping(supply: Supply) -> list[Finding]:
    """Return a warning for each point at which rows of demand share days: both count, which may not be meant."""
    findings = []
    period = supply.case["demand"].set_index("row")["period"]
    for (site, material), dues in supply.due.items():
        last = sorted(dues, key=lambda due: (due.first, due.row))
        shared = [(one, other) for one, other in itertools.pairwise(last) if other.first < one.last]
        if not shared:
            continue
        one, other = shared[0]
        name, both = supply.case.label("materials", material), one.tonnes + other.tonnes
        also = f" (and {len(shared) - 1} more)" if len(shared) > 1 else ""
        fact = (
            f"{name} at {site} is asked for in {period[one.row]} ({amount(one.tonnes)}) and in {period[other.row]} "
            f"({amount(other.tonnes)}), days of which are the same{also}: both count, {amount(both)} in all"
        )
        place = supply.case.place("demand", max(one.row, other.row), "period")
        repair = "if one is a part of the other remove it, or take it off the other's quantity"
        findings.append(Finding("warning", place, fact, repair, "SCREEN-381"))
    return findings
