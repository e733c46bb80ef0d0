"""The model in plain Pyomo: sets, variables, and a rule for every kind of row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from benchmarks.peers.rules import facts

if TYPE_CHECKING:
    from benchmarks.peers.rules import Facts
    from benchmarks.peers.tables import Tables


def build(tables: Tables) -> pyo.ConcreteModel:
    """Return the Pyomo model."""
    f = facts(tables)
    m = pyo.ConcreteModel()
    m.buy = pyo.Var(list(f.buying), within=pyo.NonNegativeReals)
    m.ship = pyo.Var(list(f.shipping), within=pyo.NonNegativeReals)
    m.make = pyo.Var(list(f.making), within=pyo.NonNegativeReals)
    m.hold = pyo.Var(list(f.holding), bounds=lambda _, *key: (0, f.useful[key]))
    m.short = pyo.Var(list(f.due), bounds=lambda _, *key: (0, f.due[key]))
    m.total = pyo.Var(list(f.totals), within=pyo.NonNegativeReals)
    _balances(m, f, (len(tables.points), len(tables.periods)))
    _capacities(m, f)
    _levels(m, f)
    _limits(m, f)
    costs = ((m.buy, f.buying), (m.ship, f.shipping), (m.make, f.making), (m.hold, f.holding), (m.short, f.missing))
    m.cost = pyo.Objective(expr=pyo.quicksum(pyo.sum_product(rate, variable) for variable, rate in costs))
    return m


def _sum(variable: Any, pairs: Any) -> Any:
    return pyo.quicksum(value * variable[key] for key, value in pairs)


def _balances(m: pyo.ConcreteModel, f: Facts, grid: tuple[int, int]) -> None:
    @m.Constraint(range(grid[0]), range(grid[1]))
    def balance(m: Any, *at: int) -> Any:
        before = at[0], at[1] - 1
        left = (
            _sum(m.buy, f.bought.get(at, ())) + _sum(m.ship, f.shipped.get(at, ())) - _sum(m.ship, f.sent.get(at, ()))
        )
        left += _sum(m.make, f.made.get(at, ())) + _sum(m.make, f.taken.get(at, ()))
        if at in f.holding:
            left -= m.hold[at]
        if before in f.holding:
            left += m.hold[before]
        if at in f.due:
            left += m.short[at]
        return left == f.due.get(at, 0.0) - f.given.get(at, 0.0)


def _capacities(m: pyo.ConcreteModel, f: Facts) -> None:
    @m.Constraint(list(f.offers))
    def offer(m: Any, *at: int) -> Any:
        return pyo.quicksum(m.buy[key] for key, _ in f.offers[at]) <= f.offered[at]

    @m.Constraint(list(f.processes))
    def process(m: Any, *at: int) -> Any:
        return m.make[at] <= f.processes[at]

    @m.Constraint(sorted({*f.lanes[0], *f.lanes[1]}))
    def lane(m: Any, *at: int) -> Any:
        bought, shipped = (part.get(at, ()) for part in f.lanes)
        return _sum(m.buy, bought) + _sum(m.ship, shipped) <= f.carried[at]


def _levels(m: pyo.ConcreteModel, f: Facts) -> None:
    @m.Constraint(range(len(f.stated)))
    def stated(m: Any, number: int) -> Any:
        row = f.stated[number]
        kinds = zip((m.buy, m.ship, m.make, m.hold), row.members, strict=True)
        left = pyo.quicksum(_sum(variable, pairs) for variable, pairs in kinds)
        return left >= row.low if row.high == math.inf else left <= row.high

    @m.Constraint(list(f.closing))
    def closing(m: Any, *at: int) -> Any:
        return m.hold[at] >= f.closing[at]

    @m.Constraint(list(f.maximum))
    def maximum(m: Any, *at: int) -> Any:
        return m.hold[at] <= f.maximum[at]


def _limits(m: pyo.ConcreteModel, f: Facts) -> None:
    @m.Constraint(list(f.totals))
    def definition(m: Any, *at: int) -> Any:
        return _sum(m.buy, f.totals[at]) == m.total[at]

    @m.Constraint(list(f.members))
    def share(m: Any, limit: int, window: int, country: str) -> Any:
        return _sum(m.buy, f.members[limit, window, country]) <= f.most[limit] * m.total[limit, window]
