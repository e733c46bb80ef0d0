"""What things are called on a screen: the name a planner gave them, the country in words."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from sourcing.tables.called import short
from sourcing.tables.dictionary import countries

if TYPE_CHECKING:
    import pandas as pd

_CODE = re.compile(r" \([^()]*\)$")
SAID = 2
"""Names in a row of a screen; the table has all of them."""
DONE = {
    "feed": "collected",
    "mine": "mined",
    "concentrate": "concentrated",
    "oxide": "refined",
    "metal": "melted",
    "alloy": "alloyed",
    "magnet": "made into magnets",
}
"""What was done to material that has come to a stage; at others it was made."""


def country(code: str) -> str:
    """Return the name of a country by its ISO 3166-1 alpha-3 code, or what was given if it is no such code."""
    return countries().get(code, code)


def named(table: pd.DataFrame, key: str) -> dict[str, str]:
    """Return what each row of a table is called on a screen: its name up to the first comma or bracket.

    Where two rows would then be called the same, both keep their whole name; without a name, the key stands for it.
    """
    whole = _whole(table, key)
    brief = {code: short(name) for code, name in whole.items()}
    times = Counter(brief.values())
    return {code: name if times[name] == 1 else whole[code] for code, name in brief.items()}


def first_names(joined: str, one: str, many: str) -> str:
    """Return the first names of a list ("; " between them) without their codes, and what they do."""
    names = list(dict.fromkeys(_CODE.sub("", name) for name in joined.split("; ")))
    more = [f"{len(names) - SAID} more"] if len(names) > SAID else []
    *first, last = [*names[:SAID], *more]
    return f"{', '.join(first)}{' and ' if first else ''}{last} {one if len(names) == 1 else many}".strip()


def _whole(table: pd.DataFrame, key: str) -> dict[str, str]:
    if "name" not in table:
        return dict(zip(table[key], table[key], strict=True))
    names = table["name"].where(table["name"].fillna("") != "", table[key])
    return dict(zip(table[key], names, strict=True))
