"""Solve the twin with HiGHS through Pyomo, or evaluate somebody else's plan against its rows."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo
from pyomo.contrib.solver.common.results import TerminationCondition
from pyomo.contrib.solver.solvers.highs import Highs

from .custody import PARTS
from .facts import read_question, read_tables
from .fitting import keep_apart
from .network import Network
from .rows import Promise, Twin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BINDS = 1e-6
HOLD = 1e-9  # of all weighted demand: what level 2 may add to a shortage found by level 1
FEASIBILITY = 1e-9


@dataclass(frozen=True)
class Row:
    """One row at the plan: its bounds, its body, and which of them it attains.

    `violation` is how far the body lies outside, in the row's unit; `scale` is what the tolerance is relative to.
    """

    rule: str
    key: tuple[Any, ...]
    lower: float | None
    body: float
    upper: float | None
    scale: float
    binds: bool
    violation: float
    dual: float = math.nan


@dataclass(frozen=True)
class TwinResult:
    """What the twin found; tonnes and USD throughout.

    `shortage` is the weighted shortage (sum of priority x value x t), `cost` the discounted cost, `heads` the
    undiscounted amount by (head, node), `values` the columns by kind and key (the last item of a key is the node).
    `hold_price` is what level 2 would save, USD per unit of weighted shortage more than level 1 found (0 where no row
    holds it): two solvers that hold shortage with different tolerances may differ in cost by that times the tolerance.
    An infeasible result has no values, and NaN for the numbers. ``strict`` is there where limits on concentration are:
    what they are a little lower for; the plan itself costs no more than that, and no less than this.
    """

    status: str
    shortage: float = math.nan
    shortage_tonnes: float = math.nan
    cost: float = math.nan
    weighted_demand: float = math.nan
    hold_price: float = 0.0
    values: dict[str, dict[tuple[Any, ...], float]] = field(default_factory=dict)
    rows: dict[tuple[str, tuple[Any, ...]], Row] = field(default_factory=dict)
    heads: dict[tuple[str, int], float] = field(default_factory=dict)
    late: dict[tuple[str, tuple[Any, ...]], float] = field(default_factory=dict)
    discount: list[float] = field(default_factory=list)
    strict: TwinResult | None = None


def build_twin(case_folder: Path, question: Path, strict: bool = False) -> Twin:
    """Return the model of a case folder and a question file; a ``strict`` one lowers limits on concentration a bit."""
    return Twin(Network(read_tables(case_folder), read_question(question)), strict)


def solve_twin(case_folder: Path, question: Path) -> TwinResult:
    """Solve a case: least weighted shortage first (if asked), then least discounted cost.

    Level 2 holds level 1 by a row, both sides divided by all weighted demand W: shortage / W <= S* / W + 1e-9. Where
    S* <= 1e-9 W, nothing need be short and the short columns are bounded by 0 instead, so that no tolerance is left.

    Raises
    ------
    RuntimeError : if the cost has no lower limit, or HiGHS stops without an answer.
    """
    twin = build_twin(case_folder, question)
    result = _least(twin)
    if not twin.indices.limits or result.status == "infeasible":
        return result
    return replace(result, strict=_least(build_twin(case_folder, question, strict=True)))


def _least(twin: Twin) -> TwinResult:
    if twin.impossible:
        return TwinResult("infeasible")
    model, least = twin.model, twin.network.question.shortage == "least"
    if least and twin.all_weighted > 0:
        level = twin.weighted_shortage / twin.all_weighted
        model.least_shortage = pyo.Objective(expr=level)
        if not _solved(twin):
            return TwinResult("infeasible")
        found = max(0.0, pyo.value(level))
        model.least_shortage.deactivate()
        if found <= HOLD:
            for column in model.short.values():
                column.setub(0.0)
        else:
            model.held = pyo.Constraint(expr=level <= found + HOLD)
    model.least_cost = pyo.Objective(expr=twin.cost / 1000)
    if not _solved(twin) and not _solved_held_loosely(twin):
        return TwinResult("infeasible")
    return _result(twin, "optimal")


def evaluate_twin(
    case_folder: Path, question: Path, values: Mapping[str, Mapping[tuple[Any, ...], float]]
) -> TwinResult:
    """Put a plan into the twin's columns and return it with every row's body, violation and the cost.

    Where limits count use, a plan that does not say of what kind the goods of each flow are is split as it fits best.

    Parameters
    ----------
    values : by kind (buy, ship, make, hold, short, dispose) and key; what is missing is 0.

    Raises
    ------
    KeyError : if the plan uses a column that the twin does not have.
    """
    twin = build_twin(case_folder, question)
    for columns in twin.columns.values():
        for column in columns.values():
            column.set_value(0.0)
    for kind, amounts in values.items():
        for key, amount in amounts.items():
            twin.columns[kind][key].set_value(amount, skip_validation=True)
    if not any(kind in values for kind in PARTS):
        keep_apart(twin)
    twin.indices.follow()
    return _result(twin, "evaluated")


def _solved(twin: Twin) -> bool:
    """Solve and load the plan; False if proven infeasible."""
    if not any(len(columns) for columns in twin.columns.values()):
        return True
    if any(len(part.most) for part in twin.whole):
        return _solved_whole(twin)
    options = {"primal_feasibility_tolerance": FEASIBILITY, "dual_feasibility_tolerance": FEASIBILITY}
    found = None
    for presolve in ("choose", "off"):
        found = _run(twin, {**options, "presolve": presolve})
        if found.termination_condition != TerminationCondition.infeasibleOrUnbounded:
            break
    assert found is not None
    if found.termination_condition == TerminationCondition.convergenceCriteriaSatisfied:
        found.solution_loader.load_vars()
        twin.duals = dict(found.solution_loader.get_duals())
        return True
    if found.termination_condition == TerminationCondition.provenInfeasible:
        return False
    raise RuntimeError(f"HiGHS ended with {found.termination_condition}")


def _solved_held_loosely(twin: Twin) -> bool:
    """Solve once more with ten times the slack: level 1 has a plan, so with whole numbers it was their tolerance."""
    held = twin.model.component("held")
    if held is None:
        return False
    held.set_value((None, held.body, held.upper + 9 * HOLD))
    return _solved(twin)


def _solved_whole(twin: Twin) -> bool:
    """Solve whole numbers with and without presolve and load the better plan; False if both find none.

    HiGHS 1.16 was seen to call a plan optimal that was not, and a feasible case infeasible, each with one of the two.
    """
    ways = {presolve: {"mip_rel_gap": 0.0, "mip_abs_gap": 0.0, "presolve": presolve} for presolve in ("choose", "off")}
    found = {presolve: _run(twin, options) for presolve, options in ways.items()}
    optimal = {
        presolve: each.incumbent_objective
        for presolve, each in found.items()
        if each.termination_condition == TerminationCondition.convergenceCriteriaSatisfied
    }
    if not optimal:
        return False
    best = min(optimal, key=lambda presolve: optimal[presolve])
    _run(twin, ways[best]).solution_loader.load_vars()
    twin.duals = {}
    return True


def _run(twin: Twin, options: dict[str, Any]) -> Any:
    return Highs().solve(
        twin.model, load_solutions=False, raise_exception_on_nonoptimal_result=False, solver_options=options
    )


def _row(twin: Twin, promise: Promise) -> Row:
    body = pyo.value(promise.body)
    size = abs(promise.upper if promise.upper is not None else promise.lower or 0.0)
    scale = max(1.0, size)
    if promise.total is not None:
        size = scale = abs(pyo.value(promise.total))
    bounds = [bound for bound in (promise.lower, promise.upper) if bound is not None]
    nothing_counted = promise.total is not None and size <= BINDS
    binds = not nothing_counted and any(abs(body - bound) <= BINDS * scale for bound in bounds)
    violation = max(
        0.0,
        promise.lower - body if promise.lower is not None else 0.0,
        body - promise.upper if promise.upper is not None else 0.0,
    )
    dual = twin.dual_of(promise)
    return Row(promise.rule, promise.key, promise.lower, body, promise.upper, scale, binds, violation, dual)


def _result(twin: Twin, status: str) -> TwinResult:
    heads: dict[tuple[str, int], float] = defaultdict(float)
    for charge in twin.charges:
        heads[charge.head, charge.node] += charge.amount * pyo.value(charge.column)
    network = twin.network
    moves = {("buy", key): move for key, move in network.buys.items()}
    moves |= {("ship", key): move for key, move in network.ships.items()}
    return TwinResult(
        status=status,
        shortage=pyo.value(twin.weighted_shortage),
        shortage_tonnes=sum(pyo.value(column) for column in twin.columns["short"].values()),
        cost=pyo.value(twin.cost),
        weighted_demand=twin.all_weighted,
        hold_price=twin.hold_price(),
        values={kind: {key: pyo.value(columns[key]) for key in columns} for kind, columns in twin.columns.items()},
        rows={(promise.rule, promise.key): _row(twin, promise) for promise in twin.promises},
        heads=dict(heads),
        late={key: move.late for key, move in moves.items()},
        discount=network.discount,
    )
