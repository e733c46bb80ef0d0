"""What recipes may say, and their element balance: a process gives no more of an element than its inputs hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck, Screen
from sourcing.tables.problems import Problem
from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sourcing.tables.screens.supply import Supply

ROUNDED = 2e-3
"""Part of an element that rounded contents and yields may add: assays and yields are given to three figures."""


def recipes(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse a recipe row that moves nothing, and a process that makes nothing."""
    frame = tables["recipes"]
    nothing = frame.loc[frame["quantity"] == 0, "row"]
    repair = "write inputs negative and outputs positive, or remove the row"
    problems = [
        Problem("recipes", int(row), "quantity", "0 is neither input nor output", repair, "DATA-104") for row in nothing
    ]
    makers, takers = set(frame.loc[~(frame["quantity"] <= 0), "process"]), set(frame["process"])
    for row, process in zip(tables["processes"]["row"], tables["processes"]["process"], strict=True):
        if not process or process in makers:
            continue
        fact = f"{process} has {'only inputs' if process in takers else 'no rows'} in recipes.csv"
        repair = f"add a row with {process}, what it makes, and a positive quantity"
        problems.append(Problem("processes", int(row), "process", fact, repair, "DATA-131"))
    return problems


def gained(supply: Supply) -> list[Finding]:
    """Return a warning for each process and element of which more comes out than goes in.

    Said only where the contents of every input are known, at least in part: an input without any is no proof.
    """
    contents = supply.case["contents"]
    held = dict(zip(zip(contents["material"], contents["element"], strict=True), contents["share"], strict=True))
    known, elements = set(contents["material"]), sorted(set(contents["element"]))
    findings = []
    for code, row in zip(supply.case["processes"]["process"], supply.case["processes"]["row"], strict=True):
        process = supply.processes[code]
        if not set(process.inputs) <= known:
            continue
        for element in elements:
            taken, made = (
                sum(tonnes * held.get((material, element), 0.0) for material, tonnes in side.items())
                for side in (process.inputs, process.outputs)
            )
            if made <= taken * (1 + ROUNDED):
                continue
            fact = f"{code} makes {made:.4g} t of {element} out of {taken:.4g} t, for each tonne of activity"
            repair = "correct the quantities in recipes.csv or the shares in contents.csv"
            findings.append(Finding("warning", supply.case.place("processes", int(row)), fact, repair, "SCREEN-382"))
    return findings


CODES = {
    "DATA-131": "process that makes nothing",
    "SCREEN-382": "process that makes an element",
}
CHECKS = (DataCheck(("recipes", "processes"), recipes),)
SCREENS = (Screen(gained, of="supply"),)
