"""The program that is handed to the solver: arrays as they are, or a Pyomo model that somebody has looked into."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import pyomo.environ as pyo
    from numpy.typing import NDArray
    from scipy import sparse

    from sourcing.engine.formulation import Formulation

    Reals = NDArray[np.float64]
    Model: TypeAlias = "ArrayModel | pyo.ConcreteModel"
    """What can be solved: ``formulation`` is its program with the tangents that it has taken so far."""


class Program(NamedTuple):
    """What is handed to the solver: the formulation's matrix and bounds with everything done to its Pyomo model."""

    matrix: sparse.csr_array
    columns: tuple[Reals, Reals]
    rows: tuple[Reals, Reals]
    whole: NDArray[np.bool_]


class ArrayModel:
    """A formulation on its way to the solver, which nobody adds rules to: it needs no Pyomo, which loads slowly."""

    def __init__(self, formulation: Formulation) -> None:
        self.formulation = formulation


def program_of(model: Model) -> Program:
    """Return the program that a model stands for.

    Raises
    ------
    SolverError : somebody made of a Pyomo model what the solver would not hear of.
    """
    if not isinstance(model, ArrayModel):
        from sourcing.engine import pyomo_model

        return pyomo_model.program_of(model)
    f = model.formulation
    columns, rows = ((f.column_lower.copy(), f.column_upper.copy()), (f.row_lower.copy(), f.row_upper.copy()))
    return Program(f.matrix, columns, rows, f.whole)


def grow(model: Model, formulation: Formulation) -> None:
    """Give a model its formulation with tangents that it has taken."""
    if not isinstance(model, ArrayModel):
        from sourcing.engine import pyomo_model

        pyomo_model.show_tangents(model, formulation)
    model.formulation = formulation
