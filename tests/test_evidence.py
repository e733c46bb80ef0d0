"""No plan: only with evidence, whatever the solver says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from cases.chain import answer
from scipy import sparse

from sourcing.audit import Verdict
from sourcing.engine import evidence
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.ray import Ruled, proving
from sourcing.engine.scaling import Units
from sourcing.engine.solve_linear import no_plan
from sourcing.errors import InfeasiblePlan, SolverError
from sourcing.run import optimize
from tests.builders import tiny_case, write_question

if TYPE_CHECKING:
    from sourcing.engine.solver_result import Outcome
    from sourcing.reasons import Explanation

REGRESSIONS = Path(__file__).parent / "regressions"
NONE = '[objective]\nminimize = ["cost"]\nshortage = "none"\n'
PRICED = '[objective]\nminimize = ["cost"]\nshortage = "priced"\n'
LIMITED = NONE + '[[limits]]\nlimit = "less"\nmeasure = "shortage"\nper = "horizon"\nvalue = 0.5\n'
LINEAR: dict[str, Any] = {"capacity": {"A": 200}, "materials": {"oxide": {"shortage_cost": 1e6}}}
LOTS = LINEAR | {"min_lot": {"A": 7}}


def solved(
    matrix: Any, rows: tuple[list[float], list[float]], columns: tuple[list[float], list[float]], whole: bool = False
) -> Outcome:
    highs = Highs(SolverOptions(interruptible=False))
    count = len(columns[0])
    entries = sparse.csr_array(np.array(matrix, float).reshape(len(rows[0]), count))
    sides = tuple(np.array(side, float) for side in rows), tuple(np.array(side, float) for side in columns)
    highs.load(entries, sides[1], sides[0], np.full(count, whole))
    highs.set_costs(np.ones(count))
    return highs.run()


def ruled(matrix: list[list[float]], rows: Any, columns: Any) -> Ruled:
    entries = sparse.csr_array(np.array(matrix, float))
    count = entries.shape
    sides = [tuple(np.array(side, float) for side in pair) for pair in (columns, rows)]
    return Ruled(entries, sides[0], sides[1], Units(np.ones(count[1]), np.ones(count[0])))


# Rays -----------------------------------------------------------------------------------------------------------------


def test_ray_when_what_rows_ask_for_together_cannot_be_then_proves_it_whatever_its_sign() -> None:
    program = ruled([[1, 1], [1, -1]], ([5, 1], [np.inf, 1]), ([0, 0], [3, np.inf]))
    assert proving(program, np.array([1.0, 1.0])) is None
    tight = program._replace(columns=(program.columns[0], np.array([2.9, np.inf])))
    assert proving(tight, np.array([1.0, 1.0])) is not None
    assert proving(tight, np.array([-1.0, -1.0])) == pytest.approx([1.0, 1.0])


def test_ray_when_it_takes_a_side_that_a_row_does_not_have_then_proves_nothing() -> None:
    program = ruled([[1.0]], ([-np.inf], [1]), ([0], [1]))
    assert proving(program, np.array([1.0])) is None


@pytest.mark.parametrize(("missed", "proves"), [(1e-12, False), (1e-6, True)], ids=["rounding", "a gram"])
def test_ray_when_rows_are_missed_then_proves_it_where_that_is_more_than_rounding(missed: float, proves: bool) -> None:
    program = ruled([[1.0]], ([1.0 + missed], [np.inf]), ([0], [1]))
    assert (proving(program, np.array([1.0])) is not None) is proves


def test_ray_when_a_price_is_rounding_at_a_column_without_end_then_takes_the_end_that_rows_imply() -> None:
    rows = [1, 2, -2.9], [np.inf] * 3  # 0.1 + 0.2 - 0.3 is 3e-17 in these numbers, not 0
    assert proving(ruled([[0.1], [0.2], [-0.3]], rows, ([0], [np.inf])), np.ones(3)) is not None
    assert proving(ruled([[0.1], [0.2], [-0.29]], rows, ([0], [np.inf])), np.ones(3)) is None


def test_ray_when_the_end_of_such_a_column_follows_from_one_row_after_another_then_goes_along_them_all() -> None:
    chain = [[0.0] * 9 for _ in range(7)]  # each of eight columns is at most the one before it, and the first at most 4
    for k, row in enumerate(chain):
        row[k], row[k + 1] = -1.0, 1.0
    last = [[*[0.0] * 7, part, more] for part, more in ((0.1, 0.0), (0.2, 1.0), (-0.3, -1.0))]
    sides = [-np.inf] * 7 + [1, 2, -2.9], [0.0] * 7 + [np.inf] * 3
    program = ruled([*chain, *last], sides, ([0.0] * 8 + [-np.inf], [4.0] + [np.inf] * 8))

    assert proving(program, np.array([0.0] * 7 + [1.0] * 3)) is not None


def test_ray_when_rounding_alone_leaves_a_price_at_a_column_without_end_then_is_moved_off_it() -> None:
    # no end follows from the rows, and 0.1 * 3 - 0.3 is 6e-17 in these numbers, not 0
    sides = ([1.0, -0.2], [np.inf] * 2), ([0.0] * 2, [np.inf] * 2)
    program = ruled([[0.1, -1.0], [-0.3, 1.0]], *sides)
    assert proving(program, np.array([3.0, 1.0])) is not None
    apart = ruled([[0.1, -1.0], [-0.29, 1.0]], *sides)
    assert proving(apart, np.array([3.0, 1.0])) is None


def test_limit_by_governance_when_no_mix_of_countries_keeps_it_then_there_is_no_plan() -> None:
    assert answer(REGRESSIONS / "governance-never-met" / "question.toml").solution.status == "infeasible"


# The solver's word ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "program",
    [
        ([], ([100.0], [100.0]), ([], [])),
        ([[0.0]], ([5.0], [5.0]), ([0.0], [1.0])),
        ([[1.0, 1.0]], ([5.0], [5.0]), ([0.0, 0.0], [1.0, 1.0])),
        ([[1.0, 1.0], [1.0, -1.0]], ([5.0, 4.0], [np.inf, np.inf]), ([0.0, 0.0], [4.0, np.inf])),
        ([[1.0]], ([1.0], [2.0]), ([3.0], [2.0])),
    ],
    ids=["no column", "nothing in a row", "one row", "two rows", "bounds that cross"],
)
def test_program_when_nothing_keeps_it_then_is_infeasible_with_a_proof(program: Any) -> None:
    outcome = solved(*program)
    assert outcome.status == "infeasible"
    assert outcome.proof is not None
    assert outcome.proof.kind in {"ray", "bounds"}


@pytest.mark.parametrize(
    "program",
    [([], ([-1.0, 0.0], [100.0, 0.0]), ([], [])), ([], ([], []), ([0.0], [1.0])), ([], ([], []), ([], []))],
    ids=["no column", "no row", "nothing"],
)
def test_program_when_it_is_empty_and_kept_then_is_optimal(program: Any) -> None:
    outcome = solved(*program)
    assert (outcome.status, outcome.objective) == ("optimal", 0.0)


def test_program_when_whole_numbers_alone_forbid_it_then_two_searches_say_so() -> None:
    outcome = solved([[2.0, 4.0]], ([5.0], [5.0]), ([0.0, 0.0], [9.0, 9.0]), whole=True)
    assert outcome.status == "infeasible"
    assert outcome.proof is not None
    assert outcome.proof.kind == "searches"


def test_program_when_impossible_without_whole_numbers_too_then_has_a_ray() -> None:
    outcome = solved([[1.0, 1.0]], ([5.0], [5.0]), ([0.0, 0.0], [1.0, 1.0]), whole=True)
    assert outcome.proof is not None
    assert outcome.proof.kind == "ray"


@pytest.mark.parametrize("question", [NONE, PRICED, LIMITED], ids=["none", "priced", "limited"])
@pytest.mark.parametrize("changes", [LINEAR, LOTS], ids=["linear", "whole"])
@pytest.mark.parametrize("lies", [1, 10_000], ids=["once", "always"])
def test_plan_when_the_solver_calls_it_impossible_then_is_found_or_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, question: str, changes: dict[str, Any], lies: int
) -> None:
    tiny_case(tmp_path, **changes)
    path = write_question(tmp_path, question)
    usual = optimize(path).manifest["objective"]
    status, said = Highs._status, list[str]()

    def lying(highs: Highs) -> str:
        said.append(status(highs))
        return "infeasible" if len(said) <= lies else said[-1]

    monkeypatch.setattr(Highs, "_status", lying)
    if lies > 2:
        with pytest.raises(SolverError, match="could not decide"):
            optimize(path)
    else:
        assert optimize(path).manifest["objective"] == pytest.approx(usual)


def test_solution_when_called_impossible_without_a_proof_then_is_no_answer() -> None:
    with pytest.raises(SolverError, match="could not decide"):
        no_plan("infeasible", None)


def test_program_when_no_ray_comes_with_it_then_the_rows_are_missed_by_as_little_as_can_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Highs, "dual_ray", lambda _: None)
    monkeypatch.setattr(evidence, "lonely", lambda _: None)
    outcome = solved([[1.0, 1.0], [1.0, -1.0]], ([5.0, 4.0], [np.inf, np.inf]), ([0.0, 0.0], [4.0, np.inf]))
    assert outcome.proof is not None
    assert outcome.proof.kind == "ray"


# Cases ----------------------------------------------------------------------------------------------------------------


def explained(fault: str) -> Explanation:
    with pytest.raises(InfeasiblePlan) as none:
        optimize(REGRESSIONS / fault / "question.toml")
    explanation = none.value.explanation
    return explanation  # type: ignore[return-value]


def test_demand_when_nothing_can_bring_the_material_then_there_is_no_plan_and_that_is_said() -> None:
    explanation = explained("B11-empty-model-no-lane")
    assert any("nothing can bring Nd oxide to P" in words for words in explanation.words)
    assert explanation.evidence["rows"] == [{"row": "balance[P,nd,0]", "weight": 1.0}]
    assert "repairs" not in explanation.tables


def test_demand_when_the_only_offer_has_no_capacity_then_there_is_no_plan_and_the_capacity_is_named() -> None:
    explanation = explained("B13-empty-model-cap0")
    assert explanation.tables["repairs"][["place", "column"]].to_numpy().tolist() == [["offers.csv row 2", "capacity"]]
    assert explanation.evidence["kind"] == "ray"


def test_demand_when_it_is_nothing_and_nobody_sells_then_the_empty_plan_is_proven(tmp_path: Path) -> None:
    tiny_case(tmp_path, lanes=None, stocks=None, demand={0: {"quantity": 0}, 1: {"quantity": 0}})
    plan = optimize(write_question(tmp_path, NONE))
    assert plan.manifest["status"] == "optimal"
    assert plan.manifest["audit"]["clean"]
    assert plan.tables["purchases"].empty


def test_repair_when_the_audit_does_not_agree_with_its_plan_then_is_not_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sourcing.answer.infeasibility.verdict_on", lambda _: Verdict(["it does not add up"], 1))
    assert "repairs" not in explained("B13-empty-model-cap0").tables


def test_least_lot_when_it_is_grams_above_the_capacity_then_there_is_no_plan_and_both_are_named() -> None:
    repairs = explained("B19-gram-min-lot").tables["repairs"]
    assert set(repairs["column"]) == {"capacity", "min_lot"}
