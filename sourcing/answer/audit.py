"""Audit a plan, fresh or stored."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sourcing import families
from sourcing.audit import Terms, Verdict, audit
from sourcing.audit.certificate import GONE, certified
from sourcing.audit.shape import misshapen
from sourcing.errors import AuditFailure, QuestionError
from sourcing.plan.certificate import read_certificate
from sourcing.plan.copies import differences
from sourcing.plan.folder import Kept, table_text
from sourcing.plan.store import read_plan
from sourcing.question.horizon import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.plan import Plan
    from sourcing.question import Question


def load_plan(folder: str | Path) -> Plan:
    """Return a stored plan whose tables can be used.

    Raises
    ------
    QuestionError : there is no plan in the folder, or its tables are not those of a plan of its inputs.
    """
    plan = read_plan(Path(folder))
    wrong = next(misshapen(plan.tables, plan.case.tables, plan.question.horizon.count_with_tail), None)
    if wrong is not None:
        raise Kept(Path(folder)).refused(wrong)
    return plan


def agreed_plan(folder: str | Path) -> Plan:
    """Return a stored plan that the audit agrees with: what is said of it is said of a plan.

    Raises
    ------
    QuestionError : as of ``load_plan``.
    AuditFailure : the audit does not agree.
    """
    plan = load_plan(folder)
    verdict = verdict_on(plan)
    if not verdict.is_clean:
        raise AuditFailure(list(verdict.findings), plan)
    return plan


def audit_plan(folder: str | Path) -> Verdict:
    """Check a stored plan against its inputs, its prices against its duals, and its files against one another."""
    plan = read_plan(Path(folder))
    return verdict_on(plan, duals_of(Path(folder))).also([*differences(plan), *_certified(plan, Path(folder))])


def verdict_on(plan: Plan, duals: pd.DataFrame | None = None) -> Verdict:
    """Check a plan against its own inputs by arithmetic that shares nothing with the model.

    ``duals`` are those of a stored plan; without them nothing is said about prices.
    """
    terms = replace(terms_of(plan.question), duty_follows="custody" in plan.manifest.get("families", ["custody"]))
    return audit(plan.case.tables, terms, plan.tables, plan.manifest, families.checks(), duals)


def terms_of(question: Question) -> Terms:
    """Return what the auditor has to know of a question beside its tables."""
    horizon, objective = question.horizon, question.objective
    rate, shortage, smooth = objective.discount_rate, objective.shortage, objective.smooth
    within = horizon.within or NOTHING
    return Terms(horizon.first, horizon.lengths, rate, shortage, horizon.tail or 0, smooth, within=within)


def with_verdict(plan: Plan) -> Plan:
    """Return a plan that was just found with its dated tables, and the verdict on it in its manifest."""
    verdict = verdict_on(plan)
    tables = {} if verdict.daily is None else verdict.daily.tables
    manifest = {**plan.manifest, "audit": verdict.as_dict()}
    return replace(plan, tables={**plan.tables, **tables}, manifest=manifest)


def _certified(plan: Plan, folder: Path) -> Iterator[str]:
    """Yield what does not hold of a stored plan's certificate; nothing for a plan without one."""
    content = read_certificate(folder)
    if content is not None:
        yield from certified(content, plan.manifest, plan.tables)
    elif plan.manifest.get("claims"):
        yield GONE


def duals_of(folder: Path) -> pd.DataFrame:
    """Return the rows of the model with their duals as stored with a plan; empty if they cannot be read."""
    try:
        text = table_text(Kept(folder).content("analyst/duals.csv"))
        table = pd.read_csv(io.StringIO(text)).set_index("row").astype(float).reset_index()
        return table[["row", "lower", "activity", "upper", *(name for name in table if str(name).startswith("dual_"))]]
    except (QuestionError, ValueError, KeyError):
        return pd.DataFrame(columns=["row"])
