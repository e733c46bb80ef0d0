"""Until when each option of a plan has to be decided, and what missing that costs, by solving again."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sourcing.answer.audit import load_plan, terms_of
from sourcing.answer.manifest import about, study_manifest
from sourcing.answer.optimize import Clock, Watch, solver_options
from sourcing.answer.options import RunOptions
from sourcing.answer.priorities import without as without_rules
from sourcing.answer.setting import network_of
from sourcing.answer.solved_again import not_best, solver_of
from sourcing.daily.options import options as taken_up
from sourcing.daily.orders import orders
from sourcing.engine.formulation import formulate
from sourcing.errors import StoppedEarly
from sourcing.interrupts import interrupts_passed_on
from sourcing.plan import Plan
from sourcing.plan.own_rules import refuse_own_rules
from sourcing.replay import Facts, Replay
from sourcing.studies.decide.found import UNTRIED, Decisions
from sourcing.studies.decide.missing import Trial
from sourcing.studies.decide.tables import Missed, More, decide_table, misses_table, more
from sourcing.studies.decide.taken_up import NEVER, ways

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.answer.optimize import Progress
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.plan.drafts import Places
    from sourcing.studies.decide.missing import Answer
    from sourcing.studies.decide.taken_up import Later, Way


class _Asked(NamedTuple):
    """A plan, the program of its question, and its options in it."""

    plan: Plan
    form: Formulation
    ways: list[Way]


def decide(
    plan: str | Path | Plan,
    *,
    out: Places | None = None,
    options: RunOptions | None = None,
    progress: Progress | None = None,
) -> Decisions:
    """Find until when each option that a plan takes up can be decided, and what missing that costs; write the tables.

    Each is missed alone, and everything else is planned anew: from the first day, as somebody does who knows of it, and
    with the orders kept that are placed before, as somebody has to who finds out on the day.

    Parameters
    ----------
    plan : a plan, or the folder of a stored one; its question is asked again.
    out : as of ``optimize``.

    Raises
    ------
    QuestionError : PLAN-003 for no plan, or one with an analyst's own rules.
    StoppedEarly, AuditFailure (a plan behind what is shown), SolverError.
    """
    given, clock = options or RunOptions(), Clock(progress)
    with interrupts_passed_on() as heard:
        asked = plan if isinstance(plan, Plan) else load_plan(plan)
        refuse_own_rules(asked, "what missing its options costs")
        clock.end("read", asked.case.name)
        near = replace(given, gap=solver_of(asked).gap) if given.gap is None else given
        solver = replace(solver_options(asked.question, near, Watch(clock, heard)), watch=None)
        heard.hold()
        found = _found(_asked(asked), solver, clock)
        return found.agreed() if out is None else found.save(out, heard)


def _asked(plan: Plan) -> _Asked:
    """Formulate a plan's question again, without the rules that it gives up, and find its options there."""
    form = formulate(network_of(plan.question, plan.case))
    if plan.manifest.get("given_up"):
        form = without_rules(form, pd.DataFrame(plan.manifest["given_up"]))
    facts, replay = Facts.of(plan.case.tables, terms_of(plan.question)), Replay.of(plan.tables)
    return _Asked(plan, form, ways(facts, form, taken_up(facts, replay, orders(facts, replay))))


def _found(asked: _Asked, solver: SolverOptions, clock: Clock) -> Decisions:
    clock.end("build")
    missed: list[Missed] = []
    own: dict[str, Any] = {"solves": 0, "cost": None, "short": None, "together": None, "not_best": "", "findings": []}
    if asked.ways:
        trial = Trial(asked.plan, asked.form, solver)
        for at, way in enumerate(asked.ways, 1):
            clock.trying(at, len(asked.ways))
            missed.append(_in_time(trial, way))
        own |= _told(asked, trial)
    clock.end("solve")
    tables = {"decide": decide_table(missed), "misses": misses_table(missed)}
    who = about(asked.plan.question, asked.plan.case) | {"plan": str(asked.plan.folder or "")}
    own |= {"minimize": list(asked.plan.question.objective.minimize), "tables": list(tables), "seconds": clock.seconds}
    own["untried"] = int((tables["decide"]["never_status"] == UNTRIED).sum())
    own |= {"given_up": asked.plan.manifest.get("given_up", [])}
    return Decisions(plan=asked.plan, tables=tables, manifest=study_manifest("decide", who, own))


def _in_time(trial: Trial, way: Way) -> Missed:
    """Ask what it costs to miss an option, or say that there was no time for it; what was found by then is shown."""
    try:
        return _missed(trial, way)
    except StoppedEarly:
        if trial.is_interrupted:
            raise
        return Missed(way, None, {NEVER: More(UNTRIED, nan, nan)}, {})


def _missed(trial: Trial, way: Way) -> Missed:
    """Ask what it costs to miss an option: for good, by a period, and until when it is of any use.

    The next period is asked first and the last reported one second, then what is between, by halving.
    """
    never = trial.missing([way])
    tried: dict[Later | None, Answer] = {NEVER: never}
    useful = None
    if trial.is_better(trial.best, never):
        low, high = -1, len(way.later)  # of use, and of none
        while high - low > 1:
            middle = {-1: 0, 0: len(way.later) - 1 if len(tried) == 2 else high // 2}.get(low, (low + high) // 2)
            each = way.later[middle]
            tried[each] = trial.missing([way], each.node)
            low, high = (middle, high) if trial.is_better(tried[each], never) else (low, middle)
        useful = way.option.decide_by if low < 0 else way.later[low].day
    beside = {since: more(trial, answer) for since, answer in tried.items()}
    return Missed(way, useful, beside, _unforeseen(trial, way, list(tried)) if useful else {})


def _unforeseen(trial: Trial, way: Way, tried: list[Later | None]) -> dict[Later | None, More]:
    """Ask what the next period, and never, cost whoever finds out on the day: what was ordered before stands."""
    asked = [since for since in tried if way.before and since in {NEVER, *way.later[:1]}]
    return {since: more(trial, trial.missing([way], since and since.node, way.before), way.before) for since in asked}


def _told(asked: _Asked, trial: Trial) -> dict[str, Any]:
    """Return what the manifest says of the solves: the best plan, all options missed at once, what the audit found."""
    return {
        "cost": trial.best.cost,
        "short": trial.best.short,
        "together": _together(trial, asked.ways),
        "solves": trial.solves,
        "not_best": not_best(asked.plan, trial.best.money),
        "findings": trial.findings,
    }


def _together(trial: Trial, every: list[Way]) -> dict[str, Any] | None:
    """Return what it costs to miss all options at once; None for a single one, or where there was no time."""
    if len(every) < 2:
        return None
    try:
        return more(trial, trial.missing(every))._asdict()
    except StoppedEarly:
        if trial.is_interrupted:
            raise
        return None
