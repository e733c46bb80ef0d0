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


AFTER = "_after_horizon"
"""Behind the name of a table: its rows of periods after the horizon."""


def whole(tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """Return the tables of a plan with their rows of periods after the horizon."""
    import pandas as pd  # the command line is there without it

    found = {name: table for name, table in tables.items() if not name.endswith(AFTER)}
    for name, table in found.items():
        after = tables.get(name + AFTER)
        if after is not None and len(after):
            found[name] = pd.concat([table, after], ignore_index=True) if len(table) else after
    return found


def totals(tables: Mapping[str, pd.DataFrame]) -> Totals:
    """Return the totals of a plan with its tail, from its tables of cost and, if there are any, of what is weighed."""
    every = whole(tables)
    cost, weighed = every["cost"], float(every["weighed"]["discounted"].sum()) if "weighed" in every else 0.0
    return Totals(
        float(cost.loc[~cost["head"].isin(UNPAID), "amount"].sum()),
        float(cost.loc[cost["head"] != "shortage", "discounted"].sum()),
        float(cost["discounted"].sum()) + weighed,
    )
