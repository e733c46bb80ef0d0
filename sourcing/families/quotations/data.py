"""Quotations that have lapsed: nobody sells at their price any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.parts import Screen
from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network
    from sourcing.question import Question

_CODE = "SCREEN-405"


def lapsed(net: Network, _: Question) -> Iterator[Finding]:
    """Yield an error for each offer that could be ordered and whose quotation ended before the first day."""
    offers, first = net.case["offers"], net.tree.start[0]
    over = (offers["quoted_until"].to_numpy("datetime64[D]") < first) & (net.offer_capacity > 0).any(axis=1)
    for at in np.flatnonzero(over):
        row = offers.iloc[at]
        fact = (
            f"the quotation of {row['supplier']} ended on {row['quoted_until'].date()}, before the first day, {first}"
        )
        repair = "ask for a new one and correct price and date; leave the date blank if it was accepted"
        yield Finding("error", net.case.place("offers", int(row["row"]), "quoted_until"), fact, repair, _CODE)


CODES = {_CODE: "quotation that has lapsed"}
SCREENS = (Screen(lapsed, 12, refuses=(_CODE,)),)
