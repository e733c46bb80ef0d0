"""The product's chain from a question to its audited plan, one step after the other, for tests that look inside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sourcing.answer.audit import terms_of, verdict_on
from sourcing.answer.manifest import manifest_of
from sourcing.answer.options import RunOptions
from sourcing.answer.setting import Setting, network_of
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.marginal_values import Room
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.outcome import Values, plan_tables
from sourcing.plan import Plan
from sourcing.plan.totals import whole
from sourcing.question import load_question
from sourcing.question.edits import apply
from sourcing.replay import Facts, Replay
from sourcing.tables import read_case

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.audit import Verdict
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solve_linear import Solution
    from sourcing.network import Network

QUIET = SolverOptions(interruptible=False)


@dataclass(frozen=True, eq=False)
class Answer:
    """A question and everything the product makes of it, each step made when first asked for."""

    setting: Setting

    @cached_property
    def network(self) -> Network:
        return network_of(self.setting.question, self.setting.case)

    @cached_property
    def formulation(self) -> Formulation:
        return formulate(self.network)

    @cached_property
    def solution(self) -> Solution:
        return solve(to_pyomo(self.formulation), tuple(self.setting.question.objective.minimize), QUIET)

    @cached_property
    def values(self) -> Values:
        return Values(self.formulation, self.solution)

    @cached_property
    def plan(self) -> Plan:
        minimize = self.setting.question.objective.minimize
        room = Room(to_pyomo(self.formulation), self.values.x, minimize, QUIET)
        tables, manifest = plan_tables(self.values, room), manifest_of(self.setting, self.values, RunOptions())
        return Plan(tables, manifest, self.setting.case, self.setting.question)

    @cached_property
    def verdict(self) -> Verdict:
        return verdict_on(self.plan)

    @cached_property
    def facts(self) -> Facts:
        return Facts.of(self.setting.case.tables, terms_of(self.setting.question))

    def total(self, objective: str) -> float:
        """Return what the plan amounts to under an objective: "shortage" (weighted) or "cost" (discounted)."""
        return float(self.formulation.objectives[objective] @ self.solution.x)


def answer(question: Path) -> Answer:
    """Return a question with its case, edits and limits applied."""
    asked = load_question(question)
    return Answer(Setting(asked, apply(asked, read_case(asked.case_path)), []))


def decisions(tables: Any) -> dict[str, dict[tuple[Any, ...], float]]:
    """Return what a plan's tables decide, by kind and key; what is 0 is left out."""
    tables = whole(tables)
    plan = Replay.of({name: tables[name] for name in ("purchases", "shipments", "conversions", "stock", "decisions")})
    kinds = {"buy": plan.buy, "ship": plan.ship, "make": plan.make}
    kinds |= {"hold": plan.hold, "short": plan.short, "dispose": plan.disposed, **plan.decided}
    return {kind: {key: tonnes for key, tonnes in found.items() if tonnes} for kind, found in kinds.items()}
