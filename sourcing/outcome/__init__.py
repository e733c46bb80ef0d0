"""From the solver's numbers to the tables of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.card import OWN_RULE
from sourcing.network.look_through import looks_through
from sourcing.outcome import concentration, levels, movements
from sourcing.outcome.after_horizon import apart
from sourcing.outcome.binding import binding
from sourcing.outcome.changes import changes
from sourcing.outcome.customs import customs
from sourcing.outcome.decisions import decisions
from sourcing.outcome.look_through import look_through
from sourcing.outcome.lots import lots
from sourcing.outcome.own_rules import own_rules
from sourcing.outcome.use import shares_limited, use
from sourcing.outcome.used_shares import with_use
from sourcing.outcome.values import Values

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.engine.marginal_values import Room

__all__ = ["Values", "plan_tables"]


def plan_tables(values: Values, room: Room | None = None) -> dict[str, pd.DataFrame]:
    """Return the tables of a plan (see docs/plan.md), each sorted by its key.

    ``room`` is the program to solve again for what more room is worth; without it a price is what it is at most.
    """
    sheet, moved, bound = levels.stock(values), concentration.arriving(values), binding(values, room)
    shares = concentration.shares(values, moved)
    tables = {
        "purchases": movements.purchases(values),
        "shipments": movements.shipments(values),
        "conversions": movements.conversions(values),
        "stock": sheet,
        "shortage": levels.shortage(sheet),
        "decisions": decisions(values),
        "changes": changes(values, bound),
        "cost": levels.cost(values),
        "shares": shares,
        "hhi": concentration.hhi(shares),
        "limits": concentration.limits(values),
        "binding": bound,
    }
    if OWN_RULE.name in values.formulation.rows:
        tables["own_rules"] = own_rules(values)
    if shares_limited(values.network.case):
        tables["use"] = use(values, tables["limits"])
    network = values.network
    tables["shares"] = with_use(shares, tables.get("use"), network.case["limits"], network.tree)
    if "hold_of" in values.formulation.columns:
        tables["lots"] = lots(values)
    if values.network.customs.any_due:
        tables["customs"] = customs(values)
    if looks_through(values.network.case):
        tables["look_through"] = look_through(values, moved)
    if "weighed" in values.formulation.objectives:
        tables["weighed"] = levels.weighed(values)
    return apart(tables, values.network.tree)
