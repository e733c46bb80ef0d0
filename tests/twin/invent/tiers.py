"""Draw price tiers of offers and suppliers, of both kinds, cheaper and dearer, around what a year needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .plot import Plot


def draw_tiers(plot: Plot) -> None:
    """Give some offers and at most one supplier tiers, and whoever has them a capacity."""
    tables, choose = plot.case.tables, plot.choose
    if not choose.chance(80):
        return
    wanted = max(plot.yearly(sum(plot.need.values()) / max(len(plot.need), 1)), 0.1)
    offers = tables["offers"]
    paid = {row["supplier"] for row in offers if row["price"] < 0}
    offers = [row for row in offers if row["supplier"] not in paid]
    for row in offers:
        if choose.chance(40):
            _tiers(plot, wanted, float(row["price"]), offer=row["offer"])
    if offers and choose.chance(40):
        supplier = choose.pick([row["supplier"] for row in offers])
        price = max(float(row["price"]) for row in offers if row["supplier"] == supplier)
        _tiers(plot, wanted, price, supplier=supplier)
    owned = {(row.get("offer"), row.get("supplier")) for row in tables.get("tiers", [])}
    for row in offers:
        if {(row["offer"], None), (None, row["supplier"])} & owned:
            row.setdefault("capacity", plot.yearly(50 * sum(plot.need.values()) + 50))


def _tiers(plot: Plot, wanted: float, price: float, **owner: Any) -> None:
    choose, begins = plot.choose, 0.0
    kind = choose.pick(["all_units", "incremental", "incremental"])
    value = "supplier" in owner and (kind == "incremental" or choose.chance(50))
    dearer = choose.chance(50)
    for number in range(choose.integer(1, 3)):
        begins += wanted * choose.pick([3, 1, 6, 2]) / 20
        change = choose.pick([1, 2, 5]) * (number + 1) if choose.chance(80) else choose.integer(0, 9)
        terms = {"discount": change / 100} if "supplier" in owner else {}
        if not terms:
            terms = {"price": round(price * (1 + (change if dearer else -change) / 100), 2)}
        above = round(begins * max(price, 1.0), 0) if value else max(round(begins, 2), 0.01)
        if all(row["above"] != above or not owner.items() <= row.items() for row in plot.case.tables.get("tiers", [])):
            plot.case.add("tiers", **owner, above=above, kind=kind, counted_in="value" if value else None, **terms)
