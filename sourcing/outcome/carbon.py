"""How far what is said of carbon can be trusted: by the confidence of the rows that state it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from sourcing.tables import Case

EMITTERS = ("offers", "lanes", "processes")
"""Tables with a column ``carbon``."""

_WORDS = {"cited": "cited", "recalled": "recalled", "estimate": "estimated"}


def states_carbon(case: Case) -> bool:
    """Return whether any offer, lane or process says what it emits."""
    return any(bool(case[name]["carbon"].gt(0).any()) for name in EMITTERS)


def trust_words(case: Case) -> str:
    """Return on what figures of carbon rest: "Carbon rests on 193 rows …, all estimated"; blank where none says any."""
    tables = {name: case[name] for name in EMITTERS}
    stated = pd.concat([table.loc[table["carbon"].notna(), "confidence"] for table in tables.values()])
    if stated.empty:
        return ""
    counts = stated.map(_WORDS).fillna("of unknown confidence").value_counts()
    kinds = [f"{count} {kind}" for kind, count in counts.items()] if len(counts) > 1 else [f"all {counts.index[0]}"]
    silent = {name: int(table["carbon"].isna().sum()) for name, table in tables.items()}
    blank = [f"{count} {name}" for name, count in silent.items() if count]
    rest = f"; it is blank, and counts as 0, in {_joined(blank)}" if blank else ""
    return f"Carbon rests on {len(stated)} rows of offers, lanes and processes, {_joined(kinds)}{rest}"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
