"""Limits on carbon: what their columns may say, those that count nothing, and offers that they count as nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.parts import DataCheck, Screen
from sourcing.tables.limits import CONTRADICTS, SEEN, each_limit, no_least
from sourcing.tables.screens.finding import Finding
from sourcing.tables.screens.shares import windows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.tables.limits import Limit, Said
    from sourcing.tables.screens.supply import Supply

_SHOWN = 3


def uncounted(supply: Supply) -> list[Finding]:
    """Return limits on carbon that count nothing, and the offers that count as 0 under one because theirs is blank."""
    frame = supply.case["limits"]
    findings = []
    for record in frame[frame["measure"] == "carbon"].to_dict("records"):
        limit = {str(name): value for name, value in record.items()}
        if windows(supply, limit):
            findings += _findings(supply, limit)
    return findings


def _findings(supply: Supply, limit: Mapping[str, Any]) -> list[Finding]:
    case, place = supply.case, supply.case.place("limits", int(limit["row"]))
    emitters = ("offers", "lanes") if limit["by"] else ("offers", "lanes", "processes")
    if not any((case[table]["carbon"] > 0).any() for table in emitters):
        fact = f"{limit['limit']} counts nothing: carbon is nowhere filled in"
        files = " or ".join(f"{table}.csv" for table in emitters)
        return [Finding("warning", place, fact, f"fill in carbon in {files}", "SCREEN-321")]
    offers = case["offers"]
    silent = offers[offers["carbon"].isna()]
    if limit["material"]:
        silent = silent[silent["material"] == limit["material"]]
    if silent.empty:
        return []
    named = ", ".join(silent["offer"].head(_SHOWN)) + (" …" if len(silent) > _SHOWN else "")
    count = f"{len(silent)} offer{'s' if len(silent) > 1 else ''}"
    fact = f"{limit['limit']} counts {count} as 0, where carbon is blank: {named}"
    return [Finding("note", place, fact, "fill in carbon in offers.csv, with 0 if nothing is emitted", "SCREEN-322")]


_OF_CONTENTS = ("stage", "element", "counted_in")


def carbon_columns(limit: Limit) -> Said:
    """Return what contradicts in a limit on carbon; of others nothing."""
    if limit["measure"] != "carbon":
        return []
    said = no_least(limit)
    fact = "carbon is counted in tonnes of CO2e, and {} is for what arrives"
    said += [(name, fact.format(name), "leave it blank", CONTRADICTS) for name in _OF_CONTENTS if limit[name]]
    if limit["by"] in SEEN:
        fact = f"carbon is counted where it is sold, and {limit['by']} is of an earlier stage"
        said.append(("by", fact, "write shipped_from, country, owner or supplier", CONTRADICTS))
    return said


CHECKS = (DataCheck(("limits",), each_limit(carbon_columns)),)
CODES = {
    "SCREEN-321": "limit on carbon that counts nothing",
    "SCREEN-322": "offer that a limit on carbon counts as 0",
}
SCREENS = (Screen(uncounted, of="supply"),)
