"""What rows may say of lines, and those that nothing runs on: their capacity and their limits hold for nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck, Screen
from sourcing.tables.problems import Problem
from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sourcing.tables.screens.supply import Supply


def lines(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse a line whose processes run at several sites."""
    frame = tables["processes"]
    if "line" not in frame:
        return []
    shared = frame[(frame["line"] != "") & (frame["site"] != "")].sort_values("row", kind="stable")
    shared = shared.assign(first=shared.groupby("line")["site"].transform("first"))
    apart = shared[shared["site"] != shared["first"]]
    repair = "a line is at one site: correct the site, or give this process a line of its own"
    return [
        Problem("processes", int(row), "line", f"line {line} is at {at}, and {process} at {site}", repair, "DATA-137")
        for row, process, line, site, at in zip(
            *(apart[name] for name in ("row", "process", "line", "site", "first")), strict=True
        )
    ]


def idle(supply: Supply) -> list[Finding]:
    """Return lines that no process names: a process removed by an edit leaves its line behind, so it is a warning."""
    if "conversion" in supply.question.without:
        return []
    case = supply.case
    unnamed = case["lines"][~case["lines"]["line"].isin(case["processes"]["line"])]
    repair = "write the line into processes.csv, column line, or remove it"
    return [
        Finding("warning", case.place("lines", int(row)), f"no process runs on line {line}", repair, "SCREEN-310")
        for row, line in zip(unnamed["row"], unnamed["line"], strict=True)
    ]


CODES = {
    "DATA-137": "line whose processes are at several sites",
    "SCREEN-310": "line that no process runs on",
}
CHECKS = (DataCheck(("processes",), lines),)
SCREENS = (Screen(idle, of="supply"),)
