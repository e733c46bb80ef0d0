"""Draw what binds the market: stocks, orders under way, tariffs, licences, the objective and limits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .market import draw_lanes

if TYPE_CHECKING:
    from .plot import Plot


def draw_stocks(plot: Plot) -> None:
    """Draw opening, safety, closing and largest stocks where there is need, and a depot that ships its own."""
    choose, case = plot.choose, plot.case
    for (site, material), need in plot.need.items():
        if choose.chance(75):
            safety = round(need * choose.pick([0, 5, 10, 20]) / 100, 2)
            closing = round(need * choose.pick([0, 5, 15]) / 100, 2) if choose.chance(35) else None
            opening = round(need * choose.pick([30, 0, 15, 45]) / 100, 2)
            most = round(max(safety, closing or 0, opening, need * choose.pick([30, 20, 12]) / 100), 2)
            case.add(
                "stocks",
                site=site,
                material=material,
                opening=opening,
                safety=safety if plot.easy or choose.chance(30) else None,
                closing=closing if plot.easy else 0,
                maximum=most if choose.chance(40) else None,
                holding_cost=choose.pick([0, 20, 300]),
                **draw_disposal(plot, need),
            )
    if choose.chance(35):
        material, plant = choose.pick(list(plot.products)), choose.pick(plot.plants)
        case.add("sites", site="W1", kind="warehouse", country=choose.pick(["CHN", "NLD"]), owner="Us")
        opening = round(plot.need.get((plant, material), 40.0) * choose.pick([3, 6]) / 10, 2)
        case.add("stocks", site="W1", material=material, opening=opening, holding_cost=choose.pick([0, 100]))
        plot.need.setdefault((plant, material), 40.0)
        draw_lanes(plot, "W1", plant, material)
        if choose.chance(50):
            row = {"offer": "depot", "supplier": "Supplier 1", "site": "W1", "material": material, "capacity": 500}
            case.add("offers", **row, price=plot.price[material] * 6 // 10, lead_days=plot.lead(3))
    if len(plot.plants) == 2 and choose.chance(40):
        for origin, destination in (plot.plants, plot.plants[::-1]):
            if (destination, plot.first) in plot.need:
                draw_lanes(plot, origin, destination, plot.first)


def draw_disposal(plot: Plot, need: float) -> dict[str, float]:
    """Draw disposal now and then, at a cost or (then never without end) at a gain."""
    if not plot.choose.chance(30):
        return {}
    cost, most = plot.choose.pick([(30, None), (30, 0.1), (-20, 0.2)])
    return {"disposal_cost": cost} | ({"disposal_maximum": plot.yearly(need * most)} if most else {})


def draw_open_orders(plot: Plot) -> None:
    """Draw orders under way, with and without the offer they came from, a few of them after the horizon."""
    choose = plot.choose
    usable = [(row["site"], row["material"]) for row in plot.case.tables["demand"]]
    for number in range(choose.pick([0, 0, 1, 1, 2])):
        site, material = choose.pick(usable)
        offers = [row["offer"] for row in plot.case.tables["offers"] if row["material"] == material]
        plot.case.add(
            "open_orders",
            order=f"PO-{number + 1}",
            site=site,
            material=material,
            arrives=plot.day(0, 80) if choose.chance(90) else plot.ends + timedelta(days=40),
            quantity=round(plot.need[site, material] * choose.pick([10, 5, 20]) / 100, 2),
            offer=choose.pick(["", *offers]),
        )


def draw_rules_of_trade(plot: Plot) -> None:
    """Draw tariffs and licences, by country, group or for all, dated and undated."""
    choose, case = plot.choose, plot.case
    for number in range(choose.integer(0, 3)):
        start = None if choose.chance(50) else plot.day(10 * number, 10 * number + 60)
        case.add(
            "tariffs",
            importer=choose.pick(["", "JPN", "DEU", "home"]),
            origin=choose.pick(["", *plot.countries, "bloc"]),
            tariff_code=choose.pick(["", "2846"]),
            **{"from": start},
            rate=choose.integer(0, 30) / 100,
            until=plot.day(60, 120, after=start) if choose.chance(25) else None,
            basis=choose.pick(["cif", "fob"]),
        )
    for number in range(choose.pick([0, 0, 1, 2])):
        start = None if choose.chance(40) else plot.day(10 * number, 10 * number + 60)
        case.add(
            "licences",
            country=choose.pick(plot.countries),
            material=choose.pick(["", plot.first]),
            destination=choose.pick(["", "home", "DEU"]),
            **{"from": start},
            until=plot.day(60, 120, after=start) if choose.chance(25) else None,
            lag_days=plot.lead(6),
        )


def draw_objective(plot: Plot) -> None:
    """Draw how shortage is treated; without a backup it is never ruled out."""
    choose = plot.choose
    shortage = choose.pick(["least", "least", "least", "priced", "none" if plot.easy else "least"])
    minimize = ["shortage", "cost"] if shortage == "least" else ["cost"]
    rate = choose.pick([0, 0, 8, 20]) / 100
    plot.case.question["objective"] = {"minimize": minimize, "shortage": shortage, "discount_rate": rate, "smooth": 0.0}


def draw_limit(plot: Plot, name: str) -> None:
    """Draw a limit of any measure, sense, lens, window and filter around an offer, in the tables or the question."""
    choose, materials = plot.choose, {row["material"]: row for row in plot.case.tables["materials"]}
    least = choose.chance(30)
    dear = [row for row in plot.case.tables["offers"] if least and "_dear_" in row["offer"]]
    offer = choose.pick(dear or plot.case.tables["offers"])
    material = offer["material"]
    row = {
        "limit": name,
        "measure": choose.pick(["share", "tonnes", "spend", "share", "tonnes", "spend", "share"]),
        "sense": "min" if least else "max",
    }
    row |= draw_member(plot, offer, row["measure"], least)
    row["material"] = material if choose.chance(60) else ""
    row["site"] = offer.get("destination", "") if choose.chance(40) else ""
    row["per"] = choose.pick(["horizon", "year", "period"])
    if choose.chance(50):
        row["element"] = choose.pick(
            [here["element"] for here in plot.case.tables["contents"] if here["material"] == material]
        )
    if row["measure"] != "spend":
        row["counted_in"] = choose.pick(["", "tonnes", "element"]) if "element" in row else ""
        stage = materials[material].get("stage") or "mine"
        row["stage"] = choose.pick(["mine", stage, "metal"]) if choose.chance(40) else ""
    row["from"] = None if choose.chance(45) else plot.day(20, 50)
    row["until"] = plot.day(60, 110, after=row["from"]) if choose.chance(15) else None
    need = sum(need for (_, wanted), need in plot.need.items() if wanted == material)
    windows = {"horizon": 1, "year": max(1, plot.days // 365), "period": plot.periods}[row["per"]]
    tonnes = need / windows * choose.integer(*((2, 15) if least else (5, 35))) / 100
    row["value"] = {
        "share": choose.integer(*((3, 20) if least else (25, 75))) / 100,
        "tonnes": round(tonnes, 2),
        "spend": round(tonnes * plot.price[material] * 0.8),
    }[row["measure"]]
    row = {key: value for key, value in row.items() if value not in (None, "")}
    if choose.chance(50):
        plot.case.add("limits", **row)
    else:
        plot.case.question.setdefault("limits", []).append(row)
        if choose.chance(15):
            plot.case.add("limits", **{**row, "value": row["value"] / 2})  # replaced by the question's


def draw_member(plot: Plot, offer: dict[str, Any], measure: str, least: bool) -> dict[str, str]:
    """Draw the lens and the member of a limit: the offer's own, a group, each, or all together."""
    choose = plot.choose
    if measure != "share" and choose.chance(30):
        return {}
    by = choose.pick(["country", "supplier", "owner", "owner_country", "site", "recycled"])
    here = next(row for row in plot.case.tables["sites"] if row["site"] == offer["site"])
    members = {
        "country": [offer.get("made_in") or here["country"], "bloc"],
        "supplier": [offer["supplier"], "pair"],
        "owner": [here.get("owner") or "unknown"],
        "owner_country": [here.get("owner_country") or "unknown"],
        "site": [here["site"]],
        "recycled": ["recycled" if offer.get("recycled") else "primary"],
    }
    return {"by": by, "member": choose.pick(members[by]) if least or choose.chance(70) else ""}
