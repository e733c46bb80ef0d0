"""Numbers as a planner writes them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 1e15
"""No tonnage, price or number of days is larger; what is larger is a slip."""


class BadCell(NamedTuple):
    """A cell that could not be read: its position in the column, and what to say about it."""

    position: int
    fact: str
    repair: str
    code: str


Reading = tuple["pd.Series", list[BadCell]]


def read_numbers(texts: Sequence[str]) -> Reading:
    """Return the numbers (NaN where a cell is blank or bad) and the bad cells."""
    try:
        values = [float(text) if text else math.nan for text in texts]
        array = np.array(values, dtype=np.float64)
        filled = np.array([bool(text) for text in texts], dtype=bool)
        if not any("_" in text for text in texts) and bool((np.abs(array[filled]) <= LARGEST).all()):
            return pd.Series(array, dtype="float64"), []
    except ValueError:
        pass
    values, bad = [], []
    for position, text in enumerate(texts):
        value = _number(text) if text else math.nan
        if isinstance(value, float):
            values.append(value)
        else:
            values.append(math.nan)
            bad.append(BadCell(position, *value))
    return pd.Series(values, dtype="float64"), bad


def _number(text: str) -> float | tuple[str, str, str]:
    try:
        value = float(text) if "_" not in text else None
    except ValueError:
        value = None
    if value is None:
        return f"'{text}' is not a number", _number_repair(text), "DATA-109"
    if not math.isfinite(value):
        return f"'{text}' is not a finite number", "write a number, or leave the cell blank", "DATA-110"
    if abs(value) > LARGEST:
        return f"{text} is larger than anything that can be bought", "correct the number", "DATA-110"
    return value


def _number_repair(text: str) -> str:
    squeezed = text.replace(",", "").replace(" ", "").replace("\u00a0", "").replace("_", "").replace("'", "")
    if text.endswith("%"):
        return "write 0.35 for 35 %, or put [%] behind the column's name"
    try:
        float(squeezed)
    except ValueError:
        return "write a number such as 10 or 12.5"
    if "," in text and "." not in text and len(text.rsplit(",", 1)[1]) != 3:
        return f"write {text.replace(',', '.').replace(' ', '')} with a decimal point"
    return f"write {squeezed} without separators"
