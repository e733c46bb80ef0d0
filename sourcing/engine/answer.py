"""Solve a model, with or without whole numbers: the objectives in order, each held at its best for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.engine.solve import load
from sourcing.engine.solve import minimise as minimise_linear
from sourcing.engine.whole import minimise_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pyomo.environ as pyo
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import Highs, SolverOptions
    from sourcing.engine.solve import Solution

    Reals = NDArray[np.float64]


def solve(model: pyo.ConcreteModel, minimize: tuple[str, ...], options: SolverOptions) -> Solution:
    """Minimise the objectives in order, each held at its best while the next is minimised.

    ``model`` is what ``to_pyomo`` returned; rules added to it since are honoured.
    """
    highs, program = load(model, options)
    return minimise(highs, model.formulation, minimize, program.columns)


def minimise(
    highs: Highs,
    formulation: Formulation,
    minimize: tuple[str, ...],
    bounds: tuple[Reals, Reals],
    before_last: Callable[[Highs], None] | None = None,
) -> Solution:
    """Minimise the objectives in order on a loaded instance; see ``engine.solve.minimise``."""
    way = minimise_whole if formulation.whole.any() else minimise_linear
    return way(highs, formulation, minimize, bounds, before_last)
