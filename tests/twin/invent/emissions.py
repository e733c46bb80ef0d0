"""Draw carbon of offers, lanes and processes, and limits on it and on the average lead time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .rules import draw_member

if TYPE_CHECKING:
    from .plot import Plot


def draw_emissions(plot: Plot) -> None:
    """Give most of what is bought, carried and made a carbon, and now and then limit it and the days it takes."""
    choose, tables = plot.choose, plot.case.tables
    for table, rates in (("offers", [10, 5, 30, 60]), ("lanes", [1, 2, 4]), ("processes", [3, 1, 8])):
        for row in tables.get(table, []):
            if choose.chance(80):
                row["carbon"] = choose.pick(rates)
    need = sum(plot.need.values())
    if choose.chance(70):
        _limit(plot, "emitted", {"measure": "carbon", "value": round(need * choose.pick([9, 4, 2, 16]), 2)})
    if choose.chance(70):
        _limit(plot, "waited", {"measure": "lead_days", "value": plot.step * choose.pick([4, 2, 8, 1, 12]) / 10})


def _limit(plot: Plot, name: str, row: dict[str, Any]) -> None:
    """Draw whom, what and when the limit is about."""
    choose = plot.choose
    offer = choose.pick(plot.case.tables["offers"])
    row = {"limit": name, **row, **draw_member(plot, offer, row["measure"], False)}
    row["material"] = offer["material"] if choose.chance(30) else ""
    row["site"] = offer.get("destination", "") if choose.chance(20) else ""
    row["per"] = choose.pick(["horizon", "year", "period"])
    row["from"] = plot.day(20, 50) if choose.chance(20) else None
    plot.case.add("limits", **{key: value for key, value in row.items() if value not in (None, "")})
