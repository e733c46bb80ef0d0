"""Feasibility of programs that are much alike: a Farkas ray that proves one to have no plan is tried on the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.evidence import UNDECIDED, missed_least
from sourcing.engine.highs import Highs
from sourcing.engine.program import ArrayModel, program_of
from sourcing.engine.ray import Ruled, proves
from sourcing.engine.rounds import FEASIBILITY
from sourcing.engine.scaling import suited
from sourcing.engine.session import Session
from sourcing.engine.solve import solve
from sourcing.engine.solve_linear import hidden_rows_named
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solver_result import Outcome

KEPT = 8
"""Rays that are tried, the last that proved anything first: a dozen or so take as long as a solve."""
STEPS = 20_000
"""Iterations of the simplex method for a program that is at the edge of having a plan: counted, so that what is found
is the same each time."""


class Feasibility:
    """Says of one formulation after another whether there is any plan.

    Of linear ones what proved that one has no plan is kept, by the names of its rows: where it proves the same of the
    next, which arithmetic says, nothing is solved. Else it is asked by how little the rules can be missed: dual simplex
    was seen to stray for minutes in a program without a plan, and that one always has an answer.
    """

    def __init__(self, options: SolverOptions) -> None:
        self._options = options
        self._rays: list[dict[str, float]] = []

    def has_plan(self, formulation: Formulation) -> bool:
        """Say whether any plan keeps all rules.

        Raises
        ------
        SolverError : the solver cannot settle it.
        """
        if formulation.whole.any() or formulation.cones:
            formulation.objectives["nothing"] = np.zeros(formulation.shape[1])
            return solve(ArrayModel(formulation), ("nothing",), self._options).status == "optimal"
        given = program_of(ArrayModel(formulation))
        program = Ruled(given.matrix, given.columns, given.rows, suited(*given)[1])
        names = formulation.row_names()
        known = next((ray for ray in self._rays if proves(program, _by_rows(ray, names))), None)
        if known is None:
            with hidden_rows_named(formulation):
                least, ray = missed_least(program, Highs(self._options))
            if ray is None:
                return self._told(formulation, least)
            known = {names[row]: float(ray[row]) for row in np.flatnonzero(ray).tolist()}
        self._rays = [known, *(each for each in self._rays if each is not known)][:KEPT]
        return False

    def _told(self, formulation: Formulation, least: Outcome) -> bool:
        """Say what the least by which rules are missed says, where no ray does; at the edge solve without missing any.

        Raises
        ------
        SolverError : the solver cannot say.
        """
        edge = FEASIBILITY * formulation.shape[0]  # more than all tolerances together
        if least.status != "optimal" or least.objective <= FEASIBILITY or least.objective > edge:
            return least.status == "optimal" and least.objective <= FEASIBILITY
        highs = Session.of(formulation, self._options).highs
        if highs.run_otherwise({"simplex_iteration_limit": STEPS}).status != "optimal":
            raise SolverError(UNDECIDED)
        return True


def _by_rows(ray: dict[str, float], names: list[str]) -> NDArray[np.float64]:
    """Return a ray of another program for the rows that have these names."""
    return np.array([ray.get(name, 0.0) for name in names])
