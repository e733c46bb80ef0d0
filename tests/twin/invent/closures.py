"""Draw closures: days on which offers, sites, lanes and processes are closed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plot import Plot

LENGTHS = (1, 3, 8, 15, 40)


def draw_closures(plot: Plot) -> None:
    """Close countries, sites, suppliers, lanes and processes for some days, before and after the horizon too."""
    choose, case = plot.choose, plot.case
    offers, lanes = case.tables["offers"], case.tables.get("lanes", [])
    for offer in offers:
        if choose.chance(25):
            offer["days"] = "working"
    for _ in range(choose.integer(1, 5)):
        stops = choose.pick(["loading", "orders", "customs", "receipt", "loading"])
        kind = choose.pick(["country", "site", "supplier", "lane"])
        offer = choose.pick(offers)
        row = {"country": choose.pick(plot.countries)}
        if kind == "site":
            row = {"site": offer["site"] if stops in ("orders", "loading") else choose.pick(plot.plants)}
        if kind == "supplier" and stops in ("orders", "loading"):
            row = {"supplier": offer["supplier"], **(row if choose.chance(30) else {})}
        if kind == "lane" and stops == "loading" and lanes:
            lane = choose.pick(lanes)
            row = {"site": lane["origin"], "destination": lane["destination"], "mode": lane.get("mode", "")}
        since = plot.start + timedelta(days=plot.days * choose.integer(-10, 105) // 100)
        until = since + timedelta(days=choose.pick(LENGTHS))
        case.add("closures", stops=stops, **row, **{"from": since, "until": until})
    for process in case.tables.get("processes", []):
        if choose.chance(60):
            since = plot.start + timedelta(days=plot.days * choose.integer(-5, 90) // 100)
            until = since + timedelta(days=choose.pick(LENGTHS))
            case.add("closures", stops="work", site=process["site"], **{"from": since, "until": until})
