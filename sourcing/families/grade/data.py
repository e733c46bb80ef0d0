"""Limits on a grade: what they may say, those that nothing taken in can reach, and what an average leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.parts import DataCheck, Screen
from sourcing.tables.limits import CONTRADICTS, OUTSIDE, each_limit
from sourcing.tables.screens.finding import SLACK, Finding
from sourcing.tables.screens.shares import windows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.tables.limits import Limit, Said
    from sourcing.tables.screens.supply import Process, Supply


def out_of_reach(supply: Supply) -> list[Finding]:
    """Return limits on a grade that average nothing, those that keep a blend from being made, and what they leave out.

    A blend that cannot be made leaves its processes idle, and there may be other ways: so none of it is an error.
    """
    findings = []
    frame = supply.case["limits"]
    for record in frame[frame["measure"] == "grade"].to_dict("records"):
        limit = {str(name): value for name, value in record.items()}
        if windows(supply, limit):
            findings += [_finding(supply, limit, *said) for said in _said(supply, limit)]
    return findings


def _finding(supply: Supply, limit: Mapping[str, Any], severity: Any, fact: str, repair: str, code: str) -> Finding:
    return Finding(severity, supply.case.place("limits", int(limit["row"])), fact, repair, code)


def _said(supply: Supply, limit: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield severity, fact, repair and code."""
    what, table = limit["property"] or limit["element"], "properties.csv" if limit["property"] else "contents.csv"
    grades, blends = _grades(supply, limit), _blends(supply, limit)
    averages = {
        site: [a for each in blend if (a := _average(each, grades)) is not None] for site, blend in blends.items()
    }
    if not any(averages.values()):
        fact = f"{limit['limit']} averages nothing: no process that it is about takes in anything with {what}"
        repair = f"add what is taken in to {table}, or correct material, site or line"
        yield "warning", fact, repair, "SCREEN-311"
        return
    for site, found in averages.items():
        best = max(found) if limit["sense"] == "min" else min(found)
        short = limit["value"] - best if limit["sense"] == "min" else best - limit["value"]
        if short > SLACK * limit["value"]:
            asks = (
                f"{limit['limit']} asks for {'at least' if limit['sense'] == 'min' else 'at most'} {limit['value']:g}"
            )
            fact = f"{asks} {what}, and the best that {supply.case.label('sites', site)} can take in has {best:g}"
            repair = "add an input and a process that takes it, or move the limit"
            yield "warning", f"{fact}: nothing may be blended there", repair, "SCREEN-312"
    left_out = sorted({m for blend in blends.values() for each in blend for m in each.inputs} - set(grades))
    for material in left_out:
        fact = f"{limit['limit']} leaves {material} out of the average: {table} has no row for its {what}"
        yield "note", fact, f"where it dilutes the blend, add the row, with 0 if it has no {what}", "SCREEN-313"


def _grades(supply: Supply, limit: Mapping[str, Any]) -> dict[str, float]:
    table, name, value = ("properties", "property", "value") if limit["property"] else ("contents", "element", "share")
    frame = supply.case[table]
    rows = frame[frame[name] == limit[name]]
    return {str(material): float(grade) for material, grade in zip(rows["material"], rows[value], strict=True)}


def _blends(supply: Supply, limit: Mapping[str, Any]) -> dict[str, list[Process]]:
    found: dict[str, list[Process]] = {}
    for process in supply.processes.values():
        here = limit["site"] in ("", process.site) and limit["line"] in ("", process.line)
        if here and (not limit["material"] or limit["material"] in process.outputs):
            found.setdefault(process.site, []).append(process)
    return found


def _average(process: Process, grades: Mapping[str, float]) -> float | None:
    """Return the grade of what a process takes in by its recipe, None if nothing it takes has one."""
    taken = {material: tonnes for material, tonnes in process.inputs.items() if material in grades}
    if not taken:
        return None
    return sum(tonnes * grades[material] for material, tonnes in taken.items()) / sum(taken.values())


_OF_ARRIVALS = ("by", "member", "stage", "counted_in")
_OWN = ("property", "line")
"""Columns of limits that are for grades alone."""


def grade_columns(limit: Limit) -> Said:
    """Return what contradicts in a limit on a grade, whose blend is taken in by processes and arrives from nowhere.

    Of other limits, which columns are none of theirs.
    """
    if limit["measure"] != "grade":
        repair = "leave it blank, or write grade as the measure"
        return [(name, f"{name} is for a grade", repair, CONTRADICTS) for name in _OWN if limit.get(name)]
    said: Said = [
        (name, f"a grade is an average over a blend, and {name} is for what arrives", "leave it blank", CONTRADICTS)
        for name in _OF_ARRIVALS
        if limit[name]
    ]
    if bool(limit["element"]) == bool(limit["property"]):
        both = "element and property are both filled in" if limit["element"] else "a grade of nothing"
        repair = "fill in element (of contents.csv) or property (of properties.csv), one of them"
        said.append(("property", both, repair, CONTRADICTS))
    if not limit["material"] and not limit["line"]:
        repair = "fill in material, what is made of it, or line, what it runs on"
        said.append(("material", "nothing says which blend it is", repair, CONTRADICTS))
    return said + _value(limit)


def _value(limit: Limit) -> Said:
    value = limit["value"]
    if not isinstance(value, float):
        return []
    if value == 0:
        repair = "write a grade above 0; to ban a material, remove the process that takes it"
        return [("value", "0 is no grade that a blend could have on average", repair, OUTSIDE)]
    if limit["element"] and value > 1:
        return [("value", f"{value:g} is above 1", "write tonnes of the element per tonne, such as 0.02", OUTSIDE)]
    return []


CHECKS = (DataCheck(("limits",), each_limit(grade_columns)),)
CODES = {
    "SCREEN-311": "limit on a grade that averages nothing",
    "SCREEN-312": "grade that nothing taken in can reach",
    "SCREEN-313": "input left out of a grade",
}
SCREENS = (Screen(out_of_reach, of="supply"),)
