"""What every plan nearly as cheap as the cheapest has in common, and plans that are as different from it as can be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sourcing.answer.audit import load_plan
from sourcing.answer.manifest import about, audited, findings_of, study_manifest
from sourcing.answer.optimize import Clock, Watch, refuse, solver_options
from sourcing.answer.options import RunOptions
from sourcing.answer.priorities import without
from sourcing.answer.setting import Setting
from sourcing.answer.solved_again import not_best, solver_of
from sourcing.engine.formulation import formulate
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.errors import Fault, QuestionError, StoppedEarly
from sourcing.interrupts import interrupts_passed_on
from sourcing.outcome import Values
from sourcing.plan import Plan
from sourcing.plan.own_rules import refuse_own_rules
from sourcing.studies.alternatives.asked import Asked
from sourcing.studies.alternatives.bounded_cost import STOPPED
from sourcing.studies.alternatives.counted import counted
from sourcing.studies.alternatives.found import Alternatives
from sourcing.studies.alternatives.known_plans import Seen
from sourcing.studies.alternatives.most_different import different_plans
from sourcing.studies.alternatives.ranges import ends_of, shares_of
from sourcing.studies.alternatives.tables import (
    Found,
    alternatives_table,
    differences_table,
    own_sums,
    own_tonnes,
    ranges_table,
    worth_of,
)
from sourcing.studies.alternatives.with_integers import near

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.answer.optimize import Progress
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solve_linear import Solution
    from sourcing.plan.drafts import Places
    from sourcing.studies.alternatives.bounded_cost import Near

WITHIN, PLANS, MOST = 0.01, 3, 20
_CODE = "QUESTION-220"


class Wanted(NamedTuple):
    """How much dearer a plan may be (a part of the least cost), and how many different ones are wanted."""

    within: float = WITHIN
    plans: int = PLANS


def alternatives(
    plan: str | Path | Plan,
    wanted: Wanted | None = None,
    *,
    out: Places | None = None,
    options: RunOptions | None = None,
    progress: Progress | None = None,
) -> Alternatives:
    """Find what can come from each supplier and country in any plan nearly as cheap, and plans that are most different.

    Parameters
    ----------
    plan : a stored plan, or its folder; its question is asked again.
    out : as of ``optimize``.

    Raises
    ------
    QuestionError : QUESTION-220 for what cannot be wanted, or a plan that is not proven; PLAN-003 for no plan.
    StoppedEarly, AuditFailure, SolverError.
    """
    wanted, clock = wanted or Wanted(), Clock(progress)
    with interrupts_passed_on() as heard:
        _refuse_wanted(wanted)
        asked = plan if isinstance(plan, Plan) else load_plan(plan)
        _refuse_unproven(asked)
        refuse_own_rules(asked, "plans beside it")
        clock.end("read", asked.case.name)
        heard.hold()
        given = options or RunOptions()
        solver = _solver(asked, given, Watch(clock, heard))
        found = _found(asked, wanted, solver, clock)
        if heard.asked:
            raise StoppedEarly("interrupted; nothing was written")
        return found.agreed() if out is None else found.save(out, heard)


def _solver(plan: Plan, options: RunOptions, watch: Watch) -> SolverOptions:
    """Return how to solve: to the plan's gap, and on one thread unless asked otherwise, as short solves are best."""
    solver = solver_options(plan.question, options, watch)
    return replace(solver, watch=None, gap=solver_of(plan).gap, threads=solver.threads or 1)


def _refuse_wanted(wanted: Wanted) -> None:
    faults = []
    if not 0.0 <= wanted.within < 1.0:
        fact = f"{wanted.within:g} is no part of the cost from 0 % to below 100 %"
        faults.append(Fault("--within", fact, "write it as 1% or 0.01", _CODE))
    if not 1 <= wanted.plans <= MOST:
        faults.append(Fault("--plans", f"{wanted.plans} is not 1 to {MOST}", "ask for 3", _CODE))
    if faults:
        raise QuestionError(faults)


def _refuse_unproven(plan: Plan) -> None:
    place = str(plan.folder or "plan")
    if plan.manifest["status"] != "optimal":
        fact = "the plan was stopped before it was proven, so that nobody knows what is near the cheapest"
        raise QuestionError([Fault(place, fact, "solve it for longer: sourcing optimize --time-limit", _CODE)])
    if not plan.manifest["audit"]["clean"]:
        fact, repair = "the audit disagrees with this plan", "see what it finds: sourcing audit"
        raise QuestionError([Fault(place, fact, repair, _CODE)])


def _found(plan: Plan, wanted: Wanted, solver: SolverOptions, clock: Clock) -> Alternatives:
    held = _near(plan, wanted, solver, clock)
    counts, worth = held.asked.counted, worth_of(plan, held.asked.counted)
    own = own_tonnes(plan, counts)
    sums = own_sums(own, counts)
    seen = Seen(counts, held.asked.solution.x, held.unit)
    ends = ends_of(held, seen)
    found = Found(ends, shares_of(held, seen, ends), seen.dust)
    clock.end("ranges")
    others = different_plans(held, seen, ends, sums)
    clock.end("solve")
    values = tuple(Values(held.asked.formulation, each.solution) for each in others)
    plans = tuple(_plan(plan, each, number, wanted) for number, each in enumerate(values, 1))
    clock.end("tables")
    least = held.asked.solution.level("cost").value
    tonnes = [counts.tonnes(each.x) for each in values]
    costs = [(each, each.solution.level("cost").value) for each in others]
    tables = {
        "ranges": ranges_table(counts, found, own),
        "alternatives": alternatives_table(costs, sums, tonnes, worth, least),
        "differences": differences_table(counts, sums, tonnes, found.dust),
    }
    manifest = _manifest(plan, held, wanted) | {"tables": list(tables), "seconds": clock.seconds}
    manifest["findings"] = findings_of(plans)
    return Alternatives(plan=plan, tables=tables, manifest=manifest, plans=plans, values=values)


def _near(plan: Plan, wanted: Wanted, solver: SolverOptions, clock: Clock) -> Near:
    """Ask the plan's question again, without the rules that it gives up; load what is near enough."""
    setting = Setting(plan.question, plan.case, [])
    formulation = formulate(setting.network)
    if plan.manifest.get("given_up"):
        formulation = without(formulation, pd.DataFrame(plan.manifest["given_up"]))
    model, minimize = ArrayModel(formulation), tuple(plan.question.objective.minimize)
    clock.end("build")
    solution = solve(model, minimize, solver)
    if solution.status != "optimal":
        refuse(setting, solution, solver)
        raise StoppedEarly(STOPPED)
    asked = _asked(plan, model.formulation, solution, wanted)
    held = near(asked, solver)
    clock.end("cheapest")
    return held


def _plan(plan: Plan, values: Values, number: int, wanted: Wanted) -> Plan:
    """Turn a solution into a plan like any other, and have it audited."""
    same = {name: plan.manifest[name] for name in ("options", "notes", "given_up") if name in plan.manifest}
    own = {"number": number, "within": wanted.within, "of": _place(plan)}
    setting = Setting(plan.question, plan.case, [])
    return audited(setting, values, RunOptions(), {**same, "seconds": {}, "alternative": own})


def _asked(plan: Plan, formulation: Formulation, solution: Solution, wanted: Wanted) -> Asked:
    """Return what is near enough; plans are told apart in thousandths of what the plan's arrivals are worth."""
    counts, least = counted(formulation), solution.level("cost").value
    worth = worth_of(plan, counts)
    total = float(worth @ own_sums(own_tonnes(plan, counts), counts))
    weight = 1e3 * worth / total if total > 0 else np.zeros(len(counts))
    most = least + wanted.within * abs(least)
    return Asked(formulation, tuple(plan.question.objective.minimize), solution, counts, most, weight, wanted.plans)


def _manifest(plan: Plan, held: Near, wanted: Wanted) -> dict[str, Any]:
    asked, level = held.asked, held.asked.solution.level("cost")
    rows, columns = asked.formulation.shape
    paid = float(asked.formulation.money @ asked.solution.x)
    own = float(plan.manifest["objective"]["cost"])
    notes = [not_best(plan, paid)]
    if own > paid + (asked.most - level.value) * (1.0 + 1e-6) + 1e-6 * abs(paid):
        notes.append("The plan itself costs more than is near enough: its own tonnes may lie outside the ranges")
    short = [each.value for each in asked.solution.levels if each.name == "shortage"]
    figures = {
        "within": wanted.within,
        "wanted": wanted.plans,
        "cost": level.value,
        "most": asked.most,
        "gap": max((level.value - level.bound) / max(abs(level.value), 1.0), 0.0),
        "whole": bool(asked.formulation.whole.any()),
        "shortage": short[0] if short else None,
        "solves": held.solves + (held.relaxed.solves if held.relaxed is not held else 0),
        "sizes": {"columns": columns, "rows": rows},
    }
    return study_manifest("alternatives", about(plan.question, plan.case) | {"plan": _place(plan)}, figures) | {
        "inputs": dict(plan.manifest["inputs"]),
        "given_up": list(plan.manifest.get("given_up", [])),
        "notes": [note for note in notes if note],
    }


def _place(plan: Plan) -> str:
    return "" if plan.folder is None else str(plan.folder)
