"""Near-optimal space with whole numbers: what the relaxation leaves open is searched for, then settled."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.rounds import FEASIBILITY, scale_of
from sourcing.errors import SolverError
from sourcing.studies.alternatives.asked import Extreme
from sourcing.studies.alternatives.bounded_cost import CLOSE, CURVED, ROUNDS, Near

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.program import Program
    from sourcing.engine.solve_linear import Solution
    from sourcing.engine.solver_result import Outcome
    from sourcing.studies.alternatives.asked import Asked

    Reals = NDArray[np.float64]

SECONDS = 10.0
"""How long one search may take; what it has not proven until then stays open, and is told."""


def near(asked: Asked, options: SolverOptions) -> Near:
    """Load the plans that are near enough, with whole numbers or without."""
    return (Searched if asked.formulation.whole.any() else Near)(asked, options)


class Searched(Near):
    """The plans that are near enough, with their whole numbers; bounds come from the relaxation and from the search.

    A search starts from the plan itself, and ends when its bound is within the gap that the plan was proven with.
    """

    def __init__(self, asked: Asked, options: SolverOptions) -> None:
        super().__init__(asked, options)
        self._relaxed = Near(asked, options)
        x = asked.solution.x
        self._start = np.concatenate([x, asked.counted.tonnes(x), [0.0]])

    @property
    def relaxed(self) -> Near:
        """The same without whole numbers."""
        return self._relaxed

    def _program(self) -> Program:
        return super()._program()._replace(whole=self.layout.whole)

    def _hold_cost(self) -> None:
        """Let no plan cost more than allowed."""
        self._ask_budget()

    def least(self, costs: Reals, known: float = np.inf) -> Extreme:
        """Return the plan with the least costs that was found, and what none is below; see ``Near.least``.

        Where a plan that was seen has no more than the relaxation, ``x`` is that of the plan that was asked about.
        """
        relaxed = self._relaxed.least(costs)
        self.solves += 1
        size = float(np.abs(costs) @ np.abs(relaxed.x))
        if known <= relaxed.value + CLOSE * size:
            return Extreme(known, min(relaxed.bound, known), self._start)
        raised = self._settled(costs, np.ceil(relaxed.x - FEASIBILITY))
        if raised is not None and costs @ raised.x <= relaxed.value + max(self.options.gap, CLOSE) * size:
            value = float(costs @ raised.x)
            return Extreme(value, min(relaxed.bound, value), raised.x)
        start = self._start if raised is None or costs @ self._start < costs @ raised.x else raised.x
        found = self._search(costs, size, start)
        value = float(costs @ found.x)
        return Extreme(value, min(max(found.bound, relaxed.bound), value), found.x)

    def _search(self, costs: Reals, size: float, start: Reals) -> Outcome:
        """Search for the plan of least costs and settle it; the bound is in the unit of the costs.

        What no search proves stays open, with the bound that there is.
        """
        highs = self._session.highs
        scale = scale_of(costs * highs.units.column)
        apart = max(self.options.gap, CLOSE) * size * scale
        highs.near_enough(apart)
        highs.go_on(primal=False)

        def run() -> Outcome:
            if highs.way == 0:
                highs.start_from(start)
            return self._sharp(lambda: highs.run_for(SECONDS))

        found = self._finished(self._session.search(costs * scale, run, partial(self._sharp, highs.run), apart))
        return replace(found, bound=found.bound / scale)

    def _sharp(self, run: Callable[[], Outcome]) -> Outcome:
        """Run until the plan keeps every square, if there is one."""
        for _ in range(ROUNDS):
            outcome = run()
            self.solves += 1
            if not outcome.found or not self._cut(outcome.x):
                return outcome
        raise SolverError(CURVED)

    def _settled(self, costs: Reals, x: Reals) -> Outcome | None:
        """Return the plan of least costs with some whole numbers held; None if no plan has them."""
        highs = self._session.highs
        self._session.hold_whole(x)
        highs.set_costs(costs * scale_of(costs * highs.units.column))
        highs.go_on(primal=False)
        outcome = highs.run()
        fits = outcome.status == "optimal" and not self._cut(outcome.x)
        self._session.restore()
        self.solves += 1
        return outcome if fits else None

    def _finished(self, outcome: Outcome) -> Outcome:
        """Take what a search has found when its seconds are over, unless all are."""
        open_ = outcome.status == "stopped" and outcome.found and self.options.seconds > 0
        return super()._finished(replace(outcome, status="optimal") if open_ else outcome)

    def tell(self, row: int, a: Reals, b: float) -> None:
        """Ask the same of both programs; see ``Near.tell``."""
        super().tell(row, a, b)
        self._relaxed.tell(row, a, b)

    def reserve(self, least: float, most: float) -> None:
        """Say how large the reserve may be, in both programs."""
        super().reserve(least, most)
        self._relaxed.reserve(least, most)

    def cheapest(self, x: Reals) -> Solution:
        """Return the cheapest plan with the whole numbers of one; see ``Near.cheapest``."""
        columns = self.columns
        self._session.hold_whole(x, self.asked.formulation)
        self._session.keep()
        found = super().cheapest(x)
        self._session.ask_columns(*columns)
        return found
