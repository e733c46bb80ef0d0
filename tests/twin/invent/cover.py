"""Draw days of demand that stocks, and safety stocks, have to last for, and how fast orders may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plot import Plot


def draw_cover(plot: Plot) -> None:
    """Let most stocks last for some days; a store that would be too small for it has no maximum. Offers have a pace."""
    choose = plot.choose
    for row in plot.case.tables.get("stocks", ()):
        if choose.chance(80):
            row["cover_days"] = choose.pick([10, 45, 20, 7.5, 90])
            if row.get("maximum") is not None and choose.chance(70):
                row["maximum"] = None
        if choose.chance(40):
            row["safety_days"] = choose.pick([30, 14.5, 75])
            row["maximum"] = None
    for row in plot.case.tables.get("offers", ()):
        if row.get("capacity") is not None and choose.chance(60):
            row["change_maximum"] = choose.pick([0.3, 0.1, 1, 2.5, 0])
    plot.case.question["horizon"]["within"] = choose.pick(["safety", "not_empty", "safety", "nothing"])
