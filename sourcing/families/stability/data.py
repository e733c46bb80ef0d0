"""What the terms of changes may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def terms_once(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse a second row for every offer: nobody could say which of the two holds."""
    frame = tables["change_terms"]
    rows = frame.loc[frame["offer"] == "", "row"].tolist()
    fact = "another row speaks of every offer too, with offer left blank"
    return [Problem("change_terms", int(row), "offer", fact, "keep one of the two", "DATA-140") for row in rows[1:]]


CHECKS = (DataCheck(("change_terms",), terms_once),)
