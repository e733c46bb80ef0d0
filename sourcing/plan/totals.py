"""Totals of a plan's cost: cash as paid, at today's value, and what was minimised; each has one meaning everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

UNPAID = ("shortage", "payment")
"""Heads that are no cash: the price of shortage, and what paying later is worth."""
WORDS = {"shortage": "shortage (nobody is paid)", "payment": "payment days (no cash)"}
"""What they are called where they stand beside those that are paid."""


class Totals(NamedTuple):
    """The totals of a plan, in USD.

    ``paid`` is cash on the days it is paid: it has neither the price of shortage nor what paying later is worth.
    ``today`` is the same at today's value, and there paying later is worth something. ``minimised`` is that with the
    price of shortage and what is only weighed, both at today's value: plans are chosen by it.
    """

    paid: float
    today: float
    minimised: float


def totals(tables: Mapping[str, pd.DataFrame]) -> Totals:
    """Return the totals of a plan from its tables ``cost`` and, where something is weighed, ``weighed``."""
    cost = tables["cost"]
    weighed = float(tables["weighed"]["discounted"].sum()) if "weighed" in tables else 0.0
    return Totals(
        float(cost.loc[~cost["head"].isin(UNPAID), "amount"].sum()),
        float(cost.loc[cost["head"] != "shortage", "discounted"].sum()),
        float(cost["discounted"].sum()) + weighed,
    )
