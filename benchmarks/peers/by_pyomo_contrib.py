"""Plain Pyomo rules, handed over by ``pyomo.contrib.solver``, the interface that Pyomo is moving to."""

from __future__ import annotations

import pyomo.environ as pyo
from pyomo.contrib.solver.common.results import SolutionStatus
from pyomo.contrib.solver.solvers.highs import Highs

from benchmarks.peers import OPTIONS
from benchmarks.peers.pyomo_rules import build
from benchmarks.peers.tables import read
from benchmarks.same import Linear, read_back

__all__ = ["build", "hand_over", "program", "read", "solve"]

Handle = tuple[Highs, pyo.ConcreteModel]


def hand_over(model: pyo.ConcreteModel) -> Handle:
    """Set the instance, with the automatic search for changes off: there is one solve."""
    opt = Highs(solver_options=OPTIONS)
    for name in opt.config.auto_updates:
        opt.config.auto_updates[name] = False
    opt.set_instance(model)
    return opt, model


def solve(handle: Handle) -> float:
    """Solve; the interface loads the values into the variables."""
    opt, model = handle
    result = opt.solve(model)
    if result.solution_status != SolutionStatus.optimal:
        raise RuntimeError(result.termination_condition)
    return float(result.incumbent_objective)


def program(handle: Handle) -> Linear:
    """Return the program as HiGHS has it."""
    return read_back(handle[0]._solver_model)
