"""Decide-by dates: what a plan takes up beside its orders, and by when the first of it has to be decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.report.figures import day
from sourcing.report.lines import paragraph

if TYPE_CHECKING:
    from rich.text import Text

    from sourcing.plan import Plan


def decide_first(plan: Plan, width: int) -> list[Text]:
    """Return what has to be decided first, how many options follow, and how to find out what missing them costs."""
    taken = plan.tables.get("options")
    if taken is None or taken.empty:  # plans of before have none
        return []
    first = taken["decide_by"].min()
    soon = taken[taken["decide_by"] == first]
    more = f" and {len(soon) - 1} more" if len(soon) > 1 else ""
    later = len(taken) - len(soon)
    rest = f"; {later} later in options.csv" if later else ""
    words = f"by {day(first)}: {soon['words'].iloc[0]}{more}{rest}; what missing them costs: sourcing decide latest"
    return paragraph("DECIDE", words, width)
