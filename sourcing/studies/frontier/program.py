"""A model as the solver holds it, with a row more for each measure: lifted, or holding the measure at a value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.cones import units_of_cones
from sourcing.engine.program import Program
from sourcing.engine.rounds import FEASIBILITY, scale_of
from sourcing.engine.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.studies.frontier.measures import Gauge

    Reals = NDArray[np.float64]


class Measured(Session):
    """A session in which any measure can be held: their rows, amount - value x total <= 0, stand behind the model's.

    The rows of the limits that the measures were read from are lifted.
    """

    def __init__(self, formulation: Formulation, gauges: Sequence[Gauge], options: SolverOptions) -> None:
        self._gauges = gauges
        first, count = formulation.shape[0], len(gauges)
        self.gauge_rows = np.arange(first, first + count)
        none = np.full(count, np.inf)
        lower, upper = np.append(formulation.row_lower, -none), np.append(formulation.row_upper, none)
        own = [gauge.row for gauge in gauges if gauge.row >= 0]
        lower[own], upper[own] = -np.inf, np.inf
        self.model_upper: Reals = upper[:first]
        marks = [sparse.csr_array((abs(one.amount) + abs(one.total))[None, :] * one.scale) for one in gauges]
        matrix = sparse.csr_array(sparse.vstack([formulation.matrix, *marks]))
        matrix.sort_indices()
        self._places = [np.arange(matrix.indptr[row], matrix.indptr[row + 1]) for row in self.gauge_rows]
        for gauge, places in zip(gauges, self._places, strict=True):
            if gauge.straight:
                matrix.data[places] = gauge.amount[matrix.indices[places]] * gauge.scale
        columns = formulation.column_lower, formulation.column_upper
        program = Program(matrix, columns, (lower, upper), formulation.whole)
        super().__init__(program, replace(options, watch=None, log=None), units_of_cones(formulation))

    def hold(self, at: int, value: float | None) -> None:
        """Hold a measure at a value; None lifts it."""
        gauge, row, none = self._gauges[at], self.gauge_rows[[at]], np.array([np.inf])
        if value is None:
            self.ask_rows(row, -none, none)
            return
        if not gauge.straight:
            places = self._places[at]
            columns = self.highs.matrix.indices[places]
            beyond = gauge.beyond(value)[columns] * gauge.scale
            self.highs.set_coefficients(places, np.full(len(places), row[0]), beyond)
        self.ask_rows(row, -none, np.array([(value * gauge.total_at - gauge.amount_at) * gauge.scale]))

    def keep_shortage(self, costs: Reals, x: Reals, *, curved: bool) -> None:
        """Keep to the plans whose shortage (weighted tonnes) is that of a plan, which has the least.

        Exactly, if nothing is whole or curved: a tangent that is found later could cut an exact face away, and a search
        for whole numbers leaves none.
        """
        if self.whole.any() or (curved and costs @ x * scale_of(costs) > FEASIBILITY):
            self.ask_at_most(costs, x)
        else:
            self.settle(costs)
            self.keep()
        self.begin()
