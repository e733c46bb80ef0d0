"""Rows of a table one by one: for sentences, and as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator


def each(table: pd.DataFrame) -> Iterator[Any]:
    """Return the rows of a table, their cells as attributes."""
    return iter(table.itertuples(index=False))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain values: dates as ISO text, what is not a number as null.

    >>> records(pd.DataFrame({"t": [1.5, float("nan")], "on": pd.to_datetime(["2027-01-01", None])}))
    [{'t': 1.5, 'on': '2027-01-01'}, {'t': None, 'on': None}]
    """
    plain = table.copy()
    for column in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[column]):
            plain[column] = plain[column].dt.strftime("%Y-%m-%d")
    plain = plain.astype(object).where(plain.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]
