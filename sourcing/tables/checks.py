"""Checks that hold for every table: blanks, ranges, keys, references; words only for the rows that fail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.tables.dictionary import Column, Dictionary, countries
from sourcing.tables.numbers import LARGEST
from sourcing.tables.problems import LONGEST_WORD, Problem, Suggestions, listed, quoted
from sourcing.tables.rules import RULES
from sourcing.tables.values import country_meant, country_names, known_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.tables.parse import Cell

    Flags = NDArray[np.bool_]

Tables = Mapping[str, pd.DataFrame]

_ANY_COUNTRY = "write for instance CHN, AUS or USA"


def check(tables: Tables, dictionary: Dictionary, bad: Set[Cell], broken: Set[str]) -> list[Problem]:
    """Return everything wrong with typed tables.

    ``bad`` cells have been reported already; nothing is judged by ``broken`` tables (missing, unreadable, without
    their key), so that one slip is reported once and not in every table that refers to it.
    """
    problems: list[Problem] = []
    for name in tables:
        problems += _table(name, tables, dictionary, broken)
    for needs, rule in RULES:
        if not needs & broken:
            problems += rule(tables)
    return [problem for problem in problems if (problem.table, problem.row, problem.column) not in bad]


def _table(name: str, tables: Tables, dictionary: Dictionary, broken: Set[str]) -> list[Problem]:
    problems: list[Problem] = []
    frame = tables[name]
    if frame.empty:
        return []
    for column in dictionary.columns(name).values():
        if column.required and not (name in broken and _is_blank(frame[column.name]).all()):
            problems += _blanks(column, frame)
        if column.is_number:
            problems += _ranges(column, frame)
        if column.refers_to:
            problems += _references(column, tables, dictionary, broken)
    return problems if name in broken else problems + _twice(name, frame, dictionary.key(name))


def _is_blank(series: pd.Series) -> pd.Series:
    return series == "" if series.dtype.kind == "O" else series.isna()


def _blanks(column: Column, frame: pd.DataFrame) -> list[Problem]:
    rows = _those(frame, _is_blank(frame[column.name]).to_numpy())["row"]
    example = f", such as {column.example}" if column.example else ""
    repair = f"fill in: {column.meaning}{example}"
    return [Problem(column.table, int(row), column.name, "the cell is blank", repair, "DATA-108") for row in rows]


def _ranges(column: Column, frame: pd.DataFrame) -> list[Problem]:
    values = frame[column.name].to_numpy(float)
    problems = _boundless(column, _those(frame, np.abs(values) > LARGEST))
    if column.lower is not None:
        low = values <= column.lower if column.lower_is_open else values < column.lower
        word = "not above" if column.lower_is_open else "below"
        problems += _outside(column, _those(frame, low), f"{word} {column.lower:g}")
    if column.upper is not None:
        problems += _outside(column, _those(frame, values > column.upper), f"above {column.upper:g}")
    return problems


def _those(frame: pd.DataFrame, wrong: Flags) -> pd.DataFrame:
    """Return the rows that are wrong; hardly ever are there any, and then no frame is copied."""
    return frame[wrong] if wrong.any() else frame.iloc[:0]


def _boundless(column: Column, rows: pd.DataFrame) -> list[Problem]:
    """Refuse what has grown beyond all measure by a unit or an edit: no single cell says so as it is written."""
    fact, repair = "{:g} is larger than anything that can be bought", "correct the number, or its unit"
    return [
        Problem(column.table, int(row), column.name, fact.format(value), repair, "DATA-110")
        for row, value in zip(rows["row"], rows[column.name], strict=True)
    ]


def _outside(column: Column, rows: pd.DataFrame, fact: str) -> list[Problem]:
    repair = f"write {_range(column)}"
    if column.upper == 1 and fact.startswith("above"):
        repair += "; for per cent put [%] behind the column's name"
    cells = zip(rows["row"], rows[column.name], strict=True)
    return [
        Problem(column.table, int(row), column.name, f"{value:g} is {fact}", repair, "DATA-104") for row, value in cells
    ]


def _range(column: Column) -> str:
    if column.upper is not None:
        least = f"above {column.lower:g} and up" if column.lower_is_open else f"from {column.lower or 0:g}"
        return f"a number {least} to {column.upper:g}"
    return f"a number {'above' if column.lower_is_open else 'of at least'} {column.lower or 0:g}"


def _twice(table: str, frame: pd.DataFrame, key: list[str]) -> list[Problem]:
    copies = frame[frame.duplicated(key, keep=False) & ~_is_blank(frame[key[0]])]
    if copies.empty:
        return []
    ordered = copies.sort_values("row", kind="stable", key=lambda row: row.where(row > 0, 10**9 - row))
    first = ordered.groupby(key, dropna=False, sort=False)["row"].transform("first")
    problems = []
    for row, earlier, values in zip(ordered["row"], first, ordered[key].itertuples(index=False), strict=True):
        if row == earlier:
            continue
        named = ", ".join(f"{name} {_shown(value)}" for name, value in zip(key, values, strict=True) if _shown(value))
        fact = f"{named} is already in {f'row {earlier}' if earlier > 0 else 'the question'}"
        problems.append(Problem(table, int(row), "", fact, "keep one of the two rows", "DATA-107"))
    return problems


def _shown(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return value[:LONGEST_WORD] if isinstance(value, str) else ""


def _references(column: Column, tables: Tables, dictionary: Dictionary, broken: Set[str]) -> list[Problem]:
    targets = [target.partition(".")[0] for target in column.refers_to]
    if broken & set(targets):
        return []
    known = known_values(column, tables, dictionary)
    frame = tables[column.table]
    foreign = set(frame[column.name].unique()) - known - {""}
    if not foreign:
        return []
    wrong = frame[frame[column.name].isin(foreign)]
    code = "DATA-115" if targets[0] == "countries" else "DATA-114"
    problems = []
    words = _unknown_words(column, wrong[column.name].unique(), known)
    for row, value in zip(wrong["row"], wrong[column.name], strict=True):
        problems.append(Problem(column.table, int(row), column.name, *words[value], code))
    return problems


def _unknown_words(column: Column, values: Iterable[str], known: Set[str]) -> dict[str, tuple[str, str]]:
    """Return fact and repair for each reference that leads nowhere."""
    if column.refers_to[0] == "countries":
        what = "a country's three letters (ISO 3166)" + (" or a group" if len(column.refers_to) > 1 else "")
        codes, groups, names = Suggestions(known), Suggestions(known - set(countries())), country_names()
        return {
            value: (
                f"{quoted(value)} is not {what}",
                country_meant(value, names) or (codes if len(value) == 3 else groups).repair(value, _ANY_COUNTRY),
            )
            for value in values
        }
    files = listed(f"{target.partition('.')[0]}.csv" for target in column.refers_to)
    table, _, name = column.refers_to[0].partition(".")
    noun = name or {"processes": "process"}.get(table, table.removesuffix("s"))
    near, otherwise = Suggestions(known), f"add it to {files}, or correct it here"
    return {value: (f"{files} has no {noun} {quoted(value)}", near.repair(value, otherwise)) for value in values}
