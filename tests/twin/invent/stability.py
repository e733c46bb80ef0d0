"""Draw a last plan whose orders stand for a while, or may be changed at a price."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from .plot import Plot


def draw_last_plan(plot: Plot) -> None:
    """Give most cases orders of a last plan, some of offers that are gone, and terms for changing them."""
    choose, offers = plot.choose, plot.case.tables["offers"]
    if not choose.chance(75):
        return
    first = plot.start - timedelta(days=plot.step * choose.pick([0, 0, 1]) // 2)
    length = max(plot.step * choose.pick([1, 1, 2]), 1)
    for number, row in enumerate(offers):
        for destination, mode in _ways(plot, row) if choose.chance(70) else ():
            _orders(plot, (row["offer"] if number or choose.chance(90) else "gone", destination, mode), first, length)
    _terms(plot)


def _ways(plot: Plot, row: dict[str, str]) -> list[tuple[str, str]]:
    if row.get("destination"):
        return [(row["destination"], "")]
    lanes = plot.case.tables.get("lanes", [])
    mine = [lane for lane in lanes if lane["origin"] == row["site"] and lane.get("material") in (None, row["material"])]
    return sorted({(lane["destination"], lane.get("mode", "")) for lane in mine})


def _orders(plot: Plot, way: tuple[str, str, str], first: date, length: int) -> None:
    choose, offer = plot.choose, way[0]
    rows = [row for row in plot.case.tables["offers"] if row["offer"] == offer]
    need = plot.need.get((way[1], rows[0]["material"]), 1.0) if rows else 1.0
    most = [need / plot.periods, *(row["capacity"] * length / 366 for row in rows if row.get("capacity"))]
    start = first
    for _ in range(choose.integer(1, 3)):
        tonnes = round(min(most) * choose.pick([1, 2, 4]) / 10, 2)
        terms = dict(zip(("offer", "destination", "mode"), way, strict=True))
        until = start + timedelta(days=length)
        plot.case.add("last_orders", **terms, **{"from": start, "until": until, "tonnes": tonnes})
        start = until


def _terms(plot: Plot) -> None:
    """Draw terms for all, and for some that can order any amount a window in which their orders stand."""
    choose, tables, price = plot.choose, plot.case.tables, min(plot.price.values())
    costs = [round(price * part / 1000, 2) for part in (choose.pick([5, 50, 200]), choose.pick([5, 0, 100]))]
    plot.case.add("change_terms", offer=None, cost_more=costs[0], cost_less=costs[1])
    until = plot.start + timedelta(days=max(plot.step * choose.pick([10, 15, 10, 5]) // 10, 1))
    held = {row.get("offer") for row in tables.get("qualifications", [])}
    for row in tables["offers"]:
        if row["offer"] not in held and not row.get("min_lot") and not row.get("lot_multiple") and choose.chance(20):
            less = choose.pick([None, costs[0]])
            plot.case.add("change_terms", offer=row["offer"], frozen_until=until, cost_less=less)
