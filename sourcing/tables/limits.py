"""Column checks of limits: what a row may say whatever it is on, and how a family checks rows on its own measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sourcing.measures import measures
from sourcing.tables.problems import Problem, Suggestions, quoted
from sourcing.tables.values import COUNTRY_LENSES, country_meant, members_by

if TYPE_CHECKING:
    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]

Limit = Mapping[str, object]
Said = list[tuple[str, str, str, str]]
"""Column, fact, repair and code."""
CONTRADICTS, OUTSIDE = "DATA-132", "DATA-104"
"""Codes of columns of a limit that contradict each other, and of a value that there is no limit at."""
_GOODS = ("arrivals", "purchases", "movements", "demand")
SEEN = ("origin", "origin_owner")
"""What sorts by where goods were at an earlier stage."""


def each_limit(said_of: Callable[[Limit], Said]) -> Callable[[Tables], list[Problem]]:
    """Return the check of a table of limits that asks of each of them what is wrong, for ``CHECKS`` of a family."""

    def problems(tables: Tables) -> list[Problem]:
        return [
            Problem("limits", int(limit["row"]), *said)
            for limit in tables["limits"].to_dict("records")
            for said in said_of({str(name): value for name, value in limit.items()})
        ]

    return problems


def limits(tables: Tables) -> list[Problem]:
    """Refuse a limit whose columns contradict each other, whatever it is on."""
    if tables["limits"].empty:
        return []
    known = Members(tables)
    return each_limit(lambda each: [*_columns(each), *known.unknown(str(each["by"]), str(each["member"]))])(tables)


def no_least(limit: Limit) -> Said:
    """Return what is wrong with a minimum of what nobody wants at least."""
    fact = f"nobody asks for at least so much of {measures()[str(limit['measure'])].words}"
    return [("sense", fact, "write max, or leave it blank", CONTRADICTS)] if limit["sense"] == "min" else []


def filled(number: object) -> bool:
    """Return whether a number is there, and is more than nothing."""
    return isinstance(number, float) and number > 0


def _columns(limit: Limit) -> Said:
    """Return what contradicts in a limit on goods: what counts something else says that for itself."""
    measure, said = measures().get(str(limit["measure"])), Said()
    if measure is None or measure.counts not in _GOODS:
        return said
    if limit["sense"] == "min" and limit["by"] and not limit["member"] and measure.kind != "number":
        said.append(("member", "a least amount needs a member", f"say which {limit['by']} it is for", CONTRADICTS))
    if limit["member"] and not limit["by"]:
        said.append(("by", "member is filled in but by is blank", "fill in by, such as country", CONTRADICTS))
    if limit["by"] in SEEN and not limit["stage"] and measure.counts != "movements":
        repair = "say where it is to be seen through to, such as mine or oxide"
        said.append(("stage", f"{limit['by']} is of a stage, and stage is blank", repair, CONTRADICTS))
    if limit["counted_in"] == "element" and not limit["element"]:
        said.append(("counted_in", "tonnes of no stated element", "fill in element, or write tonnes", CONTRADICTS))
    return said


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
