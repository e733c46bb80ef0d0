"""What the columns of a limit may say where it is on a number of suppliers, or of sites delivered to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.tables.numbers import has_a_part
from sourcing.tables.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sourcing.tables.grades import Said

COUNTS = ("suppliers", "destinations")
_CODE = "DATA-132"
_SCOPE = ["measure", "by", "member", "site", "stage", "material", "element", "counted_in", "per", "from", "until"]


def count_columns(limit: Mapping[str, object]) -> Said:
    """Return what contradicts in a limit on a number, or in one that only a number could have."""
    said: Said = []
    measure, value, by = limit["measure"], limit["value"], limit["by"]
    if measure not in COUNTS:
        fact = "at_least is for numbers of suppliers and destinations"
        return [("at_least", fact, "leave it blank", _CODE)] if _filled(limit.get("at_least")) else []
    if not by:
        said.append(("by", f"nothing says what is counted as {measure}", "fill in by, such as supplier", _CODE))
    if has_a_part(value):
        said.append(("value", f"{value:g} is no whole number", "write how many, such as 2", "DATA-104"))
    if limit["sense"] == "min" and not _filled(limit.get("at_least")):
        repair = "say from how many t in the window a member counts, such as 20"
        said.append(("at_least", "at_least is blank, so a gram would make a member count", repair, _CODE))
    if measure == "destinations" and limit["site"]:
        said.append(("site", "destinations are the sites that are counted", "leave site blank", _CODE))
    if measure == "destinations" and limit["sense"] == "min" and by and not limit["member"]:
        said.append(("member", "a least number of sites needs a member", f"say which {by} it is for", _CODE))
    return said


def _filled(number: object) -> bool:
    """Return whether a number is there, and is more than nothing."""
    return isinstance(number, float) and number > 0


def numbers(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse a minimum number above a maximum number of the same."""
    frame = tables["limits"]
    frame = frame[frame["measure"].isin(COUNTS)]
    if frame.empty:
        return []
    same = frame[_SCOPE].astype(str).fillna("").agg("|".join, axis=1)
    both = frame[frame.groupby(same)["sense"].transform("nunique") > 1]
    return [problem for _, rows in both.groupby(same) for problem in _crossed(rows)]


def _crossed(rows: pd.DataFrame) -> Iterator[Problem]:
    """Yield each minimum above a maximum that counts members from less on: of such maxima, the first by its value."""
    most = rows[(rows["sense"] == "max") & rows["value"].notna()].sort_values("value", kind="stable").to_dict("records")
    if not most:
        return
    values = np.array([limit["value"] for limit in most])
    lowest = np.minimum.accumulate([_threshold(limit["at_least"]) for limit in most])
    for least in rows[(rows["sense"] == "min") & rows["value"].notna()].to_dict("records"):
        below = int(np.searchsorted(values, least["value"]))
        first = int(np.searchsorted(-lowest, -_threshold(least["at_least"]), side="right"))
        if first < below:
            fact = f"{least['limit']} asks for {least['value']:g} or more, {most[first]['limit']} for no more than"
            fact += f" {most[first]['value']:g} of the same"
            yield Problem("limits", int(least["row"]), "value", fact, "lower the minimum or raise the maximum", _CODE)


def _threshold(number: object) -> float:
    return number if isinstance(number, float) and number > 0 else 0.0
