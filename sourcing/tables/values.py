"""What a cell may refer to, and the names a group's or a limit's member may have."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sourcing.tables.dictionary import Column, Dictionary, countries, two_letters
from sourcing.tables.problems import Suggestions

Tables = Mapping[str, pd.DataFrame]

UNKNOWN = "unknown"
"""The member that stands for whatever has no stated owner or origin."""

COUNTRY_LENSES = ("country", "owner_country", "shipped_from", "origin", "origin_owner")
"""What a limit may sort by whose members are countries."""


def known_values(column: Column, tables: Tables, dictionary: Dictionary) -> frozenset[str]:
    """Return every value a reference column may hold."""
    known: set[str] = set()
    for target in column.refers_to:
        table, _, name = target.partition(".")
        if table == "countries":
            known |= set(countries())
        elif table in tables:
            known |= filled(tables, table, name or dictionary.key(table)[0])
    return frozenset(known)


def filled(tables: Tables, table: str, column: str) -> set[str]:
    """Return the distinct texts in a column, blanks left out."""
    return set(tables[table][column]) - {""} if table in tables else set()


def members_by(tables: Tables) -> dict[str, frozenset[str]]:
    """Return what a limit may sort by -> the single members it may find."""
    owners = filled(tables, "sites", "owner")
    sites = filled(tables, "sites", "site")
    return {
        **dict.fromkeys(COUNTRY_LENSES, frozenset(countries()) | {UNKNOWN}),
        "owner": frozenset(owners | {UNKNOWN}),
        "supplier": frozenset(filled(tables, "offers", "supplier") | owners | sites | {UNKNOWN}),
        "site": frozenset(sites | {UNKNOWN}),
        "recycled": frozenset({"recycled", "primary", UNKNOWN}),
        "source": frozenset(filled(tables, "offers", "offer") | filled(tables, "processes", "process") | {UNKNOWN}),
    }


def country_meant(text: str, names: Suggestions | None = None) -> str:
    """Return what to write for a country given by its two letters (or its name, among ``names``), "" if it is neither.

    >>> country_meant("NA")
    "write 'NAM' for Namibia"
    """
    code = two_letters().get(text.upper(), "")
    if not code and names and len(text) > 3:
        code = {name: code for code, name in countries().items()}.get(names.nearest(text), "")
    return f"write '{code}' for {countries()[code]}" if code else ""


def country_names() -> Suggestions:
    """Return the names of all countries, to find the nearest to a wrong one."""
    return Suggestions(countries().values())
