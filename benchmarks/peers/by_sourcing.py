"""The engine itself: tables read and checked, families, the Pyomo model of arrays, one hand-over, one objective."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.peers import OPTIONS
from benchmarks.same import Linear
from sourcing.answer.setting import ask
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.rounds import scale_of
from sourcing.engine.solve_linear import load

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from sourcing.answer.setting import Setting
    from sourcing.engine.highs import Highs


class Loaded(NamedTuple):
    """The model, and the solver that holds it."""

    model: pyo.ConcreteModel
    solver: Highs


def read(question: str) -> Setting:
    """Read question and tables, check every cell and screen what no plan could meet."""
    return ask(question)


def build(tables: Setting) -> pyo.ConcreteModel:
    """Return the Pyomo model."""
    return to_pyomo(formulate(tables.network))


def hand_over(model: pyo.ConcreteModel) -> Loaded:
    """Hand the model over, with the one objective that the others have."""
    solver, _ = load(model, SolverOptions(threads=OPTIONS["threads"], interruptible=False))
    costs = model.formulation.objectives["cost"]
    solver.set_costs(costs * scale_of(costs))
    return Loaded(model, solver)


def solve(handle: Loaded) -> float:
    """Solve for the least cost."""
    outcome = handle.solver.run()
    if outcome.status != "optimal":
        raise RuntimeError(outcome.status)
    value: Any = handle.model.formulation.objectives["cost"] @ outcome.x
    return float(value)


def program(handle: Loaded) -> Linear:
    """Return the program as it was handed over, in tonnes: the engine may give HiGHS other units of its own."""
    solver = handle.solver
    (_, upper), (low, high) = solver.columns, solver.rows
    return Linear(handle.model.formulation.objectives["cost"], upper, low, high, solver.matrix)
