"""What a screen finds: a fault, or a warning in the same words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sourcing.errors import Fault

Severity = Literal["error", "warning", "note"]

CODES: dict[str, str] = {
    "SCREEN-301": "demand that nothing reaches",
    "SCREEN-302": "less supply than demand",
    "SCREEN-303": "demand before the first delivery",
    "SCREEN-304": "share limit with too few sources",
    "SCREEN-305": "open order before the horizon",
    "SCREEN-306": "open order after the horizon",
    "SCREEN-307": "demand outside the horizon",
    "SCREEN-308": "stock asked for above the maximum",
    "SCREEN-309": "by-product that blocks its process",
    "SCREEN-310": "line that no process runs on",
    "SCREEN-311": "limit on a grade that averages nothing",
    "SCREEN-312": "grade that nothing taken in can reach",
    "SCREEN-313": "input left out of a grade",
    "SCREEN-314": "lot without an end",
    "SCREEN-315": "qualification for an amount without an end",
    "SCREEN-316": "qualification that ends after the horizon",
    "SCREEN-321": "limit on carbon that counts nothing",
    "SCREEN-322": "offer that a limit on carbon counts as 0",
    "SCREEN-323": "number of suppliers above those there are",
    "SCREEN-324": "count without an end",
    "SCREEN-360": "frozen order that cannot be placed",
    "SCREEN-361": "frozen orders above the capacity",
    "SCREEN-362": "last plan that orders nothing in this horizon",
    "SCREEN-370": "facility without an end",
    "SCREEN-371": "number of facilities above those there are",
    "SCREEN-372": "limit on facilities where there are none",
    "SCREEN-373": "capacity of a site at which nothing arrives",
    "SCREEN-380": "row that matches nothing",
    "SCREEN-381": "demand of overlapping periods",
    "SCREEN-382": "process that makes an element",
    "SCREEN-383": "origin that ends at a site of one's own",
    "SCREEN-384": "period that lies in two calendar years",
    "SCREEN-385": "last day where the first day after is asked for",
    "SCREEN-386": "more threads than cores",
    "SCREEN-387": "large program solved without the second engine",
    "SCREEN-330": "price tiers without an end",
    "SCREEN-340": "minimum of a contract beyond its offer",
    "SCREEN-350": "award above what can be ordered for it",
    "SCREEN-351": "award outside the horizon",
    "SCREEN-352": "supplier that reaches only some sites of a split",
    "SCREEN-353": "award below the lots of its offer",
    "SCREEN-354": "awards to more than a limit allows",
}
"""Every code of a finding; a code never changes its meaning."""


@dataclass(frozen=True)
class Finding:
    """One necessary condition that does not hold; an error means that there is no plan, or that the data contradict.

    A note is about how the tables were read; nothing stands in the way.
    """

    severity: Severity
    place: str
    fact: str
    repair: str
    code: str

    @property
    def fault(self) -> Fault:
        """The finding as a fault."""
        return Fault(self.place, self.fact, self.repair, self.code)

    def __str__(self) -> str:
        """Return the finding as one sentence."""
        return str(self.fault)


SLACK = 1e-6
"""Tonnes, and share of the tonnes: what rounding may leave."""
OR_LESS = "or a disposal_maximum where goods are sold or disposed of"
"""How a bound is given besides a capacity: any amount can be brought where any amount can go."""


def amount(tonnes: float) -> str:
    """Return tonnes as a planner reads them: "1,240 t", "0.4 t"."""
    return f"{tonnes:,.0f} t" if abs(tonnes) >= 100 else f"{tonnes:.3g} t"
