"""The curve as tables: its points, the band between them, and where it bends most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.outcome.entering import moves
from sourcing.outcome.knee import knee
from sourcing.plan.totals import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sourcing.card import Measure
    from sourcing.plan import Plan
    from sourcing.studies.target.curve import Piece
    from sourcing.studies.target.parametric_limit import Dial
    from sourcing.studies.target.swept_model import Point

    Reals = NDArray[np.float64]


def step_of(measure: Measure) -> float:
    """Return what a price is for: a point of a share; one tonne, dollar or day otherwise."""
    return 0.01 if measure.is_part else 1.0


def curve_table(dial: Dial, points: Sequence[Point], free: Point, plans: Sequence[Plan], step: float) -> pd.DataFrame:
    """Return one row per solved point, the loosest first.

    ``cost`` is what was minimised (discounted USD), ``more`` beyond the plan without the limit, ``price`` what one step
    tighter would cost at the very point, ``next`` what each step to the next point costs on average; ``enters``,
    ``fills_up``, ``grows`` and ``leaves`` say what its plan does otherwise than the point before.
    """
    value, cost = (np.array([getattr(point, name) for point in points]) for name in ("value", "cost"))
    prices = [float(point.price @ point.totals) * step for point in points]
    apart = np.abs(np.diff(value)) / step
    onward = np.append(np.divide(np.diff(cost), apart, where=apart > 0, out=np.full(len(apart), np.nan)), np.nan)
    table = pd.DataFrame(
        {
            "value": value,
            "cost": cost,
            "more": cost - free.cost,
            "short": [float(whole(plan.tables)["shortage"]["short"].sum()) for plan in plans],
            "price": prices,
            "next": onward,
            "knee": np.arange(len(points)) == knee(value, cost),
        }
    )
    pairs = [(plans[max(at - 1, 0)], plan) for at, plan in enumerate(plans)]
    changed = [moves(before.tables, after.tables, after.case) for before, after in pairs]
    said = {name: ["; ".join(getattr(one, name)) for one in changed] for name in changed[0]._fields}
    return table.assign(**said)


def band_table(pieces: Sequence[Piece]) -> pd.DataFrame:
    """Return the bounds between the points, the loosest first: value, lower, upper (discounted USD)."""
    frames = [pd.DataFrame(piece.band._asdict()) for piece in pieces]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["value", "lower", "upper"])
    return table.drop_duplicates("value", ignore_index=True)
