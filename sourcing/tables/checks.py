"""Checks that hold for every table: blanks, ranges, keys, references; words only for the rows that fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.tables.dictionary import Column, Dictionary, countries
from sourcing.tables.numbers import LARGEST
from sourcing.tables.passed_checks import unless_sound
from sourcing.tables.problems import LONGEST_WORD, Suggestions, listed, quoted
from sourcing.tables.rules import rules
from sourcing.tables.tally import Tally
from sourcing.tables.values import country_meant, country_names, known_values

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

    from sourcing.tables.memory import Memory
    from sourcing.tables.problems import Problem
    from sourcing.tables.rules import Rule
    from sourcing.tables.tally import Told

    Flags = NDArray[np.bool_]

Tables = Mapping[str, pd.DataFrame]

_ANY_COUNTRY = "write for instance CHN, AUS or USA"


def check(
    tables: Tables, dictionary: Dictionary, bad: Told, broken: Set[str], memory: Memory | None = None
) -> list[Problem]:
    """Return everything wrong with typed tables, of each kind in a column the first and the number of the others.

    ``bad`` cells have been reported already; nothing is judged by ``broken`` tables (missing, unreadable, without
    their key), so that one slip is reported once and not in every table that refers to it. Of tables that hold
    neither, what is found sound is kept in ``memory``, and is not looked at again.
    """
    found = Tally(dictionary.tables, bad)
    looks: dict[Hashable, Callable[[Tables], None]] = {
        name: partial(_table, name, dictionary=dictionary, broken=broken, found=found) for name in tables
    }
    looks |= {rule: partial(_judge, rule, found) for needs, rule in rules() if not needs & broken}
    for which, look in looks.items():
        unless_sound(memory, (which, dictionary), tables, partial(found.finds_none, look))
    return found.listed()


def _judge(rule: Rule, found: Tally, tables: Tables) -> None:
    found.take(rule(tables))


def _table(name: str, tables: Tables, dictionary: Dictionary, broken: Set[str], found: Tally) -> None:
    frame = tables[name]
    if frame.empty:
        return
    for column in dictionary.columns(name).values():
        if column.required and not (name in broken and _is_blank(frame[column.name]).all()):
            _blanks(column, frame, found)
        if column.is_number:
            _ranges(column, frame, found)
        if column.refers_to:
            _references(column, tables, dictionary, broken, found)
    if name not in broken:
        _twice(name, frame, dictionary.key(name), found)


def _is_blank(series: pd.Series) -> pd.Series:
    return series == "" if series.dtype.kind == "O" else series.isna()


def _blanks(column: Column, frame: pd.DataFrame, found: Tally) -> None:
    rows = _those(frame, _is_blank(frame[column.name]).to_numpy())["row"]
    example = f", such as {column.example}" if column.example else ""
    words = "the cell is blank", f"fill in: {column.meaning}{example}"
    found.rows((column.table, column.name), rows, "DATA-108", lambda _: words)


def _ranges(column: Column, frame: pd.DataFrame, found: Tally) -> None:
    values = frame[column.name].to_numpy(float)
    _boundless(column, _those(frame, np.abs(values) > LARGEST), found)
    if column.lower is not None:
        low = values <= column.lower if column.lower_is_open else values < column.lower
        word = "not above" if column.lower_is_open else "below"
        _outside(column, _those(frame, low), f"{word} {column.lower:g}", found)
    if column.upper is not None:
        _outside(column, _those(frame, values > column.upper), f"above {column.upper:g}", found)


def _those(frame: pd.DataFrame, wrong: Flags) -> pd.DataFrame:
    """Return the rows that are wrong; hardly ever are there any, and then no frame is copied."""
    return frame[wrong] if wrong.any() else frame.iloc[:0]


def _boundless(column: Column, rows: pd.DataFrame, found: Tally) -> None:
    """Refuse what has grown beyond all measure by a unit or an edit: no single cell says so as it is written."""
    values, repair = rows[column.name].to_numpy(float), "correct the number, or its unit"
    found.rows(
        (column.table, column.name),
        rows["row"],
        "DATA-110",
        lambda at: (f"{values[at]:g} is larger than anything that can be bought", repair),
    )


def _outside(column: Column, rows: pd.DataFrame, fact: str, found: Tally) -> None:
    repair = f"write {_range(column)}"
    if column.upper == 1 and fact.startswith("above"):
        repair += "; for per cent put [%] behind the column's name"
    values = rows[column.name].to_numpy(float)
    found.rows((column.table, column.name), rows["row"], "DATA-104", lambda at: (f"{values[at]:g} is {fact}", repair))


def _range(column: Column) -> str:
    if column.upper is not None:
        least = f"above {column.lower:g} and up" if column.lower_is_open else f"from {column.lower or 0:g}"
        return f"a number {least} to {column.upper:g}"
    return f"a number {'above' if column.lower_is_open else 'of at least'} {column.lower or 0:g}"


def _twice(table: str, frame: pd.DataFrame, key: list[str], found: Tally) -> None:
    copies = frame[frame.duplicated(key, keep=False) & ~_is_blank(frame[key[0]])]
    if copies.empty:
        return
    ordered = copies.sort_values("row", kind="stable", key=lambda row: row.where(row > 0, 10**9 - row))
    first = ordered.groupby(key, dropna=False, sort=False)["row"].transform("first")
    again = ordered[ordered["row"] != first].assign(first=first)

    def say(at: int) -> tuple[str, str]:
        earlier, values = int(again["first"].iloc[at]), again[key].iloc[at]
        named = ", ".join(f"{name} {_shown(values[name])}" for name in key if _shown(values[name]))
        fact = f"{named} is already in {f'row {earlier}' if earlier > 0 else 'the question'}"
        return fact, "keep one of the two rows"

    found.rows((table, ""), again["row"], "DATA-107", say)


def _shown(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return value[:LONGEST_WORD] if isinstance(value, str) else ""


def _references(column: Column, tables: Tables, dictionary: Dictionary, broken: Set[str], found: Tally) -> None:
    targets = [target.partition(".")[0] for target in column.refers_to]
    if broken & set(targets):
        return
    known = known_values(column, tables, dictionary)
    frame = tables[column.table]
    foreign = set(frame[column.name].unique()) - known - {""}
    if not foreign:
        return
    wrong = frame[frame[column.name].isin(foreign)]
    code = "DATA-115" if targets[0] == "countries" else "DATA-114"
    words, values = _unknown_words(column, known), wrong[column.name].tolist()
    found.rows((column.table, column.name), wrong["row"], code, lambda at: words(values[at]))


def _unknown_words(column: Column, known: Set[str]) -> Callable[[str], tuple[str, str]]:
    """Return what says fact and repair for a reference that leads nowhere."""
    if column.refers_to[0] == "countries":
        what = "a country's three letters (ISO 3166)" + (" or a group" if len(column.refers_to) > 1 else "")
        codes, groups, names = Suggestions(known), Suggestions(known - set(countries())), country_names()
        return lambda value: (
            f"{quoted(value)} is not {what}",
            country_meant(value, names) or (codes if len(value) == 3 else groups).repair(value, _ANY_COUNTRY),
        )
    files = listed(f"{target.partition('.')[0]}.csv" for target in column.refers_to)
    table, _, name = column.refers_to[0].partition(".")
    noun = name or {"processes": "process"}.get(table, table.removesuffix("s"))
    near, otherwise = Suggestions(known), f"add it to {files}, or correct it here"
    return lambda value: (f"{files} has no {noun} {quoted(value)}", near.repair(value, otherwise))
