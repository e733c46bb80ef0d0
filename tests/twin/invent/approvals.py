"""Draw what has to be qualified: offers and processes, from the start or from a day on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .plot import Plot


def draw_qualifications(plot: Plot) -> None:
    """Ask some offers and processes for an approval, and some again later; give them a capacity if they have none."""
    much = plot.yearly(50 * sum(plot.need.values()) + 50)
    for kind, table in (("offer", "offers"), ("process", "processes")):
        for row in plot.case.tables.get(table, []):
            if plot.choose.chance(35):
                _approve(plot, **{kind: row[kind]})
                if plot.choose.chance(40):
                    later = plot.start + timedelta(days=plot.step * plot.choose.integer(0, plot.periods))
                    _approve(plot, **{kind: row[kind], "from": later})
                row.setdefault("capacity", much)


def _approve(plot: Plot, **what: Any) -> None:
    days = int(plot.step * plot.choose.pick([0, 0.5, 1, 1, 2]))
    plot.case.add("qualifications", **what, days=days, cost=plot.choose.pick([0, 100, 5000]))
