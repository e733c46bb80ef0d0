"""Share limits, checked: no group has more (or less) than its share of what arrives, or is used, in a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay import Replay
from sourcing.replay.held import counts_stock, held_rows
from sourcing.replay.limits import counted, limits_on, tallied
from sourcing.replay.looks import counts_use
from sourcing.replay.lots_used import used_rows
from sourcing.replay.rows import Residual
from sourcing.replay.words import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts
    from sourcing.replay.limits import Counted


def limits(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield what every limit on a share counts (t)."""
    for limit in limits_on(facts, "share"):
        if counts_use(limit):
            yield from used_rows(facts, limit, plan)
            continue
        if counts_stock(limit):
            yield from held_rows(facts, limit, plan)
            continue
        arriving, possible = plan.once(facts, tallied), Replay.everything(facts).once(facts, tallied)
        for row in counted(facts, limit, arriving, possible):
            yield row._replace(ratio="share")


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "share" (limit, member, site, node) of every window, in t."""
    for row in limits(facts, plan):
        scale = abs(row.counted) + abs(row.bound) + row.rounding / NOISE
        place = limited(facts, row)
        if row.limit.sense == "min":
            yield Residual("share", row.key, ">=", row.counted - row.bound, scale, place)
        else:
            yield Residual("share", row.key, "<=", row.bound - row.counted, scale, place)


NOISE = 1e-6
"""What the audit lets pass, as a part of the scale."""
