"""What a pace is a part of: an offer that may give any amount has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def without_capacity(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse a pace of an offer with neither a capacity nor a ramp."""
    offers, ramps = tables["offers"], tables["ramps"]
    free = offers["capacity"].isna() & ~offers["offer"].isin(ramps["offer"])
    rows = offers.loc[free & offers["change_maximum"].notna(), "row"]
    fact = "it is a part of the capacity, and nothing says what the offer can give"
    repair = "fill in its capacity, or leave change_maximum blank"
    return [Problem("offers", int(row), "change_maximum", fact, repair, "DATA-149") for row in rows]


CODES = {"DATA-149": "pace of an offer without a capacity"}
CHECKS = (DataCheck(("offers", "ramps"), without_capacity),)
