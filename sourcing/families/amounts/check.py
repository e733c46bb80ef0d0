"""Limits in tonnes and dollars, checked: no group gets more (or less) than the amount in a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay import Replay, origins
from sourcing.replay.limits import Tallied, counted, limits_on, tallied
from sourcing.replay.rows import Residual, at_least, at_most
from sourcing.replay.words import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts
    from sourcing.replay.limits import Counted


def limits(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield what every limit on tonnes counts (t), and every limit on money (USD)."""
    everything = Replay.everything(facts)
    for limit in limits_on(facts, "tonnes"):
        yield from counted(facts, limit, plan.once(facts, tallied), everything.once(facts, tallied))
    for limit in limits_on(facts, "spend"):
        for row in counted(facts, limit, plan.once(facts, _spending), everything.once(facts, _ordering)):
            yield row._replace(money=True)


def _spending(facts: Facts, plan: Replay) -> Tallied:
    return Tallied(origins.spent(facts, plan), money=True)


def _ordering(facts: Facts, plan: Replay) -> Tallied:
    return Tallied(origins.ordered(facts, plan), money=True)


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "tonnes" (t) and "spend" (USD), both (limit, member, site, node)."""
    for row in limits(facts, plan):
        side = at_least if row.limit.sense == "min" else at_most
        kept = side(row.limit.measure, row.key, row.counted, row.limit.value, limited(facts, row))
        yield kept._replace(money=row.money)
