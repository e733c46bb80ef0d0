"""Draw what processes share: lines, and a second way to run one, so that two compete for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blends import draw_blend_limit
from .market import draw_demand, draw_material, draw_offers, draw_ramp

if TYPE_CHECKING:
    from .plot import Plot


def draw_processing_lines(plot: Plot) -> None:
    """Draw lines for the processes there are, and now and then one on which two feeds make the same."""
    choose, case = plot.choose, plot.case
    if choose.chance(45):
        draw_two_feeds(plot)
    for number, site in enumerate(sorted({row["site"] for row in case.tables.get("processes", [])})):
        mine = [row for row in case.tables["processes"] if row["site"] == site and "line" not in row]
        if mine and choose.chance(50):
            for row in mine[: choose.integer(1, len(mine))]:
                row["line"] = f"line_{number + 1}"
            draw_line(plot, f"line_{number + 1}", plot.total() / 3)


def draw_line(plot: Plot, line: str, activity: float) -> None:
    """Draw a line that takes about so much activity over the horizon, or has no capacity of its own."""
    choose = plot.choose
    capacity = plot.yearly(activity * choose.pick([6, 10, 3, 15, 20]) / 10)
    has_ramp = choose.chance(20)
    plot.case.add(
        "lines", line=line, name=choose.pick([None, "Train"]), capacity=None if choose.chance(12) else capacity
    )
    if has_ramp:
        draw_ramp(plot, {"line": line}, capacity)


def draw_two_feeds(plot: Plot) -> None:
    """Draw a product that one line makes of a rich and of a poor feed, which can be bought, too, where that is easy."""
    choose, case, plant = plot.choose, plot.case, plot.plants[0]
    plot.price["blend"] = 9000
    draw_material(plot, "blend", "metal", {plot.products[plot.first]: 5})
    draw_demand(plot, plant, "blend")
    wanted = plot.need[plant, "blend"]
    thorium = choose.integer(0, 4)
    for name, yields, price, percent in (("rich", 0.9, 3000, thorium), ("poor", 0.6, 500, 10)):
        plot.price[name] = price
        draw_material(plot, name, "concentrate", {"Th": percent})
        plot.need[plant, name] = wanted
        case.add("processes", process=f"blend_{name}", site=plant, line="blender", cost=choose.pick([0, 50]))
        case.add("recipes", process=f"blend_{name}", material=name, quantity=-1)
        case.add("recipes", process=f"blend_{name}", material="blend", quantity=yields)
        draw_offers(plot, plant, name)
    draw_line(plot, "blender", wanted * 1.2)
    if choose.chance(80):
        draw_blend_limit(plot, plant, thorium)
    if plot.easy:
        row = {"offer": "blend_dear_1", "supplier": "Supplier 1", "site": plot.suppliers[0], "material": "blend"}
        case.add("offers", **row, destination=plant, price=20000)
