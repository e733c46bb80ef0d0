"""Draw the market: sites, materials, demand, own processes, offers and the lanes they need."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plot import Plot

COUNTRIES = ["AUS", "CHN", "USA", "MYS", "VNM", "EST"]
HOMES = ["JPN", "DEU", "USA"]
ELEMENTS = ["Nd", "Dy", "Tb"]
LOADS = [10, 10, 5, 15, 20, 0]  # tenths of an even month's demand


def draw_sites(plot: Plot) -> None:
    """Draw suppliers in two to four countries, plants, and country groups."""
    choose, case = plot.choose, plot.case
    plot.countries = COUNTRIES[: choose.integer(2, 4)]
    for number in range(choose.integer(2, 5)):
        site, country = f"S{number + 1}", plot.countries[number % len(plot.countries)]
        owner = choose.pick(["", f"Owner {number + 1}", "Group Alpha"])
        home = choose.pick(["", country, "CHN"]) if owner else ""
        case.add("sites", site=site, kind="supplier", country=country, owner=owner, owner_country=home)
        plot.suppliers.append(site)
    for number in range(choose.integer(1, 2)):
        site = f"P{number + 1}"
        case.add("sites", site=site, kind="plant", country=HOMES[choose.integer(0, 2)], owner="Us", owner_country="DEU")
        plot.plants.append(site)
    for country in plot.countries[1:3]:
        case.add("groups", group="bloc", member=country)
    case.add("groups", group="home", member=HOMES[choose.integer(0, 2)])


def draw_pair(plot: Plot) -> None:
    """Group the first two suppliers that offer anything: a group may name only those."""
    for supplier in sorted({row["supplier"] for row in plot.case.tables["offers"]})[:2]:
        plot.case.add("groups", group="pair", member=supplier)


def draw_products(plot: Plot) -> None:
    """Draw one to three oxides, each wanted at one plant or two."""
    choose = plot.choose
    for element in ELEMENTS[: choose.pick([1, 1, 2, 2, 3])]:
        material = f"{element.lower()}_oxide"
        plot.products[material] = element
        plot.price[material] = choose.integer(5, 60) * 1000
        draw_material(
            plot, material, choose.pick(["oxide", "oxide", "metal", ""]), {element: 80 + choose.integer(0, 8)}
        )
        for plant in plot.plants[: choose.integer(1, 2)]:
            draw_demand(plot, plant, material)


def draw_material(plot: Plot, material: str, stage: str, contents: dict[str, int]) -> None:
    """Add a material and what it contains, in percent."""
    choose = plot.choose
    plot.case.add(
        "materials",
        material=material,
        stage=stage,
        tariff_code=choose.pick(["", "2846", "7202"]),
        value=plot.price[material] if plot.valued else None,
        shortage_cost=plot.price[material] * choose.pick([4, 3, 8, 1]),
    )
    for element, percent in contents.items():
        plot.case.add("contents", material=material, element=element, share=percent / 100)


def units(plot: Plot, grain: str) -> list[str]:
    """Return the calendar years, quarters, months or days that meet the horizon."""
    names = {}
    for gone in range(plot.days):
        day = plot.start + timedelta(days=gone)
        quarter = f"{day.year}-Q{(day.month + 2) // 3}"
        name = {"year": f"{day.year}", "quarter": quarter, "month": f"{day.year}-{day.month:02d}"}
        names[name.get(grain, day.isoformat())] = True
    return list(names)


def draw_demand(plot: Plot, site: str, material: str) -> None:
    """Draw demand rows by year, quarter, month or single days; heavy and light ones alternate at random."""
    choose = plot.choose
    need = choose.integer(1, 10) * 20.0
    plot.need[site, material] = need
    grain = choose.pick(["year", "quarter", "month", "day"])
    found = units(plot, grain)
    if len(found) > 8:
        grain, found = ("day", found[:: -(-len(found) // 4)]) if grain == "day" else ("year", units(plot, "year"))
    tonnes = need * {"year": 365, "quarter": 91, "month": 30, "day": 1}[grain] / plot.days
    for name in found:
        plot.case.add(
            "demand",
            site=site,
            material=material,
            period=name,
            quantity=round((need / len(found) if grain == "day" else tonnes) * choose.pick(LOADS) / 10, 2),
            priority=choose.pick([1, 1, 2, 5]),
            shortage_cost=plot.price[material] * 2 if choose.chance(10) else None,
        )


def draw_own_processes(plot: Plot) -> None:
    """Draw a separation of mixed feed, a smelter that takes an oxide, and a loop that returns swarf."""
    choose, case = plot.choose, plot.case
    oxides, plant = list(plot.products)[:2], plot.plants[-1]
    if choose.chance(55):
        site = plant
        if choose.chance(40):
            site = "T1"
            case.add(
                "sites", site="T1", kind="plant", country=choose.pick(["MYS", "JPN"]), owner=choose.pick(["", "Toll"])
            )
            for to in plot.plants:
                days, cap = plot.lead(2), plot.yearly(plot.total() / 4) if choose.chance(30) else None
                case.add("lanes", origin="T1", destination=to, mode="sea", freight=40, transit_days=days, capacity=cap)
        plot.price["feed"] = 2000
        draw_material(plot, "feed", "concentrate", {plot.products[oxide]: 20 for oxide in oxides})
        plot.need[site, "feed"] = plot.total() * 2
        capacity = plot.yearly(plot.total() * choose.pick([20, 10, 5, 15]) / 10)
        process = {"process": "separation", "site": site, "cost": choose.integer(0, 9) * 100, "days": plot.lead(4)}
        case.add(
            "processes", **process, capacity=None if choose.chance(20) else capacity, recycled=choose.pick([0, 0, 0.5])
        )
        case.add("recipes", process="separation", material="feed", quantity=-1)
        for oxide in oxides:
            case.add("recipes", process="separation", material=oxide, quantity=choose.pick([0.25, 0.2, 0.4]))
            if (site, oxide) not in plot.need and site != "T1":
                draw_spare_outlet(plot, site, oxide)
        if choose.chance(70):
            plot.price["residue"] = 20
            draw_material(plot, "residue", "", {})
            case.add("recipes", process="separation", material="residue", quantity=0.5)
            draw_spare_outlet(plot, site, "residue")
        if choose.chance(25):
            draw_ramp(plot, {"process": "separation"}, capacity)
    if choose.chance(35):
        draw_smelter(plot, oxides[0], plant)


def draw_spare_outlet(plot: Plot, site: str, material: str) -> None:
    """Let a by-product go: at a cost or sold for a little, sometimes only so much a year."""
    choose = plot.choose
    most = plot.yearly(plot.total() / 4) if choose.chance(40) else None
    price = choose.pick([50, 10, -20])
    plot.case.add("stocks", site=site, material=material, disposal_cost=price, disposal_maximum=most, holding_cost=5)


def draw_smelter(plot: Plot, oxide: str, plant: str) -> None:
    """Draw a process that makes metal from the oxide, and sometimes one that brings its swarf back."""
    choose, case = plot.choose, plot.case
    plot.price["alloy"] = plot.price[oxide] * 2
    draw_material(plot, "alloy", "alloy", {plot.products[oxide]: 30})
    draw_demand(plot, plant, "alloy")
    wanted = plot.need[plant, "alloy"]
    plot.need[plant, oxide] = plot.need.get((plant, oxide), 0.0) + wanted
    capacity = plot.yearly(wanted * choose.pick([20, 12, 6]) / 10)
    case.add("processes", process="smelting", site=plant, capacity=capacity, cost=300, days=plot.lead(4))
    case.add("recipes", process="smelting", material=oxide, quantity=-0.5)
    case.add("recipes", process="smelting", material="alloy", quantity=0.8)
    if choose.chance(40):
        plot.price["swarf"] = 100
        draw_material(plot, "swarf", "", {plot.products[oxide]: 30})
        case.add("recipes", process="smelting", material="swarf", quantity=0.2)
        case.add("processes", process="recycling", site=plant, cost=choose.integer(1, 30) * 100, recycled=1)
        case.add("recipes", process="recycling", material="swarf", quantity=-1)
        case.add("recipes", process="recycling", material=oxide, quantity=choose.pick([0.4, 0.5, 0.8]))
        draw_spare_outlet(plot, plant, "swarf")


def draw_ramp(plot: Plot, of: dict[str, str], capacity: float) -> None:
    """Draw one to three steps or lines of capacity."""
    for number in range(plot.choose.integer(1, 3)):
        plot.case.add(
            "ramps",
            **of,
            **{
                "from": plot.start
                + timedelta(days=number + plot.days * (30 * number + plot.choose.integer(0, 25)) // 100)
            },
            capacity=round(capacity * plot.choose.pick([10, 15, 5, 20, 0]) / 10, 2),
            interpolate=plot.choose.pick(["no", "yes"]),
        )


def draw_offers(plot: Plot, site: str, material: str) -> None:
    """Draw cheap offers with little capacity, ex works or delivered, and a dear one that backs them up."""
    choose, case = plot.choose, plot.case
    need, price = plot.need[site, material], plot.price[material]
    for number in range(choose.pick([1, 2, 2, 3])):
        row = {
            "offer": f"{material}_{site}_{number + 1}",
            "material": material,
            "recycled": choose.pick([0, 0, 0.5, 1]),
        }
        place = choose.integer(0, len(plot.suppliers) - 1)
        row |= {"site": plot.suppliers[place], "supplier": f"Supplier {place + 1}"}
        row |= {"price": price * choose.integer(50, 110) // 100, "lead_days": plot.lead(5)}
        capacity = plot.yearly(need * choose.pick([4, 6, 3, 10]) / 10)
        row["capacity"] = None if choose.chance(12) else capacity
        if material == "feed" and row["capacity"] is not None and choose.chance(10):
            row["price"] = -40
        row["made_in"] = choose.pick(plot.countries) if choose.chance(25) else None
        row["start"] = plot.day(5, 40) if choose.chance(15) else None
        row["end"] = plot.day(45, 95, after=row["start"]) if choose.chance(40) else None
        if choose.chance(10):
            row |= {"site": site, "supplier": "The scrap dealer at the gate"}
        elif choose.chance(45):
            row["destination"] = site
        elif choose.chance(95):
            draw_lanes(plot, row["site"], site, material)
        case.add("offers", **row)
        if choose.chance(25):
            draw_ramp(plot, {"offer": row["offer"]}, capacity)
    if material != "feed" and (plot.easy or choose.chance(30)):
        for number in range(choose.integer(1, 2)):
            place = (len(plot.case.tables["offers"]) + number) % len(plot.suppliers)
            case.add(
                "offers",
                offer=f"{material}_{site}_dear_{number + 1}",
                supplier=f"Supplier {place + 1}",
                site=plot.suppliers[place],
                material=material,
                destination=site,
                price=price * choose.integer(115, 150) // 100,
            )


def draw_lanes(plot: Plot, origin: str, destination: str, material: str) -> None:
    """Draw one or two modes between two sites, for any material or this one, unless they exist already."""
    choose, case = plot.choose, plot.case
    for mode in choose.pick([["sea"], ["sea", "air"], [""]]):
        named = material if choose.chance(40) else ""
        key = (origin, destination, named, mode)
        if key in plot.lanes:
            continue
        plot.lanes.add(key)
        case.add(
            "lanes",
            origin=origin,
            destination=destination,
            material=named,
            mode=mode,
            freight=choose.integer(0, 20) * (100 if mode == "air" else 10),
            transit_days=0 if mode == "air" else plot.lead(4),
            capacity=plot.yearly(plot.need[destination, material] * choose.pick([4, 2, 6]) / 10)
            if choose.chance(45)
            else None,
        )
