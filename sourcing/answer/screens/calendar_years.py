"""Periods that lie in two calendar years, where terms are settled by the calendar year: said, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.capacity import pieces
from sourcing.tables import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sourcing.network import Network

CODE = "SCREEN-384"


def in_two_years(net: Network) -> Iterator[Finding]:
    """Yield a note for each table of terms by the calendar year, if a period lies in two: it counts in its first.

    What such terms ask for depends on the year's total, and is settled once at the end of a period.
    """
    node, _, _, _ = pieces(net.tree)
    cut = np.flatnonzero(np.bincount(node) > 1)
    if not len(cut):
        return
    start, last = net.tree.start[cut[0]], net.tree.end[cut[0]] - np.timedelta64(1, "D")
    period = f"the period from {start} to {last} lies in more than one: all of it counts in {str(start)[:4]}"
    for table, rows, what in _settled(net):
        if len(rows):
            lines = sorted(int(row) for row in rows["row"])
            more = f" (the same of {len(lines) - 1} more rows)" if len(lines) > 1 else ""
            fact = f"{what} goes by the calendar year, and {period}{more}"
            repair = "choose periods that end at New Year, such as quarters, where that matters"
            yield Finding("note", net.case.place(table, lines[0]), fact, repair, CODE)


def _settled(net: Network) -> list[tuple[str, pd.DataFrame, str]]:
    """Return the rows of each table that are settled by the calendar year, and what they say."""
    materials, splits = net.case["materials"], net.case["splits"]
    held = materials[["may_move", "may_move_share"]].notna().any(axis=1)
    return [
        ("tiers", net.case["tiers"], "what a tier counts"),
        ("incumbents", net.case["incumbents"], "what moves away from an incumbent"),
        ("materials", materials[held], "what may move away from today's suppliers"),
        ("splits", splits, "what is split alike"),
    ]
