"""The formulation as a real Pyomo model whose rows are one sparse matrix, expanded only when somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyomo.environ as pyo
from pyomo.repn import generate_standard_repn
from scipy import sparse

from sourcing.engine.cones import CUT
from sourcing.engine.program import Program
from sourcing.engine.pyomo_view import KEEP_OBJECTIVE, BlockVar, CostObjective, MatrixConstraint, Variables
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation

    Reals = NDArray[np.float64]


def to_pyomo(formulation: Formulation, objective: str = "cost") -> pyo.ConcreteModel:
    """Return the formulation as a Pyomo model: a Var per set of columns, a constraint per rule, one objective.

    Every index is (entity, node); ``model.formulation`` holds the labels. Ordinary Pyomo constraints may be added
    before ``appended`` hands the model on.
    """
    model = pyo.ConcreteModel()
    model.formulation = formulation
    parts = [BlockVar(formulation, block) for block in formulation.columns.values()]
    for part in parts:
        setattr(model, part._block.name, part)
    model.variables_in_order = Variables(parts)
    for block in formulation.rows.values():
        setattr(model, block.name, MatrixConstraint(formulation, block, model.variables_in_order))
    model.objective = CostObjective(formulation.objectives[objective], model.variables_in_order)
    return model


def program_of(model: pyo.ConcreteModel) -> Program:
    """Return the program that a model stands for, with the rules, bounds and switches that somebody put into it.

    Raises
    ------
    SolverError : something that the solver would not hear of: another objective, a variable of one's own, a rule that
        is not linear.
    """
    f = model.formulation
    objectives = list(model.component_data_objects(pyo.Objective, active=True))
    known = [model.objective, *getattr(model, "stages", {}).values()]
    if len(objectives) != 1 or not any(objectives[0] is one and one.sense == pyo.minimize for one in known):
        raise SolverError(KEEP_OBJECTIVE)
    lower, upper = f.row_lower.copy(), f.row_upper.copy()
    for part in model.component_objects(pyo.Constraint):
        if isinstance(part, MatrixConstraint):
            off = part.switched_off()
            lower[off], upper[off] = -np.inf, np.inf
    own, own_lower, own_upper = appended(model)
    matrix = sparse.csr_array(sparse.vstack([f.matrix, own])) if own.shape[0] else f.matrix
    rows = (np.concatenate([lower, own_lower]), np.concatenate([upper, own_upper]))
    return Program(matrix, _bounds(model), rows, f.whole)


def _bounds(model: pyo.ConcreteModel) -> tuple[Reals, Reals]:
    """Return the columns' bounds: the formulation's, and what somebody who looked may have made of them."""
    lower, upper = model.formulation.column_lower.copy(), model.formulation.column_upper.copy()
    for part in model.variables_in_order.parts:
        if part.looked_at:
            span = slice(part._block.start, part._block.start + len(part._block))
            lower[span], upper[span] = part.bounds()
    return lower, upper


def show_tangents(model: pyo.ConcreteModel, formulation: Formulation) -> None:
    """Make the tangents of a formulation rows of the model, in place of those that it has had."""
    if CUT in model.formulation.rows:
        model.del_component(CUT)
    setattr(model, CUT, MatrixConstraint(formulation, formulation.rows[CUT], model.variables_in_order))


def own_rules(model: pyo.ConcreteModel) -> list[Any]:
    """Return the rules that somebody added to the model and left active, in their order."""
    parts = (part for part in model.component_objects(pyo.Constraint) if not isinstance(part, MatrixConstraint))
    return [row for part in parts for row in part.values() if row.active]


def appended(model: pyo.ConcreteModel) -> tuple[sparse.csr_array, Reals, Reals]:
    """Return the rows that somebody added to the model as ordinary rules: coefficients, lower and upper bounds.

    Raises
    ------
    SolverError : a rule is not linear.
    """
    variables: Variables = model.variables_in_order
    rows, lower, upper = [], [], []
    for constraint in own_rules(model):
        form = generate_standard_repn(constraint.body, compute_values=True)
        if not form.is_linear():
            raise SolverError(f"{constraint.name} is not linear; only linear rules can be added to the model")
        columns = [variables.find(variable) for variable in form.linear_vars]
        if None in columns:
            raise SolverError(f"{constraint.name} has a variable that is not the model's; rules speak of its own only")
        rows.append((columns, form.linear_coefs))
        lower.append(-np.inf if constraint.lb is None else constraint.lb - form.constant)
        upper.append(np.inf if constraint.ub is None else constraint.ub - form.constant)
    indptr = np.cumsum([0] + [len(columns) for columns, _ in rows])
    indices = np.array([column for columns, _ in rows for column in columns], np.int64)
    data = np.array([value for _, values in rows for value in values], float)
    shape = (len(rows), len(variables))
    return sparse.csr_array((data, indices, indptr), shape=shape), np.array(lower), np.array(upper)
