"""Whose what is used is, for a block of the screen: with lots kept apart, and if all is mixed in one heap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.report.names import country
from sourcing.report.rows import each
from sourcing.report.sources import LENSES

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

    from sourcing.plan import Plan
    from sourcing.report.sources import Definitions, Shown

Whose = dict[str, dict[str, tuple[float, bool]]]
"""By line: its share in each year, and whether that is at the limit."""
OF_USE = "of what is used: lots kept apart, or all in one heap"
NEAR = 1e-6


def used(plan: Plan, defined: Definitions, shown: Shown) -> Whose:
    """Return a line for lots and one for the heap of every member whose share is at its limit, or over it as a heap."""
    table = plan.tables.get("use")
    if table is None:
        return {}
    about = {name: row for name, row in defined.items() if row[shown.counted] == shown.what and row["by"] in LENSES}
    rows = table[table["limit"].isin(list(about)) & (table["site"] == "") & table["heap"].notna()]
    lines: Whose = {}
    for (_, member), own in rows.groupby(["limit", "member"], sort=False):
        if any(map(_matters, each(own))):
            name = country(str(member)) if member else "all"
            lines |= _lines(name, own)
    return lines


def _lines(name: str, rows: pd.DataFrame) -> Whose:
    lots = {str(row.window)[:4]: (float(row.lots), _held(row, row.lots)) for row in each(rows) if row.lots == row.lots}
    heap = {str(row.window)[:4]: (float(row.heap), False) for row in each(rows)}
    return ({f"lots  {name}": lots} if lots else {}) | {f"heap  {name}": heap}


def _matters(row: Any) -> bool:
    """Return whether a limit holds a member in a window, or would if all were one heap."""
    beyond = row.heap - row.value if row.sense == "max" else row.value - row.heap
    return beyond > NEAR or _held(row, row.lots) or _held(row, row.arrived)


def _held(row: Any, share: float) -> bool:
    return bool(abs(share - row.value) <= NEAR)
