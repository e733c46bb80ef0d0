"""The answer of ``sourcing decide``: options by date, and every plan in which one of them is missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sourcing.plan.result import Result

if TYPE_CHECKING:
    from sourcing.plan import Plan

SOLVED, NO_PLAN, UNTRIED = "solved", "no plan", "not tried"
"""How it ends if an option is missed; what there was no time for is not tried."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Decisions(Result):
    """Its tables (docs/plan.md), its manifest, the plan that it is about, and where it is stored."""

    CALLED: ClassVar[str] = "the list of options"

    plan: Plan
