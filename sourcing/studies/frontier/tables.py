"""The frontier as a table: each point's measures, and what its plan does otherwise than the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.outcome.entering import moves
from sourcing.outcome.knee import knee
from sourcing.plan.totals import totals, whole
from sourcing.studies.frontier.best import middle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sourcing.plan import Plan

    Reals = NDArray[np.float64]


def column_of(measure: str) -> str:
    """Return the column of a measure.

    >>> column_of("lead-time")
    'lead_time'
    """
    return measure.replace("-", "_")


def frontier_table(measures: Sequence[str], figures: Reals, plans: Sequence[Plan]) -> pd.DataFrame:
    """Return one row per point, in the order of the first measure.

    ``point`` is its number, and that of its folder; then the measures. ``short`` is in tonnes, ``spent`` in USD as
    minimised, whether they are measures or not. ``knee``: of two measures the point where the one begins to cost
    much of the other, of three the middle way, if there is one. ``enters`` and the like say what its plan
    does otherwise than the row before.
    """
    table = pd.DataFrame({"point": np.arange(1, len(plans) + 1)})
    table = table.assign(**{column_of(name): figures[:, at] for at, name in enumerate(measures)})
    table["spent"] = [totals(plan.tables).minimised for plan in plans]
    table["short"] = [float(whole(plan.tables)["shortage"]["short"].sum()) for plan in plans]
    table["knee"] = np.arange(len(plans)) == _marked(figures)
    pairs = [(plans[max(at - 1, 0)], plan) for at, plan in enumerate(plans)]
    changed = [moves(before.tables, after.tables, after.case) for before, after in pairs]
    said = {name: ["; ".join(getattr(one, name)) for one in changed] for name in changed[0]._fields}
    return table.assign(**said)


def _marked(figures: Reals) -> int:
    return knee(figures[:, 1], figures[:, 0]) if figures.shape[1] == 2 else middle(figures)
