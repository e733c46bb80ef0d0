"""Cover, checked: what a period ends with lasts for the days to come."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.kept import counted, cover_asked
from sourcing.replay.reach import first_arrivals
from sourcing.replay.rows import Residual, at_least

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "cover" (site, material, node), in t."""
    reached = facts.once(first_arrivals)
    for point, stock in facts.records.stocks.items():
        first = reached.get(point, math.inf)
        for n, kept in counted(facts, plan, point, first) if stock.cover_days else ():
            asked = cover_asked(facts, stock, n, first)
            if asked > 0:
                yield at_least("cover", (*point, n), kept, asked, words.at_point(facts, *point, n))
