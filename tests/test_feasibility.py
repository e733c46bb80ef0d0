"""What proved that a program has no plan is tried on the next one, and only arithmetic says that it proves it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import tiny_case, write_question

from sourcing.answer.infeasibility import giving
from sourcing.answer.setting import ask, network_of
from sourcing.engine import feasibility
from sourcing.engine.evidence import UNDECIDED, missed_least
from sourcing.engine.feasibility import Feasibility
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.session import Session
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.engine.formulation import Formulation

NONE = '[objective]\nshortage = "none"\n'


@pytest.fixture
def solves(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what every first solve ended with, as they are made."""
    found: list[str] = []
    solve = Highs.run_otherwise

    def noted(self: Highs, setting: Any) -> Any:
        outcome = solve(self, setting)
        found.append(outcome.status)
        return outcome

    monkeypatch.setattr(Highs, "run_otherwise", noted)
    return found


def form(tmp_path: Path, name: str, capacity: float, **changes: Any) -> Formulation:
    """Return a formulation of the tiny case in which B can deliver so much, and nothing may be short."""
    folder = tmp_path / name
    folder.mkdir()
    tiny_case(folder, offers={"A": {"capacity": 10}, "B": {"capacity": capacity}}, **changes)
    setting = ask(write_question(folder, NONE))
    return formulate(network_of(setting.question, setting.case))


def test_programs_when_a_ray_of_one_proves_another_then_that_is_not_solved(tmp_path: Path, solves: list[str]) -> None:
    possible = Feasibility(SolverOptions())
    assert not possible.has_plan(form(tmp_path, "first", 20.0))
    assert len(solves) == 1  # by how little it can be missed
    assert not possible.has_plan(form(tmp_path, "less", 15.0))
    assert len(solves) == 1
    assert possible.has_plan(form(tmp_path, "enough", 500.0))
    assert len(solves) == 2
    assert not possible.has_plan(form(tmp_path, "again", 20.0))
    assert len(solves) == 2


def test_program_when_it_has_more_rows_then_a_ray_proves_it_by_their_names(tmp_path: Path, solves: list[str]) -> None:
    possible = Feasibility(SolverOptions())
    first = form(tmp_path, "first", 20.0)
    more = form(tmp_path, "more", 20.0, stocks={0: {"maximum": 1000.0}})
    assert more.shape[0] > first.shape[0]
    assert not possible.has_plan(first)
    assert not possible.has_plan(more)
    assert len(solves) == 1


def test_rules_when_they_are_missed_then_only_by_rows_that_doing_nothing_would_miss(tmp_path: Path) -> None:
    short = form(tmp_path, "short", 20.0)
    program, other = Session.of(short, SolverOptions()).highs.ruled(), Highs(SolverOptions())
    least, ray = missed_least(program, other)
    (low, high), none = program.rows, np.zeros(short.shape[1])
    asked = int(((program.matrix @ none < low) | (program.matrix @ none > high)).sum())
    assert other.matrix.shape[1] == short.shape[1] + asked
    assert 0 < asked < short.shape[0]
    assert least.objective > 1.0
    assert ray is not None


def test_program_when_nothing_proves_what_it_misses_then_is_not_solved_without_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dual simplex was seen to stray for minutes there."""
    short, possible = form(tmp_path, "short", 20.0), Feasibility(SolverOptions())
    monkeypatch.setattr("sourcing.engine.evidence.proving", lambda *_: None)
    monkeypatch.setattr(Highs, "run", lambda _: pytest.fail("solved without an end"))
    assert not possible.has_plan(short)


def test_program_at_the_edge_when_the_solver_cannot_say_then_it_is_undecided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, limits = form(tmp_path, "short", 20.0), []
    least = missed_least(Session.of(short, SolverOptions()).highs.ruled(), Highs(SolverOptions()))[0]
    monkeypatch.setattr(feasibility, "missed_least", lambda *_: (replace(least, objective=2e-7), None))
    monkeypatch.setattr(
        Highs, "run_otherwise", lambda _, setting: limits.append(setting) or replace(least, status="stopped")
    )
    with pytest.raises(SolverError, match="could not decide"):
        Feasibility(SolverOptions()).has_plan(short)
    assert limits == [{"simplex_iteration_limit": feasibility.STEPS}]


def test_changes_when_some_could_not_be_decided_then_the_explanation_says_how_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def undecided(*_: object) -> bool:
        raise SolverError(UNDECIDED)

    tiny_case(tmp_path, offers={"A": {"capacity": 10}, "B": {"capacity": 20}})
    setting = ask(write_question(tmp_path, NONE))
    monkeypatch.setattr(Feasibility, "has_plan", undecided)
    words = giving(setting, "none", SolverOptions(interruptible=False))[0]
    (told,) = (word for word in words if "could not be decided" in word)
    tried, count = (int(number) for number in re.findall(r"\d+", told))
    assert tried == count > 1
