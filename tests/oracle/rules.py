"""The rules that add rows to what everything needs, in the order in which they are added."""

from __future__ import annotations

from oracle.contracts import contracts
from oracle.custody import custody
from oracle.limits import limits
from oracle.prices import awards, incumbents, splits, tiers
from oracle.stability import stability
from oracle.timing import timing
from oracle.whole import conditions, facilities, lots, qualification
from oracle.worst_day import worst_day

RULES = (
    timing,
    worst_day,
    lots,
    qualification,
    conditions,
    facilities,
    tiers,
    contracts,
    incumbents,
    awards,
    splits,
    custody,
    limits,
    stability,
)
