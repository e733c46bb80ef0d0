"""Limits on concentration, checked: the squared shares of what arrives add up to no more than the limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.hhi.records import concentrated
from sourcing.replay.rows import Residual
from sourcing.replay.words import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay
    from sourcing.replay.limits import Counted


def limits(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield what every limit on concentration counts: its index times the total (t), and the total."""
    yield from (row for row, _ in concentrated(facts, plan))


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "hhi", "governance_hhi" and "supply_risk" (limit, member, site, node) of every window, in t.

    What it is measured against is the limit alone, so that the index is kept to a millionth of it.
    """
    for row, nearly_nothing in concentrated(facts, plan):
        scale = row.bound + (row.total / NOISE if nearly_nothing else 0.0)
        yield Residual(row.limit.measure, row.key, "<=", row.bound - row.counted, scale, limited(facts, row))


NOISE = 1e-6
"""What the audit lets pass, as a part of the scale."""
