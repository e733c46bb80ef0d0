"""Location cases: one relaxation proves the search's bound, tells which plans need no trial, and certifies the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from benchmarks.locations import draw, write
from sourcing.answer.setting import ask
from sourcing.audit.check_certificate import Certificate
from sourcing.engine import exact, large_search, mixed_integer, tight_relaxation
from sourcing.engine import relaxed as certifying
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.engine.tight_relaxation import relax
from sourcing.outcome import Values
from sourcing.outcome.certificate import certificate_of
from tests.test_tight_relaxation import CUSTOMERS, SITES, location, solved

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solve_linear import Solution

QUIET = SolverOptions(threads=1, interruptible=False)


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take these small cases for large ones."""
    for module in (large_search, mixed_integer, certifying):
        monkeypatch.setattr(module, "LARGE", 1)


def planned(kind: str, folder: Path, minimize: tuple[str, ...] = ("cost",)) -> tuple[Formulation, Solution]:
    form = formulate(ask(write(draw(kind, 8, 25), folder), None).network)
    return form, solve(ArrayModel(form), minimize, QUIET)


@pytest.mark.parametrize("minimize", [("cost",), ("shortage", "cost")])
@pytest.mark.parametrize("kind", ["open", "median", "room"])
def test_certificate_when_the_search_began_with_the_relaxation_then_it_is_not_solved_again(
    kind: str, minimize: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, solution = planned(kind, tmp_path, minimize)
    asked, values = list[str](), Values(form, solution)
    monkeypatch.setattr(certifying, "relax", lambda *given: asked.append("again") or relax(*given))
    found = certificate_of(values, QUIET)
    assert Certificate(found).findings == []
    assert asked == []
    monkeypatch.setattr(certifying, "LARGE", 10**9)
    without = tuple(replace(level, relaxed=None) for level in solution.levels)
    anew = certificate_of(Values(form, replace(solution, levels=without)), QUIET)
    for own, other in zip(found["levels"], anew["levels"], strict=True):
        assert own["claim"] == other["claim"]
        assert own["bound"] == pytest.approx(other["bound"], rel=1e-6)


def test_certificate_when_the_search_claims_more_than_its_duals_prove_then_they_are_found_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, solution = planned("room", tmp_path)
    (level,) = solution.levels
    assert level.relaxed is not None
    spoilt = replace(level, relaxed=level.relaxed._replace(dual=level.relaxed.dual * 0.5))
    asked = list[str]()
    monkeypatch.setattr(certifying, "relax", lambda *given: asked.append("again") or relax(*given))
    found = certificate_of(Values(form, replace(solution, levels=(spoilt,))), QUIET)
    assert asked == ["again"]
    assert found["levels"][0]["bound"] == pytest.approx(level.relaxed.bound, rel=1e-6)


def test_certificate_when_the_search_was_stopped_then_it_has_what_the_relaxation_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*given: Any) -> exact.Outcome:
        found = large_search.search_large(*given)
        assert found is not None
        return replace(found, status="stopped")

    monkeypatch.setattr(mixed_integer, "search_large", stopped)
    form, solution = planned("room", tmp_path)
    assert solution.status == "stopped"
    found = certificate_of(Values(form, solution), replace(QUIET, deadline=0.0))
    (level,) = found["levels"]
    assert Certificate(found).findings == []
    assert 0.9 * level["value"] < level["bound"] <= level["value"]


@pytest.mark.parametrize(("capacity", "tried"), [(np.inf, False), (90.0, True)])
def test_decisions_when_the_relaxation_proves_the_plan_then_none_is_tried_without(
    capacity: float, tried: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, rows = location(2, capacity)
    highs, asked = Highs(QUIET), list[str]()
    highs.load(program.matrix, program.columns, program.rows, program.whole)
    highs.set_costs(program.costs)
    trying = exact._Search._take_without_one
    monkeypatch.setattr(exact._Search, "_take_without_one", lambda own, box: asked.append("tried") or trying(own, box))

    def run(bounds: exact.Bounds) -> exact.Outcome:
        found = large_search.search_large(program._replace(columns=bounds), rows, QUIET)
        assert found is not None
        return found

    searching = exact.Searching(highs, program.whole, program.costs, program.columns, run, highs.run, once=True)
    found = exact.search_exactly(searching)
    assert found.status == "optimal"
    assert found.objective == pytest.approx(solved(program, program.whole), rel=1e-6)
    assert bool(asked) == tried


def test_relaxation_when_only_tight_rows_hold_what_is_paid_for_then_they_are_there_from_the_beginning() -> None:
    program, rows = location(3)
    costs = program.costs.copy()
    costs[0] = -50.0  # who takes goods there is paid, as far as the row of the way lets them
    lower, upper = program.rows
    program = program._replace(costs=costs, rows=(lower, np.where(np.arange(len(upper)) == 0, np.inf, upper)))
    said, _ = tight_relaxation.implied(program, rows)
    assert said.sum() == SITES
    alone = program.only(~rows & ~said)
    highs = Highs(QUIET)
    highs.load(alone.matrix, alone.columns, alone.rows, np.zeros(len(program.whole), bool))
    highs.set_costs(program.costs)
    assert highs.run().status == "unbounded"
    found = relax(program, rows, QUIET)
    assert found.status == "optimal"
    assert found.bound == pytest.approx(solved(program, np.zeros(len(program.whole), bool)), rel=1e-6)
    assert len(found.dual) == CUSTOMERS + SITES + SITES * CUSTOMERS
