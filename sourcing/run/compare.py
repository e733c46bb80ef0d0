"""What the question's limits cost: the same model with no limits.

Those on shares, concentration, tonnes, spend, carbon, lead times and numbers are left out. Limits on grades and on
shortage stay: they say what can be made, and what has to be delivered.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.engine.answer import solve
from sourcing.engine.program import ArrayModel
from sourcing.network.hhi import MEASURES as INDICES
from sourcing.network.limits import COUNTS

if TYPE_CHECKING:
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.run.setting import Setting

_RULES = ("share", "tonnes", "spend", "carbon", "lead_days", *COUNTS, "facilities", *INDICES)


def cheapest_of(
    setting: Setting,
    formulation: Formulation,
    options: SolverOptions,
) -> dict[str, Any] | None:
    """Return the least shortage and cost without the question's limits; nothing if there are none, None if stopped."""
    blocks = [formulation.rows[name] for name in _RULES if name in formulation.rows]
    ids = np.concatenate([block.ids for block in blocks]) if blocks else np.empty(0, np.int64)
    if not len(ids):
        return {}
    if options.seconds <= 0:
        return None
    lower, upper = formulation.row_lower.copy(), formulation.row_upper.copy()
    lower[ids], upper[ids] = -np.inf, np.inf
    free = replace(formulation, row_lower=lower, row_upper=upper)
    minimize = tuple(setting.question.objective.minimize)
    model = ArrayModel(free)
    solution = solve(model, minimize, replace(options, log=None))
    if solution.status == "stopped":
        return None
    if solution.status != "optimal":
        return {}
    return {
        "cheapest_cost": float(free.money @ solution.x),
        "cheapest_shortage": float(free.objectives["shortage"] @ solution.x),
    }
