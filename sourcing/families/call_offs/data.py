"""Call-offs by the lot, of an offer that has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_CODE = "DATA-142"


def without_lots(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse call-offs by the lot where neither a multiple nor a least lot says how much that is."""
    offers = tables["offers"]
    has = (offers["lot_multiple"] > 0) | (offers["min_lot"] > 0)
    wrong = offers[(offers["call_off"] == "lot") & ~has]
    return [
        Problem(
            "offers",
            int(row),
            "call_off",
            f"{offer} is called off whenever a lot is full, and nothing says how much a lot is",
            "fill in lot_multiple or min_lot, or call it off monthly",
            _CODE,
        )
        for row, offer in zip(wrong["row"], wrong["offer"], strict=True)
    ]


CODES = {
    _CODE: "call-offs by the lot without a lot",
}
CHECKS = (DataCheck(("offers",), without_lots),)
