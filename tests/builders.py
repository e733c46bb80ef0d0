"""Cases small enough to fit on a screen, for everybody's tests."""

from __future__ import annotations

import csv
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sourcing.tables import Finding

Row = dict[str, Any]
Tables = dict[str, list[Row]]

TINY: Tables = {
    "materials": [
        {"material": "oxide", "name": "Dy oxide", "stage": "oxide", "tariff_code": "2846", "value": 250_000},
        {"material": "metal", "name": "Dy metal", "stage": "metal", "tariff_code": "2805", "value": 350_000},
    ],
    "sites": [
        {"site": "NEAR", "kind": "supplier", "country": "AUS", "owner": "Near Ltd", "owner_country": "AUS"},
        {"site": "FAR", "kind": "supplier", "country": "CHN", "owner": "Far Co", "owner_country": "CHN"},
        {"site": "PLANT", "name": "Our plant", "kind": "plant", "country": "USA"},
    ],
    "offers": [
        {"offer": "A", "supplier": "Near Ltd", "site": "NEAR", "material": "oxide", "price": 300_000, "capacity": 60},
        {"offer": "B", "supplier": "Far Co", "site": "FAR", "material": "oxide", "price": 200_000, "capacity": 500},
    ],
    "lanes": [
        {"origin": "NEAR", "destination": "PLANT", "mode": "sea", "freight": 100, "transit_days": 30},
        {"origin": "FAR", "destination": "PLANT", "mode": "sea", "freight": 200, "transit_days": 45},
    ],
    "demand": [
        {"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 100},
        {"site": "PLANT", "material": "oxide", "period": "2028", "quantity": 120},
    ],
    "stocks": [{"site": "PLANT", "material": "oxide", "opening": 20, "safety": 0}],
}
"""One plant, two suppliers, one material bought (and one that nobody buys until a test makes it)."""

KEYS = {"materials": "material", "sites": "site", "offers": "offer", "processes": "process", "open_orders": "order"}


def tiny_tables(**changes: Any) -> Tables:
    """Return the tiny case's tables with changes.

    ``table=[rows]`` replaces a table, ``table=None`` removes it. ``table={...}`` changes cells:
    ``offers={"A": {"price": 1}}`` by code, or by position in the table: ``demand={0: {"quantity": 5}}``.
    Any other keyword is a column of offers: ``lead_days={"A": 60}``.
    """
    tables = deepcopy(TINY)
    for name, change in changes.items():
        if change is None:
            tables.pop(name, None)
        elif isinstance(change, list):
            tables[name] = [dict(row) for row in change]
        elif name in tables:
            _change(name, tables[name], change)
        else:
            _change("offers", tables["offers"], {code: {name: value} for code, value in change.items()})
    return tables


def tiny_case(tmp_path: Path, **changes: Any) -> Path:
    """Write the tiny case with changes (see ``tiny_tables``) into ``tmp_path / "tiny"`` and return that folder."""
    return write_tables(tmp_path / "tiny", tiny_tables(**changes))


def write_tables(folder: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Path:
    """Write one CSV per table, columns in the order they first appear, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.csv"):
        old.unlink()
    for name, rows in tables.items():
        header = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def write_question(folder: Path, text: str = "", name: str = "ask", case: str = "tiny") -> Path:
    """Write a question of the tiny case over the quarters of 2027 and 2028 (unless ``text`` has its own [horizon]).

    A horizon that says nothing of a tail has none, and the plan is the cheapest unless the text says ``smooth``: most
    tests are about something else, and look at all periods.
    """
    horizon = (
        ""
        if "[horizon]" in text or text.startswith("horizon")
        else 'horizon = { start = "2027-01", periods = 8, length = "quarter" }\n'
    )
    head = f'schema = 1\nquestion = "What is the least cost?"\ncase = "{case}"\n'
    path = folder / f"{name}.toml"
    path.write_text(head + _least(without_tail(horizon + text)), encoding="utf-8")
    return path


def without_tail(text: str) -> str:
    """Return the text of a question with ``tail = 0`` in a horizon that says nothing of one."""
    text = re.sub(r"^(horizon\s*=\s*\{(?!.*\btail\b).*?)\s*\}", r"\1, tail = 0 }", text, flags=re.MULTILINE)
    return re.sub(r"^\[horizon\]\n(?!(?:[^\[].*\n)*tail\b)", "[horizon]\ntail = 0\n", text, flags=re.MULTILINE)


def _least(text: str) -> str:
    """Return a question that asks for the least cost, unless it says how smooth its plan is to be."""
    if "smooth" in text:
        return text
    if "[objective]\n" in text:
        return text.replace("[objective]\n", "[objective]\nsmooth = 0\n", 1)
    if "objective = {" in text:
        return text.replace("objective = {", "objective = { smooth = 0, ", 1)
    return f"{text}\n[objective]\nsmooth = 0\n"


def stored_plan(folder: Path) -> Path:
    """Make the plan of the tiny case in a folder, and return its own folder."""
    from sourcing.run import optimize

    tiny_case(folder)
    optimize(write_question(folder), out=folder / "plan")
    return folder / "plan"


def findings(question: Path) -> list[Finding]:
    """Return what ``check`` finds but for the note on places without a maximum, which hardly a small case states."""
    from sourcing.run import check

    return [each for each in check(question).findings if each.code != "SCREEN-390"]


def _change(table: str, rows: list[Row], change: Mapping[Any, Row]) -> None:
    for which, cells in change.items():
        if isinstance(which, int):
            rows[which].update(cells)
            continue
        matches = [row for row in rows if row.get(KEYS[table]) == which]
        if not matches:
            raise KeyError(f"{table} has no {which}")
        matches[0].update(cells)


OFFERS_IN_OTHER_UNITS: list[Row] = [
    {
        **{name: TINY["offers"][0][name] for name in ("offer", "supplier", "site", "material")},
        "price [USD/kg]": 300,
        "capacity [t/month]": 5,
        "lead_days [weeks]": 2,
        "recycled [%]": 35,
    },
    {
        **{name: TINY["offers"][1][name] for name in ("offer", "supplier", "site", "material")},
        "price [USD/kg]": 200,
        "capacity [t/month]": 500 / 12,
    },
]
"""The offers of the tiny case in the units a supplier may quote in (and a lead time and a recycled share for A)."""

SCRAP: dict[str, Any] = {
    "materials": [*TINY["materials"], {"material": "scrap", "value": 1000}],
    "offers": [
        *TINY["offers"],
        {**TINY["offers"][0], "offer": "S", "material": "scrap", "site": "PLANT", "price": 100},
    ],
    "demand": [{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20}],
    "stocks": None,
    "processes": [{"process": "melt", "site": "PLANT"}, {"process": "remelt", "site": "PLANT"}],
    "recipes": [
        {"process": "melt", "material": "oxide", "quantity": -1.25},
        {"process": "melt", "material": "metal", "quantity": 1},
        {"process": "remelt", "material": "scrap", "quantity": -1},
        {"process": "remelt", "material": "metal", "quantity": 1},
    ],
    "properties": [
        {"material": "oxide", "property": "iron", "value": 1},
        {"material": "scrap", "property": "iron", "value": 5},
    ],
}
"""Changes to the tiny case: 20 t of metal are made of dear oxide with little iron, or of cheap scrap with much."""
