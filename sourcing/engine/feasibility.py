"""Feasibility of programs that are much alike: a Farkas ray that proves one to have no plan is tried on the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.evidence import missed_least
from sourcing.engine.program import ArrayModel
from sourcing.engine.ray import proving
from sourcing.engine.rounds import FEASIBILITY, scale_of
from sourcing.engine.session import Session
from sourcing.engine.solve import solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions

KEPT = 3
"""Rays that are tried, the last that proved anything first: six or so take as long as a solve."""


class Feasibility:
    """Says of one formulation after another whether there is any plan.

    Of linear ones what proved that one has no plan is kept: where it proves the same of the next, which arithmetic
    says, nothing is solved. Else it is asked first by how little the rules can be missed: dual simplex was seen to
    stray for minutes in a program without a plan, and that one always has an answer.
    """

    def __init__(self, options: SolverOptions) -> None:
        self._options = options
        self._rays: list[NDArray[np.float64]] = []

    def has_plan(self, formulation: Formulation) -> bool:
        """Say whether any plan keeps all rules.

        Raises
        ------
        SolverError : the solver cannot settle it.
        """
        if formulation.whole.any() or formulation.cones:
            formulation.objectives["nothing"] = np.zeros(formulation.shape[1])
            return solve(ArrayModel(formulation), ("nothing",), self._options).status == "optimal"
        highs, costs = Session.of(formulation, self._options).highs, formulation.objectives["cost"]
        program = highs.ruled()
        known = (ray for ray in self._rays if len(ray) == len(program.rows[0]))
        proof = next((ray for ray in known if proving(program, ray) is not None), None)
        if proof is None:
            least, proof = missed_least(highs)
            if least.status == "stopped" or (least.status == "optimal" and least.objective <= FEASIBILITY):
                return least.status == "optimal"
        if proof is not None:
            self._rays = [proof, *(ray for ray in self._rays if ray is not proof)][:KEPT]
            return False
        highs.set_costs(costs * scale_of(costs * highs.units.column))
        return highs.run().status in {"optimal", "unbounded"}
