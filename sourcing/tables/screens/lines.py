"""Lines that nothing runs on: their capacity and their limits hold for nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from sourcing.tables.screens.supply import Supply


def idle(supply: Supply) -> list[Finding]:
    """Return lines that no process names: a process removed by an edit leaves its line behind, so it is a warning."""
    case = supply.case
    unnamed = case["lines"][~case["lines"]["line"].isin(case["processes"]["line"])]
    repair = "write the line into processes.csv, column line, or remove it"
    return [
        Finding("warning", case.place("lines", int(row)), f"no process runs on line {line}", repair, "SCREEN-310")
        for row, line in zip(unnamed["row"], unnamed["line"], strict=True)
    ]
