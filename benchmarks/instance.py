"""Make a case of a wanted size: suppliers, materials, plants and 36 months, with a question that prices shortage.

``python -m benchmarks.instance 140000 FOLDER`` writes FOLDER/question.toml and FOLDER/tables/*.csv. The same size and
seed give the same files. Prices and tonnages are drawn, not real; what is realistic is the shape: most suppliers reach
some plants only, the cheapest country sells most, orders take months, and half of what could be bought is not needed.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]

MONTHS = 36
FIRST_YEAR = 2027
HOMES = ("USA", "DEU", "JPN", "KOR", "FRA", "GBR")
# Share of the suppliers, and price against the world's.
COUNTRIES = {
    "CHN": (0.34, 0.78),
    "AUS": (0.10, 1.02),
    "MYS": (0.08, 0.97),
    "USA": (0.08, 1.12),
    "VNM": (0.07, 0.94),
    "IND": (0.07, 0.96),
    "BRA": (0.06, 1.00),
    "CAN": (0.05, 1.10),
    "EST": (0.05, 1.08),
    "FRA": (0.04, 1.15),
    "ZAF": (0.03, 1.01),
    "KAZ": (0.03, 0.95),
}
QUESTION = f"""schema   = 1
question = "What does it cost to take at most 45 % of each element from one country in each year?"
case     = "tables"
horizon  = {{ start = "{FIRST_YEAR}-01", periods = {MONTHS}, length = "month", tail = 0 }}

[objective]
minimize      = ["cost"]
shortage      = "priced"
discount_rate = 0.08
smooth        = 0

[solver]
threads = 1
"""


@dataclass
class Instance:
    """The tables while they are drawn, and how many columns their model will have."""

    draw: random.Random
    tables: dict[str, list[Row]] = field(default_factory=dict)
    columns: int = 0

    def row(self, table: str, **cells: Any) -> None:
        """Add a row; a cell of None stays blank."""
        self.tables.setdefault(table, []).append(cells)


def make(size: int, seed: int = 1) -> dict[str, list[Row]]:
    """Return the tables of a case whose model has about ``size`` columns."""
    instance = Instance(random.Random(f"{seed}/{size}"))
    elements = [f"E{number:02}" for number in range(max(2, round(2.5 * (size / 1000) ** 0.33)))]
    plants = [f"PLANT-{number:02}" for number in range(max(2, round(2 * (size / 1000) ** 0.36)))]
    prices = _materials(instance, elements)
    wanted = _plants(instance, plants, elements, prices)
    _lanes_between(instance, plants, wanted)
    _suppliers(instance, size, wanted, prices)
    _size_offers(instance)
    _borders(instance, elements)
    return instance.tables


def _materials(instance: Instance, elements: list[str]) -> dict[str, float]:
    """Draw an oxide and a metal of each element; return their prices [USD/t]."""
    prices = {}
    for element in elements:
        oxide = 10 ** instance.draw.uniform(4.3, 5.7)
        for stage, factor, content in (("oxide", 1.0, 0.86), ("metal", 1.45, 1.0)):
            material = f"{element}-{stage}"
            prices[material] = oxide * factor
            value, short = round(oxide * factor), round(oxide * factor * 8)
            instance.row(
                "materials", material=material, stage=stage, tariff_code=stage, value=value, shortage_cost=short
            )
            instance.row("contents", material=material, element=element, share=content)
    return prices


def _plants(
    instance: Instance, plants: list[str], elements: list[str], prices: dict[str, float]
) -> dict[str, list[str]]:
    """Draw the plants with their demand, stocks and furnaces; return the plants that want each material."""
    draw = instance.draw
    wanted: dict[str, list[str]] = {material: [] for material in prices}
    for number, plant in enumerate(plants):
        instance.row("sites", site=plant, kind="plant", country=HOMES[number % len(HOMES)], owner="")
        chosen = draw.sample(elements, max(1, round(0.45 * len(elements))))
        if number == 0:
            chosen = sorted({*chosen, *elements[:2]})
        for element in chosen:
            monthly = 10 ** draw.uniform(0.3, 2.0)
            metal, oxide = f"{element}-metal", f"{element}-oxide"
            _need(instance, plant, metal, monthly, prices)
            wanted[metal].append(plant)
            if draw.random() < 0.6:
                _furnace(instance, plant, element, monthly)
                if draw.random() < 0.5:
                    _need(instance, plant, oxide, 0.4 * monthly, prices)
                else:
                    _stock(instance, plant, oxide, monthly, prices)
                wanted[oxide].append(plant)
    return wanted


def _lanes_between(instance: Instance, plants: list[str], wanted: dict[str, list[str]]) -> None:
    """Draw lanes from each plant to some others, for metal that both want.

    What only one wants passes through no other. Oxide would owe duty by lots, which the peers have none of.
    """
    draw = instance.draw
    for start in plants:
        for end in draw.sample(plants, min(3, len(plants))):
            if start != end:
                freight, days = round(draw.uniform(80, 500), 2), draw.randint(3, 40)
                way = {"origin": start, "destination": end, "mode": "truck", "freight": freight, "transit_days": days}
                for material, those in wanted.items():
                    if material.endswith("-metal") and start in those and end in those:
                        instance.row("lanes", material=material, **way)


def _need(instance: Instance, plant: str, material: str, monthly: float, prices: dict[str, float]) -> None:
    """Let a plant need a material every month, with a growing and seasonal demand."""
    draw = instance.draw
    growth, phase = draw.uniform(0.0, 0.15), draw.uniform(0, 2 * math.pi)
    for month in range(MONTHS):
        season = 1 + 0.2 * math.sin(phase + month * math.pi / 6)
        quantity = round(monthly * season * (1 + growth) ** (month / 12), 3)
        period = f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02}"
        instance.row("demand", site=plant, material=material, period=period, quantity=quantity)
    _stock(instance, plant, material, monthly, prices)
    instance.columns += MONTHS


def _stock(instance: Instance, plant: str, material: str, monthly: float, prices: dict[str, float]) -> None:
    """Let a plant have some of a material on the first day, and keep some of it."""
    draw = instance.draw
    instance.row(
        "stocks",
        site=plant,
        material=material,
        opening=round(draw.uniform(1.0, 3.5) * monthly, 3),
        safety=round(draw.uniform(0.2, 0.8) * monthly, 3) if draw.random() < 0.7 else None,
        maximum=round(draw.uniform(4.0, 8.0) * monthly, 3) if draw.random() < 0.5 else None,
        holding_cost=round(0.01 * prices[material], 2),
    )
    instance.columns += MONTHS


def _furnace(instance: Instance, plant: str, element: str, monthly: float) -> None:
    draw, process = instance.draw, f"{plant}-{element}"
    capacity, cost = round(12 * monthly * draw.uniform(0.4, 0.9), 2), round(draw.uniform(2_000, 12_000), 2)
    instance.row("processes", process=process, site=plant, capacity=capacity, cost=cost, days=draw.choice((10, 20, 30)))
    instance.row("recipes", process=process, material=f"{element}-oxide", quantity=-1.22)
    instance.row("recipes", process=process, material=f"{element}-metal", quantity=1)
    instance.columns += MONTHS


def _suppliers(instance: Instance, size: int, wanted: dict[str, list[str]], prices: dict[str, float]) -> None:
    """Draw suppliers with offers and lanes until the model is large enough; every wanted material comes first."""
    draw = instance.draw
    materials = [material for material, plants in wanted.items() if plants]
    queue = [material for material in materials for _ in range(2)]
    number = 0
    while queue or instance.columns < size:
        country = draw.choices(list(COUNTRIES), [share for share, _ in COUNTRIES.values()])[0]
        sold = {queue.pop()} if queue else set(draw.sample(materials, min(draw.randint(1, 3), len(materials))))
        site, owner = f"S{number:05}", f"Owner {draw.randint(0, number // 2):05}"
        instance.row("sites", site=site, kind="supplier", country=country, owner=owner)
        served = sorted({plant for material in sold for plant in wanted[material]})
        reached = draw.sample(served, max(1, round(draw.uniform(0.3, 0.9) * len(served))))
        ways = {plant: _lanes(instance, site, plant) for plant in sorted(reached)}
        for material in sorted(sold):
            price = round(prices[material] * COUNTRIES[country][1] * draw.uniform(0.9, 1.25), 2)
            lead = draw.choice((14, 21, 30, 45, 60, 90))
            share = draw.lognormvariate(0.0, 0.8)
            sale = {"offer": f"{site}-{material}", "supplier": owner, "site": site, "material": material}
            instance.row("offers", **sale, price=price, capacity=share, lead_days=lead)
            instance.columns += MONTHS * sum(count for plant, count in ways.items() if plant in wanted[material])
        number += 1


def _lanes(instance: Instance, site: str, plant: str) -> int:
    """Draw the lanes from a supplier to a plant, by sea and sometimes by air; return how many there are."""
    draw = instance.draw
    freight = draw.uniform(60, 600)
    lane = {"material": None, "origin": site, "destination": plant}
    instance.row("lanes", **lane, mode="sea", freight=round(freight, 2), transit_days=draw.randint(12, 62))
    if draw.random() < 0.65:
        return 1
    capacity = round(10 ** draw.uniform(0.8, 2.2), 1)
    instance.row(
        "lanes", **lane, mode="air", freight=round(freight * 14, 2), transit_days=draw.randint(2, 7), capacity=capacity
    )
    return 2


def _size_offers(instance: Instance) -> None:
    """Turn the drawn shares of the offers into tonnes a year: together 1.9 times what all plants need of a material."""
    need: dict[str, float] = {}
    for row in instance.tables["demand"]:
        need[row["material"]] = need.get(row["material"], 0.0) + row["quantity"] * 12 / MONTHS
    for row in instance.tables["processes"]:
        oxide = f"{row['process'].rpartition('-')[2]}-oxide"
        need[oxide] = need.get(oxide, 0.0) + row["capacity"]
    offered: dict[str, float] = {}
    for row in instance.tables["offers"]:
        offered[row["material"]] = offered.get(row["material"], 0.0) + row["capacity"]
    for row in instance.tables["offers"]:
        share = row["capacity"] / offered[row["material"]]
        row["capacity"] = max(round(1.9 * need[row["material"]] * share, 3), 0.001)


def _borders(instance: Instance, elements: list[str]) -> None:
    """Write duties, export licences and the limits of the question."""
    for importer, origin, code, rate in (
        ("USA", "", "oxide", 0.03),
        ("USA", "CHN", "oxide", 0.25),
        ("DEU", "", "oxide", 0.055),
        ("FRA", "", "oxide", 0.055),
        ("JPN", "", "oxide", 0.02),
    ):  # nothing is due on metal, which own lanes carry
        instance.row("tariffs", importer=importer, origin=origin, tariff_code=code, rate=rate, basis="cif")
    for element in elements[::2]:
        instance.row("licences", country="CHN", material=f"{element}-oxide", lag_days=60)
    for element in elements:
        limit = {
            "limit": f"{element}-one-country",
            "measure": "share",
            "by": "country",
            "element": element,
            "counts": "arrivals",
        }
        instance.row("limits", **limit, per="year", value=0.45)


def write(size: int, folder: Path, seed: int = 1) -> Path:
    """Write the case and its question, and return the path of the question."""
    tables = folder / "tables"
    tables.mkdir(parents=True)
    for name, rows in make(size, seed).items():
        header = list(dict.fromkeys(column for row in rows for column in row))
        with (tables / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows)
    question = folder / "question.toml"
    question.write_text(QUESTION, encoding="utf-8")
    return question


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
