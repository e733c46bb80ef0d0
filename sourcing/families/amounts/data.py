"""Limits on tonnes and money: what their columns may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.limits import CONTRADICTS, SEEN, each_limit

if TYPE_CHECKING:
    from sourcing.tables.limits import Limit, Said


def spend_columns(limit: Limit) -> Said:
    """Return what contradicts in a limit on spend; of others nothing."""
    if limit["measure"] != "spend" or not limit["stage"] or limit["by"] in SEEN:
        return []
    return [("stage", "spend is counted as bought", "leave stage blank, or sort by origin", CONTRADICTS)]


CHECKS = (DataCheck(("limits",), each_limit(spend_columns)),)
