"""Last days where a table asks for the first day after: on its morrow another row begins, or the horizon ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from sourcing.tables.screens.supply import Supply

ENDS = {"end": "start", "until": "from"}
"""Columns with the first day after, and with the first day, of what a row says."""
_DAY = pd.Timedelta(days=1)


def last_days(supply: Supply) -> list[Finding]:
    """Return a warning for each last day of a month on whose morrow another row begins or the horizon ends."""
    findings = []
    for table, frame in sorted(supply.case.tables.items()):
        for end, start in ENDS.items():
            if end not in frame or not pd.api.types.is_datetime64_any_dtype(frame[end]):
                continue
            said = frame[frame[end].dt.is_month_end & frame[end].notna()]
            begins = set(frame[start].dropna()) if start in frame else set()
            for row, day in zip(said["row"], said[end], strict=True):
                after = day + _DAY
                if after == supply.origin + supply.end * _DAY or after in begins:
                    findings.append(_finding(supply, (table, int(row), end), day))
    return findings


def _finding(supply: Supply, cell: tuple[str, int, str], day: pd.Timestamp) -> Finding:
    table, row, end = cell
    fact = f"{end} is the first day after, so that {day:%Y-%m-%d} itself is left out"
    repair = f"if {day:%Y-%m-%d} is meant as the last day, write {day + _DAY:%Y-%m-%d}"
    return Finding("warning", supply.case.place(table, row, end), fact, repair, "SCREEN-385")
