"""Where a search for whole numbers ends that nobody gave a gap: near enough, after nodes that are counted."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import tiny_case, write_question
from scipy import sparse

from sourcing import run
from sourcing.engine import mip_gap, mixed_integer
from sourcing.engine.exact import Searching, search_exactly
from sourcing.engine.highs import Highs, SolverOptions

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.engine.solver_result import Outcome

answering = import_module("sourcing.answer.optimize")
"""The module: the package has a call of the same name."""
COUNT, ROWS = 40, 8


def loaded(options: SolverOptions) -> tuple[Highs, np.ndarray]:
    """Load a choice among things that weigh in several ways: no search ends it at its first node."""
    draw = np.random.default_rng(7)
    weight = draw.integers(10, 60, (ROWS, COUNT)).astype(float)
    highs = Highs(options)
    bounds, rows = (np.zeros(COUNT), np.ones(COUNT)), (np.full(ROWS, -np.inf), weight.sum(axis=1) / 2)
    highs.load(sparse.csr_array(weight), bounds, rows, np.ones(COUNT, bool))
    costs = -draw.integers(10, 60, COUNT).astype(float)
    highs.set_costs(costs)
    return highs, costs


def searched(options: SolverOptions) -> tuple[Outcome, Highs]:
    highs, costs = loaded(options)
    bounds = np.zeros(COUNT), np.ones(COUNT)
    searching = Searching(highs, np.ones(COUNT, bool), costs, bounds, lambda _: highs.run(), highs.run)
    return search_exactly(searching), highs


def gap_of(outcome: Outcome) -> float:
    return (outcome.objective - outcome.bound) / abs(outcome.objective)


@pytest.mark.parametrize("interruptible", [True, False])
def test_search_when_near_enough_after_its_nodes_then_ends_with_the_gap_that_is_left(
    interruptible: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mip_gap, "NODES", 1)
    monkeypatch.setattr(mip_gap, "MOST", 1)
    outcome, highs = searched(SolverOptions(interruptible=interruptible, enough=0.05))
    assert outcome.status == "optimal"
    assert 1e-6 < gap_of(outcome) <= 0.05
    again, _ = searched(SolverOptions(interruptible=interruptible, enough=0.05))
    assert (again.x == outcome.x).all()
    highs.settle_whole()
    assert highs.run().status == "optimal"


def test_search_when_near_enough_before_its_nodes_then_is_proven_to_the_end() -> None:
    outcome, _ = searched(SolverOptions(interruptible=False, enough=0.05, threads=1))
    assert outcome.status == "optimal"
    assert gap_of(outcome) == pytest.approx(0.0, abs=1e-9)


def test_search_when_asked_for_no_gap_then_many_nodes_do_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mip_gap, "NODES", 1)
    outcome, _ = searched(SolverOptions(interruptible=False))
    assert gap_of(outcome) == pytest.approx(0.0, abs=1e-9)


def test_gap_that_is_enough_when_nodes_are_many_then_grows_with_them_up_to_a_limit() -> None:
    nodes = (0, 1_999, 2_000, 3_000, 4_000, 20_000, 80_000)
    assert [mip_gap.near_after(count, 1e-4) for count in nodes] == pytest.approx([0, 0, 1e-4, 1.5e-4, 2e-4, 1e-3, 1e-3])


def test_search_when_more_nodes_were_looked_into_then_may_end_farther_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mip_gap, "NODES", 1)
    outcome, _ = searched(SolverOptions(interruptible=False, enough=0.002))
    assert outcome.status == "optimal"
    assert 0.002 < gap_of(outcome) <= 0.002 * mip_gap.MOST


def test_shortage_when_searched_for_then_is_proven_to_the_end_and_the_cost_near_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    near: list[float] = []
    usual = mixed_integer.search_exactly

    def heard(searching: Searching) -> Outcome:
        near.append(searching.highs.options.enough)
        return usual(searching)

    monkeypatch.setattr(mixed_integer, "search_exactly", heard)
    tiny_case(tmp_path, lot_multiple={"A": 7, "B": 7})
    run.optimize(write_question(tmp_path), options=run.RunOptions(compare=False))
    assert near[:2] == [0.0, 1e-4]


@pytest.mark.parametrize(
    ("written", "given", "gap", "near"),
    [
        ("", None, 0.0, 1e-4),
        ("solver = { gap = 0 }\n", None, 0.0, 0.0),
        ("solver = { gap = 0.02 }\n", None, 0.02, 0.0),
        ("", 0.0, 0.0, 0.0),
        ("solver = { gap = 0.02 }\n", 0.0, 0.0, 0.0),
    ],
)
def test_question_when_it_names_a_gap_then_that_is_kept_to(
    written: str, given: float | None, gap: float, near: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[SolverOptions] = []
    usual = answering.solve

    def heard(model: Any, minimize: Any, options: SolverOptions, *rest: Any) -> Any:
        asked.append(options)
        return usual(model, minimize, options, *rest)

    monkeypatch.setattr(answering, "solve", heard)
    tiny_case(tmp_path)
    run.optimize(write_question(tmp_path, written), options=run.RunOptions(gap=given))
    assert [(options.gap, options.enough) for options in asked] == [(gap, near)]
