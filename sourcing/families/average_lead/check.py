"""Limits on the average lead time, checked: what arrives was not ordered longer ago, on average, than allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay.rows import Residual
from sourcing.replay.waits import waited
from sourcing.replay.words import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "lead_days" (limit, member, site, node) of every window, in t that arrive."""
    for row in waited(facts, plan):
        allowed = row.counted / row.limit.value
        yield Residual("lead_days", row.key, "<=", row.total - allowed, allowed + row.total, limited(facts, row))
