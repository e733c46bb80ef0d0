"""Evidence for "no plan": what a solver's word for it rests on, and other ways to ask where it rests on nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.ray import Ruled, crossed, lonely, proving
from sourcing.engine.rounds import FEASIBILITY
from sourcing.engine.solver_result import BOUNDS, RAY, SEARCHES, Proof
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from sourcing.engine.highs import Highs
    from sourcing.engine.solver_result import Outcome

    Reals = NDArray[np.float64]

UNDECIDED = (
    "the solver could not decide whether there is a plan: it says that there is none, and nothing proves it; "
    "look for numbers that are very large or very small beside each other, and correct those that are slips"
)
_PRIMAL = 4
_OTHERWISE: tuple[Mapping[str, object], ...] = (
    {"presolve": "off"},
    {"presolve": "off", "simplex_strategy": _PRIMAL, "simplex_scale_strategy": 0},
    {"solver": "ipm"},
)
"""Ways to set up a linear solve other than the usual one."""
_ELASTIC: tuple[Mapping[str, object], ...] = ({}, {"presolve": "off", "simplex_scale_strategy": 0})
"""Ways to find by how little rows can be missed: where the duals of the first are no ray, those of the next may be."""
_SECOND: Mapping[str, object] = {"presolve": "off", "random_seed": 1}
"""The other way to set up a search for whole numbers."""


def judged(highs: Highs, outcome: Outcome) -> Outcome:
    """Return "infeasible" with its proof, or what another way of solving the program ends with.

    Raises
    ------
    SolverError : the solver could not decide: it says "infeasible" every way, and nothing proves it.
    """
    if crossed(highs.ruled()):
        return replace(outcome, proof=Proof(BOUNDS))
    return (_searched if highs.searches else _linear)(highs, outcome)


def _linear(highs: Highs, outcome: Outcome) -> Outcome:
    """Look for a ray; solve again in other ways if there is none, and last miss the rows by as little as can be."""
    program = highs.ruled()
    ways = iter(_OTHERWISE)
    while outcome.status == "infeasible":
        ray = next((ray for each in _rays(highs, program) if (ray := proving(program, each)) is not None), None)
        if ray is not None:
            return replace(outcome, proof=Proof(RAY, ray))
        way = next(ways, None)
        if way is None:
            return _elastic(highs, outcome)
        outcome = highs.run_otherwise(way)
    return outcome


def _rays(highs: Highs, program: Ruled) -> Iterator[Reals]:
    """Yield combinations of rows that may prove something, those that cost nothing to find first."""
    for ray in (lonely(program), highs.dual_ray()):
        if ray is not None:
            yield ray


def _elastic(highs: Highs, outcome: Outcome) -> Outcome:
    """Miss the rows by as little as can be: the duals of that are a ray, if the least is more than nothing.

    Raises
    ------
    SolverError : it is nothing, or the duals do not prove that it is more.
    """
    least, ray = missed_least(highs.ruled(), highs.another())
    if least.status == "stopped":
        return replace(outcome, status="stopped")
    if ray is None:
        raise SolverError(UNDECIDED)
    return replace(outcome, proof=Proof(RAY, ray))


def missed_least(program: Ruled, other: Highs) -> tuple[Outcome, Reals | None]:
    """Miss the rows by as little as can be (elastic programming); a ray is there if that proves that there is no plan.

    There always is something to find, so that the solver does not stray where there is no plan: rows that nothing done
    at all would miss can be missed by that much, and the others need not be.

    Parameters
    ----------
    other : an instance without a program, which is loaded for it.
    """
    (lower, upper), (low, high) = program.columns, program.rows
    idle = program.matrix @ np.clip(0.0, lower, upper)
    missed = np.flatnonzero((idle < low) | (idle > high))
    gap = np.where(idle < low, program.units.row, -program.units.row)[missed]
    elastic = sparse.csr_array((gap, (missed, np.arange(len(missed)))), shape=(len(low), len(missed)))
    matrix = sparse.csr_array(sparse.hstack([program.matrix, elastic], format="csr"))
    bounds = np.append(lower, np.zeros(len(missed))), np.append(upper, np.full(len(missed), np.inf))
    other.load(matrix, bounds, program.rows, np.zeros(matrix.shape[1], bool))
    other.set_costs(np.append(np.zeros(len(lower)), np.ones(len(missed))))
    for setting in _ELASTIC:
        least = other.run_otherwise(setting)
        if least.status != "optimal" or least.objective <= FEASIBILITY:
            return least, None
        ray = proving(program, least.row_dual)
        if ray is not None:
            return least, ray
    return least, None


def _searched(highs: Highs, outcome: Outcome) -> Outcome:
    """Prove that there is no plan without the whole numbers either, or search a second time, set up differently.

    Raises
    ------
    SolverError : the solver cannot decide even without the whole numbers; two searches by it are no evidence then.
    """
    relaxed = highs.another()
    relaxed.load(highs.matrix, highs.ruled().columns, highs.rows, np.zeros(highs.matrix.shape[1], bool))
    found = relaxed.run()
    if found.status == "infeasible":
        return replace(outcome, proof=found.proof)
    second = highs.run_otherwise(_SECOND)
    return replace(second, proof=Proof(SEARCHES)) if second.status == "infeasible" else second
