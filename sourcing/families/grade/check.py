"""Limits on a grade, checked: the average of what is taken in stays within the limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.grade.records import blended
from sourcing.replay.rows import Residual
from sourcing.replay.words import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay
    from sourcing.replay.limits import Counted


def limits(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield what every limit on a grade averages: t times grade, and t."""
    yield from blended(facts, plan)


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "grade" (limit, member, site, node) of every blend and period, in t of intake."""
    for row in blended(facts, plan):
        enough = row.counted / row.limit.value
        scale, place = abs(enough) + row.total, limited(facts, row)
        if row.limit.sense == "min":
            yield Residual("grade", row.key, ">=", enough - row.total, scale, place)
        else:
            yield Residual("grade", row.key, "<=", row.total - enough, scale, place)
