"""Element balance of recipes: a process cannot give more of an element than its inputs hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from sourcing.tables.screens.supply import Supply

ROUNDED = 2e-3
"""Part of an element that rounded contents and yields may add: assays and yields are given to three figures."""


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
