"""A random small case while it is drawn: who sells what to whom, from a kilogram to 10^8 t, on odd dates, with ties."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
Steps = tuple[tuple[str, int], ...]
Horizon = tuple[str, int, str] | tuple[str, Steps]
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
LONG = (
    ("2026-11", (("month", 3), ("quarter", 3))),
    ("2027-02-10", (("quarter", 4),)),
    ("2027-05", (("2 weeks", 3), ("month", 2), ("quarter", 1), ("6 months", 1))),
    ("2027-03-05", (("month", 2), ("year", 2))),
    ("2027-08", (("6 months", 3),)),
    ("2026-11-20", (("45 days", 6),)),
    ("2027-12-15", (("32 days", 2), ("31 days", 2), ("100 days", 2))),
    ("2028-01-31", (("2 months", 5),)),
    ("2027-10-17", (("year", 2),)),
    ("2027-01-01", (("week", 4), ("5 weeks", 3), ("3 months", 2))),
)
"""Horizons whose periods grow longer, or are long."""
COUNTRIES = ("AUS", "CHN", "USA", "DEU", "ZAF", "CHN")


class Draw:
    """One case while it is drawn: its random numbers, tables, and how large it is."""

    def __init__(self, seed: int, horizons: tuple[Horizon, ...] = HORIZONS) -> None:
        self.random = random.Random(seed)
        self.tables: dict[str, list[Row]] = {"materials": [], "sites": [], "offers": [], "lanes": [], "demand": []}
        self.size = 10 ** self.random.uniform(-3, 8)
        horizon = self.random.choice(horizons)
        self.start = horizon[0]
        self.steps = horizon[1] if len(horizon) == 2 else ((horizon[2], horizon[1]),)
        self.periods = sum(times for _, times in self.steps)
        self.within = ""
        self.tail = 0
        self.first = date.fromisoformat(self.start if len(self.start) > 7 else f"{self.start}-01")
        self.days = sum(times * span_days(length) for length, times in self.steps)
        self.shortage = self.random.choice(("least", "least", "least", "priced", "priced", "none"))
        self.rate = self.random.choice((0.0, 0.08, 0.2))
        self.limits: list[Row] = []
        self.suppliers: list[str] = []
        self.plants: list[str] = []
        self.bought: list[str] = []

    @property
    def materials(self) -> dict[str, Row]:
        return {row["material"]: row for row in self.tables["materials"]}

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
        price=0.0 if made.chance(0.12) else made.dollars(),
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
