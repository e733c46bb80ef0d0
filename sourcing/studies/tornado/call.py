"""Which numbers a plan hangs on, and which is worth checking before its orders are placed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.answer.audit import load_plan
from sourcing.answer.manifest import study_manifest
from sourcing.answer.optimize import Clock, Watch, solver_options
from sourcing.answer.options import RunOptions
from sourcing.answer.solved_again import not_best, solver_of
from sourcing.errors import Fault, QuestionError, StoppedEarly
from sourcing.interrupts import interrupts_passed_on
from sourcing.plan.own_rules import refuse_own_rules
from sourcing.studies.tornado.better_orders import instead
from sourcing.studies.tornado.changed_cells import Nearby
from sourcing.studies.tornado.cold_solve import Answer, solve_anew
from sourcing.studies.tornado.found import Tornado, worth_checking
from sourcing.studies.tornado.inputs import NOT_VARIED
from sourcing.studies.tornado.kept_orders import Until, kept_orders, until
from sourcing.studies.tornado.program import Doubting, doubting
from sourcing.studies.tornado.ranges import KINDS, load_ranges
from sourcing.studies.tornado.swings import ENDS, Pair, Stated, swing_table
from sourcing.tables.problems import did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from sourcing.answer.optimize import Progress
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.plan import Plan
    from sourcing.plan.drafts import Places
    from sourcing.studies.tornado.inputs import Input

SEARCHED = 10
"""Numbers that are searched again where there are whole numbers: so many of either list."""
_NOTHING = 1e-6
"""Part of the cost that orders which are the best may cost more, as limits on squares are kept."""
_STOPPED = "stopped before every number was tried; nothing was written; allow more with --time-limit"


@dataclass(frozen=True)
class Doubts:
    """What a caller may choose: a file of ranges, and kinds of numbers (all if none is named).

    ``change_by`` is the first day on which orders can still be changed; so many as ``top`` of either list are searched
    where there are whole numbers.
    """

    ranges: Path | None = None
    kinds: tuple[str, ...] = ()
    change_by: date | None = None
    top: int = SEARCHED


def tornado(
    folder: str | Path,
    doubts: Doubts | None = None,
    *,
    out: Places | None = None,
    options: RunOptions | None = None,
    progress: Progress | None = None,
) -> Tornado:
    """Solve a plan's question again with each number at either end of its range; write the tables to a folder.

    Parameters
    ----------
    folder : of a stored plan.
    out : as of ``optimize``.

    Raises
    ------
    FaultyInput, StoppedEarly, AuditFailure (a plan behind what is shown), SolverError.
    """
    doubts, options, clock = doubts or Doubts(), options or RunOptions(), Clock(progress)
    with interrupts_passed_on() as heard:
        plan, ranges = load_plan(folder), load_ranges(doubts.ranges)
        refuse_own_rules(plan, "what its numbers are worth")
        day = until(plan, doubts.change_by)
        clock.end("read", plan.case.name)
        solver = replace(solver_options(plan.question, _as_found(plan, options), Watch(clock, heard)), watch=None)
        heard.hold()
        found = _found(doubting(plan, ranges, _known(doubts.kinds)), day, doubts.top, (solver, clock))
        found = replace(found, manifest={**found.manifest, "ranges": ranges.model_dump(by_alias=True)})
        return found if out is None else found.save(out, heard)


def _known(kinds: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        repair = did_you_mean(unknown[0], KINDS, f"the kinds are {listed(KINDS)}")
        raise QuestionError([Fault("--kind", f"'{unknown[0]}' is no kind of number", repair, "QUESTION-221")])
    return kinds or KINDS


def _found(asked: Doubting, day: Until, top: int, how: tuple[SolverOptions, Clock]) -> Tornado:
    solver, clock = how
    if not asked.inputs:
        fact = "no number of these kinds in its tables can be off by these ranges"
        raise QuestionError(
            [Fault(str(asked.plan.folder), fact, "name others with --kind, or wider --ranges", "QUESTION-221")]
        )
    clock.end("build")
    table, manifest = _Trial(asked, day, solver, clock).answered(top)
    clock.end("solve")
    _go_on(solver)
    changed = instead(asked, worth_checking(table, manifest["own_regret"]), day.periods, solver)
    _go_on(solver)
    clock.end("audit")
    fixed = pd.DataFrame(list(NOT_VARIED.items()), columns=["what", "why"])
    tables = {"tornado": table, "instead": changed, "not_varied": fixed}
    manifest |= {"tables": list(tables), "seconds": clock.seconds}
    return Tornado(plan=asked.plan, tables=tables, manifest=manifest)


def _as_found(plan: Plan, options: RunOptions) -> RunOptions:
    """Return the options with the gap that the plan was found with."""
    return replace(options, gap=solver_of(plan).gap) if options.gap is None else options


def _go_on(solver: SolverOptions) -> None:
    """Raise if the time is up or somebody has asked for an end."""
    if solver.seconds <= 0:
        raise StoppedEarly("interrupted; nothing was written" if solver.stop() else _STOPPED)


class _Trial:
    """Every number at either end, with all orders free and with those before the day kept."""

    def __init__(self, asked: Doubting, day: Until, solver: SolverOptions, clock: Clock) -> None:
        self._asked, self._day, self._solver, self._clock = asked, day, solver, clock
        self._held = kept_orders(asked.plan, asked.form, day.periods)
        self._near = Nearby(asked.form, asked.cells, asked.minimize, solver)
        self._stated_relaxed = self._checked(self._near.best)
        self._own = self._own_regret(self._near.anchor(self._held))

    def _own_regret(self, kept: Answer) -> float:
        """Return what keeping the orders costs more already as stated: nothing, for a plan that is the best."""
        more = kept.cost - self._stated_relaxed.cost
        real = more > _NOTHING * max(abs(self._stated_relaxed.cost), 1.0) and not self._asked.form.whole.any()
        return float(more) if real else 0.0

    def answered(self, top: int) -> tuple[pd.DataFrame, dict[str, Any]]:
        """Return the table of all inputs, and what there is to say of how it was found."""
        asked, form = self._asked, self._asked.form
        found = {(each.key, end): pair for each, end, pair in self._tried()}
        stated, least = self._of(self._stated_relaxed, form), asked.minimize[0] == "shortage"
        how = dict.fromkeys((each.key for each in asked.inputs), "solved")
        table = swing_table(asked.inputs, found, stated, how, least=least)
        searched = 0
        if form.whole.any():
            stated = self._of(self._anew(form), form)
            chosen = table[(table["swing_rank"] <= top) | (table["check_rank"] <= top)]["input"]
            how = {key: "searched" if key in set(chosen) else "relaxed" for key in how}
            again = [each for each in asked.inputs if how[each.key] == "searched"]
            searched, found = len(again), {}
            for at, each in enumerate(again, 1):
                self._clock.trying(at, searched)
                found |= {(each.key, end): self._searched(each, end) for end in ENDS}
            table = swing_table(again, found, stated, how, least=least)
        return table, self._manifest(stated, searched)

    def _tried(self) -> Iterator[tuple[Input, str, Pair]]:
        for at, (each, end, change) in enumerate(self._asked.changes(lambda: _go_on(self._solver))):
            _go_on(self._solver)
            if change is None:
                yield each, end, self._searched(each, end)
                continue
            self._clock.trying(at // 2 + 1, len(self._asked.inputs))
            free, kept = self._near.beside(change, self._held)
            yield each, end, self._pair(free, kept, self._asked.form)

    def _searched(self, each: Input, end: str) -> Pair:
        _go_on(self._solver)
        form = self._asked.form_with([(each, getattr(each, end))])
        held = kept_orders(self._asked.plan, form, self._day.periods)
        free = self._anew(form)
        return self._pair(free, self._checked(solve_anew(form, self._asked.minimize, self._solver, held)), form)

    def _anew(self, form: Formulation) -> Answer:
        return self._checked(solve_anew(form, self._asked.minimize, self._solver))

    def _checked(self, answer: Answer) -> Answer:
        """Return an answer that is one: a plan, or that there is none."""
        if answer.status not in {"optimal", "infeasible"}:
            _go_on(self._solver)
            raise StoppedEarly(_STOPPED)
        return answer

    def _pair(self, free: Answer, kept: Answer, form: Formulation) -> Pair:
        short = tuple(_short(self._checked(answer), form) for answer in (free, kept))
        thin = [replace(answer, x=None if answer.x is None else answer.x[:0], solution=None) for answer in (free, kept)]
        return Pair(thin[0], thin[1], (short[0], short[1]))

    def _of(self, answer: Answer, form: Formulation) -> Stated:
        assert answer.x is not None  # a plan is stored, so there is one
        money = float(form.money @ answer.x[: form.shape[1]])
        return Stated(answer.cost, answer.bound, _short(answer, form), answer.shortage, money)

    def _manifest(self, stated: Stated, searched: int) -> dict[str, Any]:
        plan, asked = self._asked.plan, self._asked
        about = {"plan": str(plan.folder), "question": plan.question.question, "case": plan.case.name}
        own = {
            "change_by": self._day.day.isoformat(),
            "periods_kept": self._day.periods,
            "minimize": list(asked.minimize),
            "cost": stated.cost,
            "short": stated.tonnes,
            "not_best": not_best(plan, stated.money),
            "own_regret": self._own,
            "given_up": plan.manifest.get("given_up", []),
            "inputs": len(asked.inputs),
            "kinds": sorted({each.kind for each in asked.inputs}),
            "searched": searched,
            "solves": self._near.solves,
        }
        return study_manifest("tornado", about, own)


def _short(answer: Answer, form: Formulation) -> float:
    block = form.columns.get("short")
    return 0.0 if block is None or answer.x is None else float(answer.x[block.ids].sum())
