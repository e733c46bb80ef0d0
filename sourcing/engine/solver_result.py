"""What a run of the solver ended with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import highspy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "unclear",
    highspy.HighsModelStatus.kTimeLimit: "stopped",
    highspy.HighsModelStatus.kInterrupt: "stopped",
    highspy.HighsModelStatus.kIterationLimit: "stopped",
    highspy.HighsModelStatus.kSolutionLimit: "stopped",
}
NO_ANSWER = frozenset({"unclear", "failed"})
"""Ends after which a program is solved once more, set up differently."""


def status_of(told: highspy.HighsModelStatus) -> str:
    """Return what HiGHS ended with, "failed" for what is no answer.

    Raises
    ------
    MemoryError : it ran out of memory; to solve again in another way would not help.
    """
    if told == highspy.HighsModelStatus.kMemoryLimit:
        raise MemoryError
    return STATUS.get(told, "failed")


def status_without_columns(rows: tuple[Reals, Reals], room: Reals) -> str:
    """Return how a program without columns, which HiGHS does not look into, ends: its rows are all 0."""
    lower, upper = rows
    return "optimal" if ((lower <= room) & (upper >= -room)).all() else "infeasible"


RAY, BOUNDS, SEARCHES = "ray", "bounds", "searches"


class Proof(NamedTuple):
    """What it rests on that there is no plan.

    ``kind`` is RAY: the sum of the rows, each times its entry of ``ray``, asks for what no values of the columns within
    their bounds can be (``engine.ray``); BOUNDS: a lower bound is above an upper one; or SEARCHES: two searches for
    whole numbers, set up differently, found none, which is evidence and no proof.
    """

    kind: str
    ray: Reals | None = None


class Relaxed(NamedTuple):
    """The last plan of the relaxation and what it costs, which no plan can be below; and the duals that prove it.

    ``status`` is "optimal" where there is such a plan, otherwise how the first round ended. ``dual`` is by row of the
    program, 0 of rows that were never handed over.
    """

    status: str
    x: Reals
    bound: float
    dual: Reals


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a solve ended with; duals and reduced costs are per unit of the costs handed over.

    ``found`` says whether ``x`` is a plan at all: a run that was stopped may have one. ``bound`` is what no plan can
    be below, as far as that was proven. One that is "infeasible" has a ``proof``. ``within`` is the gap at which a
    search was left as near enough, 0 where it proved what it was asked for. ``relaxed`` is what the program without
    whole numbers proves, where a search began with it.
    """

    status: str
    found: bool
    objective: float
    bound: float
    x: Reals
    row: Reals
    row_dual: Reals
    column_dual: Reals
    proof: Proof | None = None
    within: float = 0.0
    relaxed: Relaxed | None = None
