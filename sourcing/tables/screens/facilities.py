"""Limits on the number of facilities that count too few of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.tables.screens.finding import Finding
from sourcing.tables.screens.shares import windows

if TYPE_CHECKING:
    from sourcing.tables.case import Case
    from sourcing.tables.screens.supply import Supply

_UNKNOWN = "unknown"


def miscounted(supply: Supply) -> list[Finding]:
    """Return limits on facilities that cannot be met or count nothing."""
    frame, findings = supply.case["limits"], list[Finding]()
    for record in frame[frame["measure"] == "facilities"].to_dict("records"):
        limit = {str(name): value for name, value in record.items()}
        if windows(supply, limit):
            findings += _counted(supply.case, limit)
    return findings


def _counted(case: Case, limit: dict[str, Any]) -> list[Finding]:
    there = sum(name in _members(case, limit["member"]) or not limit["member"] for name in _groups(case, limit["by"]))
    place = case.place("limits", int(limit["row"]), "value")
    repair = "fill in opening_cost or fixed_cost in processes.csv or sites.csv"
    if limit["sense"] == "min" and there < limit["value"]:
        asked = f"{limit['value']:g} open {'facility' if limit['value'] == 1 else 'facilities'}"
        fact = f"{limit['limit']} asks for {asked} or more, and there are {there}"
        return [Finding("error", place, fact, f"lower the limit, or {repair}", "SCREEN-371")]
    if not there:
        return [Finding("warning", place, f"{limit['limit']} counts nothing", repair, "SCREEN-372")]
    return []


def _groups(case: Case, by: str) -> list[str]:
    """Return what each facility counts as."""
    sites = case["sites"].set_index("site", drop=False)
    at = [
        site
        for table in ("processes", "sites")
        for site in case[table].loc[case[table][["opening_cost", "fixed_cost"]].notna().any(axis=1), "site"]
    ]
    return [str(sites.loc[site, by] or _UNKNOWN) if by else "" for site in at]


def _members(case: Case, member: str) -> set[str]:
    groups = case["groups"]
    return set(groups.loc[groups["group"] == member, "member"]) or {member}
