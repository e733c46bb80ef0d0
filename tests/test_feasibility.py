"""What proved that a program has no plan is tried on the next one, and only arithmetic says that it proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import tiny_case, write_question

from sourcing.answer.setting import ask, network_of
from sourcing.engine.feasibility import Feasibility
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import Highs, SolverOptions

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


def form(tmp_path: Path, name: str, capacity: float) -> Formulation:
    """Return a formulation of the tiny case in which B can deliver so much, and nothing may be short."""
    folder = tmp_path / name
    folder.mkdir()
    tiny_case(folder, offers={"A": {"capacity": 10}, "B": {"capacity": capacity}})
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
