"""Draw limits on what stays short, and now and then let nothing else stay short."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plot import Plot


def draw_service(plot: Plot) -> None:
    """Draw up to two limits on shortage, by site, material and window, in tonnes or weighted."""
    choose, case = plot.choose, plot.case
    objective = case.question["objective"]
    for number in range(choose.pick([0, 0, 1, 2])):
        row = choose.pick(case.tables["demand"])
        limited = objective["shortage"] != "none" and choose.chance(40)
        site, material = row["site"], row["material"]
        limit = {
            "limit": f"service_{number + 1}",
            "measure": "shortage",
            "per": choose.pick(["horizon", "year", "period"]),
        }
        limit["site"] = site if choose.chance(40) else ""
        limit["material"] = material if choose.chance(50) else ""
        limit["from"] = plot.day(20, 50) if choose.chance(20) else None
        worth = next(one.get("value") or 1 for one in case.tables["materials"] if one["material"] == material)
        if choose.chance(40):
            limit["counted_in"] = "weighted"
        part = choose.pick([0.05, 0.3, 0.02, 0.6, 0.0])
        tonnes = sum(need for point, need in plot.need.items() if (limit["material"] or point[1]) == point[1]) * part
        limit["value"] = round(tonnes * (worth if limit.get("counted_in") else 1), 2)
        case.add("limits", **{key: value for key, value in limit.items() if value not in (None, "")})
        if limited and plot.easy:
            objective |= {"shortage": "limited", "minimize": ["cost"]}
