"""Rows of closures that say nothing, or what cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.parts import DataCheck
from sourcing.tables.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    import pandas as pd

_NOBODY, _UNFIT = "DATA-180", "DATA-181"
_UNREAD = {
    "orders": ("destination", "mode"),
    "loading": (),
    "customs": ("supplier", "destination"),
    "receipt": ("supplier", "destination"),
    "work": ("supplier", "destination", "mode"),
}
"""Columns that make no difference to what stops, so that somebody who fills one in means something else."""


def closures(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse closures of nobody, and columns that make no difference."""
    found = []
    for row in tables["closures"].to_dict("records"):
        found += [Problem("closures", int(row["row"]), *problem) for problem in _wrong(row)]
    return found


def _wrong(row: Mapping[Hashable, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield column, fact, repair and code of what is wrong with a row."""
    if not any(row[name] for name in ("country", "site", "supplier")):
        yield "site", "nobody is closed", "fill in country, site or supplier", _NOBODY
    for name in _UNREAD.get(str(row["stops"]), ()):
        if row[name]:
            stops = f"what stops is {row['stops']}, for which {name} makes no difference"
            yield name, stops, f"leave {name} blank, or let loading stop", _UNFIT


CODES = {
    _NOBODY: "closure of nobody",
    _UNFIT: "closure with a column that makes no difference",
}
CHECKS = (DataCheck(("closures",), closures),)
