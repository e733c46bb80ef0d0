"""Conditions that must hold or no plan can meet the demand, looked at before anything is solved.

All are necessary, none is sufficient: where a screen is in doubt it is generous, so that it never refuses a case that
has a plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.tables.folders import registry
from sourcing.tables.screens.dates import dated
from sourcing.tables.screens.ends import last_days
from sourcing.tables.screens.finding import CODES, Finding
from sourcing.tables.screens.shares import few_sources
from sourcing.tables.screens.supply import Supply

if TYPE_CHECKING:
    from sourcing.question.schema import Question
    from sourcing.tables.case import Case

__all__ = ["CODES", "Finding", "screen"]

_PARTS = (("shares", "share"), ("hhi", "hhi"))
"""Families whose limits take so many sources, and the measures of those limits."""


def screen(case: Case, question: Question) -> list[Finding]:
    """Return what stands in the way of a plan, errors first.

    Parameters
    ----------
    case : the case after the question's edits (``sourcing.question.apply``).
    question : its horizon; with shortage = "none" what cannot be met is an error, else a likely cause of shortage.
    """
    supply = Supply.of(case, question)
    findings = dated(supply) + last_days(supply)
    findings += few_sources(supply, {measure for family, measure in _PARTS if family not in question.without})
    findings += _of_families(supply)
    return sorted(findings, key=lambda finding: (finding.severity, finding.code))


def _of_families(supply: Supply) -> list[Finding]:
    """Return what the families that the question has find in the tables alone."""
    screens = registry().screens("supply", supply.question.without)
    return [finding for each in screens for finding in each.findings(supply)]
