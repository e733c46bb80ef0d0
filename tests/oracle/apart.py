"""Chain of custody, drawn: goods of several origins that meet in stock, on lanes and in processes; limits on use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oracle import goods
from oracle.drawing import rounded, supply
from oracle.terms import limited

if TYPE_CHECKING:
    from oracle.drawing import Draw, Row

HORIZONS = (
    ("2026-11-10", 8, "10 days"),
    ("2026-11-10", 4, "quarter"),
    ("2027-11-10", 6, "30 days"),
    ("2028-02-10", 5, "10 days"),
    ("2027-12-20", 7, "week"),
    ("2028-01-31", 4, "45 days"),
    ("2027-02-10", 6, "month"),
    ("2027-01", 4, "quarter"),
    ("2027-03-05", 3, "6 months"),
    ("2026-07", 2, "year"),
)
LENSES = ("country", "country", "owner", "supplier", "site", "recycled", "origin", "source", "shipped_from")


def chain(made: Draw) -> list[str]:
    """Draw what lots meet in: stock, open orders, a warehouse, processes of one and of two inputs, disposal."""
    pick, kinds = made.random, []
    for name, part, rule in (
        ("opening stock", 0.7, opening),
        ("open orders", 0.4, goods.open_orders),
        ("warehouse", 0.3, goods.warehouse),
        ("processes", 0.35, goods.processes),
        ("two inputs", 0.35, blend),
        ("disposal", 0.35, disposal),
    ):
        if made.chance(part):
            rule(made)
            kinds.append(name)
    for offer in made.tables["offers"]:
        offer["recycled"] = pick.choice((0, 0.5, 1))
        if made.chance(0.2):
            offer["made_in"] = pick.choice(("CHN", "AUS"))
    elements(made)
    for row in made.tables.get("stocks", []):
        offers = [offer["offer"] for offer in made.tables["offers"] if offer["material"] == row["material"]]
        if row.get("opening") and offers and made.chance(0.4):
            row["offer"] = pick.choice(offers)
    return kinds


def elements(made: Draw) -> None:
    """Let materials hold an element, some of them none."""
    for material, share in (("ore", 0.24), ("oxide", 0.6), ("metal", 0.9), ("scrap", 0.5)):
        known = any(row["material"] == material for row in made.tables["materials"])
        if known and (material == "oxide" or made.chance(0.8)):
            made.add("contents", material=material, element="X", share=share)


def opening(made: Draw) -> None:
    """Oxide in stock on the first day, at some plants, dear enough to lie."""
    for plant in made.plants:
        row = at(made, plant, "oxide")
        row["opening"] = made.tonnes(made.random.uniform(0.05, 0.5))
        row["holding_cost"] = made.random.choice((0.0, 12.0, 100.0))
        if made.chance(0.2):
            row["closing"] = made.tonnes(0.1)
        if made.chance(0.15):
            row["maximum"] = made.tonnes(0.6)


def at(made: Draw, site: str, material: str) -> Row:
    """Return the row of stocks of a point, a new one if there is none."""
    rows = made.tables.get("stocks", [])
    known = next((row for row in rows if (row["site"], row["material"]) == (site, material)), None)
    return known if known is not None else made.add("stocks", site=site, material=material)


def blend(made: Draw) -> None:
    """A plant that makes metal of oxide and scrap, and a demand for it."""
    pick, plant = made.random, made.plants[0]
    value = rounded(1000 * pick.uniform(1, 4))
    dear = {"shortage_cost": rounded(pick.uniform(3000, 30000))} if made.shortage == "priced" else {}
    made.add("materials", material="metal", name="metal", stage="metal", tariff_code="", value=value, **dear)
    stage = pick.choice(("feed", "mine", "oxide", "metal"))
    made.add("materials", material="scrap", name="scrap", stage=stage, tariff_code="", value=value / 2, **dear)
    for site in pick.sample(made.suppliers, pick.randint(1, len(made.suppliers))):
        supply(made, site, "scrap")
        made.tables["offers"][-1]["destination"] = plant
    row = made.add("processes", process="B", site=plant, cost=made.dollars(0.05, 0.2), days=pick.choice((0, 4, 12, 40)))
    if made.chance(0.3):
        row["capacity"] = made.tonnes(made.year_size())
    made.add("recipes", process="B", material="oxide", quantity=-pick.choice((0.5, 1.0)))
    made.add("recipes", process="B", material="scrap", quantity=-pick.choice((0.2, 0.8)))
    made.add("recipes", process="B", material="metal", quantity=pick.choice((0.6, 0.9)))
    if made.chance(0.4):
        at(made, plant, "scrap")["opening"] = made.tonnes(0.1)
    if made.chance(0.3):
        at(made, plant, "metal")["opening"] = made.tonnes(0.1)
    for row in [row for row in made.tables["demand"] if row["site"] == plant]:
        if made.chance(0.6):
            made.add("demand", **{**row, "material": "metal", "quantity": rounded(row["quantity"] * 0.5)})
    if not any(row["material"] == "metal" for row in made.tables["demand"]):
        made.add("demand", site=plant, material="metal", period=made.day(0.6, 0.9), quantity=made.tonnes(0.1))


def disposal(made: Draw) -> None:
    """A price at which oxide, and what else there is, can be got rid of, or sold."""
    for plant in made.plants:
        row = at(made, plant, "oxide")
        row["disposal_cost"] = made.random.choice((0.0, 5.0, 30.0, -30.0))
        if row["disposal_cost"] < 0 or made.chance(0.4):
            row["disposal_maximum"] = made.tonnes(made.year_size() * made.random.choice((0.2, 1.0)))


def limits(made: Draw) -> list[str]:
    """Draw one to three limits on use, and return their kinds."""
    kinds = []
    for _ in range(made.random.choice((1, 1, 2, 2, 3))):
        measure = made.random.choice(("share", "share", "share", "share", "hhi", "suppliers"))
        cells = {"counts": "use", **looks(made)}
        kinds.append(f"use {cells['by']}")
        if measure == "share":
            kinds.append(f"use {share(made, cells)}")
        elif measure == "hhi":
            limited(made, "hhi", made.random.choice((0.4, 0.55, 0.7, 0.9)), **cells)
            kinds.append("use hhi")
        else:
            cells.pop("counted_in", None)
            kinds.append(f"use {numbered(made, cells)}")
    return sorted(set(kinds))


def looks(made: Draw) -> dict[str, Any]:
    """Draw the lens of a limit, and where it looks."""
    pick = made.random
    cells: dict[str, Any] = {"by": pick.choice(LENSES)}
    if cells["by"] == "origin":
        stated(made)
    if cells["by"] == "origin" or made.chance(0.35):
        cells["stage"] = pick.choice(("mine", "oxide", "oxide", "metal"))
    if made.chance(0.4):
        cells["material"] = pick.choice(sorted({row["material"] for row in made.tables["demand"]}))
    if made.chance(0.4):
        cells["element"] = "X"
        if made.chance(0.3):
            cells["counted_in"] = "tonnes"
    if made.chance(0.25):
        cells["site"] = pick.choice(made.plants)
    return cells


def stated(made: Draw) -> None:
    """State where offers were mined and refined, in part, once."""
    if "origins" in made.tables:
        return
    pick = made.random
    for offer in made.tables["offers"]:
        for stage in ("mine", "oxide") if offer["material"] == "oxide" else ("mine",):
            for country in pick.sample(("AUS", "CHN", "ZAF"), pick.randint(0, 2)):
                made.add("origins", offer=offer["offer"], stage=stage, country=country, share=pick.choice((0.3, 0.5)))


def some(made: Draw, by: str) -> str:
    """Return a member that a lens can show."""
    pick = made.random
    owners = [f"O-{site}" for site in made.suppliers]
    offers = [row["offer"] for row in made.tables["offers"]]
    countries = ["CHN", "AUS", "USA", "DEU"]
    named = {"recycled": ["recycled", "primary"], "supplier": owners, "owner": owners, "source": offers}
    named["site"] = made.suppliers
    return pick.choice(named.get(by, countries))


def grouped(made: Draw, by: str) -> str:
    """Return the name of a group of two members."""
    name = f"group-{by}"
    rows = made.tables.setdefault("groups", [])
    if not any(row["group"] == name for row in rows):
        rows.extend({"group": name, "member": member} for member in sorted({some(made, by), some(made, by)}))
    return name


def share(made: Draw, cells: dict[str, Any]) -> str:
    """A share at most of each, of one or of a group, or of one or a group at least."""
    pick, by = made.random, cells["by"]
    kind = pick.choice(("each", "member", "group", "least"))
    if kind != "each":
        several = by not in ("recycled", "source") and (kind == "group" or made.chance(0.3))
        cells["member"] = grouped(made, by) if several else some(made, by)
    if kind == "least":
        limited(made, "share", pick.choice((0.1, 0.3, 0.6)), sense="min", **cells)
    else:
        limited(made, "share", pick.choice((0.2, 0.4, 0.5, 0.6, 0.8)), **cells)
    return f"share {kind}"


def numbered(made: Draw, cells: dict[str, Any]) -> str:
    """A number of suppliers at most, or of so much at least."""
    if made.chance(0.5):
        least = made.random.choice((0.0, made.tonnes(0.03)))
        limited(made, "suppliers", made.random.choice((1, 2)), at_least=least, **cells)
        return "suppliers at most"
    limited(made, "suppliers", 2, sense="min", at_least=made.tonnes(0.02), **cells)
    return "suppliers at least"
