"""What a cell may refer to, and the names a group's or a limit's member may have."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sourcing.tables.dictionary import Column, Dictionary, countries

Tables = Mapping[str, pd.DataFrame]

UNKNOWN = "unknown"
"""The member that stands for whatever has no stated owner or origin."""


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
        "country": frozenset(countries()) | {UNKNOWN},
        "owner_country": frozenset(countries()) | {UNKNOWN},
        "owner": frozenset(owners | {UNKNOWN}),
        "supplier": frozenset(filled(tables, "offers", "supplier") | owners | sites | {UNKNOWN}),
        "site": frozenset(sites | {UNKNOWN}),
        "recycled": frozenset({"recycled", "primary", UNKNOWN}),
    }
