"""Answer a question: read, build, solve, audit, write."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sourcing.engine.answer import minimise
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import Solution, load
from sourcing.errors import AuditFailure, InfeasiblePlan, SolverError, StoppedEarly
from sourcing.outcome import Values, plan_tables
from sourcing.plan import Plan
from sourcing.plan.store import new_folder, write_manifest, write_plan, writing
from sourcing.run.analyst import write_duals
from sourcing.run.audit import verdict_on
from sourcing.run.compare import cheapest_of
from sourcing.run.interrupts import Interrupts, on_main_thread
from sourcing.run.manifest import manifest_of
from sourcing.run.options import RunOptions
from sourcing.run.reasons import explain_none
from sourcing.run.setting import Setting, ask, refuse_contradictions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyomo.environ as pyo

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import Highs
    from sourcing.plan.store import Draft
    from sourcing.question import Question

    Progress = Callable[[str, str], None]


class Found(NamedTuple):
    """A solved plan before it has tables: the solver's numbers and the manifest so far."""

    values: Values
    manifest: dict[str, Any]


class Clock:
    """Seconds by stage, and word to whoever watches."""

    def __init__(self, progress: Progress | None) -> None:
        self.seconds: dict[str, float] = {}
        self.began = time.monotonic()
        self._progress = progress
        self._last = time.perf_counter()

    def end(self, stage: str, text: str = "") -> None:
        """End a stage."""
        now = time.perf_counter()
        self.seconds[stage] = now - self._last
        self._last = now
        if self._progress is not None:
            self._progress(stage, text)


def optimize(
    question: str | Path | Question,
    *,
    case: str | Path | None = None,
    out: Path | None = None,
    options: RunOptions | None = None,
    progress: Progress | None = None,
    rules: Callable[[pyo.ConcreteModel], None] | None = None,
) -> Plan:
    """Find the best plan for a question, audit it and write it to a folder.

    Parameters
    ----------
    question, case : by name or by path; the case defaults to the question's own.
    out : a folder that does not exist yet; None writes nothing.
    rules : adds an analyst's own constraints to the Pyomo model before it is solved.

    Raises
    ------
    FaultyInput, InfeasiblePlan (explained), StoppedEarly (no plan was finished), AuditFailure, SolverError.
    """
    options, clock = options or RunOptions(), Clock(progress)
    setting = ask(question, case)
    refuse_contradictions(setting)
    clock.end("read", setting.case.name)
    if out is None:
        return _finished(setting, _found(setting, options, clock, rules), clock)
    with Interrupts() as interrupts, new_folder(out) as draft:
        log = draft.path / "analyst" / "solver.log"
        log.parent.mkdir()
        found = _found(setting, options, clock, rules, log)
        interrupts.finish()
        plan = _finished(setting, found, clock)
        _write(plan, found.values, draft, clock)
    plan = replace(plan, folder=draft.target)
    if not plan.manifest["audit"]["clean"]:
        raise AuditFailure([*plan.manifest["audit"]["findings"], f"the plan is kept in {plan.folder}"])
    return plan


def _write(plan: Plan, values: Values, draft: Draft, clock: Clock) -> None:
    """Write everything; a plan that the audit refuses gets a name that says so."""
    if not plan.manifest["audit"]["clean"]:
        draft.rename("audit-failed")
    with writing(draft.target):
        write_plan(plan, draft.path)
        write_duals(values, draft.path / "analyst")
        clock.end("write")
        write_manifest(plan.manifest, draft.path)


def _found(
    setting: Setting,
    options: RunOptions,
    clock: Clock,
    rules: Callable[[pyo.ConcreteModel], None] | None,
    log: Path | None = None,
) -> Found:
    """Build and solve; return the numbers of the plan and what is to be said of them."""
    question = setting.question
    solver = _solver_options(question, options, clock, log)
    model = to_pyomo(formulate(setting.network))
    if rules is not None:
        rules(model)
    highs, program = load(model, solver)
    clock.end("build")
    formulation = model.formulation
    minimize = tuple(question.objective.minimize)
    solution = minimise(highs, formulation, minimize, program.columns, _writer(options, formulation))
    clock.end("solve")
    _refuse(setting, solution)
    values = Values(formulation, solution)
    manifest = manifest_of(setting, values, options)
    if solution.status == "optimal":
        with suppress(KeyboardInterrupt):  # the plan is found; it is not lost for want of a comparison
            manifest |= cheapest_of(setting, formulation, solver, rules)
    clock.end("compare")
    return Found(values, manifest)


def _finished(setting: Setting, found: Found, clock: Clock) -> Plan:
    """Turn the numbers into tables and have them audited."""
    manifest = found.manifest | {"seconds": clock.seconds}
    plan = Plan(plan_tables(found.values), manifest, setting.case, setting.question)
    clock.end("tables")
    manifest["audit"] = verdict_on(plan).as_dict()
    clock.end("audit")
    return plan


def _writer(options: RunOptions, formulation: Formulation) -> Callable[[Highs], None] | None:
    """Return what writes the model to a file if one is asked for: minimise cost with the least shortage held."""
    path = options.write_model
    if path is None:
        return None
    return lambda highs: highs.write(path, (formulation.column_names, formulation.row_names))


def _solver_options(question: Question, options: RunOptions, clock: Clock, log: Path | None) -> SolverOptions:
    asked = question.solver
    gap = options.gap if options.gap is not None else asked.gap
    limit = options.time_limit or asked.time_limit or math.inf
    threads = options.threads or asked.threads or 0
    return SolverOptions(gap, clock.began + limit, threads, log, interruptible=on_main_thread())


def _refuse(setting: Setting, solution: Solution) -> None:
    """Raise where there is no plan to show."""
    if solution.status == "infeasible":
        raise InfeasiblePlan(explain_none(setting))
    if solution.status == "unbounded":
        message = "the cost can fall without end: an offer or a disposal is paid for and has no capacity; give it one"
        raise SolverError(message)
    if not solution.levels:
        raise StoppedEarly("stopped before any plan was finished; allow more time with --time-limit")
