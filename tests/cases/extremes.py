"""Draw cases of extreme sizes: strands that do not touch, each a small chain whose tonnes are all of one size.

What a strand's plan has to be follows from the same strand drawn at a size near 1: tonnes and money grow with the size.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from builders import write_tables
from cases.random_cases import toml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from builders import Row, Tables

SIZES = [1e-6, 1e-5, 1e-3, 1.0, 1e3, 1e6, 1e9]
LENGTHS = {"day": 1, "week": 7, "quarter": 91, "year": 365, "10 years": 3652}
QUANTITIES = {
    "offers": ["capacity"],
    "ramps": ["capacity"],
    "lanes": ["capacity"],
    "processes": ["capacity"],
    "demand": ["quantity"],
    "stocks": ["opening", "safety", "maximum", "closing", "disposal_maximum"],
    "open_orders": ["quantity"],
}


@dataclass(frozen=True)
class Strand:
    """Rows of one strand at a size near 1, its size, and its code (every code in it begins with that)."""

    code: str
    size: float
    tables: Tables

    def sized(self) -> Tables:
        """Return the rows with every quantity at the strand's size."""
        tables = {name: [dict(row) for row in rows] for name, rows in self.tables.items()}
        for name, columns in QUANTITIES.items():
            for row in tables.get(name, []):
                row |= {column: row[column] * self.size for column in columns if column in row}
        for row in tables.get("limits", []):
            if row["measure"] != "share":
                row["value"] *= self.size
        return tables


@dataclass(frozen=True)
class Extreme:
    """A question's parts and the strands it is about."""

    horizon: Row
    objective: Row
    strands: list[Strand]

    def write(self, folder: Path, strands: Iterable[Tables]) -> Path:
        """Write some tables together with the question; return the question's path."""
        joined: dict[str, list[Row]] = {"demand": [], "offers": [], "sites": [], "materials": []}
        for tables in strands:
            for name, rows in tables.items():
                joined.setdefault(name, []).extend(rows)
        write_tables(folder, joined)
        lines = ["schema = 1", 'question = "How far do sizes go?"', 'case = "."']
        for name, part in (("horizon", self.horizon), ("objective", self.objective)):
            lines += [f"[{name}]", *(f"{key} = {toml(value)}" for key, value in part.items())]
        path = folder / "question.toml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path


def draw_extreme(seed: str) -> Extreme:
    """Return a case of one to three strands."""
    draw = random.Random(seed)
    length = draw.choice(list(LENGTHS))
    periods = draw.randint(1, 3 if length == "10 years" else 5)
    shortage = draw.choice(["least", "least", "least", "priced", "none"])
    objective = {"smooth": 0.0, "shortage": shortage, "discount_rate": draw.choice([0.0, 0.08, 1.0])}
    horizon = {"start": "2027-01", "periods": periods, "length": length, "tail": 0}
    sizes = draw.sample(SIZES, draw.choice([1, 2, 2, 3]))
    strands = [_strand(draw, f"s{at}", size, horizon) for at, size in enumerate(sizes)]
    return Extreme(horizon, objective, strands)


def _strand(draw: random.Random, code: str, size: float, horizon: Row) -> Strand:
    days = LENGTHS[horizon["length"]] * horizon["periods"]
    tables: dict[str, list[dict[str, Any]]] = {}

    def add(table: str, **row: Any) -> None:
        tables.setdefault(table, []).append({name: cell for name, cell in row.items() if cell is not None})

    good, plant, near, far = (f"{code}_{word}" for word in ("good", "plant", "near", "far"))
    value = draw.choice([None, 1.0, 5e5, 5e5])
    add("materials", material=good, value=value, shortage_cost=draw.choice([0, 1.0, 1e6, 1e9]))
    for site, country in ((plant, "DEU"), (near, "AUS"), (far, "CHN")):
        add("sites", site=site, country=country)
    years = days / 365
    wanted = _demand(draw, add, (plant, good), horizon)
    yearly = max(wanted, 1.0) / years
    bought = _chain(draw, add, code, (plant, good), yearly)
    lead = [0, 0, 30, 45.5, days / horizon["periods"] * 1.3, days * 1.5, 36500]
    for site in (near, far):
        capacity = draw.choice([None, 0, 0.4, 0.7, 2.0])
        capacity = None if capacity is None else round(capacity * yearly * bought[1], 6)
        price = draw.choice([0, 1e-3, 10, 25_000, 3e5, 1e9])
        offer, wait = f"{code}_{site}_offer", draw.choice(lead)
        add("offers", offer=offer, supplier=site, site=site, material=bought[0], price=price, capacity=capacity)
        tables["offers"][-1]["lead_days"] = wait
        add("lanes", origin=site, destination=plant, material=bought[0], freight=draw.choice([0, 100, 1e5]))
        tables["lanes"][-1]["transit_days"] = draw.choice([0, 0, 30])
        if draw.random() < 0.2:
            tables["lanes"][-1]["capacity"] = round(yearly * bought[1] * 0.8, 6)
    _stock(draw, add, (plant, good), wanted)
    if draw.random() < 0.5:
        share = draw.choice([0, 1e-4, 0.35, 0.5, 1])
        add("limits", limit=f"{code}_limit", measure="share", by="country", material=bought[0], value=share)
        if draw.random() < 0.3:
            tables["limits"][-1] |= {"member": "AUS", "sense": "min"}
    elif draw.random() < 0.2:
        value = round(wanted * bought[1] * 0.6, 6)
        add("limits", limit=f"{code}_most", measure="tonnes", by="country", material=bought[0], value=value)
    return Strand(code, size, tables)


def _demand(draw: random.Random, add: Any, point: tuple[str, str], horizon: Row) -> float:
    """Ask for something, or for nothing at all; return the tonnes due within the horizon, about."""
    kind = draw.choice(["some", "some", "some", "some", "some", "zero", "outside"])
    last = 2027 + LENGTHS[horizon["length"]] * horizon["periods"] // 365
    site, material = point
    if kind == "outside":
        add("demand", site=site, material=material, period="2199", quantity=10)
        return 0.0
    quantity, total = (0.0 if kind == "zero" else draw.choice([1.0, 2.5, 7.0])), 0.0
    days = LENGTHS[horizon["length"]] * horizon["periods"]
    for year in range(2027, min(last, 2031) + 1):
        inside = min(max(days - 365 * (year - 2027), 0), 365) / 365
        row_quantity = round(quantity * draw.choice([1, 1, 0.5, 2]), 6)
        add("demand", site=site, material=material, period=str(year), quantity=row_quantity)
        total += row_quantity * inside
    return total


def _chain(draw: random.Random, add: Any, code: str, point: tuple[str, str], yearly: float) -> tuple[str, float]:
    """Maybe make the good from something poorer; return what is bought and the tonnes of it per tonne of good."""
    if draw.random() < 0.6:
        return point[1], 1.0
    part = draw.choice([1e-4, 0.02, 0.9])
    add("materials", material=f"{code}_ore", value=draw.choice([None, 100]))
    capacity = draw.choice([None, round(yearly / part * 1.5, 6), round(yearly / part * 0.5, 6)])
    add("processes", process=f"{code}_mill", site=point[0], capacity=capacity, cost=draw.choice([0, 5, 1e4]))
    add("recipes", process=f"{code}_mill", material=f"{code}_ore", quantity=-1)
    add("recipes", process=f"{code}_mill", material=point[1], quantity=part)
    return f"{code}_ore", 1 / part


def _stock(draw: random.Random, add: Any, point: tuple[str, str], wanted: float) -> None:
    if draw.random() < 0.4:
        return
    base = max(wanted, 1.0)
    row: dict[str, Any] = {"opening": round(base * draw.choice([0, 0, 0.1, 0.5, 3]), 6)}
    row["safety"] = round(base * draw.choice([0, 0, 0.05]), 6)
    row["holding_cost"] = draw.choice([None, 0, 900, 1e6])
    if draw.random() < 0.3:
        row["maximum"] = round(base * 4, 6)
    if draw.random() < 0.5:
        row["disposal_cost"] = draw.choice([0, 50, -5])
        row["disposal_maximum"] = round(base * 0.3, 6)
    add("stocks", site=point[0], material=point[1], **row)
