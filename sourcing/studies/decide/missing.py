"""Cost of delay: the question of a plan solved again with an option taken up later, or never."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.answer.manifest import audited
from sourcing.answer.options import RunOptions
from sourcing.answer.placed_orders import placed_orders
from sourcing.answer.setting import Setting
from sourcing.engine.session import solver_of_variants
from sourcing.errors import StoppedEarly
from sourcing.outcome import Values
from sourcing.studies.decide.found import NO_PLAN, SOLVED
from sourcing.studies.decide.taken_up import NEVER, is_held, keeping, without

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.plan import Plan
    from sourcing.studies.decide.taken_up import Way

_NOTHING, _SAME = 1e-6, 1e-7
"""Weighted t, and part of the cost, by which two plans may differ and be alike."""
STOPPED = "stopped before every option was tried; nothing was written; allow more with --time-limit"


class Answer(NamedTuple):
    """What the best plan comes to: weighted and plain t short, cost as minimised (USD at today's value), and its bound.

    ``money`` is what of the cost is paid. ``status`` is "no plan" where there is none; all else is infinite then.
    """

    status: str
    weighted: float = np.inf
    short: float = np.inf
    cost: float = np.inf
    bound: float = np.inf
    money: float = np.inf


class Trial:
    """The question of a plan, at hand to be solved again and again; every plan is audited.

    ``solves`` counts the solves, each for all objectives; ``findings`` are what the auditor finds in any plan.
    """

    def __init__(self, plan: Plan, form: Formulation, solver: SolverOptions) -> None:
        self._plan, self._form, self._solver = plan, form, solver
        self._minimize = tuple(plan.question.objective.minimize)
        self._solved = solver_of_variants(form, self._minimize, solver)
        self.solves = 0
        self.findings: list[str] = []
        self.best = self.missing(())
        self._keeping = {0: self.best}

    def missing(self, missed: Sequence[Way], since: int | None = NEVER, kept: int = 0) -> Answer:
        """Return the best plan in which some options are not taken up before a period, or never.

        Parameters
        ----------
        kept : how many of the first periods' orders, and what is signed or begun there, are those of the plan.

        Raises
        ------
        StoppedEarly : the time is up, or somebody has asked for an end.
        """
        form = without(self._form, missed, since)
        if kept:
            form = keeping(form, placed_orders(self._plan, form, kept), missed)
        if is_held(form):
            return Answer(NO_PLAN)
        self._go_on()
        self.solves += 1
        solution = self._solved(form)
        if solution.status == "infeasible":
            return Answer(NO_PLAN)
        if solution.status != "optimal":
            self._go_on()
            raise StoppedEarly(STOPPED)
        values = Values(form, solution)
        self._audit(values)
        level, short = solution.level("cost"), form.columns.get("short")
        tonnes = 0.0 if short is None else float(values.x[short.ids].sum())
        weighted = float(form.objectives["shortage"] @ values.x)
        bound, money = min(level.bound, level.value), float(form.money @ values.x)
        return Answer(SOLVED, weighted, tonnes, level.value, bound, money)

    def best_keeping(self, kept: int) -> Answer:
        """Return the best plan that keeps the orders of the first periods; it is found once."""
        if kept not in self._keeping:
            self._keeping[kept] = self.missing((), NEVER, kept)
        return self._keeping[kept]

    def is_better(self, one: Answer, other: Answer) -> bool:
        """Say whether one plan is better than another as the question weighs them, by more than is left unproven."""
        if one.status != other.status:
            return other.status == NO_PLAN
        if one.status == NO_PLAN:
            return False
        if self._minimize[0] == "shortage" and abs(one.weighted - other.weighted) > _NOTHING * (1.0 + other.weighted):
            return one.weighted < other.weighted
        return other.cost - one.cost > self.noise(one, other)

    @staticmethod
    def tonnes(short: float) -> float:
        """Return t of which a solver's last digits are none."""
        return short if abs(short) > _NOTHING else 0.0

    @staticmethod
    def noise(*answers: Answer) -> float:
        """Return the USD by which plans may differ and nobody knows that they do."""
        return sum(each.cost - each.bound + _SAME * max(abs(each.cost), 1.0) for each in answers)

    def _audit(self, values: Values) -> None:
        told = self._plan.manifest
        same = {name: told[name] for name in ("options", "notes", "given_up") if name in told}
        setting = Setting(self._plan.question, self._plan.case, [])
        plan = audited(setting, values, RunOptions(), {**same, "seconds": {}})
        self.findings += plan.manifest["audit"]["findings"]

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return self._solver.seconds <= 0

    @property
    def is_interrupted(self) -> bool:
        """Whether somebody has asked for an end."""
        return bool(self._solver.stop())

    def _go_on(self) -> None:
        if self.is_over:
            raise StoppedEarly("interrupted; nothing was written" if self._solver.stop() else STOPPED)
