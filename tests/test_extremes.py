"""Sizes from a gram to a gigatonne, alone and together: each strand's plan is that of the same strand near 1."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import highspy
import numpy as np
import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import Answer, answer
from cases.extremes import Extreme, draw_extreme
from scipy import sparse
from twin import TwinResult, solve_twin

from sourcing import RunOptions, optimize
from sourcing.answer.audit import verdict_on
from sourcing.answer.solver_warnings import answered
from sourcing.engine.highs import Highs, SolverOptions

if TYPE_CHECKING:
    from pathlib import Path

SAME = 1e-6


def gram_beside_gigatonne(folder: Path) -> Path:
    """Return a question on a plant that needs a gigatonne of oxide and a gram of metal a year."""
    sold = {"offer": "C", "supplier": "Near Ltd", "site": "NEAR", "material": "metal", "price": 1e-3, "capacity": 1}
    tiny_case(
        folder,
        offers=[{**row, "capacity": 1e9} for row in TINY["offers"]] + [sold],
        materials={"metal": {"value": ""}},
        lanes={0: {"transit_days": 0}, 1: {"transit_days": 0}},
        demand=[{**TINY["demand"][0], "quantity": 1e9}, {**TINY["demand"][0], "material": "metal", "quantity": 1e-6}],
        stocks=None,
    )
    return write_question(folder, '[horizon]\nstart = "2027-01"\nperiods = 4\nlength = "quarter"\n')


def money(result: TwinResult) -> float:
    return max(sum(abs(amount) for amount in result.heads.values()), 1e-9)


def totals(own: Answer, objective: str, code: str) -> float:
    """Return what one strand of the plan amounts to."""
    mine = np.array([bool(re.search(rf"\[{code}_", name)) for name in own.formulation.column_names()], bool)
    return float(own.formulation.objectives[objective][mine] @ own.solution.x[mine])


def differences(case: Extreme, own: Answer, twins: dict[str, TwinResult]) -> list[str]:
    """Return in which strands the plan is short of more, or costs more, than what the twin found for it near 1."""
    if any(twin.status == "infeasible" for twin in twins.values()):
        return [] if own.solution.status == "infeasible" else [f"status: {own.solution.status}, the twin infeasible"]
    if own.solution.status != "optimal":
        return [f"status: {own.solution.status}, the twin optimal"]
    found = list(own.verdict.findings)
    for strand in case.strands:
        twin = twins[strand.code]
        short, cost = (totals(own, name, strand.code) / strand.size for name in ("shortage", "cost"))
        if case.objective["shortage"] == "least" and not abs(short - twin.shortage) <= SAME * twin.weighted_demand:
            found.append(f"{strand.code}: shortage {short}, the twin {twin.shortage}")
        # the twin holds shortage with some play, and its own tolerances hide costs below its dearest by 1e9
        play = 2e-9 * twin.weighted_demand * twin.hold_price
        if not -1e-3 * money(twin) <= cost - twin.cost <= SAME * money(twin) + play:
            found.append(f"{strand.code}: cost {cost}, the twin {twin.cost}")
    return found


def compare(case: Extreme, folder: Path) -> list[str]:
    twins = {}
    for strand in case.strands:
        question = case.write(folder / strand.code, [strand.tables])
        twins[strand.code] = solve_twin(folder / strand.code, question)
    own = answer(case.write(folder / "all", [strand.sized() for strand in case.strands]))
    return differences(case, own, twins)


@pytest.mark.parametrize("batch", range(2))
def test_extreme_sizes_when_solved_together_then_every_strand_has_its_own_optimum(batch: int, tmp_path: Path) -> None:
    for number in range(10 * batch, 10 * batch + 10):
        assert compare(draw_extreme(f"x-{number}"), tmp_path / str(number)) == [], number


def test_cheap_disposal_when_beside_a_large_strand_then_does_not_look_free(tmp_path: Path) -> None:
    assert compare(draw_extreme("x-2053"), tmp_path) == []


def test_demand_of_a_gram_when_beside_a_gigatonne_then_is_met_and_its_loss_would_be_noticed(tmp_path: Path) -> None:
    own = answer(gram_beside_gigatonne(tmp_path))
    stock = own.plan.tables["stock"].set_index("material")
    assert stock.loc["oxide", "bought"].sum() == pytest.approx(1e9, rel=1e-9)
    assert stock.loc["metal", "bought"].sum() == pytest.approx(1e-6, rel=1e-9)
    assert stock["short"].sum() == 0
    assert own.verdict.findings == []
    tables = dict(own.plan.tables)
    tables["purchases"] = tables["purchases"][tables["purchases"]["material"] == "oxide"]
    lost = verdict_on(replace(own.plan, tables=tables)).findings
    assert any("Dy metal at Our plant, 2027-Q1: rule balance" in finding for finding in lost)


def test_sizes_far_apart_when_solved_then_the_solver_has_nothing_to_warn_of(tmp_path: Path) -> None:
    plan = optimize(gram_beside_gigatonne(tmp_path), out=tmp_path / "plan")
    log = tmp_path / "plan" / "analyst" / "solver.log"
    assert "Coefficient ranges" in log.read_text("utf-8")
    assert "WARNING" not in log.read_text("utf-8")
    assert not any("solver warned" in note for note in plan.manifest["notes"])


def test_warning_of_the_solver_when_it_stays_then_the_plan_answers_it(tmp_path: Path) -> None:
    log = tmp_path / "solver.log"
    log.write_text("WARNING: Problem has some excessively small bounds on variables\n", "utf-8")
    assert len(answered(log)) == 1
    log.write_text("Model status        : Optimal\n", "utf-8")
    assert answered(log) == []


def test_bound_beyond_reach_when_an_answer_goes_beyond_it_then_it_is_handed_over() -> None:
    highs = Highs(SolverOptions(interruptible=False))
    columns = (np.array([0.0, -4e6]), np.array([3e6, 0.0]))  # a column below 0, as only an analyst adds one
    rows = (np.array([-np.inf]), np.array([1.0]))
    highs.load(sparse.csr_array(np.array([[1.0, 1.0]])), columns, rows, np.zeros(2, bool))
    highs.set_costs(np.array([-1.0, 0.0]))
    assert np.isfinite(highs.units.far)
    assert highs.run().x[0] == pytest.approx(3e6)
    assert np.isinf(highs.units.far)


def test_lower_bound_beyond_reach_when_an_answer_goes_beyond_it_then_it_is_handed_over() -> None:
    highs = Highs(SolverOptions(interruptible=False))
    columns = (np.array([-3e6, 0.0]), np.array([1.0, 5e5]))
    rows = (np.array([-0.5]), np.array([1.0]))
    highs.load(sparse.csr_array(np.array([[1.0, 100.0]])), columns, rows, np.zeros(2, bool))
    highs.set_costs(np.array([1.0, 0.0]))
    assert highs.run().x[0] == pytest.approx(-3e6)


def test_model_when_written_then_is_in_tonnes_whatever_it_is_solved_in(tmp_path: Path) -> None:
    question, path = gram_beside_gigatonne(tmp_path), tmp_path / "model.mps"
    own = answer(question)
    optimize(question, options=RunOptions(write_model=path))
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(path))
    bounds = np.array(highs.getLp().col_upper_)[own.formulation.columns["short"].ids]
    assert sorted(np.unique(bounds)) == pytest.approx([0])  # held: nothing need be short
    capacities = np.array(highs.getLp().row_upper_)[own.formulation.rows["offer"].ids]
    assert capacities == pytest.approx(own.formulation.row_upper[own.formulation.rows["offer"].ids], rel=1e-12)
    highs.run()
    assert highs.getInfo().objective_function_value == pytest.approx(own.total("cost"), rel=1e-9)
