"""Whether the tables of a stored plan can be used: there, with their columns, of their kind, about its inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.audit.layout import CLAIM, COLUMNS, DATE, KEYS, MAY_BE_ABSENT, MAYBE, MAYBE_DATE, TEXT, WHOLE, columns_of
from sourcing.replay.reading import OF_TAIL
from sourcing.tables.problems import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KEYS = {"offer": "offers", "site": "sites", "material": "materials", "process": "processes"}
_SITES = ("origin", "destination")
_NAMED = ("purchases", "shipments", "conversions", "stock", "shortage", "orders", "days")
"""Tables whose rows are of things that the inputs list."""


def misshapen(plan: Mapping[str, pd.DataFrame], case: Mapping[str, pd.DataFrame], periods: int) -> Iterator[str]:
    """Yield what keeps each table of a plan over so many periods from being used, the first thing of each."""
    for table in COLUMNS:
        if table not in plan and table not in MAY_BE_ABSENT:
            yield f"{table}.csv: manifest.json does not list it among its tables"
        for name in (table, table + OF_TAIL):
            frame = plan.get(name)
            if frame is None:
                continue
            shape = wrong_columns(frame, columns_of(table, frame))
            wrong = shape or _unknown(table, frame, case, periods) or _twice(table, frame)
            if wrong:
                yield f"{name}.csv: {wrong}"


def wrong_columns(frame: pd.DataFrame, columns: Mapping[str, str]) -> str:
    """Return what a table lacks of its columns, or which is not of its kind in every row, "" if all is well."""
    missing = [name for name in columns if name not in frame]
    if missing:
        return f"it has no column {listed(missing)}"
    for name, kind in columns.items():
        if len(frame) and not _is_of(frame[name], kind):
            return f"{name} is not a {kind} in every row"
    return ""


def _is_of(cells: pd.Series, kind: str) -> bool:
    if kind == TEXT:
        return not pd.api.types.is_numeric_dtype(cells)
    if kind in {DATE, MAYBE_DATE}:
        return pd.api.types.is_datetime64_any_dtype(cells) and (kind == MAYBE_DATE or bool(cells.notna().all()))
    if kind == CLAIM:
        return pd.api.types.is_bool_dtype(cells)
    if pd.api.types.is_bool_dtype(cells) or not pd.api.types.is_numeric_dtype(cells):
        return kind == MAYBE and bool(cells.isna().all())
    numbers = cells.to_numpy(float)
    if not np.isfinite(numbers if kind != MAYBE else numbers[~np.isnan(numbers)]).all():
        return False
    return kind != WHOLE or bool((numbers == np.floor(numbers)).all())


def _unknown(table: str, frame: pd.DataFrame, case: Mapping[str, pd.DataFrame], periods: int) -> str:
    """Return what a table speaks of that the plan's inputs, or its horizon, do not have."""
    if "node" in frame and len(frame) and not frame["node"].between(0, periods - 1).all():
        return f"node is not one of 0 to {periods - 1} in every row"
    for name in frame if table in _NAMED else ():
        source = "sites" if name in _SITES else _KEYS.get(str(name))
        column = "site" if name in _SITES else str(name)
        if source is not None and not frame[name].isin(case[source][column]).all():
            return f"{name} is not in inputs/{source}.csv in every row"
    return ""


def _twice(table: str, frame: pd.DataFrame) -> str:
    """Return which row is of the same thing as one before it, "" if all are of different ones."""
    again, key = np.flatnonzero(frame.duplicated(list(KEYS[table]))), ", ".join(KEYS[table])
    return f"row {again[0] + 2} is of the same {key} as an earlier one" if len(again) else ""
