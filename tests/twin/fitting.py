"""Phase one of the simplex method, for a plan that is given: split its flows by kind so that rows are broken least."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo
from pyomo.contrib.solver.solvers.highs import Highs
from pyomo.core.expr.visitor import identify_variables

from .custody import PARTS

if TYPE_CHECKING:
    from .rows import Promise, Twin

ROUNDS = 40
"""Of tangents at the shares found, until squares lie on their curve."""

LOOSE = 1e-5
"""Tonnes by which more may be broken for a lower duty: more than what the solver takes for nothing."""

DEAR = 100.0
"""How much dearer it is to break what parts add up to than to break a limit."""


def keep_apart(twin: Twin) -> None:
    """Give the columns by kind, and the squares of limits on use, the values that break the rows the least."""
    if not twin.custody.looks:
        return
    free = {id(column) for name in PARTS for column in twin.columns[name].values()}
    squares = {id(z) for z in twin.model.square.values()}
    asked = [row for row in twin.promises if free & {id(column) for column in _columns(row.body)}]
    for columns in twin.columns.values():
        for column in columns.values():
            column.fix() if id(column) not in free else column.unfix()
    model = _phase_one(asked)
    curves = [(z, own, total) for z, own, total in twin.indices.curves if free & {id(each) for each in _columns(own)}]
    assert squares >= {id(z) for z, _, _ in curves}
    for _ in range(ROUNDS):
        Highs().solve(model)
        if not _cut(model, curves):
            break
    _owe_least(twin, model)


def _owe_least(twin: Twin, model: pyo.ConcreteModel) -> None:
    """Of the splits that break rows the least, take one that owes the least duty: a plan may say which it means."""
    owed = [each.amount * each.column for each in twin.charges if each.head == "duty" and each.amount]
    if owed:
        broken = model.least.expr
        model.as_found = pyo.Constraint(expr=broken <= pyo.value(broken) + LOOSE)
        model.least.deactivate()
        model.owed = pyo.Objective(expr=pyo.quicksum(owed) / 1000)
        Highs().solve(model)


def _columns(body: Any) -> list[Any]:
    return list(identify_variables(body, include_fixed=True)) if pyo.is_potentially_variable(body) else []


def _phase_one(asked: list[Promise]) -> pyo.ConcreteModel:
    """Return a model of some rows, each of which may be broken for a price; tangents may not."""
    model = pyo.ConcreteModel()
    model.broken = pyo.Var(range(len(asked)), [0, 1], domain=pyo.NonNegativeReals)
    model.rows = pyo.ConstraintList()
    for place, row in enumerate(asked):
        more, less = (0.0, 0.0) if row.rule == "tangent" else (model.broken[place, 0], model.broken[place, 1])
        if row.lower is not None and row.lower == row.upper:
            model.rows.add(row.body + more - less == row.lower)
        elif row.lower is not None:
            model.rows.add(row.body + more >= row.lower)
        if row.upper is not None and row.lower != row.upper:
            model.rows.add(row.body - less <= row.upper)
    price = [DEAR if row.rule in {*PARTS, "left"} else 1.0 for row in asked]
    model.least = pyo.Objective(expr=pyo.quicksum(price[place] * one for (place, _), one in model.broken.items()))
    return model


def _cut(model: pyo.ConcreteModel, curves: list[tuple[Any, Any, Any]]) -> bool:
    """Add a tangent at every share whose square lies below its curve; say whether there was one."""
    found = False
    for z, own, total in curves:
        tonnes = pyo.value(total)
        share = pyo.value(own) / tonnes if tonnes > 1e-9 else 0.0
        if share > 0 and share * share * tonnes > pyo.value(z) + 1e-8 * max(tonnes, 1.0):
            model.rows.add(2 * share * own - share * share * total <= z)
            found = True
    return found
