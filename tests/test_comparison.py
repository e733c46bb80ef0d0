"""The cheapest plan without the question's limits: how long and how exactly it is looked for, and what is said."""

from __future__ import annotations

import time
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from builders import tiny_case, write_question

from sourcing import run
from sourcing.engine.solve import solve
from sourcing.report.reasons import _against

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

compare, answering = (import_module(f"sourcing.answer.{name}") for name in ("without_limits", "optimize"))
"""The modules: the package has calls of the same names."""

HALF = '[[limits]]\nlimit = "half"\nmeasure = "share"\nby = "country"\nmember = "CHN"\nvalue = 0.5\n'
LOTS = {"offers": {"B": {"lot_multiple": 7}}}


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    tiny_case(tmp_path, **LOTS)
    return write_question(tmp_path, HALF)


def test_comparison_when_whole_numbers_are_searched_then_a_tenth_of_a_per_cent_is_enough(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []

    def heard(model: Any, minimize: Any, options: Any) -> Any:
        given.append(options)
        return solve(model, minimize, options)

    monkeypatch.setattr(compare, "solve", heard)
    began = time.monotonic()
    plan = run.optimize(asked)
    (options,) = given
    assert (options.gap, options.enough) == (1e-3, 0.0)
    assert options.deadline <= time.monotonic() + max(time.monotonic() - began, answering.SECONDS)
    assert plan.manifest["cheapest_cost"] < plan.manifest["objective"]["cost"]


def test_comparison_when_not_wanted_then_is_not_looked_for_and_not_missed(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "solve", None)
    plan = run.optimize(asked, options=run.RunOptions(compare=False))
    assert "cheapest_cost" not in plan.manifest
    assert not any("compare" in note for note in plan.manifest["notes"])


def test_comparison_when_it_takes_longer_than_the_plan_then_is_left_and_the_plan_is_the_same(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run.optimize(asked)
    monkeypatch.setattr(compare, "solve", lambda *_: replace(solve_stopped(), status="stopped"))
    cut = run.optimize(asked)
    assert "cheapest_cost" not in cut.manifest
    assert any("took longer than the plan itself" in note for note in cut.manifest["notes"])
    assert cut.tables["purchases"].equals(whole.tables["purchases"])


def solve_stopped() -> Any:
    from sourcing.engine.solve_linear import no_plan

    return no_plan("stopped", None)


def found_within(asked: Path, monkeypatch: pytest.MonkeyPatch, times: float, bound: float) -> Plan:
    """Return a plan with a comparison that costs some times what it does, of which a part is proven."""

    def dearer(model: Any, minimize: Any, options: Any) -> Any:
        found = solve(model, minimize, options)
        levels = tuple(replace(level, value=level.value, bound=level.value * bound) for level in found.levels)
        return replace(found, x=found.x * times, levels=levels)

    monkeypatch.setattr(compare, "solve", dearer)
    return run.optimize(asked)


def test_comparison_when_found_within_a_gap_then_the_screen_says_so(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "(found within 0.05 %)" in _against(found_within(asked, monkeypatch, 1.0, 0.9995))
    assert "found within" not in _against(found_within(asked, monkeypatch, 1.0, 1.0))


def test_comparison_when_the_plan_itself_is_cheaper_then_it_is_its_own_comparison(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = found_within(asked, monkeypatch, 2.0, 0.9995)
    assert plan.manifest["cheapest_cost"] == plan.manifest["objective"]["cost"]
    assert "+0.0 %" in _against(plan)
