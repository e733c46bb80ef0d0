"""Limits on carbon of which nothing, or not everything, says what it emits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.parts import Screen
from sourcing.tables.screens.finding import Finding
from sourcing.tables.screens.shares import windows

if TYPE_CHECKING:
    from collections.abc import Mapping

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


CODES = {
    "SCREEN-321": "limit on carbon that counts nothing",
    "SCREEN-322": "offer that a limit on carbon counts as 0",
}
SCREENS = (Screen(uncounted, of="supply"),)
