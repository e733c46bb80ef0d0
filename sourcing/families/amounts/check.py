"""Limits in tonnes and dollars, checked: no group gets more (or less) than the amount in a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay.limits import counted
from sourcing.replay.rows import Residual, at_least, at_most
from sourcing.replay.words import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "tonnes" (t) and "spend" (USD), both (limit, member, site, node)."""
    for row in counted(facts, plan, ("tonnes", "spend")):
        side = at_least if row.limit.sense == "min" else at_most
        yield side(row.limit.measure, row.key, row.counted, row.limit.value, limited(facts, row))
