"""Limits on shares: what their columns may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.limits import CONTRADICTS, OUTSIDE, each_limit

if TYPE_CHECKING:
    from sourcing.tables.limits import Limit, Said


def share_columns(limit: Limit) -> Said:
    """Return what contradicts in a limit on a share; of others how it is counted."""
    if limit["measure"] != "share":
        repair = "write tonnes or element, or share as the measure"
        by_value = limit["counted_in"] == "value"
        return [("counted_in", "value is counted for shares only", repair, CONTRADICTS)] if by_value else []
    said: Said = []
    if not limit["by"]:
        fact = "a share needs to know by what it is shared"
        said.append(("by", fact, "fill in by, such as country", CONTRADICTS))
    if limit["counts"] == "stock" and limit["site"]:
        fact = "a limit that counts stock is about all sites: what one sends on to another would count nowhere"
        said.append(("site", fact, "leave it blank, or write use as counts", CONTRADICTS))
    value = limit["value"]
    if isinstance(value, float) and value > 1:
        said.append(("value", f"{value:g} is above 1", "write a share from 0 to 1, such as 0.35 for 35 %", OUTSIDE))
    return said


CHECKS = (DataCheck(("limits",), each_limit(share_columns)),)
