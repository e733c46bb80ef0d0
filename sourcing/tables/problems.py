"""What can be wrong with a case: the codes, and how a fault is placed and put into words."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CODES: dict[str, str] = {
    "DATA-100": "no such case",
    "DATA-101": "required table missing",
    "DATA-102": "table nobody honours",
    "DATA-103": "column nobody honours",
    "DATA-104": "value outside its range",
    "DATA-105": "required column missing",
    "DATA-106": "column given twice",
    "DATA-107": "key given twice",
    "DATA-108": "required cell blank",
    "DATA-109": "not a number",
    "DATA-110": "not a finite number",
    "DATA-111": "not a date",
    "DATA-112": "not a period",
    "DATA-113": "not one of the choices",
    "DATA-114": "unknown reference",
    "DATA-115": "unknown country",
    "DATA-116": "unknown unit",
    "DATA-117": "row of the wrong length",
    "DATA-118": "required table without rows",
    "DATA-119": "file that cannot be read",
    "DATA-120": "cells without a column name",
    "DATA-121": "span of dates that ends before it starts",
    "DATA-122": "row that repeats the header",
    "DATA-123": "cell that can be read in two ways",
    "DATA-124": "file that had to be interpreted",
    "DATA-125": "character that is no letter",
    "DATA-126": "frame of a case changed in place",
    "DATA-130": "ramp or qualification that is not of exactly one offer, process or line",
    "DATA-132": "limit whose columns contradict each other",
    "DATA-133": "member that is no country, site, supplier or owner",
    "DATA-134": "contents above one tonne in a tonne",
    "DATA-135": "group that has the name of a country, site, supplier or owner",
    "DATA-136": "shortage without the price it needs",
    "DATA-147": "supply risk or governance without its terms, or out of reach",
}
"""Codes of faults in any tables, beside those of families; a code never changes its meaning."""

COMPARED = 30_000
"""Comparisons of a wrong word with known ones that are made for one column."""

LONGEST_WORD = 60
"""Letters of a cell that are quoted; nobody means a known word by more."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault before it is placed: ``row`` is the row of the file (0: the file itself), ``column`` may be "".

    ``count`` is how many faults it stands for.
    """

    table: str
    row: int
    column: str
    fact: str
    repair: str
    code: str
    count: int = 1


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like ``word``, capitals aside, or "" if none is close."""
    return Suggestions(known).nearest(word)


class Suggestions:
    """Known words, and the nearest of them to a wrong one.

    Looking is given up after ``COMPARED`` comparisons: who has ten thousand slips needs them listed soon, and has seen
    by the first hundred what is wrong.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._by_folded = {candidate.casefold(): candidate for candidate in known}
        self._left = COMPARED

    def nearest(self, word: str) -> str:
        """Return the known word most like ``word``, capitals aside, or "" if none is close."""
        folded = word.casefold()
        if folded in self._by_folded:
            return self._by_folded[folded]
        if self._left <= 0 or len(word) > LONGEST_WORD:
            return ""
        self._left -= len(self._by_folded)
        found = get_close_matches(folded, self._by_folded, n=1, cutoff=0.6)
        return self._by_folded[found[0]] if found else ""

    def repair(self, word: str, otherwise: str) -> str:
        """Return "did you mean 'x'?" for the nearest known word, else ``otherwise``."""
        near = self.nearest(word)
        return f"did you mean {quoted(near)}?" if near else otherwise


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return "did you mean 'x'?" for the nearest known word, else ``otherwise``."""
    return Suggestions(known).repair(word, otherwise)


def quoted(text: str) -> str:
    """Return a cell's text in quotes, cut after 60 letters."""
    return f"'{text}'" if len(text) <= LONGEST_WORD else f"'{text[:LONGEST_WORD]}…'"


def listed(words: Iterable[str]) -> str:
    """Return "a, b or c".

    >>> listed(["t", "kg", "lb"])
    't, kg or lb'
    """
    *first, last = list(words) or [""]
    return f"{', '.join(first)} or {last}" if first else last


def place(file: str, row: int = 0, column: str = "") -> str:
    """Return "offers.csv row 17, column price", as far as it is known."""
    at = f"{file} row {row}" if row else file
    return f"{at}, column {column[:LONGEST_WORD]}" if column else at
