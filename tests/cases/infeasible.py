"""Questions that one known cell makes impossible: a limit, a capacity, a date or a time of a feasible one tightened."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from builders import Row, Tables, write_question, write_tables

from sourcing.answer.setting import Setting, ask, refuse_contradictions
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.session import solver_of_variants
from sourcing.errors import QuestionError
from sourcing.tables import screen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LESS = (
    *(("offers", "capacity"), ("lanes", "capacity"), ("processes", "capacity"), ("ramps", "capacity")),
    *(("stocks", "maximum"), ("offers", "capacity"), ("offers", "capacity"), ("lanes", "capacity")),
)
MORE = (("offers", "min_lot"), ("contracts", "minimum"), ("stocks", "safety"), ("stocks", "closing"))
DAYS = (
    *(("offers", "lead_days"), ("lanes", "transit_days"), ("licences", "lag_days"), ("processes", "days")),
    ("qualifications", "days"),
)
LATER = (("offers", "start"), ("ramps", "from"), ("open_orders", "arrives"))
EARLIER = (("offers", "end"), ("limits", "from"))
CELLS = (("limits", "value"), ("limits", "value"), *LESS, *MORE, *DAYS, *LATER, *EARLIER)
PARTS = (0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.0)
SHIFTS = (10, 30, 60, 120, 250, 500)
TRIES = 20
"""Cells of a case that are tightened, step by step, before it is left."""

COUNTRIES = ("CHN", "AUS", "VNM", "BRA", "USA", "MYS")
QUARTERS = [f"{year}-Q{quarter}" for year in (2027, 2028) for quarter in (1, 2, 3, 4)]


class Spoiled(NamedTuple):
    """A question without a plan, and the cell that made it so: table, row, column, what it said and what it says."""

    setting: Setting
    table: str
    row: int
    column: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.table} row {self.row}, {self.column}: {self.before} became {self.after}"


def infeasible_questions(folder: Path, seed: int) -> Iterator[Spoiled]:
    """Yield questions without a plan, one of each case that has one, without an end; ``folder`` is written over."""
    number = 0
    while True:
        chance = random.Random(f"{seed}-{number}")
        number += 1
        write_tables(folder / "tiny", {name: rows for name, rows in market(chance).items() if rows})
        setting = ask(write_question(folder, 'objective = { shortage = "none" }\n'))
        if fit(setting) and possible(setting):
            yield from _spoiled(setting, chance)


def market(chance: random.Random) -> Tables:
    """Return a plant that buys two oxides from a handful of suppliers and makes metal of one, without much to spare."""
    need = {"oxide": chance.randint(20, 60), "metal": chance.randint(10, 30)}
    tables: Tables = {
        "materials": [{"material": name, "stage": stage, "value": 1000} for name, stage in STAGES.items()],
        "sites": [{"site": "PLANT", "kind": "plant", "country": "DEU"}],
        **{name: [] for name in ("offers", "lanes", "ramps", "limits", "qualifications", "contracts", "open_orders")},
        "demand": [
            {
                "site": "PLANT",
                "material": material,
                "period": quarter,
                "quantity": round(each * chance.uniform(0.8, 1.2), 1),
            }
            for material, each in need.items()
            for quarter in QUARTERS
        ],
        "processes": [
            {
                "process": "melt",
                "site": "PLANT",
                "capacity": 4 * need["metal"] * 1.3,
                "days": chance.choice([0, 10, 20]),
            }
        ],
        "recipes": [
            {"process": "melt", "material": "ore", "quantity": -1.25},
            {"process": "melt", "material": "metal", "quantity": 1},
        ],
        "licences": [{"country": "CHN", "lag_days": chance.choice([15, 30, 45])}],
    }
    wanted = {"oxide": 4 * need["oxide"], "ore": 5 * need["metal"]}
    tables["stocks"] = [
        {
            "site": "PLANT",
            "material": material,
            "opening": round(a_year * chance.uniform(0.35, 0.6), 1),
            "safety": round(a_year * chance.choice([0, 0.02, 0.05]), 1),
            "maximum": round(a_year * chance.uniform(0.6, 1.0), 1),
        }
        for material, a_year in wanted.items()
    ]
    for material, a_year in wanted.items():
        _suppliers(chance, tables, material, a_year)
    return tables


STAGES = {"oxide": "oxide", "ore": "concentrate", "metal": "metal"}


def _suppliers(chance: random.Random, tables: Tables, material: str, a_year: float) -> None:
    count = chance.randint(2, 4)
    for number, country in enumerate(chance.sample(COUNTRIES, count)):
        code = f"{material}_{number + 1}"
        tables["sites"].append({"site": code, "kind": "supplier", "country": country})
        offer: Row = {"offer": code, "supplier": code, "site": code, "material": material}
        offer |= {"price": chance.randint(50, 90) * 1000, "lead_days": chance.choice([10, 30, 45])}
        offer["capacity"] = round(a_year / count * chance.uniform(1.2, 1.9), 1)
        lane: Row = {"origin": code, "destination": "PLANT", "transit_days": chance.choice([5, 20, 35])}
        if chance.random() < 0.3:
            offer["start"] = f"2027-0{chance.randint(2, 6)}-01"
        if chance.random() < 0.3:
            offer["end"] = f"2028-{chance.randint(8, 11):02}-01"
        if chance.random() < 0.3:
            offer["min_lot"] = round(offer["capacity"] * chance.uniform(0.02, 0.1), 1)
        if chance.random() < 0.3:
            lane["capacity"] = round(offer["capacity"] * 1.1, 1)
        if chance.random() < 0.3:
            ramp = {"offer": code, "from": f"2027-{chance.randint(5, 12):02}-01"}
            tables["ramps"].append({**ramp, "capacity": round(offer["capacity"] * chance.uniform(1.1, 1.5), 1)})
        if chance.random() < 0.2:
            tables["qualifications"].append({"offer": code, "days": chance.choice([30, 60, 90])})
        if chance.random() < 0.2:
            terms = {"contract": f"C_{code}", "offer": code, "signed": "yes", "price": 60_000, "per": "year"}
            tables["contracts"].append({**terms, "minimum": round(offer["capacity"] * 0.4, 1)})
        tables["offers"].append(offer)
        tables["lanes"].append(lane)
    if chance.random() < 0.5:
        order = {"order": f"O_{material}", "site": "PLANT", "material": material, "arrives": "2027-03-15"}
        tables["open_orders"].append({**order, "quantity": round(a_year * 0.1, 1)})
    share = {"limit": f"{material}-one", "measure": "share", "by": "country", "material": material, "per": "horizon"}
    tables["limits"].append({**share, "value": round(min(1.0, chance.uniform(1.2, 1.6) / count), 2)})
    if chance.random() < 0.5:
        least = {"limit": f"{material}-some", "measure": "tonnes", "sense": "min", "by": "supplier"}
        member = {"member": f"{material}_1", "material": material, "per": "horizon"}
        tables["limits"].append({**least, **member, "value": round(a_year * 0.2, 1)})


def fit(setting: Setting) -> bool:
    """Whether no screen says that there is no plan, or that the data contradict."""
    try:
        refuse_contradictions(setting)
    except QuestionError:
        return False
    return not any(finding.severity == "error" for finding in setting.findings)


def possible(setting: Setting) -> bool:
    """Whether a question has a plan, as the product itself would answer it."""
    formulation = formulate(setting.network)
    return (
        solver_of_variants(formulation, ("cost",), SolverOptions(interruptible=False))(formulation).status == "optimal"
    )


def _spoiled(setting: Setting, chance: random.Random) -> Iterator[Spoiled]:
    for _ in range(TRIES):
        table, column = chance.choice(CELLS)
        frame = setting.case[table]
        if frame.empty:
            continue
        row = frame.iloc[chance.randrange(len(frame))]
        before = row[column]
        steps = [] if pd.isna(before) else list(_tighter(table, column, row))
        if not steps or possible(written(setting, (table, row["row"], column), steps[-1])):
            continue
        for value in steps:
            worse = written(setting, (table, int(row["row"]), column), value)
            if not possible(worse):
                if fit(worse):
                    yield Spoiled(worse, table, int(row["row"]), column, before, value)
                    return
                break


def _tighter(table: str, column: str, row: pd.Series) -> Iterator[Any]:
    """Yield tighter and tighter values of a cell."""
    before, cell = row[column], (table, column)
    if cell in DAYS:
        yield from (before + days for days in SHIFTS)
    elif cell in LATER:
        yield from (before + timedelta(days=days) for days in SHIFTS)
    elif cell in EARLIER:
        yield from (before - timedelta(days=days) for days in SHIFTS)
    elif cell in MORE or (table == "limits" and row["sense"] == "min"):
        yield from (round((before or 1.0) * (1 + 4 * part), 2) for part in PARTS)
    else:
        yield from (round(before * (1 - part), 3) for part in PARTS)


def written(setting: Setting, where: tuple[str, int, str], value: Any) -> Setting:
    """Return the question with one cell of its case written otherwise, and what the screens say of it."""
    table, row, column = where
    frame = setting.case[table].copy()
    frame.loc[frame["row"] == row, column] = value
    case = setting.case.replace({table: frame})
    return Setting(setting.question, case, screen(case, setting.question))
