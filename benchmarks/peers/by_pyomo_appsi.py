"""Plain Pyomo rules, handed over by the appsi interface."""

from __future__ import annotations

import pyomo.environ as pyo
from pyomo.contrib import appsi

from benchmarks.peers import OPTIONS
from benchmarks.peers.pyomo_rules import build
from benchmarks.peers.tables import read
from benchmarks.same import Linear, read_back

__all__ = ["build", "hand_over", "program", "read", "solve"]

Handle = tuple[appsi.solvers.Highs, pyo.ConcreteModel]


def hand_over(model: pyo.ConcreteModel) -> Handle:
    """Set the instance, with the automatic search for changes off: there is one solve."""
    opt = appsi.solvers.Highs()
    opt.highs_options = dict(OPTIONS)
    for name in opt.update_config:
        opt.update_config[name] = False
    opt.set_instance(model)
    return opt, model


def solve(handle: Handle) -> float:
    """Solve; appsi loads the values into the variables."""
    opt, model = handle
    result = opt.solve(model)
    if result.termination_condition != appsi.base.TerminationCondition.optimal:
        raise RuntimeError(result.termination_condition)
    return float(result.best_feasible_objective)


def program(handle: Handle) -> Linear:
    """Return the program as HiGHS has it."""
    return read_back(handle[0]._solver_model)
