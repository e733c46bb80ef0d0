"""Draw today's suppliers: what is bought of them, what leaving costs, and how much may leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plot import Plot


def draw_incumbents(plot: Plot) -> None:
    """Make some offers incumbents, mostly of less than all that is needed, and limit what may move."""
    choose, tables = plot.choose, plot.case.tables
    if not choose.chance(50):
        return
    shared: set[str] = set()
    for row in tables["offers"]:
        if not choose.chance(25):
            continue
        need = sum(tonnes for (_, material), tonnes in plot.need.items() if material == row["material"])
        bought = {"quantity": round(max(plot.yearly(need or plot.total()), 0.1) * choose.integer(1, 12) / 20, 3)}
        if choose.chance(50) and row["material"] not in shared:
            shared.add(row["material"])
            bought = {"share": choose.integer(20, 95) / 100}
        held = choose.pick([{}, {"may_move_share": 1}, {"may_move_share": 0.9}, {"may_move": 1}])
        if "may_move" in held:
            held = {"may_move": round(bought.get("quantity", plot.yearly(plot.total())) * held["may_move"], 3)}
        cost = choose.pick([0, 50, 500, 5000])
        plot.case.add("incumbents", offer=row["offer"], switching_cost=cost, **bought, **held)
    today = {row["offer"] for row in tables.get("incumbents", [])}
    of = {row["material"] for row in tables["offers"] if row["offer"] in today}
    for material in tables["materials"]:
        if material["material"] in of and choose.chance(75):
            share = choose.pick([1, 1, 0.95])
            material |= (
                {"may_move_share": share} if choose.chance(60) else {"may_move": plot.yearly(share * plot.total())}
            )
