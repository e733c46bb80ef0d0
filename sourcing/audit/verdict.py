"""The outcome of an audit, and what counts as a difference."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.daily import DayByDay

# A millionth of the quantities that meet in a row is above the solver's noise and below anything a planner would miss,
# in a row of grams as in one of gigatonnes. A microgram is what sums of nothing but dust may differ by.
TRACE = 1e-12
TONNES_RELATIVE = 1e-6
# An invoice is exact to the cent; sums of many invoices carry the solver's noise in proportion.
CENT = 0.01
MONEY_RELATIVE = 1e-7
MOST_SHOWN = 50


@dataclass(frozen=True)
class Verdict:
    """What the audit found.

    ``checked`` counts the rows of each rule and ``worst`` is the largest violation of each, in the rule's unit;
    ``read`` counts the rows of each plan table. ``cost`` is USD by head, not discounted, ``discounted`` their
    discounted total, which is the manifest's objective ``cost``; ``short`` the weighted shortage, all recomputed;
    ``weighed`` is what counts and is nobody's money, USD by head, not discounted. ``paid`` is what of the cost is
    cash, ``today`` that at today's value with what paying later is worth, ``minimised`` that with the price of
    shortage and what is weighed. ``found`` counts the findings, of which ``findings`` shows the first ones and says
    how many are left out. ``daily`` is the plan day by day, whose own verdict is no finding: None where none was made.
    """

    findings: list[str] = field(default_factory=list)
    found: int = 0
    checked: dict[str, int] = field(default_factory=dict)
    worst: dict[str, float] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    cost: dict[str, float] = field(default_factory=dict)
    paid: float = 0.0
    today: float = 0.0
    minimised: float = 0.0
    discounted: float = 0.0
    short: float = 0.0
    weighed: dict[str, float] = field(default_factory=dict)
    daily: DayByDay | None = None

    @property
    def is_clean(self) -> bool:
        """Whether the arithmetic agrees with the plan throughout."""
        return self.found == 0

    def also(self, more: Sequence[str]) -> Verdict:
        """Return the verdict with findings of another kind added."""
        found = self.found + len(more)
        return replace(self, findings=shown([*self.findings[:MOST_SHOWN], *more], found), found=found)

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict for audit.json."""
        return {
            "schema": 1,
            "clean": self.is_clean,
            "found": self.found,
            "findings": self.findings,
            "checked": self.checked,
            "worst": self.worst,
            "read": self.read,
            "cost": self.cost,
            "paid": self.paid,
            "today": self.today,
            "minimised": self.minimised,
            "discounted": self.discounted,
            "short": self.short,
            "weighed": self.weighed,
        } | ({} if self.daily is None else {"days": self.daily.said.as_dict()})


def share_slack(total: float) -> float:
    """Return the difference in a share that is still noise: that of a microgram in the total."""
    return TONNES_RELATIVE + TRACE / max(total, TRACE)


def tonnes_slack(scale: float) -> float:
    """Return the difference in t that is still noise among quantities of this size."""
    return TRACE + TONNES_RELATIVE * abs(scale)


def money_slack(scale: float) -> float:
    """Return the difference in USD that is still noise among amounts of this size."""
    return CENT + MONEY_RELATIVE * abs(scale)


def shown(findings: Sequence[str], found: int) -> list[str]:
    """Return the first of the findings, as many as a reader can take in, and how many of all there are besides."""
    first = list(findings[:MOST_SHOWN])
    if found <= len(first):
        return first
    return [*first, f"{found - len(first)} more findings are left out; put these right first and audit again"]
