"""Numbers as a planner writes them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np
import pandas as pd

from sourcing.tables.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LARGEST = 1e15
"""No tonnage, price or number of days is larger; what is larger is a slip."""

_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
"""One and a half or fifteen hundred: a single mark with three digits behind it."""
_DECIMAL = re.compile(r"[+-]?(\d*(?P<mark>[.,])\d+|\d+[.,])([eE][+-]?\d+)?")
_REFUSED = {".": re.compile("_"), ",": re.compile("[_.]"), "": re.compile("[_.,]")}
_NEGATIVE = re.compile(r"\((.+)\)|(.+)-|[\u2212\u2013](.+)")
"""Negative numbers as accountants, SAP and typesetters write them."""
_NOTHING = {"na", "n/a", "#n/a", "n.a.", "k.a.", "-", "--", "\u2013", "\u2014", "null", "none", "nil", "?", "tbd"}
_UNIT = "; a unit may stand behind the column's name, such as price [USD/kg]"


class BadCell(NamedTuple):
    """A cell that could not be read: its position in the column, and what to say about it."""

    position: int
    fact: str
    repair: str
    code: str


class BadCells(Sequence[BadCell]):
    """Cells of a column that could not be read, put into words only when somebody looks at one."""

    def __init__(self, positions: Sequence[int], say: Callable[[int], tuple[str, str, str]]) -> None:
        self.positions, self._say = positions, say

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.positions)

    @overload
    def __getitem__(self, which: int) -> BadCell: ...
    @overload
    def __getitem__(self, which: slice) -> list[BadCell]: ...
    def __getitem__(self, which: int | slice) -> BadCell | list[BadCell]:
        """Return one of them, or some, in words."""
        if isinstance(which, slice):
            return [BadCell(at, *self._say(at)) for at in self.positions[which]]
        return BadCell(self.positions[which], *self._say(self.positions[which]))


NONE_BAD = BadCells((), lambda _: ("", "", ""))
Reading = tuple["pd.Series", BadCells]


def decimal_mark(texts: Iterable[str], separator: str) -> str:
    """Return what stands before the decimals in a file: "." or ",", or "" where its numbers do not tell.

    Where commas stand between the columns it is the point. Elsewhere it is what the numbers themselves prove: 0,35
    has a decimal comma, while 1,500 may be one and a half or fifteen hundred.
    """
    if separator == ",":
        return "."
    seen: Counter[str] = Counter()
    for text in set(texts):
        if _EITHER.fullmatch(text):
            seen[""] += 1
        elif found := _DECIMAL.fullmatch(text):
            seen[found["mark"]] += 1
    if seen[","] or seen["."]:
        return "," if seen[","] >= seen["."] else "."
    return "" if seen[""] else "."


def read_numbers(texts: Sequence[str], mark: str = ".") -> Reading:
    """Return the numbers (NaN where a cell is blank or bad) and the bad cells.

    Parameters
    ----------
    mark : what stands before the decimals; "" refuses a number that reads differently with a point and a comma.
    """
    numbers = _all_at_once(texts, mark)
    if numbers is not None:
        return pd.Series(numbers, dtype="float64"), NONE_BAD
    known = {text: _number(text, mark) for text in set(texts) if text}
    values = pd.Series([known.get(text, math.nan) for text in texts], dtype="float64")
    bad = [at for at in np.flatnonzero(values.isna()).tolist() if texts[at]]
    return values, BadCells(bad, lambda at: _slip(texts[at], mark))


def _all_at_once(texts: Sequence[str], mark: str) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """Return the numbers of a column without a bad cell; None for one that has to be looked at cell by cell."""
    if _REFUSED[mark].search("\n".join(texts)):
        return None
    pointed = [text.replace(",", ".") for text in texts] if mark == "," else texts
    try:
        numbers = np.array([float(text) if text else math.nan for text in pointed], dtype=np.float64)
    except ValueError:
        return None
    fits = np.count_nonzero(np.isnan(numbers)) == texts.count("") and not (np.abs(numbers) > LARGEST).any()
    return numbers if fits else None


def has_a_part(value: object) -> bool:
    """Return whether a number is there, and no whole one."""
    return isinstance(value, float) and math.isfinite(value) and not value.is_integer()


def _pointed(text: str, mark: str) -> str:
    """Return a number as Python reads it, "" for one with a mark that has no meaning in this file."""
    if _REFUSED[mark].search(text):
        return ""
    return text.replace(",", ".") if mark == "," else text


def _number(text: str, mark: str) -> float:
    """Return the number, NaN for what is none that could be bought."""
    try:
        value = float(_pointed(text, mark))
    except ValueError:
        return math.nan
    return value if abs(value) <= LARGEST else math.nan


def _slip(text: str, mark: str) -> tuple[str, str, str]:
    """Return fact, repair and code for what is no number; no factor of 1000 is ever guessed."""
    with suppress(ValueError):
        if math.isfinite(float(_pointed(text, mark))):
            return f"{quoted(text)} is larger than anything that can be bought", "correct the number", "DATA-110"
        return f"{quoted(text)} is not a finite number", "write a number, or leave the cell blank", "DATA-110"
    if _EITHER.fullmatch(text):
        whole = re.sub("[.,]", "", text)
        value = float(text.replace(",", "."))
        part = _shown(value, mark) if mark else f"{text}0"  # a fourth digit proves which mark the file has
        return f"'{text}' could be {whole} or {_shown(value, mark)}", f"write {whole} or {part}", "DATA-123"
    if text.startswith("#") and not text.upper().startswith("#N/A"):
        return f"{quoted(text)} is an error of the spreadsheet", "mend its formula, or write the number", "DATA-109"
    return f"{quoted(text)} is not a number", _repair(text, mark), "DATA-109"


def _repair(text: str, mark: str) -> str:
    if text.lower() in _NOTHING:
        return "leave the cell blank if there is none"
    if text.endswith("%"):
        return "write 0.35 for 35 %, or put [%] behind the column's name"
    negative = _NEGATIVE.fullmatch(text)
    meant = _meant("-" + next(filter(None, negative.groups())) if negative else text)
    if meant is None:
        unit = any(letter.isdigit() for letter in text)
        return f"write the number alone{_UNIT}" if unit else "write a number such as 10 or 12.5"
    if negative:
        return f"write {_shown(meant, mark)}"
    if re.fullmatch(r"[+-]?\d*[.,]\d+", text):
        return f"write {_shown(meant, mark)} with a decimal {'comma' if mark == ',' else 'point'}"
    return f"write {_shown(meant, mark)} without separators"


def _meant(text: str) -> float | None:
    """Return the number that is meant by one with separators: the last mark that occurs once leads the decimals."""
    squeezed = re.sub(r"[\s_'\u2019]", "", text)
    marks = re.findall("[.,]", squeezed)
    if marks and marks.count(marks[-1]) == 1:
        whole, _, part = squeezed.rpartition(marks[-1])
        squeezed = f"{re.sub('[.,]', '', whole)}.{part}"
    else:
        squeezed = re.sub("[.,]", "", squeezed)
    try:
        value = float(squeezed)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _shown(value: float, mark: str) -> str:
    return f"{value:.15g}".replace(".", mark or ".")
