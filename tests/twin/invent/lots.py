"""Draw what is used in lots: offers, processes, lines, lanes and services with least lots, multiples and costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .plot import Plot


def draw_lots(plot: Plot) -> None:
    """Give some of each kind a least lot, a multiple or a cost, in proportion to a period's need."""
    tables, choose = plot.case.tables, plot.choose
    need = max(sum(plot.need.values()) / max(len(plot.need), 1) / plot.periods, 0.05)
    for at, row in enumerate(tables["offers"]):
        if at % 3 == 2:
            row["lot_of"] = "period"
        if choose.chance(35):
            row.update(_terms(plot, need, "min_lot", "order_cost"))
        if choose.chance(10):
            row["lot_multiple"] = max(round(need * choose.pick([4, 2, 10]) / 10, 2), 0.01)
    for table in ("processes", "lines"):
        for row in tables.get(table, []):
            if choose.chance(40):
                row.update(_terms(plot, need, "min_run", "run_cost"))
    lanes = tables.get("lanes", [])
    for row in lanes:
        if choose.chance(20):
            row.update(_terms(plot, need, "min_lot", "order_cost"))
    if lanes and choose.chance(40):
        plot.case.add("services", service="liner", **_terms(plot, need, "min_lot", "order_cost"))
        for row in lanes[: choose.integer(1, len(lanes))]:
            row["service"] = "liner"
    _bound(plot)


def _bound(plot: Plot) -> None:
    """Give whoever is used in lots a capacity, if only a large one: a loop that loses material leaves it no other."""
    much = plot.yearly(50 * sum(plot.need.values()) + 50)
    for table in ("offers", "processes", "lines", "lanes"):
        for row in plot.case.tables.get(table, []):
            if {"min_lot", "min_run", "order_cost", "run_cost", "lot_multiple", "service"} & set(row):
                row.setdefault("capacity", much)


def _terms(plot: Plot, need: float, least: str, cost: str) -> dict[str, Any]:
    choose = plot.choose
    found: dict[str, Any] = {}
    if choose.chance(70):
        found[least] = max(round(need * choose.pick([5, 10, 15, 25]) / 10, 2), 0.01)
    if not found or choose.chance(50):
        found[cost] = round(need * choose.pick([100, 500, 2000]), 2)
    return found
