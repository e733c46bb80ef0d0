"""Rules between cells and rows that the column dictionary cannot say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from sourcing.tables.folders import registry
from sourcing.tables.limits import limits
from sourcing.tables.problems import Problem, Suggestions, listed, quoted
from sourcing.tables.values import country_meant, members_by

Tables = Mapping[str, pd.DataFrame]
Rule = Callable[[Tables], list[Problem]]


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


RULES: tuple[tuple[frozenset[str], Rule], ...] = (
    (frozenset({"contents"}), contents),
    (frozenset(), spans),
    (frozenset({"ramps"}), ramps),
    (frozenset({"groups", "sites", "offers"}), groups),
    (frozenset({"limits", "groups", "sites", "offers"}), limits),
)
"""The tables a rule is judged by, and the rule; it is not judged when one of them is broken."""


def rules() -> Iterator[tuple[frozenset[str], Rule]]:
    """Yield what is judged of any case, then what each family judges, in the order of their cards."""
    yield from RULES
    for check in registry().data_checks():
        yield frozenset(check.tables), check.problems
