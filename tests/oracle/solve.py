"""One program, two solvers: SCIP, and HiGHS without presolve; shortage first, then cost with it held."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import pyscipopt

from oracle.program import INFINITE, Terms, times

if TYPE_CHECKING:
    from oracle.program import Program

TOLERANCE = 1e-9
SECONDS = 120.0
"""How long a solver may take over one objective."""
UNFINISHED = "unfinished"
ROUNDING = 3e-9
"""Part of what is due in all by which a solver may round the tonnes of a row."""


@dataclass
class Answer:
    """What a solver finds: status (optimal, infeasible, unbounded, unfinished), both objectives, and the columns."""

    status: str
    shortage: float = 0.0
    cost: float = 0.0
    values: tuple[float, ...] = ()


@dataclass
class Scaled:
    """A program in round units (powers of two) of its own: column j is ``unit[j]`` of it, rows and sides alike."""

    unit: list[float]
    low: list[float]
    high: list[float]
    whole: list[bool]
    rows: list[tuple[Terms, float, float]]


def scaled(program: Program) -> Scaled:
    """Measure all tonnes in one round unit, about that of the case's own sides, and divide each row by its largest."""
    whole = [column[3] for column in program.columns]
    sides = sorted(abs(side) for row in program.rows for side in row[2:] if 0 < abs(side) < INFINITE)
    size = rounded(sides[-1 - len(sides) // 10] if sides else 1.0)
    unit = [1.0 if integer else size for integer in whole]
    factor = [rounded(1 / max(abs(value) * unit[j] for j, value in row[1].items())) for row in program.rows]
    return Scaled(
        unit,
        [column[1] / unit[j] for j, column in enumerate(program.columns)],
        [column[2] / unit[j] for j, column in enumerate(program.columns)],
        whole,
        [
            ({j: value * unit[j] * factor[i] for j, value in terms.items()}, least * factor[i], most * factor[i])
            for i, (_, terms, least, most) in enumerate(program.rows)
        ],
    )


def rounded(value: float) -> float:
    return 2.0 ** round(math.log2(value))


Run = Callable[["Scaled", Terms], tuple[str, list[float]]]


def solve(program: Program, solver: str) -> Answer:
    """Return the least shortage, and the least cost with it, by `scip` or `highs`."""
    if program.impossible:
        return Answer("infeasible")
    model = scaled(program)
    run = {"scip": by_scip, "highs": by_highs}[solver]
    short = 0.0
    weighed = {j: value for j, value in program.shortage.items() if value > 0}
    if weighed:
        status, values = settled(program, model, run, objective(model, weighed))
        if status != "optimal":
            return Answer(status)
        short = sum(weight * values[j] * model.unit[j] for j, weight in weighed.items())
        hold(model, program, weighed, short)
    status, values = settled(program, model, run, objective(model, program.cost))
    if status == "optimal" and any(model.whole):
        kept(model, values)
        status, values = settled(program, model, run, objective(model, program.cost))
        status = status if status == "optimal" else UNFINISHED
    if status != "optimal":
        return Answer(status)
    tonnes = tuple(value * unit for value, unit in zip(values, model.unit, strict=True))
    if broken(program, tonnes):
        return Answer(UNFINISHED)
    short = sum(weight * tonnes[j] for j, weight in weighed.items())
    return Answer(status, short, sum(v * tonnes[j] for j, v in program.cost.items()) + program.charged, tonnes)


def kept(model: Scaled, values: list[float]) -> None:
    """Hold every whole number at what was found, so that nothing leaks through a part of one."""
    for j, whole in enumerate(model.whole):
        if whole:
            model.low[j] = model.high[j] = round(values[j])


def broken(program: Program, values: tuple[float, ...]) -> bool:
    """Whether an answer breaks a row by more than a millionth of what meets in it, and a part of what is due in all."""
    for _, terms, least, most in program.rows:
        each = [value * values[j] for j, value in terms.items()]
        sides = [abs(side) for side in (least, most) if abs(side) < INFINITE]
        if max(least - sum(each), sum(each) - most) > 1e-6 * max(*map(abs, each), *sides) + ROUNDING * program.tonnes:
            return True
    return False


def settled(program: Program, model: Scaled, run: Run, goal: Terms) -> tuple[str, list[float]]:
    """Minimise, cutting every square at the answers found until none lies below its curve."""
    for _ in range(60):
        status, values = run(model, goal)
        cuts = []
        for square, part, whole in program.squares if status == "optimal" else ():
            z, q, everything = (values[j] * model.unit[j] for j in (square, part, whole))
            if everything > 0 and q * q / everything - z > 1e-8 * everything:
                p = q / everything
                cut = {square: -model.unit[square], part: 2 * p * model.unit[part], whole: -p * p * model.unit[whole]}
                cuts.append((times(cut, 1 / model.unit[whole]), -INFINITE, 0.0))
        if not cuts:
            break
        model.rows.extend(cuts)
    return status, values


def objective(model: Scaled, terms: Terms) -> Terms:
    """Return an objective in the scaled columns, its largest coefficient about 1."""
    inner = {j: value * model.unit[j] for j, value in terms.items() if value != 0}
    top = max((abs(value) for value in inner.values()), default=1.0)
    return times(inner, rounded(1 / top))


def hold(model: Scaled, program: Program, weighed: Terms, short: float) -> None:
    """Hold the weighted shortage that is the least."""
    size = sum(weight * program.columns[j][2] for j, weight in weighed.items())
    if short <= 1e-9 * size:
        for j in weighed:
            model.high[j] = 0.0
    else:
        model.rows.append(({j: w * model.unit[j] / size for j, w in weighed.items()}, -INFINITE, short / size + 1e-10))


def by_scip(model: Scaled, goal: Terms) -> tuple[str, list[float]]:
    """Minimise by SCIP."""
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.setParams({"numerics/feastol": TOLERANCE, "limits/gap": 0.0, "limits/time": SECONDS})
    columns = [
        scip.addVar(
            lb=low, ub=None if high == INFINITE else high, obj=goal.get(j, 0.0), vtype="I" if model.whole[j] else "C"
        )
        for j, (low, high) in enumerate(zip(model.low, model.high, strict=True))
    ]
    for terms, least, most in model.rows:
        line = pyscipopt.quicksum(value * columns[j] for j, value in terms.items())
        if least == most:
            scip.addCons(line == least)
            continue
        if least > -INFINITE:
            scip.addCons(line >= least)
        if most < INFINITE:
            scip.addCons(line <= most)
    scip.optimize()
    known = {"optimal": "optimal", "infeasible": "infeasible", "unbounded": "unbounded", "inforunbd": "unbounded"}
    status = known.get(scip.getStatus(), UNFINISHED)
    return status, [scip.getVal(column) for column in columns] if status == "optimal" else []


def by_highs(model: Scaled, goal: Terms) -> tuple[str, list[float]]:
    """Minimise by HiGHS without presolve."""
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("presolve", "off")
    highs.setOptionValue("time_limit", SECONDS)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 0.0)
    highs.setOptionValue("mip_feasibility_tolerance", TOLERANCE)
    highs.setOptionValue("primal_feasibility_tolerance", TOLERANCE)
    highs.setOptionValue("dual_feasibility_tolerance", TOLERANCE)
    for j, (low, high) in enumerate(zip(model.low, model.high, strict=True)):
        highs.addVar(low, high)
        highs.changeColCost(j, goal.get(j, 0.0))
        if model.whole[j]:
            highs.changeColIntegrality(j, highspy.HighsVarType.kInteger)
    for terms, least, most in model.rows:
        highs.addRow(least, most, len(terms), list(terms), list(terms.values()))
    highs.run()
    status = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnbounded: "unbounded",
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "unbounded",
    }.get(highs.getModelStatus(), UNFINISHED)
    return status, list(highs.getSolution().col_value) if status == "optimal" else []
