"""Restricted search of a large mixed-integer program: the tight relaxation, the flags it leaves in doubt, then all."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.highs import Highs
from sourcing.engine.tight_relaxation import relax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solver_result import Outcome
    from sourcing.engine.tight_relaxation import Program

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]

LARGE = 5_000
"""Tight rows from which on a search goes without them: to solve with them over and over takes longer than they save."""
UNUSED, SURE = 0.01, 0.95
"""Values of a flag in the relaxation up to which it is no, and from which on it is yes, in the first search."""
PART = 0.25
"""Part of the time there is that the relaxation may take before the search goes on without its bound."""
LEAST = 20.0
"""Seconds that the first search may take at least."""


def search_large(program: Program, tight: Flags, options: SolverOptions) -> Outcome | None:
    """Search a program with many tight rows; None if that leads to nothing, and it has to be searched as it is.

    The relaxation with the tight rows gives a bound, and tells which flags are worth a thought. Searching those alone,
    with the few tight rows that prove the bound, finds a good plan; all of them are searched from there if it is not
    near enough the bound. A relaxation that takes too large a part of the time that there is, is left.
    """
    began = time.monotonic()
    until = min(options.deadline, began + PART * (options.deadline - began))
    relaxed = relax(program, tight, replace(options, deadline=until))
    slim = program.only(~tight | (relaxed.dual != 0))
    if relaxed.status == "stopped":
        return _without_bound(program, slim, options)
    if relaxed.status != "optimal":
        return None
    best, bound = _restricted(slim, relaxed.x, options, began), relaxed.bound
    if best is None or not keeps(program, best.x):
        return None
    status, within = "optimal", 0.0
    if best.objective - bound > options.gap * abs(best.objective):
        whole = _solve(slim, options, program.whole, best.x)
        if whole is None or whole.status not in {"optimal", "stopped"} or (whole.found and not keeps(program, whole.x)):
            return None
        best = whole if whole.found and whole.objective < best.objective else best
        status, bound, within = whole.status, max(bound, whole.bound), whole.within
    row = program.matrix @ best.x
    bound = min(bound, best.objective)
    return replace(best, status=status, bound=bound, row=row, within=within, relaxed=relaxed)


def _without_bound(program: Program, slim: Program, options: SolverOptions) -> Outcome | None:
    """Search all flags without the tight rows, of which the relaxation takes too long; None if that finds nothing."""
    found = _solve(slim, options, program.whole)
    if found is None or not found.found or not keeps(program, found.x):
        return None
    return replace(found, row=program.matrix @ found.x)


def keeps(program: Program, x: Reals) -> bool:
    """Say whether a plan keeps every row, to what is rounding beside the terms that meet in it."""
    activity = program.matrix @ x
    room = 1e-6 * (1.0 + abs(program.matrix) @ np.abs(x))
    lower, upper = program.rows
    return bool(((activity >= lower - room) & (activity <= upper + room)).all())


def _restricted(slim: Program, relaxed: Reals, options: SolverOptions, began: float) -> Outcome | None:
    """Search with the flags held that the relaxation is sure of."""
    lower, upper = slim.columns[0].copy(), slim.columns[1].copy()
    upper[slim.whole & (relaxed <= UNUSED)] = np.maximum(lower, 0.0)[slim.whole & (relaxed <= UNUSED)]
    sure = slim.whole & (relaxed >= SURE) & (relaxed <= 1.0 + UNUSED) & (upper >= 1.0)
    lower[sure] = np.maximum(lower[sure], 1.0)
    now = time.monotonic()
    until = min(options.deadline, now + max(LEAST, 4.0 * (now - began)))
    own = replace(options, deadline=until, gap=options.gap / 4.0, watch=None)
    outcome = _solve(slim._replace(columns=(lower, upper)), own, slim.whole)
    return outcome if outcome is not None and outcome.found else None


def _solve(program: Program, options: SolverOptions, whole: Flags, start: Reals | None = None) -> Outcome | None:
    """Solve a program from the beginning; None if its plan does not cost what the solver says."""
    highs = Highs(options)
    highs.load(program.matrix, program.columns, program.rows, whole)
    highs.set_costs(program.costs)
    if start is not None:
        highs.start_from(start)
    outcome = highs.run()
    cost = float(program.costs @ outcome.x) if outcome.found else 0.0
    honest = not outcome.found or abs(outcome.objective - cost) <= 1e-6 * (1.0 + abs(cost))
    return outcome if honest else None
