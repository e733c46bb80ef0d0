"""PuLP: a variable for every index, an expression from (variable, coefficient) pairs for every row, its HiGHS class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import pulp
from pulp import LpAffineExpression as Sum

from benchmarks.peers import OPTIONS
from benchmarks.peers.rules import facts
from benchmarks.peers.tables import read
from benchmarks.same import Linear, read_back

if TYPE_CHECKING:
    from benchmarks.peers.rules import Facts
    from benchmarks.peers.tables import Tables

__all__ = ["build", "hand_over", "program", "read", "solve"]

Handle = tuple[pulp.HiGHS, pulp.LpProblem]
Named = dict[Any, pulp.LpVariable]


class Variables(NamedTuple):
    """The variables of each kind by their index."""

    buy: Named
    ship: Named
    make: Named
    total: Named
    hold: Named
    short: Named


def build(tables: Tables) -> pulp.LpProblem:
    """Return the PuLP problem."""
    f = facts(tables)
    problem = pulp.LpProblem("sourcing", pulp.LpMinimize)
    x = Variables(
        *(
            pulp.LpVariable.dicts(name, keys, lowBound=0)
            for name, keys in (("buy", f.buying), ("ship", f.shipping), ("make", f.making), ("total", f.totals))
        ),
        hold={key: pulp.LpVariable(f"hold_{key}", 0, _bound(f.useful[key])) for key in f.holding},
        short={key: pulp.LpVariable(f"short_{key}", 0, due) for key, due in f.due.items()},
    )
    costs = ((x.buy, f.buying), (x.ship, f.shipping), (x.make, f.making), (x.hold, f.holding), (x.short, f.missing))
    problem += Sum([(variable[key], value) for variable, rates in costs for key, value in rates.items()])
    for at in ((p, n) for p in range(len(tables.points)) for n in range(len(tables.periods))):
        problem += Sum(_moved(x, f, at)) == f.due.get(at, 0.0) - f.given.get(at, 0.0)
    _hold_under_capacity(problem, x, f)
    for at, level in f.closing.items():
        problem += x.hold[at] >= level
    for at, level in f.maximum.items():
        problem += x.hold[at] <= level
    for row in f.stated:
        kinds = zip((x.buy, x.ship, x.make, x.hold), row.members, strict=True)
        left = Sum([term for variables, pairs in kinds for term in _terms(variables, pairs)])
        problem += left >= row.low if row.high == math.inf else left <= row.high
    for at, pairs in f.totals.items():
        problem += Sum([*_terms(x.buy, pairs), (x.total[at], -1.0)]) == 0
    for (limit, window, _), pairs in f.members.items():
        problem += Sum([*_terms(x.buy, pairs), (x.total[limit, window], -f.most[limit])]) <= 0
    return problem


def _bound(most: float) -> float | None:
    """Return an upper bound as PuLP takes it: nothing where there is none."""
    return most if math.isfinite(most) else None


def _terms(variables: Named, pairs: Any) -> list[tuple[pulp.LpVariable, float]]:
    return [(variables[key], value) for key, value in pairs]


def _moved(x: Variables, f: Facts, at: tuple[int, int]) -> list[tuple[pulp.LpVariable, float]]:
    """Return everything that comes to a stock point in a period or leaves it."""
    before = at[0], at[1] - 1
    moved = _terms(x.buy, f.bought.get(at, ())) + _terms(x.ship, f.shipped.get(at, ()))
    moved += [(x.ship[key], -value) for key, value in f.sent.get(at, ())]
    moved += _terms(x.make, f.made.get(at, ())) + _terms(x.make, f.taken.get(at, ()))
    moved += [(x.hold[at], -1.0)] if at in x.hold else []
    moved += [(x.hold[before], 1.0)] if before in x.hold else []
    moved += [(x.short[at], 1.0)] if at in x.short else []
    return moved


def _hold_under_capacity(problem: pulp.LpProblem, x: Variables, f: Facts) -> None:
    """Hold offers, processes and lanes under their capacity."""
    for at, pairs in f.offers.items():
        problem += Sum(_terms(x.buy, pairs)) <= f.offered[at]
    for at, capacity in f.processes.items():
        problem += x.make[at] <= capacity
    for at in sorted({*f.lanes[0], *f.lanes[1]}):
        bought, shipped = (part.get(at, ()) for part in f.lanes)
        problem += Sum(_terms(x.buy, bought) + _terms(x.ship, shipped)) <= f.carried[at]


def hand_over(model: pulp.LpProblem) -> Handle:
    """Build the solver's model: the first two steps of ``problem.solve(pulp.HiGHS())``."""
    solver = pulp.HiGHS(msg=False, **OPTIONS)
    solver.createAndConfigureSolver(model)
    solver.buildSolverModel(model)
    return solver, model


def solve(handle: Handle) -> float:
    """Solve and bring the values back: the other steps of ``problem.solve``."""
    solver, model = handle
    solver.callSolver(model)
    status, found = solver.findSolutionValues(model)
    model.assignStatus(status, found)
    if found != pulp.LpSolutionOptimal:
        raise RuntimeError(pulp.LpStatus[status])
    return float(model.solverModel.getObjectiveValue())


def program(handle: Handle) -> Linear:
    """Return the program as HiGHS has it."""
    return read_back(handle[1].solverModel)
