"""Draw what is opened and closed: processes and sites with costs, sites with a capacity, and limits on their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plot import Plot


def draw_facilities(plot: Plot) -> None:
    """Give some processes and sites an opening cost or a fixed cost, and some sites a capacity."""
    tables, choose = plot.case.tables, plot.choose
    much = plot.yearly(50 * sum(plot.need.values()) + 50)
    need = plot.yearly(sum(plot.need.values()))
    sending = {row["origin"] for row in tables.get("lanes", [])}
    for table in ("processes", "sites"):
        for row in tables.get(table, []):
            if choose.chance(80 if table == "sites" and row["site"] in sending else 30):
                what = choose.pick([("opening_cost",), ("fixed_cost",), ("opening_cost", "fixed_cost")])
                row.update({name: choose.pick([0, 500, 20_000]) for name in what})
                row.setdefault("capacity", much)
    closing = {row["site"] for row in tables["sites"] if {"opening_cost", "fixed_cost"} & set(row)}
    for row in tables.get("lanes", []):
        if row["origin"] in closing:
            row.setdefault("capacity", much)
    for row in tables["offers"]:
        if row["site"] in closing:
            row["capacity"] = much if choose.chance(50) else row.get("capacity", much)
    for row in tables.get("processes", []):
        if row["site"] in closing:
            row.setdefault("capacity", much)
    for row in tables["sites"]:
        if choose.chance(30):
            row["capacity"] = round(need * choose.pick([5, 10, 20]) / 10, 2)
    if choose.chance(60):
        by, member = choose.pick([("", ""), ("country", ""), ("country", choose.pick(plot.countries))])
        sense = "min" if choose.chance(15) and bool(by) == bool(member) else "max"
        value = 0 if sense == "min" else choose.pick([1, 2, 3])
        plot.case.add("limits", limit="open", measure="facilities", by=by, member=member, sense=sense, value=value)
