"""The answer of ``sourcing tornado``: what each number swings, and what not knowing it costs."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isnan
from typing import TYPE_CHECKING, Any

from sourcing.plan.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan import Plan

TABLES = ("tornado", "instead", "not_varied")
OK, NO_PLAN, UNKEPT = "ok", "no plan", "no plan with the orders"
"""What there is at an end of a number: a plan, none, or one, but none that keeps the orders (a blank regret)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Tornado(Result):
    """Its tables (docs/plan.md), its manifest, the plan that it is about, and where it is stored."""

    plan: Plan


def worth_checking(table: pd.DataFrame, own: float) -> pd.DataFrame:
    """Return the rows of numbers that not knowing costs something, the most first.

    Parameters
    ----------
    own : USD that keeping the orders costs more already as stated: 0 for a plan that is the best.
    """
    costs = (table["regret_weighted"] > 0) | (table["regret"] > own) | table["regret"].isna()
    return table[costs].sort_values("check_rank")


def worse_end(row: Any, *, least: bool) -> str:
    """Return the end of a row of the table at which keeping the orders costs more, most of all where none can.

    Parameters
    ----------
    least : shortage comes before cost, as the question weighs it.
    """
    names = ("regret_short", "regret") if least else ("regret",)

    def costs(end: str) -> tuple[float, ...]:
        sides = [float(getattr(row, f"{name}_{end}")) for name in names]
        return tuple(inf for _ in sides) if any(map(isnan, sides)) else tuple(sides)

    return max(("low", "high"), key=costs)
