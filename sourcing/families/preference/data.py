"""What a preference may say beside a price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def preference(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse favour beyond the price: the offer would be bought for its own sake, used or not."""
    frame = tables["offers"]
    if "preference" not in frame:
        return []
    beyond = frame[(frame["preference"] < 0) & (frame["price"] + frame["preference"] < 0)]
    problems = []
    for row, liked, price in zip(beyond["row"], beyond["preference"], beyond["price"], strict=True):
        fact = f"a favour of {-liked:g} USD/t is more than the price of {price:g}"
        repair = "write less, or fix what is bought in awards.csv"
        problems.append(Problem("offers", int(row), "preference", fact, repair, "DATA-172"))
    return problems


CODES = {
    "DATA-172": "favour beyond the price",
}
CHECKS = (DataCheck(("offers",), preference),)
