"""Draw awards by hand: shares and quantities of some offers, in a year, a quarter or a month, at one site or all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plot import Plot


def draw_awards(plot: Plot) -> None:
    """Award one offer, mostly a little of what is needed; favour and penalise some."""
    choose = plot.choose
    for row in plot.case.tables["offers"]:
        if row["price"] > 0 and choose.chance(15):
            row["preference"] = round(float(row["price"]) * choose.pick([-0.3, -0.05, 0.05, 0.4]), 2)
    if choose.chance(50):
        row = choose.pick(plot.case.tables["offers"])
        day = plot.start + timedelta(days=choose.integer(0, max(plot.days - 1, 0)))
        period = choose.pick([f"{day:%Y}", f"{day:%Y}", f"{day:%Y}-Q{(day.month + 2) // 3}", f"{day:%Y-%m}"])
        site = row["destination"] if row.get("destination") and choose.chance(50) else None
        wanted = max(plot.yearly(plot.need.get((row.get("destination"), row["material"]), plot.total())), 0.1)
        terms = {"share": choose.integer(0, 20) / 100}
        if choose.chance(30):
            terms = {"quantity": round(wanted * choose.pick([0, 0.01, 0.02]), 3)}
        plot.case.add("awards", offer=row["offer"], period=period, site=site, **terms)
