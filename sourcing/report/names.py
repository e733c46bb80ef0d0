"""What things are called on a screen: the name a planner gave them, the country in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.tables.dictionary import countries

if TYPE_CHECKING:
    import pandas as pd


def country(code: str) -> str:
    """Return the name of a country by its ISO 3166-1 alpha-3 code, or what was given if it is no such code."""
    return countries().get(code, code)


def named(table: pd.DataFrame, key: str) -> dict[str, str]:
    """Return what each row of a table is called: its ``name`` where filled in, else its key."""
    if "name" not in table:
        return dict(zip(table[key], table[key], strict=True))
    names = table["name"].where(table["name"].fillna("") != "", table[key])
    return dict(zip(table[key], names, strict=True))
