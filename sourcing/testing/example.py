"""A question with everything that is made of it: program, plan, audit, and what the checkers read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sourcing.answer.audit import terms_of
from sourcing.answer.optimize import optimize
from sourcing.answer.setting import ask
from sourcing.engine.formulation import formulate
from sourcing.engine.solve_linear import Solution
from sourcing.outcome import Values
from sourcing.question import Question, load_question
from sourcing.replay import Facts, Replay
from sourcing.testing.points import Said, rows_of_checks

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from sourcing.answer.setting import Setting
    from sourcing.engine.formulation import Formulation
    from sourcing.plan import Plan
    from sourcing.tables.case import Source

    Entries = tuple[tuple[int, float], ...]

_NOTHING = 1e-6
"""Tonnes, or part of what meets in a row, that are as good as nothing."""


@dataclass(frozen=True, eq=False)
class Example:
    """A question by its path, over its own case or over another telling of it."""

    question: str | Path | Question
    case: Source | None = None

    @cached_property
    def setting(self) -> Setting:
        """The question and its case after edits."""
        return ask(self.question, self.case)

    @cached_property
    def formulation(self) -> Formulation:
        """The program that all families form."""
        return formulate(self.setting.network)

    @cached_property
    def values(self) -> Values:
        """The program with nothing decided: what its rows are called does not depend on a plan."""
        rows, columns = self.formulation.shape
        return Values(self.formulation, Solution("optimal", np.zeros(columns), np.zeros(rows), (), np.ones(columns)))

    @cached_property
    def facts(self) -> Facts:
        """The tables as the checkers read them."""
        return Facts.of(self.setting.case.tables, terms_of(self.setting.question))

    @cached_property
    def plan(self) -> Plan:
        """The plan of the least cost, audited.

        Raises
        ------
        SourcingError : what ``sourcing.optimize`` raises; AuditFailure if the audit disagrees.
        """
        asked = self.question if isinstance(self.question, Question) else load_question(self.question)
        objective = asked.objective.model_copy(update={"smooth": 0.0})
        return optimize(asked.model_copy(update={"objective": objective}), case=self.case)

    @cached_property
    def kept(self) -> dict[tuple[str, tuple[Any, ...]], Said]:
        """How far the plan keeps each row, as the checkers have it, by rule and key."""
        rows = rows_of_checks(self.facts, Replay.of(self.plan.tables))
        return {name: Said(row.residual, row.scale) for name, row in rows.items()}

    def tight(self, rule: str) -> int:
        """Return how many rows of a rule leave nothing in the plan."""
        return sum(self._leaves_nothing(rule))

    def is_idle(self, rule: str) -> bool:
        """Return whether the plan leaves something in every row of a rule, and there are some.

        Of rows with a yes or no in them one is enough: wherever something is not used they read 0 <= 0.
        """
        nothing, form = self._leaves_nothing(rule), self.formulation
        if rule not in form.rows or not nothing:
            return False
        switched = form.whole[form.matrix[form.rows[rule].ids].indices].any()
        return not all(nothing) if switched else not any(nothing)

    def is_exact(self, rule: str) -> bool:
        """Return whether every row of a rule is an equality, or half of one: those leave nothing in any plan."""
        block = self.formulation.rows.get(rule)
        if not block:
            return False
        return all(low >= high for low, high in (self._held[self._entries(row)] for row in block.ids.tolist()))

    def _entries(self, row: int) -> Entries:
        matrix = self.formulation.matrix
        at = slice(matrix.indptr[row], matrix.indptr[row + 1])
        return tuple(sorted(zip(matrix.indices[at].tolist(), matrix.data[at].tolist(), strict=True)))

    @cached_property
    def _held(self) -> dict[Entries, tuple[float, float]]:
        """Between what each sum of columns is held, by all rows and bounds that are on it."""
        form = self.formulation
        bounds = zip(form.column_lower.tolist(), form.column_upper.tolist(), strict=True)
        held: dict[Entries, tuple[float, float]] = {((column, 1.0),): pair for column, pair in enumerate(bounds)}
        for row, (low, high) in enumerate(zip(form.row_lower.tolist(), form.row_upper.tolist(), strict=True)):
            least, most = held.get(self._entries(row), (low, high))
            held[self._entries(row)] = max(low, least), min(high, most)
        return held

    def _leaves_nothing(self, rule: str) -> list[bool]:
        rows = (said for (name, _), said in self.kept.items() if name == rule)
        return [abs(said.residual) <= _NOTHING * (1.0 + said.scale) for said in rows]

    def amounts(self) -> dict[str, float]:
        """Return what the plan amounts to: its objectives, and what each head of cost comes to (USD)."""
        cost = self.plan.tables["cost"]
        return {**self.plan.manifest["objective"], **cost.groupby("head")["amount"].sum().to_dict()}
