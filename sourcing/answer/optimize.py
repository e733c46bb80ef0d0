"""Answer a question: read, build, solve, audit, write."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sourcing.answer.audit import with_verdict
from sourcing.answer.infeasibility import explain_none
from sourcing.answer.infeasibility_proofs import told
from sourcing.answer.keep import keep, log_kept, model_file
from sourcing.answer.manifest import manifest_of
from sourcing.answer.options import RunOptions
from sourcing.answer.own_rules import none_with_rules, own_told, with_rules
from sourcing.answer.priorities import weakest, without
from sourcing.answer.setting import Setting, ask, refuse_contradictions
from sourcing.answer.solver_warnings import answered
from sourcing.answer.steady_orders import sliver_of, steady_of, told_of_steadiness, unsmoothed
from sourcing.answer.without_limits import cheapest_of
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.marginal_values import Room
from sourcing.engine.mip_gap import WITHIN
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.errors import AuditFailure, InfeasiblePlan, SolverError, StoppedEarly
from sourcing.interrupts import interrupts_passed_on, on_main_thread
from sourcing.outcome import Values, plan_tables
from sourcing.outcome.certificate import certificate_of, claims_of
from sourcing.plan import Plan
from sourcing.plan.drafts import new_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pyomo.environ as pyo

    from sourcing.answer.keep import Writer
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solve_linear import Solution
    from sourcing.interrupts import Interrupts
    from sourcing.plan.drafts import Places
    from sourcing.question import Question
    from sourcing.tables.case import Source

    Progress = Callable[[str, str], None]


_NOT_COMPARED = "Stopped before a plan without the question's limits was found to compare with; this plan is proven."
_TOO_LONG = (
    "It took longer than the plan itself to find a plan without the question's limits to compare with; "
    "this plan is proven."
)
_SPENT = (
    "What more room is worth was not found for every rule shown: to solve so large a program again takes too long; "
    'a worth "at most" is what the prices say.'
)
SECONDS = 5.0
"""What a plan to compare with may take in any case, however soon the plan itself was found."""
_INTERRUPTED = "interrupted; nothing was written"
_NO_TIME = "the time limit has passed; no plan was written; allow more with --time-limit"


class Found(NamedTuple):
    """A solved plan before it has tables: the solver's numbers, the manifest so far, and the program to solve again."""

    values: Values
    manifest: dict[str, Any]
    room: Room | None = None
    certificate: dict[str, Any] | None = None


class Watch(NamedTuple):
    """Who looks on while a model is built and solved: the clock, the keyboard, and the log that is kept."""

    clock: Clock
    heard: Interrupts
    log: Path | None = None


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
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self._last = now
        if self._progress is not None:
            self._progress(stage, text)

    def searching(self, objective: str, best: float, bound: float) -> None:
        """Say how far a search for whole numbers has come; ``best`` is infinite while there is no plan."""
        if self._progress is None:
            return
        found = "best plan so far" if objective == "cost" else "least shortage so far"
        found += f" USD {best:,.0f}" if objective == "cost" else ""
        gap = (best - bound) / max(abs(best), 1.0)
        proven = f", within {gap:.2%} of what is possible" if math.isfinite(gap) else ""
        self._progress("search", f"Solving: {found}{proven}" if math.isfinite(best) else "Solving: no plan yet")

    def trying(self, number: int, of: int) -> None:
        """Say how many of many questions have been asked."""
        if self._progress is not None:
            self._progress("search", f"number {number} of {of}")


def optimize(
    question: str | Path | Question,
    *,
    case: Source | None = None,
    out: Places | None = None,
    options: RunOptions | None = None,
    progress: Progress | None = None,
    rules: Callable[[pyo.ConcreteModel], None] | None = None,
) -> Plan:
    """Find the best plan for a question, audit it and, if there is an ``out``, write it to that folder.

    Its ``manifest["status"]`` is "optimal" if it is proven to the gap asked for, "stopped" if the time was up first.

    Parameters
    ----------
    question, case : by name or by path; the case defaults to the question's own.
    out : a folder that does not exist yet, or several, of which the first free one is taken; None writes nothing.
    rules : adds an analyst's own constraints to the Pyomo model before it is solved.

    Raises
    ------
    FaultyInput, InfeasiblePlan (explained), StoppedEarly (no plan was finished), SolverError.
    AuditFailure : the audit disagrees; the plan is kept under a name that says so, without ``out`` in the exception.
    KeyboardInterrupt : Ctrl-C; with ``out``, what was found by then is kept there.
    """
    options, clock = options or RunOptions(), Clock(progress)
    with interrupts_passed_on() as heard:
        setting = ask(question, case)
        refuse_contradictions(setting)
        clock.end("read", setting.case.name)
        if out is None:
            return _agreed(_finished(setting, _found(setting, options, Watch(clock, heard), rules), clock))
        with new_folder(out) as draft:
            with log_kept(draft, heard) as log:
                found = _found(setting, options, Watch(clock, heard, log), rules)
            plan = _finished(setting, found, clock)
            keep(plan, found.values, draft, heard, lambda: clock.end("write"))
    return _agreed(replace(plan, folder=draft.target))


def _agreed(plan: Plan) -> Plan:
    """Return a plan that the audit agrees with.

    Raises
    ------
    AuditFailure : it does not.
    """
    verdict = plan.manifest["audit"]
    if verdict["clean"]:
        return plan
    if plan.folder is None:
        raise AuditFailure(list(verdict["findings"]), plan)
    raise AuditFailure([*verdict["findings"], f"the plan is kept in {plan.folder}"])


def _found(
    setting: Setting, options: RunOptions, watch: Watch, rules: Callable[[pyo.ConcreteModel], None] | None
) -> Found:
    """Build and solve; return the numbers of the plan and what is to be said of them."""
    question = setting.question
    solver = solver_options(question, options, watch)
    exact = replace(solver, log=None, gap=0.0)
    if options.gap is None and question.solver.gap is None:
        solver = replace(solver, enough=WITHIN)
    asked, changed = with_rules(formulate(setting.network), rules)
    with model_file(options.model_file) as write:
        solution, model = _solved(asked, question, watch, (solver, write))
        given_up = weakest(model.formulation, solution, question.objective.minimize, solver)
        if given_up:
            watch.clock.end("priorities")
            rest = without(model.formulation, pd.DataFrame(given_up))
            solution, model = _solved(rest, question, watch, (solver, write))
    watch.clock.end("solve")
    own = own_told(model.formulation, changed)
    if own and solution.status == "infeasible":
        raise InfeasiblePlan(none_with_rules(setting, model.formulation, changed, exact))
    refuse(setting, solution, solver, model.formulation)
    values = Values(model.formulation, solution)
    manifest = manifest_of(setting, values, options) | own | ({"given_up": given_up} if given_up else {})
    sliver = sliver_of(question.objective, values.formulation)
    manifest |= told_of_steadiness(values, sliver)
    manifest["notes"] += [*answered(watch.log), *unsmoothed(question.objective, values.formulation)]
    certificate = certificate_of(values, solver, sliver)
    manifest["claims"] = claims_of(certificate)
    watch.clock.end("certificate")
    if solution.status == "optimal":
        manifest |= _compared(setting, model.formulation, (solver, options, watch.clock), manifest)
    else:
        manifest["notes"] = [*manifest["notes"], _unproven(solution, question.objective.minimize, solver)]
    watch.clock.end("compare")
    proven = solution.status == "optimal"
    room = Room(model, values.cheapest, question.objective.minimize, solver, solution.basis) if proven else None
    return Found(values, manifest, room, certificate)


def _solved(
    formulation: Formulation,
    question: Question,
    watch: Watch,
    how: tuple[SolverOptions, Writer | None],
) -> tuple[Solution, ArrayModel]:
    """Hand a program over and minimise; write the model to a file where that is asked for.

    Return the model as it was solved in the end, with the tangents that it took.
    """
    solver, write = how
    model = ArrayModel(formulation)
    watch.clock.end("build")
    watch.heard.hold()
    before_last = None if write is None else lambda highs: write(highs, model.formulation)
    steady = steady_of(formulation, sliver_of(question.objective, formulation))
    return solve(model, tuple(question.objective.minimize), solver, before_last, steady), model


def _compared(
    setting: Setting,
    formulation: Formulation,
    how: tuple[SolverOptions, RunOptions, Clock],
    manifest: dict[str, Any],
) -> dict[str, Any]:
    """Return what the comparison adds to the manifest: its figures, or a note that there was no time for it.

    It may take as long as the plan itself took, and a few seconds in any case. The plan does not depend on it.
    """
    solver, options, clock = how
    if not options.compare:
        return {}
    until = time.monotonic() + max(time.monotonic() - clock.began, SECONDS)
    found = cheapest_of(setting, formulation, replace(solver, deadline=min(until, solver.deadline)), manifest)
    if found is not None:
        return found
    return {"notes": [*manifest["notes"], _NOT_COMPARED if solver.seconds <= 0 else _TOO_LONG]}


def _unproven(solution: Solution, minimize: Sequence[str], solver: SolverOptions) -> str:
    """Say what of a plan is proven and what is not, and what there is to do about it."""
    near = {
        level.name for level in solution.levels if math.isclose(level.value, level.bound, rel_tol=1e-6, abs_tol=1e-6)
    }
    done, open_ = ([name for name in minimize if (name in near) == proven] for proven in (True, False))
    words = [f"{' and '.join(done)} cannot be less"] if done else []
    words += [f"{' and '.join(open_)} may be"] if open_ else []
    if solver.seconds <= 0:
        return f"Stopped before proof: {', '.join(words)}; let it run longer for a better plan."
    spans = [f"{level.name} is {level.value:,.9g}, proven is {level.bound:,.9g}" for level in solution.levels]
    return (
        f"Not proven, however the solver searched: {', '.join(words)} ({'; '.join(spans)}); "
        "allow a gap with --gap, or look for numbers that are very large or very small beside each other."
    )


def _finished(setting: Setting, found: Found, clock: Clock) -> Plan:
    """Turn the numbers into tables and have them audited."""
    manifest = found.manifest | {"seconds": clock.seconds}
    tables = plan_tables(found.values, found.room)
    if found.room is not None and found.room.spent:
        manifest["notes"] = [*manifest["notes"], _SPENT]
    plan = Plan(tables, manifest, setting.case, setting.question, certificate=found.certificate)
    clock.end("tables")
    plan = with_verdict(plan)
    clock.end("audit")
    return plan


def solver_options(question: Question, options: RunOptions, watch: Watch) -> SolverOptions:
    """Return how to solve: as asked for, and as the question says where that is blank."""
    asked = question.solver
    gap = (options.gap if options.gap is not None else asked.gap) or 0.0
    limit = options.time_limit or asked.time_limit or math.inf
    threads = options.threads or asked.threads or 0
    deadline, heard = watch.clock.began + limit, watch.heard
    searching = watch.clock.searching
    return SolverOptions(gap, deadline, threads, watch.log, on_main_thread(), lambda: heard.asked, searching)


def refuse(setting: Setting, solution: Solution, solver: SolverOptions, formulation: Formulation | None = None) -> None:
    """Raise where there is no plan to show; ``formulation`` is what was solved, for the names in a proof of that."""
    if solution.status == "infeasible":
        assert solution.proof is not None  # a solution is not "infeasible" without
        options = replace(solver, gap=0.0, enough=0.0, log=None)
        raise InfeasiblePlan(explain_none(setting, options, told(solution.proof, formulation)))
    if solution.status == "unbounded":
        message = "the cost can fall without end: an offer or a disposal is paid for and has no capacity; give it one"
        raise SolverError(message)
    if not solution.levels:
        raise StoppedEarly(_INTERRUPTED if solver.stop() else _NO_TIME)
