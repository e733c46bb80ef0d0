"""The formulation as a real Pyomo model whose rows are one sparse matrix, expanded only when somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC
from pyomo.core.base.constraint import ConstraintData, IndexedConstraint
from pyomo.core.base.var import VarData
from pyomo.core.expr.numeric_expr import LinearExpression
from pyomo.core.expr.relational_expr import EqualityExpression, InequalityExpression, RangedExpression
from pyomo.repn import generate_standard_repn
from scipy import sparse

from sourcing.errors import SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.protocol import Block

    Reals = NDArray[np.float64]


class MatrixRow(ConstraintData):  # type: ignore[misc]
    """One row of the matrix, seen as an ordinary Pyomo constraint."""

    __slots__ = ("_position",)

    @property
    def _expr(self) -> Any:
        """The row as an expression, built anew each time it is looked at."""
        component = self.parent_component()
        lower, upper = component.bounds_of(self._position)
        body = component.body_of(self._position)
        if lower == upper:
            return EqualityExpression((body, upper))
        if lower == -np.inf:
            return InequalityExpression((body, upper), strict=False)
        if upper == np.inf:
            return InequalityExpression((lower, body), strict=False)
        return RangedExpression((lower, body, upper), strict=False)

    @_expr.setter
    def _expr(self, value: object) -> None:
        if value is not None:
            message = (
                f"{self.name} is a row of a matrix and cannot be rewritten; deactivate it and add a rule of your own"
            )
            raise SolverError(message)


class MatrixConstraint(IndexedConstraint):  # type: ignore[misc]
    """The rows of one rule, indexed by (entity, node)."""

    def __init__(self, formulation: Formulation, block: Block, variables: list[Any]) -> None:
        super().__init__(pyo.Any)
        self._formulation, self._variables, self._block = formulation, variables, block

    def construct(self, data: object = None) -> None:
        """Make one light object per row; no expression is built."""
        if self._constructed:  # type: ignore[has-type]
            return
        self._constructed = True
        start = self._block.start
        keys = zip(self._block.code.tolist(), self._block.node.tolist(), strict=True)
        for offset, key in enumerate(keys):
            row = MatrixRow(component=self)
            row._index = key
            row._position = start + offset
            self._data[key] = row

    def bounds_of(self, position: int) -> tuple[float, float]:
        """Return the bounds of a row of the whole model."""
        f = self._formulation
        return float(f.row_lower[position]), float(f.row_upper[position])

    def body_of(self, position: int) -> LinearExpression:
        """Return the left-hand side of a row of the whole model."""
        matrix = self._formulation.matrix
        span = slice(matrix.indptr[position], matrix.indptr[position + 1])
        columns = [self._variables[column] for column in matrix.indices[span]]
        return LinearExpression(constant=0, linear_coefs=matrix.data[span].tolist(), linear_vars=columns)


def to_pyomo(formulation: Formulation, objective: str = "cost") -> pyo.ConcreteModel:
    """Return the formulation as a Pyomo model: a Var per set of columns, a constraint per rule, one objective.

    Every index is (entity, node); ``model.formulation`` holds the labels. Ordinary Pyomo constraints may be added
    before ``appended`` hands the model on.
    """
    with PauseGC():
        model = pyo.ConcreteModel()
        model.formulation = formulation
        variables: list[Any] = []
        for block in formulation.columns.values():
            variables += _add_variables(model, block, formulation)
        for block in formulation.rows.values():
            setattr(model, block.name, MatrixConstraint(formulation, block, variables))
        costs = formulation.objectives[objective]
        chosen = np.flatnonzero(costs)
        body = LinearExpression(
            constant=0, linear_coefs=costs[chosen].tolist(), linear_vars=[variables[column] for column in chosen]
        )
        model.objective = pyo.Objective(expr=body)
        model.variables_in_order = variables
    return model


def _add_variables(model: pyo.ConcreteModel, block: Block, formulation: Formulation) -> list[Any]:
    container = pyo.Var(pyo.Any, dense=False)
    setattr(model, block.name, container)
    span = slice(block.start, block.start + len(block))
    lower = formulation.column_lower[span].tolist()
    upper = [None if bound == np.inf else bound for bound in formulation.column_upper[span].tolist()]
    keys = zip(block.code.tolist(), block.node.tolist(), strict=True)
    made = []
    for key, low, high in zip(keys, lower, upper, strict=True):
        variable = VarData(container)
        variable._index, variable._lb, variable._ub = key, low, high
        variable._domain = pyo.Reals
        container._data[key] = variable
        made.append(variable)
    return made


class Program(NamedTuple):
    """What is handed to the solver: the formulation's matrix and bounds with everything done to its Pyomo model."""

    matrix: sparse.csr_array
    columns: tuple[Reals, Reals]
    rows: tuple[Reals, Reals]


def program_of(model: pyo.ConcreteModel) -> Program:
    """Return the program that a model stands for, with the rules, bounds and switches that somebody put into it.

    Raises
    ------
    SolverError : something that the solver would not hear of: another objective, a variable of one's own, a rule that
        is not linear.
    """
    f = model.formulation
    if sum(1 for _ in model.component_data_objects(pyo.Objective, active=True)) != 1 or not model.objective.active:
        raise SolverError("the objectives are the question's own; leave model.objective as it is")
    lower, upper = f.row_lower.copy(), f.row_upper.copy()
    for part in model.component_objects(pyo.Constraint):
        if isinstance(part, MatrixConstraint):
            off = [row._position for row in part.values() if not row.active]
            lower[off], upper[off] = -np.inf, np.inf
    own, own_lower, own_upper = appended(model)
    matrix = sparse.csr_array(sparse.vstack([f.matrix, own])) if own.shape[0] else f.matrix
    rows = (np.concatenate([lower, own_lower]), np.concatenate([upper, own_upper]))
    return Program(matrix, _bounds(model), rows)


def _bounds(model: pyo.ConcreteModel) -> tuple[Reals, Reals]:
    """Return the variables' bounds as they are now; a fixed variable has its value for both."""
    variables = model.variables_in_order
    lower = np.array([-np.inf if v.lb is None else v.lb for v in variables], float)
    upper = np.array([np.inf if v.ub is None else v.ub for v in variables], float)
    fixed = [at for at, v in enumerate(variables) if v.fixed]
    lower[fixed] = upper[fixed] = [variables[at].value for at in fixed]
    return lower, upper


def appended(model: pyo.ConcreteModel) -> tuple[sparse.csr_array, Reals, Reals]:
    """Return the rows that somebody added to the model as ordinary rules: coefficients, lower and upper bounds.

    Raises
    ------
    SolverError : a rule is not linear.
    """
    position = {id(variable): column for column, variable in enumerate(model.variables_in_order)}
    rows, lower, upper = [], [], []
    own = (part for part in model.component_objects(pyo.Constraint) if not isinstance(part, MatrixConstraint))
    for constraint in (row for part in own for row in part.values() if row.active):
        form = generate_standard_repn(constraint.body, compute_values=True)
        if not form.is_linear():
            raise SolverError(f"{constraint.name} is not linear; only linear rules can be added to the model")
        if not all(id(variable) in position for variable in form.linear_vars):
            raise SolverError(f"{constraint.name} has a variable that is not the model's; rules speak of its own only")
        columns = [position[id(variable)] for variable in form.linear_vars]
        rows.append((columns, form.linear_coefs))
        lower.append(-np.inf if constraint.lb is None else constraint.lb - form.constant)
        upper.append(np.inf if constraint.ub is None else constraint.ub - form.constant)
    indptr = np.cumsum([0] + [len(columns) for columns, _ in rows])
    indices = np.array([column for columns, _ in rows for column in columns], np.int64)
    data = np.array([value for _, values in rows for value in values], float)
    shape = (len(rows), len(position))
    return sparse.csr_array((data, indices, indptr), shape=shape), np.array(lower), np.array(upper)
