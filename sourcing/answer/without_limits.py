"""What the question's limits cost: the same model with no limits.

Those that say what can be made, and what has to be delivered, stay: limits on grades and on shortage.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.engine.solve_linear import COST, SHORTAGE_FIRST
from sourcing.measures import measures_that

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.answer.setting import Setting
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions

GAP = 1e-3
"""Gap of a search for whole numbers here: what limits cost is read to a tenth of a per cent."""
SAME = 1e-6
"""Gap up to which a cost is the least."""


def cheapest_of(
    setting: Setting,
    formulation: Formulation,
    options: SolverOptions,
    manifest: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Return the least shortage and cost without the question's limits; nothing if there are none, None if stopped.

    Whole numbers are searched for to a gap of ``GAP``: to that share the cost found may be above the least. A plan
    that is no better than the question's own (``manifest``) is not shown: without limits that one may be had as well.
    """
    asked = measures_that(lambda measure: not measure.given)
    blocks = [formulation.rows[name] for name in asked if name in formulation.rows]
    ids = np.concatenate([block.ids for block in blocks]) if blocks else np.empty(0, np.int64)
    if not len(ids):
        return {}
    if options.seconds <= 0:
        return None
    lower, upper = formulation.row_lower.copy(), formulation.row_upper.copy()
    lower[ids], upper[ids] = -np.inf, np.inf
    free = replace(formulation, row_lower=lower, row_upper=upper)
    minimize: tuple[str, ...] = tuple(setting.question.objective.minimize)
    own = replace(options, log=None, gap=max(options.gap, GAP), enough=0.0, any_best=True)
    if minimize == SHORTAGE_FIRST and not manifest["objective"]["shortage"]:  # nor is anybody short without limits
        counted = free.objectives["shortage"] > 0
        free, minimize = replace(free, column_upper=np.where(counted, free.column_lower, free.column_upper)), COST
    solution = solve(ArrayModel(free), minimize, own)
    if solution.status == "stopped":
        return None
    if solution.status != "optimal":
        return {}
    cost, short = (float(costs @ solution.x) for costs in (free.money, free.objectives["shortage"]))
    level = solution.level("cost")
    gap = max(level.value - level.bound, 0.0) / max(abs(level.value), 1.0) if free.whole.any() else 0.0
    own_plan = manifest["objective"]
    if gap > SAME and short >= own_plan["shortage"] and cost > own_plan["cost"]:
        cost, short = own_plan["cost"], own_plan["shortage"]
    return {"cheapest_cost": cost, "cheapest_shortage": short, "cheapest_gap": gap}
