"""What a screen finds: a fault, or a warning in the same words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sourcing.errors import Fault

Severity = Literal["error", "warning", "note"]

CODES: dict[str, str] = {
    "SCREEN-304": "share limit with too few sources",
    "SCREEN-307": "demand outside the horizon",
    "SCREEN-380": "row that matches nothing",
    "SCREEN-381": "demand of overlapping periods",
    "SCREEN-383": "origin that ends at a site of one's own",
    "SCREEN-384": "period that lies in two calendar years",
    "SCREEN-385": "last day where the first day after is asked for",
    "SCREEN-386": "more threads than cores",
    "SCREEN-387": "large program solved without the second engine",
    "SCREEN-388": "period that is longer than the stock lasts",
    "SCREEN-390": "place without a maximum of stock",
    "SCREEN-391": "limit on a measure from outside that counts nothing",
    "SCREEN-399": "own goods of which customs are told too little",
}
"""Codes of findings, beside those of families; a code never changes its meaning."""


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
