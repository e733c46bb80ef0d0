"""The column dictionary: what every table may hold, read from the CSV rows of the core and of every family."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sourcing.errors import FaultyFamily
from sourcing.tables.folders import dictionary_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REQUIRED_TABLES = ("materials", "sites", "offers", "demand")
COMMON = "*"
ORDER = (
    *("materials", "contents", "properties", "sites", "offers", "origins", "ramps", "lanes", "tariffs"),
    *("licences", "lines", "processes", "recipes", "demand", "stocks", "open_orders", "limits", "groups"),
)
"""The order tables are shown in; a table a family adds comes after these."""
TYPES = ("text", "number", "share", "date", "yes_no", "choice", "reference", "period")
NUMBERS = ("number", "share")
_ALONE = "alone"


@dataclass(frozen=True)
class Column:
    """One column of one table.

    ``unit`` is the unit inside (t, days, USD); "by measure" means the unit depends on the cell in column ``measure``.
    ``key`` is the place in the table's key from 1, or 0. ``lower`` and ``upper`` are allowed values, unless
    ``lower_is_open``. ``refers_to`` names tables ("sites": its key) or columns ("contents.element"), any will do.
    ``looser`` says which way a cell gives way: "up", "down", "earlier", "later", "sense" (as its limit's sense says),
    "either"; blank: never. ``loosest`` is "blank" where a blank cell is the loosest, "gone" where the cell makes a rule
    of its row, so that the row has to go; else it is as far as the way leads. ``alone``: looser by itself only.
    In a columns.csv they are one word or two, such as ``earlier|blank`` or ``earlier|alone``.
    """

    table: str
    name: str
    type: str
    unit: str = ""
    key: int = 0
    required: bool = False
    default: str = ""
    lower: float | None = None
    lower_is_open: bool = False
    upper: float | None = None
    choices: tuple[str, ...] = ()
    choice_units: Mapping[str, str] = field(default_factory=dict)
    refers_to: tuple[str, ...] = ()
    meaning: str = ""
    example: str = ""
    family: str = ""
    looser: str = ""
    loosest: str = ""
    alone: bool = False

    @property
    def is_number(self) -> bool:
        """Whether cells hold numbers."""
        return self.type in NUMBERS


@dataclass(frozen=True)
class Dictionary:
    """All tables: name -> column name -> column, provenance columns last."""

    tables: Mapping[str, Mapping[str, Column]]

    def columns(self, table: str) -> Mapping[str, Column]:
        """Return the columns of a table in their order."""
        return self.tables[table]

    def key(self, table: str) -> list[str]:
        """Return the names of the key columns in the order of the key."""
        parts = sorted((column.key, name) for name, column in self.tables[table].items() if column.key)
        return [name for _, name in parts]


@cache
def column_dictionary() -> Dictionary:
    """Return the dictionary of the core and every family found."""
    return merge(dictionary_texts())


@cache
def countries() -> Mapping[str, str]:
    """Return ISO 3166-1 alpha-3 code -> short name."""
    return {row["alpha3"]: row["name"] for row in _country_rows()}


@cache
def two_letters() -> Mapping[str, str]:
    """Return ISO 3166-1 alpha-2 code -> alpha-3 code, with UK, which ISO 3166 reserves beside GB."""
    return {row["alpha2"]: row["alpha3"] for row in _country_rows()} | {"UK": "GBR"}


def _country_rows() -> Iterable[dict[str, str]]:
    text = files("sourcing").joinpath("tables", "countries.csv").read_text("utf-8")
    return csv.DictReader(io.StringIO(text))


def merge(texts: Iterable[tuple[str, str]]) -> Dictionary:
    """Return the dictionary of (family, CSV text) pairs.

    A family adds tables and columns. A row for a column that exists adds its choices (with their unit), nothing else.

    Raises
    ------
    FaultyFamily : two rows define one column, or a row has an unknown type (a mistake in a family, not in a case).
    """
    tables: dict[str, dict[str, Column]] = {}
    for family, text in texts:
        for row in csv.DictReader(io.StringIO(text)):
            column = _column(row, family)
            known = tables.setdefault(column.table, {})
            known[column.name] = _extended(known[column.name], column) if column.name in known else column
    common = tables.pop(COMMON, {})
    names = [name for name in ORDER if name in tables] + [name for name in tables if name not in ORDER]
    return Dictionary({name: _whole(name, tables[name], common) for name in names})


def _column(row: Mapping[str, str], family: str) -> Column:
    if row["type"] not in TYPES:
        raise FaultyFamily(f"columns.csv of family {family!r}: {row['table']}.{row['column']} has type {row['type']!r}")
    choices = tuple(row["choices"].split("|")) if row["choices"] else ()
    looser, _, end = (row.get("looser") or "").partition("|")
    return Column(
        table=row["table"],
        name=row["column"],
        type=row["type"],
        unit=row["unit"],
        key=int(row["key"] or 0),
        required=row["required"] == "yes",
        default=row["default"],
        lower=float(row["lower"].lstrip(">")) if row["lower"] else None,
        lower_is_open=row["lower"].startswith(">"),
        upper=float(row["upper"]) if row["upper"] else None,
        choices=choices,
        choice_units={choice: row["unit"] for choice in choices if row["unit"]},
        refers_to=tuple(row["refers_to"].split("|")) if row["refers_to"] else (),
        meaning=row["meaning"],
        example=row["example"],
        family=family,
        looser=looser,
        loosest="" if end == _ALONE else end,
        alone=end == _ALONE,
    )


def _whole(table: str, columns: Mapping[str, Column], common: Mapping[str, Column]) -> dict[str, Column]:
    """Return the table's columns: the key, the rest, provenance."""
    key = sorted((column for column in columns.values() if column.key), key=lambda column: column.key)
    rest = [column for column in columns.values() if not column.key]
    provenance = [replace(column, table=table) for column in common.values()]
    return {column.name: column for column in (*key, *rest, *provenance)}


def _extended(old: Column, new: Column) -> Column:
    if old.type != "choice" or new.type != "choice" or not new.choices:
        raise FaultyFamily(
            f"{new.table}.{new.name} is defined by {old.family or 'the core'!r} and by {new.family!r}: "
            "give the column another name, or leave it out of columns.csv and read the one that is there"
        )
    added = tuple(choice for choice in new.choices if choice not in old.choices)
    return replace(old, choices=old.choices + added, choice_units={**old.choice_units, **new.choice_units})
