"""Rules between cells and rows that the column dictionary cannot say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from sourcing.tables.counts import COUNTS, count_columns, numbers
from sourcing.tables.facilities import facility_columns
from sourcing.tables.folders import registry
from sourcing.tables.grades import Said, grade_columns
from sourcing.tables.indices import index_columns, indices
from sourcing.tables.maxima import maximum_columns
from sourcing.tables.problems import Problem, Suggestions, listed, quoted
from sourcing.tables.values import COUNTRY_LENSES, country_meant, members_by

Tables = Mapping[str, pd.DataFrame]
Rule = Callable[[Tables], list[Problem]]
_SEEN = ("origin", "origin_owner")


def contents(tables: Tables) -> list[Problem]:
    """Refuse a tonne of material that holds more than a tonne of its elements."""
    frame = tables["contents"]
    total = frame.groupby("material")["share"].transform("sum")
    each_fits = frame.groupby("material")["share"].transform("max") <= 1
    over = frame.assign(total=total)[(total > 1.0001) & each_fits].sort_values("row").drop_duplicates("material")
    repair = "correct the shares: they are tonnes of element in one tonne of material"
    return [
        Problem("contents", int(row), "share", f"the elements of {material} add up to {total:g}", repair, "DATA-134")
        for row, material, total in zip(over["row"], over["material"], over["total"], strict=True)
    ]


def spans(tables: Tables) -> list[Problem]:
    """Refuse what ends before it begins."""
    problems = []
    for table, frame in tables.items():
        if frame.empty:
            continue
        for start, end in (("start", "end"), ("from", "until")):
            if start not in frame or end not in frame:
                continue
            wrong = frame[frame[end] <= frame[start]]
            for row, first, last in zip(wrong["row"], wrong[start], wrong[end], strict=True):
                fact = f"{last:%Y-%m-%d} is not after {start} {first:%Y-%m-%d}"
                repair = f"{end} is the first day on which it no longer holds: write a later day"
                problems.append(Problem(table, int(row), end, fact, repair, "DATA-121"))
    return problems


def ramps(tables: Tables) -> list[Problem]:
    """Refuse a ramp that belongs to more than one of offer, process and line, or to none."""
    return owned_by_one("ramps", tables["ramps"])


def owned_by_one(table: str, frame: pd.DataFrame) -> list[Problem]:
    """Refuse rows that belong to more than one of offer, process and line, or to none."""
    owners = [name for name in ("offer", "process", "line") if name in frame]
    filled = frame[owners] != ""
    problems = []
    for at in (filled.sum(axis=1) != 1).to_numpy().nonzero()[0]:
        given = [name for name in owners if filled[name].iloc[at]]
        fact = f"{' and '.join(given)} are filled in" if given else f"none of {listed(owners)} is filled in"
        row = int(frame["row"].iloc[at])
        problems.append(Problem(table, row, owners[0], fact, "fill in exactly one of them", "DATA-130"))
    return problems


def groups(tables: Tables) -> list[Problem]:
    """Refuse members that are no country, site, supplier or owner, and groups named like one of them."""
    frame = tables["groups"]
    if frame.empty:
        return []
    lenses = members_by(tables)
    known = frozenset().union(*(lenses[by] for by in ("country", "owner", "supplier", "site"))) - {""}
    near, own = Suggestions(known), set(frame["group"])
    problems = []
    for row, group, member in zip(frame["row"], frame["group"], frame["member"], strict=True):
        if member and member not in known:
            fact = f"{quoted(member)} is no country, site, supplier or owner"
            if member in own:
                fact += ": a group cannot hold a group"
            otherwise = "write a country's three letters, or a site, supplier or owner"
            repair = country_meant(member) or near.repair(member, otherwise)
            problems.append(Problem("groups", int(row), "member", fact, repair, "DATA-133"))
        if group in known:
            fact = f"{quoted(group)} is also a country, site, supplier or owner"
            problems.append(Problem("groups", int(row), "group", fact, "give the group another name", "DATA-135"))
    return problems


def limits(tables: Tables) -> list[Problem]:
    """Refuse a limit whose columns contradict each other."""
    if tables["limits"].empty:
        return []
    problems = []
    members = Members(tables)
    for record in tables["limits"].to_dict("records"):
        limit = {str(name): value for name, value in record.items()}
        found = [
            *_limit_columns(limit),
            *count_columns(limit),
            *members.unknown(str(limit["by"]), str(limit["member"])),
        ]
        problems += [Problem("limits", int(limit["row"]), *said) for said in found]
    return problems


_OWN: Mapping[str, Callable[[Mapping[str, object]], Said]] = {"grade": grade_columns, "facilities": facility_columns}
"""Measures whose columns mean something of their own."""


def _limit_columns(limit: Mapping[str, object]) -> Said:
    said: Said = []
    code = "DATA-132"
    measure, value = limit["measure"], limit["value"]
    if measure in _OWN:
        return _OWN[str(measure)](limit)
    said += (
        maximum_columns(limit)
        + index_columns(limit)
        + [
            (name, f"{name} is for a grade", "leave it blank, or write grade as the measure", code)
            for name in ("property", "line")
            if limit.get(name)
        ]
    )
    if measure == "share" and not limit["by"]:
        said.append(("by", "a share needs to know by what it is shared", "fill in by, such as country", code))
    if measure == "share" and isinstance(value, float) and value > 1:
        said.append(("value", f"{value:g} is above 1", "write a share from 0 to 1, such as 0.35 for 35 %", "DATA-104"))
    if limit["sense"] == "min" and limit["by"] and not limit["member"] and measure not in COUNTS:
        said.append(("member", "a least amount needs a member", f"say which {limit['by']} it is for", code))
    if limit["member"] and not limit["by"]:
        said.append(("by", "member is filled in but by is blank", "fill in by, such as country", code))
    said += _seen_columns(limit)
    if limit["counted_in"] == "value" and measure != "share":
        repair = "write tonnes or element, or share as the measure"
        said.append(("counted_in", "value is counted for shares only", repair, code))
    if limit["counted_in"] == "element" and not limit["element"]:
        said.append(("counted_in", "tonnes of no stated element", "fill in element, or write tonnes", code))
    return said


def _seen_columns(limit: Mapping[str, object]) -> Said:
    """Return what contradicts in a limit that is seen through to a stage, or in the stage of one on spend."""
    by, measure = str(limit["by"]), limit["measure"]
    if by not in _SEEN:
        if measure == "spend" and limit["stage"]:
            return [("stage", "spend is counted as bought", "leave stage blank, or sort by origin", "DATA-132")]
        return []
    if measure == "carbon":
        repair = "write shipped_from, country, owner or supplier"
        return [("by", f"carbon is counted where it is sold, and {by} is of an earlier stage", repair, "DATA-132")]
    if not limit["stage"]:
        repair = "say where it is to be seen through to, such as mine or oxide"
        return [("stage", f"{by} is of a stage, and stage is blank", repair, "DATA-132")]
    return []


class Members:
    """What a limit may name as its member, with the groups and what they hold."""

    def __init__(self, tables: Tables) -> None:
        self._lenses = members_by(tables)
        self._groups: dict[str, set[str]] = {}
        for group, member in zip(tables["groups"]["group"], tables["groups"]["member"], strict=True):
            self._groups.setdefault(group, set()).add(member)
        self._near = {by: Suggestions(known | set(self._groups)) for by, known in self._lenses.items()}

    def unknown(self, by: str, member: str) -> Said:
        """Return what is wrong with a member among what ``by`` sorts into, [] if nothing is."""
        if not by or not member or by not in self._lenses or member in self._lenses[by]:
            return []
        if member in self._groups:
            if self._groups[member] & self._lenses[by]:
                return []
            return [("member", f"group {member} holds no {by}", "choose another group, or another by", "DATA-133")]
        near = self._near[by].repair(member, f"write a {by} of this case, or a group")
        repair = (country_meant(member) if by in COUNTRY_LENSES else "") or near
        return [("member", f"{quoted(member)} is neither {by} nor group", repair, "DATA-133")]


RULES: tuple[tuple[frozenset[str], Rule], ...] = (
    (frozenset({"contents"}), contents),
    (frozenset(), spans),
    (frozenset({"ramps"}), ramps),
    (frozenset({"groups", "sites", "offers"}), groups),
    (frozenset({"limits", "groups", "sites", "offers"}), limits),
    (frozenset({"limits"}), numbers),
    (frozenset({"limits", "sites", "offers", "origins", "governance", "supply_risk"}), indices),
)
"""The tables a rule is judged by, and the rule; it is not judged when one of them is broken."""


def rules() -> Iterator[tuple[frozenset[str], Rule]]:
    """Yield what is judged of any case, then what each family judges, in the order of their cards."""
    yield from RULES
    for check in registry().data_checks():
        yield frozenset(check.tables), check.problems
