"""Limits on the average lead time, checked: what arrives was not ordered longer ago, on average, than allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.average_lead.records import waited
from sourcing.replay.rows import Residual
from sourcing.replay.words import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay
    from sourcing.replay.limits import Counted


def limits(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield what every limit on the average lead time averages: t times days, and t."""
    yield from waited(facts, plan)


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "lead_days" (limit, member, site, node) of every window, in t that arrive."""
    for row in waited(facts, plan):
        allowed = row.counted / row.limit.value
        yield Residual("lead_days", row.key, "<=", row.total - allowed, allowed + row.total, limited(facts, row))
