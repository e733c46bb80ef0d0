"""Random small cases, each drawn from its seed: a few rules at once, from a kilogram to 10^8 t, odd dates, ties."""

from __future__ import annotations

import csv
import json
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Row = dict[str, Any]
HORIZONS = (
    ("2027-01", 4, "quarter"),
    ("2027-01-15", 5, "90 days"),
    ("2027-02-10", 6, "month"),
    ("2026-11-20", 4, "45 days"),
    ("2027-07", 3, "year"),
    ("2027-03-05", 3, "6 months"),
    ("2027-12-01", 6, "week"),
    ("2028-02", 5, "month"),
    ("2027-01", 2, "2 years"),
    ("2027-10-17", 6, "30 days"),
)
COUNTRIES = ("AUS", "CHN", "USA", "DEU", "ZAF", "CHN")


class Draw:
    """One case while it is drawn: its random numbers, tables, and how large it is."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.tables: dict[str, list[Row]] = {"materials": [], "sites": [], "offers": [], "lanes": [], "demand": []}
        self.size = 10 ** self.random.uniform(-3, 8)
        self.start, self.periods, self.length = self.random.choice(HORIZONS)
        self.first = date.fromisoformat(self.start if len(self.start) > 7 else f"{self.start}-01")
        self.days = self.periods * span_days(self.length)
        self.shortage = self.random.choice(("least", "least", "least", "priced", "priced", "none"))
        self.rate = self.random.choice((0.0, 0.08, 0.2))
        self.limits: list[Row] = []
        self.suppliers: list[str] = []
        self.plants: list[str] = []
        self.bought: list[str] = []

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    def tonnes(self, part: float) -> float:
        """Return about a part of the case's size, to three figures."""
        return rounded(self.size * part)

    def dollars(self, low: float = 0.5, high: float = 2.0) -> float:
        """Return a price around the case's own, often one that others have too."""
        return self.random.choice((1000.0, 1000.0, rounded(1000 * self.random.uniform(low, high))))

    def day(self, low: float = 0.0, high: float = 1.0) -> str:
        """Return a day between two parts of the horizon, whatever the periods."""
        return (self.first + timedelta(days=int(self.days * self.random.uniform(low, high)))).isoformat()

    def year_size(self) -> float:
        """Return the case's demand a year, in parts of its size."""
        return 365.0 / self.days

    def add(self, table: str, **cells: Any) -> Row:
        self.tables.setdefault(table, []).append(cells)
        return cells


def span_days(length: str) -> int:
    """Return about how many days a period has."""
    count, unit = length.split() if " " in length else ("1", length)
    return int(count) * {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}[unit.removesuffix("s")]


def rounded(value: float) -> float:
    return float(f"{value:.3g}")


def draw(seed: int, names: tuple[str, ...] = ()) -> tuple[Draw, list[str]]:
    """Return a case and the names of the rules it combines, of all or of some."""
    made = Draw(seed)
    network(made)
    among = [name for name in RULES if not names or name in names]
    rules = made.random.sample(among, min(len(among), made.random.randint(2, 5)))
    rules.sort(key=list(RULES).index)
    for name in rules:
        RULES[name](made)
    return made, rules


def network(made: Draw) -> None:
    """Draw who sells, what, to which plants, and over which lanes."""
    pick = made.random
    made.plants = ["P1", "P2"][: pick.randint(1, 2)]
    made.suppliers = ["S1", "S2", "S3"][: pick.randint(1, 3)]
    for code in ("ore", "oxide", "waste"):
        stage = {"ore": "mine", "oxide": "oxide", "waste": ""}[code]
        value = rounded(1000 * pick.uniform(0.5, 3))
        made.add("materials", material=code, name=code, stage=stage, tariff_code=f"T-{code}", value=value)
        if made.shortage == "priced":
            made.tables["materials"][-1]["shortage_cost"] = rounded(pick.uniform(800, 20000))
    for site in made.plants:
        made.add("sites", site=site, name=site, kind="plant", country=pick.choice(("DEU", "USA")), owner="We")
    for site in made.suppliers:
        made.add("sites", site=site, name=site, kind="supplier", country=pick.choice(COUNTRIES), owner=f"O-{site}")
    made.bought = ["oxide"]
    for site in made.suppliers:
        supply(made, site, "oxide")
    demands(made, "oxide")


def supply(made: Draw, site: str, material: str) -> None:
    """Let a site sell a material, delivered or by lanes."""
    pick = made.random
    codes = [row["offer"] for row in made.tables["offers"]]
    offer = made.add(
        "offers",
        offer=f"A{len(codes) + 1}",
        supplier=f"O-{site}",
        site=site,
        material=material,
        price=0.0 if made.chance(0.08) else made.dollars(),
        lead_days=pick.choice((0, 0, 5, 17, 30, 61)),
    )
    if made.chance(0.7):
        offer["capacity"] = made.tonnes(made.year_size() * pick.uniform(0.2, 1.5))
    if made.chance(0.2):
        offer["destination"] = pick.choice(made.plants)
        return
    for plant in made.plants:
        known = [lane for lane in made.tables["lanes"] if (lane["origin"], lane["destination"]) == (site, plant)]
        if not known:
            freight = pick.choice((0.0, 20.0, rounded(pick.uniform(1, 300))))
            days = pick.choice((0, 3, 14, 33, 50))
            made.add("lanes", origin=site, destination=plant, mode="sea", freight=freight, transit_days=days)


def demands(made: Draw, material: str) -> None:
    """Let plants need a material, by calendar periods that need not be those of the horizon."""
    for plant in made.plants:
        part = made.random.uniform(0.2, 1.0)
        kind = made.random.choice(("year", "quarter", "month", "day"))
        names = list(dict.fromkeys(named(made.first + timedelta(days=d), kind) for d in range(0, made.days + 40, 5)))
        chosen = made.random.sample(names, min(len(names), made.random.randint(1, 6)))
        for period in sorted(chosen):
            length = {"year": 365, "quarter": 91, "month": 30, "day": 1}[kind]
            share = part * (length / made.days if kind != "day" else 1 / len(chosen))
            row = made.add(
                "demand", site=plant, material=material, period=period, quantity=made.tonnes(min(1.0, share))
            )
            if made.chance(0.3):
                row["priority"] = made.random.choice((1, 2, 5))


def named(when: date, kind: str) -> str:
    """Return the calendar period of a kind that a day lies in."""
    return {
        "year": f"{when.year}",
        "quarter": f"{when.year}-Q{(when.month + 2) // 3}",
        "month": f"{when.year}-{when.month:02}",
        "day": when.isoformat(),
    }[kind]


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
    made.tables["groups"] = [{"group": "west", "member": "DEU"}, {"group": "west", "member": "USA"}]


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
    made.add("stocks", site=plant, material="waste", disposal_cost=pick.choice((0.0, 25.0, -5.0)))


def lots(made: Draw) -> None:
    """Least lots, multiples, and what an order, a run or a sailing costs by itself."""
    pick = made.random
    part = 1 / made.periods
    for offer in made.tables["offers"]:
        kind = pick.choice(("min", "multiple", "cost", "none"))
        if kind == "min":
            offer["min_lot"] = made.tonnes(part * pick.uniform(0.1, 0.6))
        if kind == "multiple":
            offer["lot_multiple"] = made.tonnes(part * pick.uniform(0.1, 0.4))
        if kind == "cost" or made.chance(0.3):
            offer["order_cost"] = rounded(made.size * 1000 * part * pick.uniform(0.01, 0.2))
    for process in made.tables.get("processes", []):
        if made.chance(0.5):
            process["min_run"] = made.tonnes(part * pick.uniform(0.1, 0.4))
            process["run_cost"] = rounded(made.size * 1000 * part * 0.03)
    lane = pick.choice(made.tables["lanes"] or [{}])
    if made.chance(0.5):
        lane["min_lot"] = made.tonnes(part * 0.2)
    if made.chance(0.4) and made.tables["lanes"]:
        made.add("services", service="V", min_lot=made.tonnes(part * 0.1), order_cost=rounded(made.size * 10 * part))
        for lane in pick.sample(made.tables["lanes"], min(2, len(made.tables["lanes"]))):
            lane["service"] = "V"


def qualifications(made: Draw) -> None:
    """Approvals that take days, needed from the start or from a day on."""
    for offer in made.tables["offers"]:
        if made.chance(0.5):
            days = made.random.choice((0, 20, int(made.days / made.periods), 100))
            cost = rounded(made.size * 1000 * made.random.uniform(0.0, 0.1))
            row = made.add("qualifications", offer=offer["offer"], days=days, cost=cost)
            if made.chance(0.4):
                row["from"] = made.day(0.2, 0.8)
    for process in made.tables.get("processes", []):
        if made.chance(0.3):
            made.add("qualifications", process=process["process"], days=30, cost=rounded(made.size * 10))


def conditions(made: Draw) -> None:
    """Whoever uses one offer uses another too."""
    codes = [offer["offer"] for offer in made.tables["offers"]]
    if len(codes) > 1:
        first, second = made.random.sample(codes, 2)
        row = {"condition": "Q", "kind": "offer", "if": first, "then": second, "at_least": made.tonnes(0.05)}
        made.add("conditions", **row, per=made.random.choice(("period", "horizon")))


def facilities(made: Draw) -> None:
    """Sites and processes that cost something to open or keep open, and what a site can handle."""
    pick = made.random
    dollars = made.size * 1000
    for row in [*made.tables["sites"], *made.tables.get("processes", [])]:
        if made.chance(0.3):
            row["fixed_cost"] = rounded(dollars * pick.uniform(0, 0.1))
        if made.chance(0.25):
            row["opening_cost"] = rounded(dollars * pick.uniform(0, 0.1))
        if "kind" in row and row["kind"] != "supplier" and made.chance(0.4):
            row["capacity"] = made.tonnes(made.year_size() * pick.uniform(0.3, 1.5))


def tiers(made: Draw) -> None:
    """Prices that change with what is ordered in a year."""
    pick = made.random
    for offer in made.tables["offers"]:
        if made.chance(0.4):
            kind = pick.choice(("incremental", "all_units"))
            for step, part in enumerate(sorted(pick.sample((0.1, 0.2, 0.4, 0.7), pick.randint(1, 2)))):
                price = rounded(offer["price"] * pick.uniform(0.6, 1.2) * (1 - 0.1 * step))
                above = made.tonnes(part * min(1.0, made.year_size()))
                made.add("tiers", offer=offer["offer"], above=above, kind=kind, price=price)
    if made.chance(0.4):
        counted = pick.choice(("tonnes", "value"))
        unit = 1000 if counted == "value" else 1
        made.add(
            "tiers",
            supplier=f"O-{pick.choice(made.suppliers)}",
            above=made.tonnes(0.3) * unit,
            kind="incremental" if counted == "value" and made.chance(0.5) else "all_units",
            counted_in=counted,
            discount=0.1,
        )


def incumbents(made: Draw) -> None:
    """Today's suppliers, what it costs to leave them, and how much of it may move."""
    for offer in made.tables["offers"][:2]:
        row = made.add("incumbents", offer=offer["offer"], switching_cost=made.random.choice((0.0, 40.0, 500.0)))
        if made.chance(0.5):
            row["quantity"] = made.tonnes(made.year_size() * 0.2)
            if made.chance(0.4):
                row["may_move"] = made.tonnes(made.year_size() * 0.15)
        else:
            row["share"] = 0.4
            if made.chance(0.5):
                row["may_move_share"] = 0.5


def awards(made: Draw) -> None:
    """What is fixed by hand, as tonnes or a share, in a calendar period."""
    offer = made.random.choice(made.tables["offers"])
    kind = made.random.choice(("year", "quarter", "month"))
    period = named(made.first + timedelta(days=int(made.days * made.random.uniform(0, 0.6))), kind)
    row = made.add("awards", offer=offer["offer"], period=period)
    if made.chance(0.5):
        row["share"] = made.random.choice((0.0, 0.3, 1.0))
    else:
        row["quantity"] = made.tonnes(0.05)
    if made.chance(0.3):
        row["site"] = made.plants[0]


def splits(made: Draw) -> None:
    """The same mix of suppliers at all plants."""
    weights = made.chance(0.3)
    for plant in made.plants if len(made.plants) > 1 else ():
        row = made.add("splits", split="Z", site=plant, material="oxide", within=made.random.choice((0.05, 0.2, 0.5)))
        if weights:
            row["weight"] = made.random.choice((1, 2))


def limited(made: Draw, measure: str, value: float, **cells: Any) -> None:
    row = {"limit": f"limit-{len(made.limits)}", "measure": measure, "value": value}
    row["per"] = made.random.choice(("period", "year", "horizon"))
    if made.chance(0.3):
        row["from"] = made.day(0.0, 0.5)
    if made.chance(0.2):
        row["until"] = made.day(0.5, 1.1)
    made.limits.append(row | cells)


def share_limits(made: Draw) -> None:
    """Shares of countries, owners, suppliers, or of what is recycled."""
    for offer in made.tables["offers"]:
        offer["recycled"] = made.random.choice((0, 0.5, 1))
        if made.chance(0.2):
            offer["made_in"] = made.random.choice(("CHN", "AUS"))
    by = made.random.choice(("country", "owner", "supplier", "shipped_from", "source", "site"))
    limited(made, "share", made.random.choice((0.5, 0.6, 0.8)), by=by, material="oxide")
    if made.chance(0.3):
        limited(made, "share", 0.2, by="recycled", member="recycled", sense="min", material="oxide")


def tonne_limits(made: Draw) -> None:
    """Tonnes of a member, or of all, at most or at least."""
    by = made.random.choice(("country", "supplier"))
    member = "CHN" if by == "country" else f"O-{made.suppliers[0]}"
    limited(made, "tonnes", made.tonnes(0.1), by=by, member=member)
    if made.chance(0.3):
        limited(made, "tonnes", made.tonnes(0.02), by=by, member=member, sense="min")


def spend_limits(made: Draw) -> None:
    """Money spent with each supplier, or with all."""
    value = rounded(made.size * 1000 * made.random.uniform(0.05, 0.4))
    if made.chance(0.5):
        limited(made, "spend", value, by="supplier")
    else:
        limited(made, "spend", value)


def supplier_limits(made: Draw) -> None:
    """How many suppliers bring anything at most, or so much at least."""
    if made.chance(0.6):
        limited(made, "suppliers", made.random.choice((1, 2)), by=made.random.choice(("supplier", "country")))
    else:
        limited(made, "suppliers", 2, by="supplier", sense="min", at_least=made.tonnes(0.02))


def concentration(made: Draw) -> None:
    """A limit on the Herfindahl-Hirschman index."""
    limited(made, "hhi", made.random.choice((0.55, 0.7, 0.9)), by=made.random.choice(("country", "supplier")))


def carbon(made: Draw) -> None:
    """What is emitted by what is bought, carried and made."""
    for row in [*made.tables["offers"], *made.tables["lanes"], *made.tables.get("processes", [])]:
        row["carbon"] = made.random.choice((0.5, 1.0, 4.0))
    limited(made, "carbon", made.tonnes(made.random.uniform(0.5, 3)))


def lead_limits(made: Draw) -> None:
    """The average lead time of what arrives."""
    limited(made, "lead_days", made.random.choice((20, 45, 80)), material="oxide")


def limited_shortage(made: Draw) -> None:
    """Only what limits on shortage say may stay short."""
    made.shortage = "limited"
    limited(made, "shortage", made.tonnes(made.random.choice((0.1, 0.3, 1.0))), material="oxide")
    made.limits[-1].pop("from", None)
    made.limits[-1].pop("until", None)
    if made.chance(0.4):
        made.limits[-1]["counted_in"] = "weighted"
        made.limits[-1]["value"] *= 1500


RULES: dict[str, Callable[[Draw], None]] = {
    "warehouse": warehouse,
    "processes": processes,
    "windows": windows,
    "ramps": ramps,
    "lane capacities": lane_capacities,
    "licences": licences,
    "tariffs": tariffs,
    "stocks": stocks,
    "safety": safety,
    "open orders": open_orders,
    "lots": lots,
    "qualifications": qualifications,
    "conditions": conditions,
    "facilities": facilities,
    "tiers": tiers,
    "incumbents": incumbents,
    "awards": awards,
    "splits": splits,
    "shares": share_limits,
    "tonnes": tonne_limits,
    "spend": spend_limits,
    "suppliers": supplier_limits,
    "hhi": concentration,
    "carbon": carbon,
    "lead days": lead_limits,
    "limited shortage": limited_shortage,
}


def write(made: Draw, folder: Path) -> Path:
    """Write the tables and `question.toml` of a case into a folder, and return the question's path."""
    folder.mkdir(parents=True)
    for name, rows in made.tables.items():
        header = list(dict.fromkeys(column for row in rows for column in row))
        if not header:
            continue
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
    minimised = ["shortage", "cost"] if made.shortage == "least" else ["cost"]
    text = [
        "schema = 1",
        'question = "What does the second opinion say?"',
        'case = "."',
        f'[horizon]\nstart = "{made.start}"\nperiods = {made.periods}\nlength = "{made.length}"',
        f'[objective]\nminimize = {json.dumps(minimised)}\nshortage = "{made.shortage}"\ndiscount_rate = {made.rate}',
    ]
    for limit in made.limits:
        text.append("[[limits]]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in limit.items()))
    path = folder / "question.toml"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path
