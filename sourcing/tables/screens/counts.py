"""Minimum numbers that there are too few members for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.tables.screens.finding import Finding
from sourcing.tables.screens.shares import groups_counted, members_of, windows

if TYPE_CHECKING:
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
