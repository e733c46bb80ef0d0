"""A model as the solver holds it, with a row more for each measure: lifted, or holding the measure at a value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.engine.adjustable import Adjustable
from sourcing.engine.cones import rows_of, units_of_cones
from sourcing.engine.mixed_integer import hold_value
from sourcing.engine.proof import settle_surely
from sourcing.engine.rounds import FEASIBILITY, scale_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sourcing.engine.cones import Tangents
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.studies.frontier.measures import Gauge

    Reals = NDArray[np.float64]


class Program(Adjustable):
    """One instance of the solver; the measures' rows, amount - value x total <= 0, stand behind those of the model.

    The rows of the limits that the measures were read from are lifted.
    """

    def __init__(self, formulation: Formulation, gauges: Sequence[Gauge], options: SolverOptions) -> None:
        super().__init__(replace(options, watch=None, log=None))
        self._formulation, self._gauges = formulation, gauges
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
        self.load(matrix, columns, (lower, upper), formulation.whole, units_of_cones(formulation))

    def hold(self, at: int, value: float | None) -> None:
        """Hold a measure at a value; None lifts it."""
        gauge, row, none = self._gauges[at], self.gauge_rows[[at]], np.array([np.inf])
        if value is None:
            self.set_row_bounds(row, -none, none)
            return
        if not gauge.straight:
            places = self._places[at]
            columns = self.matrix.indices[places]
            self.set_coefficients(places, np.full(len(places), row[0]), gauge.beyond(value)[columns] * gauge.scale)
        self.set_row_bounds(row, -none, np.array([(value * gauge.total_at - gauge.amount_at) * gauge.scale]))

    def touch(self, formulation: Formulation, tangents: Tangents) -> None:
        """Hold squares above tangents from now on."""
        rows = rows_of(formulation, tangents)
        self.add_rows(rows, np.zeros(rows.shape[0]), self.units.column[rows.indices[::3]])

    def keep_shortage(self, x: Reals) -> None:
        """Keep to the plans whose shortage (weighted tonnes) is that of a plan, which has the least.

        Exactly, if nothing is whole or curved: a tangent that is found later could cut an exact face away, and a search
        for whole numbers leaves none.
        """
        model = self._formulation
        costs, bounds = model.objectives["shortage"], (model.column_lower, model.column_upper)
        scale = scale_of(costs)
        if model.whole.any() or (model.cones and costs @ x * scale > FEASIBILITY):
            hold_value(self, costs * scale, x, bounds)
        else:
            settle_surely(self, costs, bounds)
        self.forget_basis()
