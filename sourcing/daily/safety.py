"""Safety stock by the day: tonnes that a place is to keep at the end of every day, in tonnes or in days of demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.replay import Facts
    from sourcing.replay.records import Point

    Reals = NDArray[np.float64]


def safety_by_day(facts: Facts, point: Point) -> Reals:
    """Return the t of safety stock at a point by day of the horizon; of tonnes and days the larger.

    Days are days of demand, each at the rate of the period it lies in, after the horizon at that of the last.
    """
    stock, days = facts.records.stocks.get(point), np.arange(facts.length + 1.0)
    if stock is None or not stock.safety_days:
        return np.full(facts.length, 0.0 if stock is None else stock.safety)
    lengths = [facts.calendar.days(n) for n in facts.calendar.nodes]
    rate = np.repeat([facts.demand(*point, n) / length for n, length in enumerate(lengths)], lengths)
    gone, until = np.concatenate([[0.0], np.cumsum(rate)]), days[1:] + stock.safety_days
    after = np.maximum(until - facts.length, 0.0) * rate[-1]
    due: Reals = np.interp(until, days, gone) + after - gone[1:]
    return np.maximum(stock.safety, due)
