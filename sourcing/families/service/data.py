"""Demand that cannot be met: nothing reaches it, not in time, or there is not enough of it."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.parts import Screen
from sourcing.tables.screens.finding import SLACK, Finding, amount

if TYPE_CHECKING:
    from sourcing.tables.screens.finding import Severity
    from sourcing.tables.screens.supply import Due, Point, Supply


def unreached(supply: Supply) -> list[Finding]:
    """Return demand that no offer, lane, process, stock or open order can reach within the horizon."""
    findings = []
    for point, rows in supply.due.items():
        arrives = supply.arrivals.get(point, math.inf)
        asked = sum(row.within(0, supply.end) for row in rows)
        opening = supply.opening.get(point, 0.0)
        if arrives < supply.end or not _short(asked, opening):
            continue
        site, material = _names(supply, point)
        fact = f"nothing can bring {material} to {site}, where {amount(asked)} are asked for"
        if arrives < math.inf:
            fact = f"the first {material} can come to {site} on {supply.day(arrives)}, after the horizon"
        if opening > 0:
            fact += f" and {amount(opening)} are in stock"
        repair = "add an offer delivered there, a lane from a site that sells it, or a process that makes it"
        findings.append(_finding(supply, rows, fact, repair, "SCREEN-301"))
    return findings


def late(supply: Supply) -> list[Finding]:
    """Return demand due in periods that end before anything can arrive, beyond what is in stock."""
    findings = []
    for point, rows in supply.due.items():
        arrives = supply.arrivals.get(point, math.inf)
        if arrives >= supply.end:
            continue
        asked = sum(row.within(0, supply.period(arrives)) for row in rows)
        opening = supply.opening.get(point, 0.0)
        if not _short(asked, opening):
            continue
        site, material = _names(supply, point)
        fact = (
            f"{amount(asked)} of {material} are due at {site} before the first delivery can arrive on "
            f"{supply.day(arrives)}, and {amount(opening)} are in stock"
        )
        repair = f"{amount(asked - opening)} more opening stock, an open order, or a faster way would meet it"
        findings.append(_finding(supply, rows, fact, repair, "SCREEN-303"))
    return findings


def scarce(supply: Supply) -> list[Finding]:
    """Return materials of which less can be had over the horizon than is asked for, all sites together."""
    asked: dict[str, float] = defaultdict(float)
    rows: dict[str, list[Due]] = defaultdict(list)
    for (_, material), due in supply.due.items():
        asked[material] += sum(row.within(0, supply.end) for row in due)
        rows[material] += due
    most = most_to_be_had(supply)
    findings = []
    for material, tonnes in asked.items():
        had = most.get(material, 0.0)
        if not _short(tonnes, had):
            continue
        name = supply.case.label("materials", material)
        fact = f"at most {amount(had)} of {name} can be had over the horizon, and {amount(tonnes)} are asked for"
        repair = f"add offers, capacity or stock for {amount(tonnes - had)}"
        findings.append(_finding(supply, rows[material], fact, repair, "SCREEN-302"))
    return findings


def most_to_be_had(supply: Supply) -> dict[str, float]:
    """Return a bound from above on the tonnes of each material over the horizon.

    All offers in full, all stock, open orders; processes as far as their capacity and the bound on their inputs go.
    It starts from "any amount" and comes down once per material, so it is a bound at every step, loops or not.
    """
    base: dict[str, float] = defaultdict(float)
    for (_, material), tonnes in supply.opening.items():
        base[material] += tonnes
    for (_, material), orders in supply.open_orders.items():
        base[material] += sum(tonnes for day, tonnes in orders if 0 <= day < supply.end)
    for code, material in zip(supply.case["offers"]["offer"], supply.case["offers"]["material"], strict=True):
        base[material] += supply.offers[code].most(supply.end)
    most = dict.fromkeys(supply.case["materials"]["material"], math.inf)
    for _ in range(len(most) if supply.processes else 1):
        lower = {material: base[material] for material in most}
        for material, tonnes in _made(supply, most).items():
            lower[material] += tonnes
        if lower == most:
            break
        most = lower
    return most


def _made(supply: Supply, most: dict[str, float]) -> dict[str, float]:
    """Return a bound from above on what processes make of each material, given what there is of their inputs.

    The processes of a line share its capacity: those that make most of the material out of a tonne of activity first.
    """
    runs: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for process in supply.processes.values():
        inputs = (most[material] / tonnes for material, tonnes in process.inputs.items())
        activity = min(process.capacity.most(supply.end), *inputs, math.inf)
        for material, tonnes in process.outputs.items():
            runs[process.line, material].append((tonnes, activity))
    made: dict[str, float] = defaultdict(float)
    for (line, material), found in runs.items():
        left = supply.lines[line].most(supply.end)
        for tonnes, activity in sorted(found, reverse=True):
            made[material] += tonnes * min(activity, left)
            left = max(left - activity, 0.0) if left < math.inf else left
    return made


def _short(asked: float, had: float) -> bool:
    return asked > had + SLACK * (1 + asked)


def _names(supply: Supply, point: Point) -> tuple[str, str]:
    return supply.case.label("sites", point[0]), supply.case.label("materials", point[1])


def _finding(supply: Supply, rows: list[Due], fact: str, repair: str, code: str) -> Finding:
    """Return an error where demand has to be met, else a warning; placed at the first row of the demand."""
    severity: Severity = "error" if supply.must_meet else "warning"
    inside = [row for row in rows if row.within(0, supply.end) > 0]
    row = min(inside, key=lambda row: row.first).row
    if not supply.must_meet:
        fact += " (a likely cause of shortage)"
    return Finding(severity, supply.case.place("demand", row), fact, repair, code)


CODES = {
    "SCREEN-301": "demand that nothing reaches",
    "SCREEN-302": "less supply than demand",
    "SCREEN-303": "demand before the first delivery",
}
SCREENS = (Screen(unreached, of="supply"), Screen(late, of="supply"), Screen(scarce, of="supply"))
