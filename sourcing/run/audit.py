"""Audit a plan, fresh or stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sourcing import families
from sourcing.audit import Terms, Verdict, audit
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
    """Check a stored plan against the inputs stored with it."""
    return verdict_on(load_plan(folder))


def verdict_on(plan: Plan) -> Verdict:
    """Check a plan against its own inputs by arithmetic that shares nothing with the model."""
    horizon, objective = plan.question.horizon, plan.question.objective
    terms = Terms(horizon.first, horizon.periods, horizon.length, objective.discount_rate, objective.shortage)
    return audit(plan.case.tables, terms, plan.tables, plan.manifest, families.checks())
