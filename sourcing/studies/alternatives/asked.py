"""A solved question and how near to its plan others have to be; the plan that is furthest one way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solve_linear import Solution
    from sourcing.studies.alternatives.counted import Counted

    Reals = NDArray[np.float64]


class Asked(NamedTuple):
    """A solved question, and how near to its plan others have to be.

    ``formulation`` has the tangents that it was solved with; ``most`` is what a plan may cost (discounted USD, as
    minimised). ``weight`` is what a tonne of each sum counts for where plans are told apart, 0 where it does not, and
    ``plans`` how many are to be told apart.
    """

    formulation: Formulation
    minimize: tuple[str, ...]
    solution: Solution
    counted: Counted
    most: float
    weight: Reals
    plans: int

    def costs(self, objective: str) -> Reals:
        """Return an objective as costs of all columns, sums included."""
        return np.append(self.formulation.objectives[objective], np.zeros(len(self.counted) + 1))


@dataclass(frozen=True, eq=False)
class Extreme:
    """The plan with the least of some costs: their value there, what no plan is below, and its columns."""

    value: float
    bound: float
    x: Reals
