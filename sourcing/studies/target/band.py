"""Between two solved points: what no plan costs less than, and what a mixture of the two costs.

Both follow from the two solutions alone. A mixture of two plans is a plan, and costs the mixture of their costs; it
keeps the limit at the value of its worst row. In the same way a mixture of two dual solutions is one, if the price of
an amount and the credit for the total (price times value) are mixed apart; it proves a lower bound wherever it gives
as much credit as the limit does. Where a total is fixed (of tonnes, of dollars) it proves one everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.studies.target.parametric_limit import Dial
    from sourcing.studies.target.swept_model import Point

    Reals = NDArray[np.float64]


_ROUNDING = 1e-12
"""The part of a credit that is the rounding of its arithmetic."""


class Band(NamedTuple):
    """Cost at some values of the limit: at least ``lower``, at most ``upper`` (discounted USD)."""

    value: Reals
    lower: Reals
    upper: Reals


def between(dial: Dial, ends: tuple[Point, Point], values: Reals) -> Band:
    """Return the band between two solved points, the tight one first, at values from the one's to the other's.

    With whole numbers mixtures say nothing: no plan beats the bound of the looser point, and the looser plan is there
    as far as it keeps the value, then the tighter one.
    """
    if dial.whole:
        tight, loose = ends
        kept = dial.sign * (values - loose.reached) >= 0
        upper = np.where(kept, loose.cost, max(tight.cost, loose.cost))
        return Band(values, np.full(len(values), min(loose.bound, loose.cost)), upper)
    return Band(values, _at_least(dial, ends, values), _at_most(dial, *ends, values))


def _at_most(dial: Dial, tight: Point, loose: Point, values: Reals) -> Reals:
    """Return what the cheapest mixture costs: as little of the tight plan as the worst row allows."""
    beyond = dial.sign * (loose.amounts[:, None] - values * loose.totals[:, None])
    room = dial.sign * (values * tight.totals[:, None] - tight.amounts[:, None])
    over = beyond > 0
    part = np.where(over, beyond / np.where(over, beyond + np.maximum(room, 0.0), 1.0), 0.0)
    most = part.max(axis=0, initial=0.0)
    upper: Reals = most * tight.cost + (1.0 - most) * loose.cost
    return upper


def _at_least(dial: Dial, ends: tuple[Point, Point], values: Reals) -> Reals:
    """Return the best bound that a mixture of the two dual solutions proves.

    The bound is concave in the mixture, with a bend where the credit of a group of rows is just what the limit gives;
    the best is at a bend.
    """
    tight, loose = ends
    prices = [by_group(dial, point.price)[:, None] for point in ends]
    excess = prices[0] * dial.sign * (values - tight.value)
    room = prices[1] * dial.sign * (loose.value - values)
    both = excess + room
    bends = np.where(both > 0, room / np.where(both > 0, both, 1.0), 1.0)
    parts = np.vstack([bends, np.zeros((1, len(values))), np.ones((1, len(values)))])
    fixed, at = fixed_totals(dial, ends)[:, None], loose.totals[dial.first][:, None]
    best = np.full(len(values), min(tight.cost, loose.cost))
    for part in parts:
        credit = (1.0 - part) * room - part * excess
        proven = part * tight.cost + (1.0 - part) * loose.cost
        unfixed = np.where(credit < -_ROUNDING * (1.0 + excess), -np.inf, 0.0)
        proven = proven + np.where(fixed, at * credit, unfixed).sum(axis=0)
        best = np.maximum(best, proven)
    return best


def by_group(dial: Dial, price: Reals) -> Reals:
    """Return the prices of the rows that share a total, added up."""
    prices: Reals = np.zeros(dial.groups)
    np.add.at(prices, dial.group, price)
    return prices


def fixed_totals(dial: Dial, ends: tuple[Point, Point]) -> NDArray[np.bool_]:
    """Return which groups have a total that no plan between two points changes.

    Those of limits in tonnes or dollars; and what is used, if it follows from demand and nothing may be short.
    """
    settled = dial.settled and all(point.nothing_short for point in ends)
    fixed: NDArray[np.bool_] = (np.diff(dial.total.indptr)[dial.first] == 0) | settled
    return fixed
