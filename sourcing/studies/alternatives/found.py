"""The answer of ``sourcing alternatives``: tables, manifest, and the different plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.plan.result import ResultWithPlans

if TYPE_CHECKING:
    from sourcing.plan import Plan

MUST, FREE, NEVER, OPEN = "must have", "free", "never", "open"
"""Every plan orders from it; some do and some do not; none does; a search was not exact enough to tell."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Alternatives(ResultWithPlans):
    """The answer of ``sourcing alternatives``: its tables (docs/plan.md), its manifest, and the different plans.

    ``plan`` is the one that was asked about; ``plans`` are in the order in which they were found, and so are
    ``values``, the solver's numbers behind them.
    """

    plan: Plan

    @property
    def places(self) -> list[str]:
        """The folder of each different plan."""
        return [f"alternative-{number}" for number in range(1, len(self.plans) + 1)]
