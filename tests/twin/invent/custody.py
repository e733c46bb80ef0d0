"""Draw limits that count what is used, and what makes goods hard to keep apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .indices import named_countries
from .market import draw_demand, draw_lanes, draw_material, draw_spare_outlet

if TYPE_CHECKING:
    from .plot import Plot

LENSES = ["country", "supplier", "country", "owner", "owner_country", "site", "source", "recycled", "shipped_from"]


def draw_furnace(plot: Plot) -> None:
    """Draw a process that melts an oxide and scrap, which both hold the element, to metal that is wanted."""
    choose, case, plant = plot.choose, plot.case, plot.plants[0]
    oxide = plot.first
    for name, stage, percent in (("metal", "metal", 70), ("scrap", choose.pick(["", "mine", "metal"]), 25)):
        plot.price[name] = plot.price[oxide] * (2 if name == "metal" else 1) // 2
        draw_material(plot, name, stage, {plot.products[oxide]: percent})
    draw_demand(plot, plant, "metal")
    wanted = plot.need[plant, "metal"]
    plot.need[plant, oxide] = plot.need.get((plant, oxide), 0.0) + wanted
    plot.need[plant, "scrap"] = wanted / 2
    case.add("processes", process="furnace", site=plant, cost=choose.pick([0, 100]), days=plot.lead(3))
    case.add("recipes", process="furnace", material=oxide, quantity=-choose.pick([0.9, 0.5]))
    case.add("recipes", process="furnace", material="scrap", quantity=-choose.pick([0.5, 0.2]))
    case.add("recipes", process="furnace", material="metal", quantity=0.8)


def draw_store(plot: Plot) -> None:
    """Draw a store of our own between a supplier and a plant: bought to there, or there already, and sent on."""
    choose, case, material = plot.choose, plot.case, plot.first
    plant = choose.pick([plant for plant in plot.plants if (plant, material) in plot.need])
    case.add("sites", site="W2", kind="warehouse", country=choose.pick(["NLD", "CHN"]), owner="Us", owner_country="DEU")
    draw_lanes(plot, "W2", plant, material)
    opening = round(plot.need[plant, material] * choose.pick([2, 0, 1]) / 10, 2)
    case.add("stocks", site="W2", material=material, opening=opening, holding_cost=choose.pick([0, 50]))
    for place in range(choose.integer(1, 2)):
        row = {"offer": f"to_store_{place + 1}", "supplier": f"Supplier {place + 1}", "site": plot.suppliers[place]}
        price = plot.price[material] * choose.integer(40, 90) // 100
        most = plot.yearly(plot.need[plant, material] * choose.pick([3, 6]) / 10)
        case.add("offers", **row, material=material, destination="W2", price=price, capacity=most)
    if choose.chance(40):
        draw_spare_outlet(plot, plant, material)


def draw_custody(plot: Plot) -> None:
    """Let limits count what is used: of those drawn already some, and one to three that do not say what they count."""
    choose, tables = plot.choose, plot.case.tables
    for stock in tables.get("stocks", []):
        same = [row["offer"] for row in tables["offers"] if row["material"] == stock["material"]]
        if same and stock.get("opening") and choose.chance(50):
            stock["offer"] = choose.pick(same)
    for row in _of_use_or_arrivals(plot):
        row["counts"] = "use" if choose.chance(70) else "arrivals"
    for number in range(choose.pick([1, 2, 1, 3])):
        row = _limit(plot, f"used_{number + 1}")
        plot.case.add("limits", **{key: value for key, value in row.items() if value not in (None, "")})
    if any(row["measure"] == "governance_hhi" for row in tables["limits"]) and "governance" not in tables:
        for country in named_countries(tables):
            plot.case.add("governance", country=country, value=choose.pick([2, 4.5, 6, 1]))


def count_arrivals(plot: Plot) -> None:
    """Let every limit that could count what is used count what arrives."""
    for row in _of_use_or_arrivals(plot):
        row["counts"] = "arrivals"


def _of_use_or_arrivals(plot: Plot) -> list[dict[str, Any]]:
    rows = [*plot.case.tables.get("limits", []), *plot.case.question.get("limits", [])]
    return [row for row in rows if row["measure"] in {"share", "hhi", "governance_hhi", "suppliers"}]


def _limit(plot: Plot, name: str) -> dict[str, Any]:
    """Draw a limit around an offer: it looks where that is used, or what is made of it."""
    choose, tables = plot.choose, plot.case.tables
    offer = choose.pick(tables["offers"])
    wanted = sorted({row["material"] for row in tables["demand"]})
    measures = ["share"] * 6 + ["suppliers", "suppliers", choose.pick(["hhi", "governance_hhi", "share"])]
    row: dict[str, Any] = {"limit": name, "measure": choose.pick(measures)}
    row["by"] = "country" if row["measure"] == "governance_hhi" else choose.pick(LENSES)
    row["material"] = choose.pick(["", *wanted])
    if choose.chance(40):
        row["element"] = choose.pick(sorted({here["element"] for here in tables["contents"]}))
        row["counted_in"] = choose.pick(["", "tonnes", "element"])
    stages = sorted({each.get("stage") or "mine" for each in tables["materials"] if each["material"] in wanted})
    if choose.chance(40):
        row["stage"] = choose.pick(["mine", *stages])
    if choose.chance(15) and row["measure"] != "governance_hhi":
        row |= {"by": "origin", "stage": choose.pick(stages)}
    row["site"] = choose.pick(plot.plants) if choose.chance(25) else ""
    row["per"] = choose.pick(["horizon", "year", "period"])
    row["from"] = None if choose.chance(60) else plot.day(20, 50)
    row["until"] = plot.day(60, 110, after=row["from"]) if choose.chance(15) else None
    row |= _terms(plot, row, offer)
    return row


def _terms(plot: Plot, row: dict[str, Any], offer: dict[str, Any]) -> dict[str, Any]:
    """Draw sense, member and value of a limit."""
    choose, measure = plot.choose, row["measure"]
    if measure in {"hhi", "governance_hhi"}:
        return {"value": choose.pick([40, 50, 60, 75]) / 100 if measure == "hhi" else choose.pick([2, 1.5, 3])}
    least = choose.chance(30)
    if measure == "suppliers":
        need = sum(plot.need.values()) / plot.periods
        enough = max(round(need * choose.pick([1, 3, 0.1]) / 20, 3), 0.001)
        return {"value": 1, "sense": "min", "at_least": enough} if least else {"value": choose.pick([1, 2])}
    found: dict[str, Any] = {"value": choose.integer(*((3, 30) if least else (15, 70))) / 100}
    if least:
        found["sense"] = "min"
    site = next(each for each in plot.case.tables["sites"] if each["site"] == offer["site"])
    members = {
        "supplier": [offer["supplier"], "pair"],
        "owner": [site.get("owner") or "unknown"],
        "owner_country": [site.get("owner_country") or "unknown"],
        "site": [offer["site"]],
        "source": [offer["offer"]],
        "recycled": ["recycled", "primary"],
        "origin": [*plot.countries, "unknown"],
    }.get(row["by"], [offer.get("made_in") or site["country"], "bloc"])
    return found | ({"member": choose.pick(members)} if least or choose.chance(70) else {})
