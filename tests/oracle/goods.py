"""Rules of goods and days, drawn: offers, lanes, licences, duties, stock, orders on their way, processes."""

from __future__ import annotations

from datetime import date, timedelta

from oracle.drawing import Draw, rounded, supply


def windows(made: Draw) -> None:
    """Offers that can be ordered from, or until, a day within a period."""
    for offer in made.tables["offers"]:
        if made.chance(0.6):
            offer["start"] = made.day(-0.1, 0.4)
        if made.chance(0.4):
            offer["end"] = made.day(0.5, 1.1)


def ramps(made: Draw) -> None:
    """Capacities that change on a day."""
    for offer in made.tables["offers"]:
        offer.setdefault("capacity", made.tonnes(made.year_size()))
        since = made.day(0.0, 0.6)
        made.add("ramps", **{"offer": offer["offer"], "from": since, "capacity": made.tonnes(made.year_size() * 0.6)})
    for kind, table in (("process", "processes"), ("line", "lines")):
        for row in made.tables.get(table, []):
            if made.chance(0.6):
                row.setdefault("capacity", made.tonnes(made.year_size()))
                since, most = made.day(0.0, 0.6), made.tonnes(made.year_size() * made.random.choice((0.0, 0.5)))
                made.add("ramps", **{kind: row[kind], "from": since, "capacity": most})


def lane_capacities(made: Draw) -> None:
    """Lanes that carry only so much."""
    for lane in made.tables["lanes"]:
        if made.chance(0.7):
            lane["capacity"] = made.tonnes(made.year_size() * made.random.uniform(0.1, 1.0))


def licences(made: Draw) -> None:
    """Export licences in force from or until a day within a period."""
    for country in ("CHN", "AUS"):
        lag = made.random.choice((10, 45, 75))
        row = {"country": country, "from": made.day(-0.1, 0.5), "lag_days": lag}
        if made.chance(0.5):
            row["until"] = made.day(0.5, 1.1)
        if made.chance(0.4):
            row["destination"] = "DEU"
        if made.chance(0.3):
            row["material"] = "oxide"
        made.add("licences", **row)


def closures(made: Draw) -> None:
    """Days on which a country, a site, a supplier or a lane is closed for something, and lead times in working days."""
    sellers = made.tables["offers"]
    for offer in sellers:
        if made.chance(0.3):
            offer["days"] = "working"
    for _ in range(made.random.randint(1, 4)):
        stops = made.random.choice(("orders", "loading", "loading", "customs", "receipt", "work"))
        row = {"stops": stops, "from": made.day(-0.1, 0.9)}
        row["until"] = str(date.fromisoformat(str(row["from"])) + timedelta(days=made.random.choice((1, 4, 9, 30))))
        offer, plant = made.random.choice(sellers), made.random.choice(made.plants)
        where = offer["site"] if stops in ("orders", "loading") else plant
        if made.chance(0.4):
            row["country"] = next(site["country"] for site in made.tables["sites"] if site["site"] == where)
        elif stops in ("orders", "loading") and made.chance(0.3):
            row["supplier"] = offer["supplier"]
        else:
            row["site"] = where
        if stops == "loading" and made.chance(0.3):
            row["destination"] = plant
        made.add("closures", **row)


def tariffs(made: Draw) -> None:
    """Duties that begin or end within a period, on top of each other."""
    for _ in range(made.random.randint(1, 3)):
        row = {
            "importer": made.random.choice(("", "DEU", "USA", "west")),
            "origin": made.random.choice(("", "CHN", "AUS")),
            "tariff_code": made.random.choice(("", "T-oxide", "T-ore")),
            "from": made.day(-0.1, 0.7),
            "rate": made.random.choice((0.05, 0.25, 1.0)),
            "basis": made.random.choice(("cif", "fob")),
        }
        if made.chance(0.5):
            row["until"] = made.day(0.7, 1.1)
        if row not in made.tables.get("tariffs", []):
            made.add("tariffs", **row)
    made.tables.setdefault("groups", []).extend({"group": "west", "member": code} for code in ("DEU", "USA"))


def warehouse(made: Draw) -> None:
    """A warehouse that goods are sent on from."""
    made.add("sites", site="W", name="W", kind="warehouse", country=made.random.choice(("DEU", "NLD")), owner="We")
    for supplier in made.suppliers:
        made.add(
            "lanes",
            origin=supplier,
            destination="W",
            mode="sea",
            freight=made.random.choice((0.0, 5.0)),
            transit_days=7,
        )
    for plant in made.plants:
        made.add("lanes", origin="W", destination=plant, mode="road", freight=3.0, transit_days=4)
    made.add("stocks", site="W", material="ore")
    row = made.add("stocks", site="W", material="oxide")
    if made.chance(0.5):
        row.update(opening=made.tonnes(0.1), holding_cost=made.dollars(0.01, 0.1))


def stocks(made: Draw) -> None:
    """Stock to begin with, to be kept, to end with, and room for it."""
    for plant in made.plants:
        row = made.add("stocks", site=plant, material="oxide", opening=made.tonnes(made.random.uniform(0.05, 0.4)))
        if made.chance(0.4):
            row["closing"] = made.tonnes(0.1)
        if made.chance(0.3):
            row["maximum"] = made.tonnes(0.6)
        row["holding_cost"] = made.random.choice((0.0, 12.0, 100.0))
        if made.chance(0.2):
            row["disposal_cost"] = made.random.choice((0.0, 30.0, -30.0))
            row["disposal_maximum"] = made.tonnes(0.2)


def safety(made: Draw) -> None:
    """Stock to be kept, whether or not there is any to begin with."""
    for plant in made.plants:
        kept = next(
            (row for row in made.tables.get("stocks", []) if (row["site"], row["material"]) == (plant, "oxide")), None
        )
        row = kept if kept is not None else made.add("stocks", site=plant, material="oxide")
        row["safety"] = made.tonnes(made.random.choice((0.02, 0.05)))
        if made.chance(0.6):
            row["opening"] = made.tonnes(0.1)


def open_orders(made: Draw) -> None:
    """Orders on their way, on any day, some after the horizon."""
    for count in range(made.random.randint(1, 3)):
        made.add(
            "open_orders",
            order=f"N{count}",
            site=made.random.choice(made.plants),
            material="oxide",
            arrives=made.day(0.0, 1.1),
            quantity=made.tonnes(0.1),
        )
        if made.chance(0.4):
            made.tables["open_orders"][-1]["offer"] = made.random.choice(made.tables["offers"])["offer"]


def follows(made: Draw) -> None:
    """Licences that follow goods: of traders, through a store and plants abroad, and processes that keep a heading."""
    pick = made.random
    abroad = pick.choice(("CHN", "CHN", "AUS"))
    for offer in made.tables["offers"]:
        if made.chance(0.7):
            offer["made_in"] = pick.choice((abroad, abroad, "AUS", "USA"))
    for country in {abroad, pick.choice((abroad, "USA", "AUS"))}:
        lag = pick.choice((20, 45, 80, int(made.days / made.periods * 1.5)))
        row = made.add("licences", country=country, lag_days=lag, follows="origin")
        row["from"] = made.day(-0.1, 0.3) if made.chance(0.5) else ""
        if made.chance(0.2):
            row["until"] = made.day(0.4, 1.1)
        if made.chance(0.15):
            row["destination"] = pick.choice(("DEU", "USA", "NLD"))
        if made.chance(0.15):
            row["material"] = pick.choice(("oxide", "ore"))
    if made.chance(0.3):
        plain = {"country": pick.choice(("NLD", "DEU", "AUS")), "lag_days": pick.choice((10, 60)), "follows": ""}
        if plain["country"] not in {row["country"] for row in made.tables["licences"]}:
            made.add("licences", **plain)
    if made.chance(0.75) and not any(site["site"] == "W" for site in made.tables["sites"]):
        warehouse(made)
    stored = [row for row in made.tables.get("stocks", []) if (row["site"], row["material"]) == ("W", "oxide")]
    for row in stored:
        row.setdefault("opening", made.tonnes(0.2))
    if stored and made.chance(0.5):
        made.tables["lanes"] = [
            row for row in made.tables["lanes"] if row["destination"] not in made.plants[:1] or row["origin"] == "W"
        ]
    if made.chance(0.5):
        worked(made)
    stock = [row for row in made.tables.get("stocks", []) if row.get("opening")]
    for row in [*stock, *made.tables.get("open_orders", [])]:
        offers = [offer["offer"] for offer in made.tables["offers"] if offer["material"] == row["material"]]
        if offers and made.chance(0.6):
            row["offer"] = pick.choice(offers)


def worked(made: Draw) -> None:
    """A plant of one's own abroad that makes oxide of ore, or blends them: of another heading, or of the same."""
    pick = made.random
    made.add("sites", site="M", name="M", kind="plant", country=pick.choice(("CHN", "CHN", "MYS", "USA")), owner="We")
    made.materials["ore"]["tariff_code"] = pick.choice(("T-ore", "T-oxide", ""))
    for supplier in made.suppliers:
        supply(made, supplier, "ore")
        offer = made.tables["offers"][-1]
        offer.update(destination="M", price=rounded(pick.uniform(50, 300)))
        if made.chance(0.4):
            offer["made_in"] = pick.choice(("CHN", "AUS"))
    made.add("processes", process="KM", site="M", cost=made.dollars(0.05, 0.2), days=pick.choice((0, 12, 40)))
    made.add("recipes", process="KM", material="ore", quantity=-1)
    if made.chance(0.4):
        made.add("recipes", process="KM", material="oxide", quantity=-pick.choice((0.5, 1.5)))
        made.add("recipes", process="KM", material="blend", quantity=pick.choice((0.8, 1.2)))
        blended(made)
    else:
        made.add("recipes", process="KM", material="oxide", quantity=0.6)
    for to in [*made.plants, *(site["site"] for site in made.tables["sites"] if site["site"] == "W")]:
        made.add("lanes", origin="M", destination=to, mode="air", freight=8.0, transit_days=pick.choice((0, 9)))


def blended(made: Draw) -> None:
    """A blend of ore and oxide that a plant asks for, of oxide that comes to where it is made."""
    pick = made.random
    oxide = made.materials["oxide"]
    code = pick.choice((oxide["tariff_code"], "T-blend", ""))
    made.add("materials", **{**oxide, "material": "blend", "name": "blend", "tariff_code": code})
    supply(made, pick.choice(made.suppliers), "oxide")
    made.tables["offers"][-1]["destination"] = "M"
    part = made.random.uniform(0.1, 0.5)
    rows = [row for row in made.tables["demand"] if (row["site"], row["material"]) == (made.plants[0], "oxide")]
    made.tables["demand"] += [
        {**row, "material": "blend", "quantity": rounded(row["quantity"] * part)} for row in rows if row["quantity"]
    ]


def within(made: Draw) -> None:
    """Something asked on days within long periods: steady demand, safety stock in tonnes or days, opening stock."""
    pick = made.random
    made.within = pick.choice(("not_empty", "safety", "safety"))
    if made.chance(0.7):
        steady(made)
    for plant in made.plants:
        kept = [row for row in made.tables.get("stocks", []) if (row["site"], row["material"]) == (plant, "oxide")]
        row = kept[0] if kept else made.add("stocks", site=plant, material="oxide")
        row.setdefault("opening", made.tonnes(pick.choice((0.0, 0.1, 0.3))))
        row.setdefault("holding_cost", pick.choice((5.0, 40.0)))
        if made.chance(0.4):
            row.setdefault("safety", made.tonnes(pick.choice((0.02, 0.05))))
        if made.chance(0.3):
            row["safety_days"] = pick.choice((7, 20, 45))


def steady(made: Draw) -> None:
    """As much due every day at every plant, so that no day waits for another."""
    last = made.first + timedelta(days=made.days)
    made.tables["demand"] = [
        {"site": plant, "material": "oxide", "period": str(year), "quantity": made.tonnes(made.year_size() * part)}
        for plant in made.plants
        for part in [made.random.uniform(0.2, 1.0)]
        for year in range(made.first.year, last.year + 1)
    ]


def processes(made: Draw) -> None:
    """A plant that makes oxide of ore, with waste to be got rid of, on a line with another."""
    pick = made.random
    plant = made.plants[0]
    supply(made, made.suppliers[0], "ore")
    made.tables["offers"][-1].pop("destination", None)
    made.tables["offers"][-1]["price"] = rounded(pick.uniform(50, 300))
    if not any(lane["destination"] == plant and lane["origin"] == made.suppliers[0] for lane in made.tables["lanes"]):
        made.tables["offers"][-1]["destination"] = plant
    for code, gives in (("K1", 0.4), ("K2", pick.choice((0.4, 0.55)))):
        row = made.add(
            "processes", process=code, site=plant, cost=made.dollars(0.05, 0.2), days=pick.choice((0, 12, 40))
        )
        if made.chance(0.5):
            row["capacity"] = made.tonnes(made.year_size())
        if made.chance(0.5):
            row["line"] = "L"
        made.add("recipes", process=code, material="ore", quantity=-1)
        made.add("recipes", process=code, material="oxide", quantity=gives)
        made.add("recipes", process=code, material="waste", quantity=0.3)
    made.add("lines", line="L", capacity=made.tonnes(made.year_size()))
    waste = made.add("stocks", site=plant, material="waste", disposal_cost=pick.choice((0.0, 25.0, -5.0)))
    if waste["disposal_cost"] < 0 or made.chance(0.2):
        waste["disposal_maximum"] = made.tonnes(made.year_size())
