"""Whose a source may be where a limit looks through it to a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.tables.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.tables.screens.supply import Supply

COLUMN = {"origin": "country", "origin_owner": "owner_country"}
_DUST = 1e-9


def stated(supply: Supply, limit: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the groups that origins state at the limit's stage, by offer, with unknown for what they leave."""
    frame = supply.case["origins"]
    here = frame[frame["stage"] == limit["stage"]]
    found: dict[str, set[str]] = {}
    for offer, rows in here.groupby("offer"):
        found[str(offer)] = set(rows[COLUMN[str(limit["by"])]].replace("", UNKNOWN))
        if rows["share"].sum() < 1 - _DUST:
            found[str(offer)].add(UNKNOWN)
    return found


def unstated(by: str, source: Mapping[str, Any], site: Mapping[str, Any], *, own_stage: bool) -> set[str]:
    """Return whose a source is that states nothing: known at the stage it is sold at, or where it is made."""
    if not own_stage:
        return {UNKNOWN}
    if by == "origin":
        return {source["made_in"] or site["country"]}
    return {site["owner_country"] or UNKNOWN} if source["made_in"] in ("", site["country"]) else {UNKNOWN}
