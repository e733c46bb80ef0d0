"""Limits on shortage, checked: no more stays short in a window than the limit says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay.rows import Residual, at_most
from sourcing.replay.shortage import mean_weight, missing
from sourcing.replay.words import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay
    from sourcing.replay.limits import Counted


def limits(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield what every limit on shortage counts (t, or weighted t)."""
    yield from missing(facts, plan)


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "shortage" (limit, "", site, node) of every window, in t of the mean weight of what is due."""
    for row in missing(facts, plan):
        unit = mean_weight(facts, row)
        yield at_most("shortage", row.key, row.counted / unit, row.limit.value / unit, limited(facts, row))
