"""Audit a plan, fresh or stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sourcing import families
from sourcing.audit import Terms, Verdict, audit
from sourcing.plan.copies import differences
from sourcing.plan.store import read_plan

if TYPE_CHECKING:
    from sourcing.plan import Plan


def load_plan(folder: str | Path) -> Plan:
    """Return a stored plan.

    Raises
    ------
    QuestionError : there is no plan in the folder.
    """
    return read_plan(Path(folder))


def audit_plan(folder: str | Path) -> Verdict:
    """Check a stored plan against its inputs, its prices against its duals, and its files against one another."""
    plan = load_plan(folder)
    return verdict_on(plan, duals_of(Path(folder))).also(list(differences(plan)))


def verdict_on(plan: Plan, duals: pd.DataFrame | None = None) -> Verdict:
    """Check a plan against its own inputs by arithmetic that shares nothing with the model.

    ``duals`` are those of a stored plan; without them nothing is said about prices.
    """
    horizon, objective = plan.question.horizon, plan.question.objective
    terms = Terms(horizon.first, horizon.periods, horizon.length, objective.discount_rate, objective.shortage)
    return audit(plan.case.tables, terms, plan.tables, plan.manifest, families.checks(), duals)


def duals_of(folder: Path) -> pd.DataFrame:
    """Return the rows of the model with their duals as stored with a plan; empty if they cannot be read."""
    try:
        table = pd.read_csv(folder / "analyst" / "duals.csv").set_index("row").astype(float).reset_index()
        return table[["row", "lower", "activity", "upper", *(name for name in table if str(name).startswith("dual_"))]]
    except (OSError, ValueError, KeyError):
        return pd.DataFrame(columns=["row"])
