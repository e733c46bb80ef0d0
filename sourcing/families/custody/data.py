"""Limits on use: what they may be on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.measures import measures
from sourcing.parts import DataCheck
from sourcing.tables.limits import CONTRADICTS, each_limit

if TYPE_CHECKING:
    from sourcing.tables.limits import Limit, Said


def counts_column(limit: Limit) -> Said:
    """Return what is wrong with what a limit says that it counts."""
    measure, counts = measures().get(str(limit["measure"])), str(limit["counts"])
    if measure is None or not counts or counts in measure.may_count:
        return []
    named = measure.words or measure.name
    can = " or ".join(measure.may_count)
    return [("counts", f"a limit on {named} cannot count {counts}", f"leave it blank, or write {can}", CONTRADICTS)]


CHECKS = (DataCheck(("limits",), each_limit(counts_column)),)
CODES = {"DATA-148": "goods mixed without end, whose lots cannot be kept apart"}
