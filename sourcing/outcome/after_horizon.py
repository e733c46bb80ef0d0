"""Rolling horizon: what a plan decides in its tail stands in tables of its own, beside those that are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.calendar import AFTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from sourcing.calendar import TimeTree

SUFFIX = "_after_horizon"
"""Behind the name of a table: its rows of periods after the horizon."""
PARTED = (
    *("purchases", "shipments", "conversions", "stock", "shortage", "decisions", "changes"),
    *("cost", "weighed", "limits", "lots", "use", "customs"),
)
"""Tables that are parted. What binds is told together, wherever it does, and an analyst's rule is on all periods."""


def apart(tables: Mapping[str, pd.DataFrame], tree: TimeTree) -> dict[str, pd.DataFrame]:
    """Return the tables of the periods that are reported, then those of the tail, if there is one.

    A window that begins in the horizon is reported, wherever it ends.
    """
    found, after = dict(tables), {}
    for name in PARTED if tree.has_tail else ():
        if name in tables:
            table = tables[name]
            later = ~tree.reported[table["node"].to_numpy(int)]
            if "window" in table.columns:
                later = table["window"].astype(str).str.endswith(AFTER).to_numpy(bool)
            found[name], after[f"{name}{SUFFIX}"] = (table[which].reset_index(drop=True) for which in (~later, later))
    return found | after


def named(tables: Iterable[str], tree: TimeTree) -> list[str]:
    """Return the names of a plan's tables, and of those of its tail."""
    names = list(tables)
    return [*names, *(f"{name}{SUFFIX}" for name in PARTED if tree.has_tail and name in names)]
