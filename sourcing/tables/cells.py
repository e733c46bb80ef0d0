"""From text to typed values: a whole column at a time, cell by cell only where a cell fails."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from sourcing.characters import IN_LINES, any_unfit, fact, unfit
from sourcing.tables.date_hints import about_date, about_period
from sourcing.tables.dates import parse_date, parse_dotted, parse_period
from sourcing.tables.numbers import NONE_BAD, BadCells, Reading, read_numbers
from sourcing.tables.problems import did_you_mean, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sourcing.tables.dictionary import Column

Value = TypeVar("Value")

_BLANK: dict[tuple[str, str], pd.Series] = {}
"""One cell that is not written, by the type and the default of its column."""
_FIRST_DAY = date(1970, 1, 1)
_NO_DAY = int(np.datetime64("NaT", "D").astype("int64"))
_MIDNIGHT = re.compile(r"[T ]0?0:00(:00(\.0+)?)?$")
"""What spreadsheets and programs put behind a day."""


def read_column(column: Column, texts: Sequence[str], mark: str = ".") -> Reading:
    """Return the typed column (blank, NaN, NaT or False where a cell is blank or bad) and its bad cells.

    ``mark`` is what stands before the decimals of numbers (``decimal_mark``).

    Defaults are not filled in here: a unit in the header applies to what was written, never to a default.
    """
    if column.is_number:
        return read_numbers(texts, mark)
    if column.type == "date":
        return _dates(texts)
    if column.type == "yes_no":
        return _yes_no(texts)
    return _texts(column, texts)


def with_default(column: Column, series: pd.Series, texts: Sequence[str]) -> pd.Series:
    """Return the column with the dictionary's default where ``texts`` is blank."""
    if not column.default or "" not in texts:
        return series
    value = read_column(column, [column.default])[0].iloc[0]
    return series.mask(pd.Series([not text for text in texts], dtype="bool"), value)


def blank_column(column: Column, count: int) -> pd.Series:
    """Return a column of which no cell is written: the default in each, or blank."""
    kind = column.type, column.default
    if kind not in _BLANK:
        _BLANK[kind] = with_default(column, read_column(column, [""])[0], [""])
    return pd.Series(_BLANK[kind].array.take(np.zeros(count, np.int64)))


def as_text(values: Sequence[str]) -> pd.Series:
    """Return a text column."""
    return pd.Series(list(values), dtype="str")


def _each(texts: Sequence[str], read: Callable[[str], Value | None]) -> tuple[list[Value | None], list[int]]:
    """Return the value of every text, each distinct text read once, and the positions that read as None."""
    known = {text: read(text) for text in set(texts) if text}
    wrong = {text for text, value in known.items() if value is None}
    bad = [at for at, text in enumerate(texts) if text in wrong] if wrong else []
    return list(map(known.get, texts)), bad


def _dates(texts: Sequence[str]) -> Reading:
    def read(text: str) -> int | None:
        midnight = _MIDNIGHT.sub("", text)
        day = parse_date(midnight) or parse_dotted(midnight)
        return (day - _FIRST_DAY).days if day else None

    values, bad = _each(texts, read)
    days = np.array([_NO_DAY if value is None else value for value in values], dtype="int64").view("datetime64[D]")
    return pd.Series(days.astype("datetime64[ns]")), BadCells(bad, lambda at: about_date(_MIDNIGHT.sub("", texts[at])))


def _yes_no(texts: Sequence[str]) -> Reading:
    values, bad = _each(texts, {"yes": True, "no": False}.get)
    series = pd.Series([bool(value) for value in values], dtype="bool")
    say = lambda at: (f"{quoted(texts[at])} is neither yes nor no", "write yes or no", "DATA-113")  # noqa: E731
    return series, BadCells(bad, say)


def _texts(column: Column, texts: Sequence[str]) -> Reading:
    if column.type == "text":
        return as_text(texts), _unfit(texts, lines=column.name in IN_LINES)
    bad: list[int] = []
    if column.type == "choice":
        bad = _each(texts, lambda text: text if text in column.choices else None)[1]
    if column.type == "period":
        bad = _each(texts, parse_period)[1]
    wrong = set(bad)
    kept = ["" if at in wrong else text for at, text in enumerate(texts)] if wrong else texts
    return as_text(kept), BadCells(bad, lambda at: _bad_text(column, texts[at]))


def _unfit(texts: Sequence[str], *, lines: bool) -> BadCells:
    """Return the cells with a character that no text has; they keep it, so that what refers to them still does."""
    if not any_unfit(texts, lines=lines):
        return NONE_BAD
    bad = _each(texts, lambda text: None if unfit(text, lines=lines) else text)[1]
    return BadCells(bad, lambda at: (fact(unfit(texts[at], lines=lines)), "take it out, or write it anew", "DATA-125"))


def _bad_text(column: Column, text: str) -> tuple[str, str, str]:
    if column.type == "period":
        return about_period(text)
    choices = listed(column.choices)
    repair = did_you_mean(text, column.choices, f"write {choices}")
    return f"{quoted(text)} is not {choices}", repair, "DATA-113"
