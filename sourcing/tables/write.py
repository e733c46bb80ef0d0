"""Write a case back into a folder of CSV files that reads as the same case."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.tables.csv_cells import save_texts, shielded

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.tables.case import Case


def write_case(case: Case, folder: Path) -> Path:
    """Write every table that has rows, with all columns of the dictionary, and return the folder.

    Numbers are written so that they read back as the same floats, texts so that no spreadsheet reckons with them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in case.tables.items():
        if len(frame):
            shown = {str(column): _as_written(frame[column]) for column in frame if column != "row"}
            save_texts(shown, folder / f"{name}.csv")
    return folder


def _as_written(column: pd.Series) -> list[str]:
    """Return a column as texts; blanks, and a text that comes again, are not looked at one by one."""
    filled = column.notna().to_numpy()
    if not filled.any():
        return [""] * len(column)
    texts = np.full(len(column), "", dtype=object)
    cells = column[filled].tolist()
    if column.dtype == "str":
        known = {text: _cell(text) for text in set(cells)}
        texts[filled] = [known[text] for text in cells]
    elif column.dtype.kind == "f":
        texts[filled] = [repr(value).removesuffix(".0") for value in cells]
    else:
        texts[filled] = [_cell(value) for value in cells]
    found: list[str] = texts.tolist()
    return found


def _cell(value: object) -> str:
    if isinstance(value, str):
        return shielded(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(value).removesuffix(".0")
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return "" if value is pd.NaT else str(value)
