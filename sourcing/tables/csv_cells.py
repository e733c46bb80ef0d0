"""Cells of CSV files: texts that a spreadsheet would take for a formula, written as texts and read as they were.

A spreadsheet reckons with whatever begins with = or + - @, and some with what stands behind a tab or a carriage return.
Such a text gets an apostrophe before it, which keeps it a text; so does one in which apostrophes stand before that
already. The reader takes one away wherever the writer would have put one, and nowhere else.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

_STARTS = "=+\\-@＝＋－＠\t\r\n"
"""What begins a formula; the wide ones do in the spreadsheets of China, Japan and Korea."""

_FORMULA = re.compile(f"'*[{_STARTS}]")
_SHIELDED = re.compile(f"'+[{_STARTS}]")
_ANY_FORMULA = re.compile(f"^'*[{_STARTS}]", re.MULTILINE)


def shielded(text: str) -> str:
    """Return a text as a CSV file has it.

    >>> shielded("=A1"), shielded("'=A1"), shielded("'s-Graveland")
    ("'=A1", "''=A1", "'s-Graveland")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def bare(text: str) -> str:
    """Return a text that a CSV file has as it was.

    >>> bare("'=A1"), bare("=A1"), bare("'s-Graveland")
    ('=A1', '=A1', "'s-Graveland")
    """
    return text[1:] if _SHIELDED.match(text) else text


def bared(column: pd.Series) -> pd.Series:
    """Return a column that was read from a CSV file with its texts as they were."""
    if not any(map(_SHIELDED.match, _texts(column))):
        return column
    return column.map(lambda cell: bare(cell) if isinstance(cell, str) else cell).astype(column.dtype)


def has_shielded(content: str) -> bool:
    """Return whether a file's content may have a cell with an apostrophe to take away."""
    return "'" in content and _SHIELDED.search(content) is not None


def write_csv(table: pd.DataFrame, file: Path) -> None:
    """Write a table; texts are shielded, numbers stay numbers, days are ISO dates."""
    formulas = [name for name in table if _ANY_FORMULA.search("\n".join(_texts(table[name])))]
    save_csv(table.assign(**{str(name): table[name].map(_safe) for name in formulas}) if formulas else table, file)


def save_texts(table: Mapping[str, list[str]], file: Path) -> None:
    """Write the columns of a table, texts throughout that are shielded already, as ``save_csv`` would."""
    torn = any("\r" in text for texts in table.values() for text in set(texts))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC if torn else csv.QUOTE_MINIMAL)
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))


def save_csv(table: pd.DataFrame, file: Path) -> None:
    """Write a table whose texts are shielded already, so that every cell is read as one cell."""
    torn = any("\r" in text for name in table for text in _texts(table[name]))
    quoting: Any = csv.QUOTE_NONNUMERIC if torn else csv.QUOTE_MINIMAL  # which leaves a lone carriage return bare
    table.to_csv(file, index=False, encoding="utf-8", date_format="%Y-%m-%d", lineterminator="\n", quoting=quoting)


def _safe(cell: object) -> object:
    return shielded(cell) if isinstance(cell, str) else cell


def _texts(column: pd.Series) -> list[str]:
    """Return the texts of a column, each once, none of one that holds numbers, days or yes and no alone."""
    return [] if column.dtype.kind in "biufM" else [cell for cell in column.unique().tolist() if isinstance(cell, str)]
