"""Draw what a blend of a rich and a poor feed has to hold on average."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .market import draw_material

if TYPE_CHECKING:
    from .plot import Plot


def draw_blend_limit(plot: Plot, plant: str, percent: int) -> None:
    """Draw a limit on the grade of the blend: at most so much thorium, or at least so fine, in one of many ways.

    ``percent`` is the thorium of the rich feed; the poor one has 10 %.
    """
    choose, case = plot.choose, plot.case
    for feed, fineness in (("rich", choose.integer(60, 90)), ("poor", choose.integer(10, 40))):
        case.add("properties", material=feed, property="fineness", value=fineness)
        if choose.chance(30):
            case.add("recipes", process=f"blend_{feed}", material="acid", quantity=-choose.pick([0.1, 0.5]))
    if any(row["material"] == "acid" for row in case.tables["recipes"]):
        draw_acid(plot, plant)
    part = choose.pick([2, 1, 4, 6, 9]) / 10
    row = {"limit": "blend_grade", "measure": "grade", "site": plant if choose.chance(40) else None}
    if choose.chance(50):
        row |= {"sense": "max", "element": "Th", "value": round((percent + (10 - percent) * part) / 100, 5)}
    else:
        row |= {"sense": "min", "property": "fineness", "value": round(75 - 50 * part, 2)}
    which = choose.pick(["material", "line", "both"])
    row |= {"material": "blend" if which != "line" else None, "line": "blender" if which != "material" else None}
    row |= {"per": choose.pick([None, None, "period", "year", "horizon"])}
    row["from"] = plot.day(20, 50) if choose.chance(25) else None
    row["until"] = plot.day(60, 110, after=row["from"]) if choose.chance(15) else None
    row = {key: value for key, value in row.items() if value is not None}
    if choose.chance(50):
        case.add("limits", **row)
    else:
        case.question.setdefault("limits", []).append(row)


def draw_acid(plot: Plot, plant: str) -> None:
    """Draw what a recipe takes besides the feed and what is no part of the average."""
    plot.price["acid"] = 80
    draw_material(plot, "acid", "", {"Cl": 30})
    offer = {"offer": "acid", "supplier": "Supplier 1", "site": plot.suppliers[0], "material": "acid", "price": 80}
    plot.case.add("offers", **offer, destination=plant)
