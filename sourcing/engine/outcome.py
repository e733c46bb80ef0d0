"""What a run of the solver ended with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "unclear",
    highspy.HighsModelStatus.kTimeLimit: "stopped",
    highspy.HighsModelStatus.kInterrupt: "stopped",
    highspy.HighsModelStatus.kIterationLimit: "stopped",
    highspy.HighsModelStatus.kSolutionLimit: "stopped",
}


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a solve ended with; duals and reduced costs are per unit of the costs handed over.

    ``found`` says whether ``x`` is a plan at all: a run that was stopped may have one. ``bound`` is what no plan can
    be below, as far as that was proven.
    """

    status: str
    found: bool
    objective: float
    bound: float
    x: Reals
    row: Reals
    row_dual: Reals
    column_dual: Reals
