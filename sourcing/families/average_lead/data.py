"""Limits on the average lead time: what their columns may say, a most and never a least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.limits import OUTSIDE, each_limit, no_least

if TYPE_CHECKING:
    from sourcing.tables.limits import Limit, Said


def lead_columns(limit: Limit) -> Said:
    """Return what contradicts in a limit on the average lead time; of others nothing."""
    if limit["measure"] != "lead_days":
        return []
    said = no_least(limit)
    if limit["value"] == 0:
        repair = "write the days that an order may take on average, such as 90"
        said.append(("value", "nothing arrives in 0 days", repair, OUTSIDE))
    return said


CHECKS = (DataCheck(("limits",), each_limit(lead_columns)),)
