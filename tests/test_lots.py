"""Least lots, multiples and costs of each use: what is planned, said, audited and refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import answer

from sourcing.answer.audit import verdict_on
from sourcing.engine.highs import Highs
from sourcing.errors import QuestionError
from sourcing.run import check, explain, optimize

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.engine.solver_result import Outcome
    from sourcing.plan import Plan

CONTAINERS: dict[str, Any] = {"lot_multiple": {"B": 25}, "order_cost": {"B": 50_000}, "capacity": {"A": 0, "B": 4000}}


def plan_of(tmp_path: Path, **changes: Any) -> Plan:
    tiny_case(tmp_path, **changes)
    plan = answer(write_question(tmp_path)).plan
    assert verdict_on(plan).is_clean
    return plan


def ordered(plan: Plan) -> list[float]:
    return plan.tables["purchases"]["tonnes"].round(6).tolist()


def test_case_without_lots_when_planned_then_has_no_whole_numbers_and_nothing_decided(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    own = answer(write_question(tmp_path))
    assert not own.formulation.whole.any()
    assert own.plan.tables["decisions"].empty


def test_containers_when_each_order_costs_then_are_said_and_paid_for(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, **CONTAINERS)
    assert ordered(plan) == [200.0]
    said = plan.tables["decisions"]["words"].tolist()
    assert said == [
        "Far Co Dy oxide (B): 8 times its lot multiple in 2027-Q1",
        "Far Co Dy oxide (B) is used in 2027-Q1",
    ]
    assert plan.tables["cost"].query("head == 'ordering'")["amount"].tolist() == [50_000]
    assert plan.manifest["gap"] == 0


def test_search_when_presolve_loses_the_plan_of_an_earlier_objective_then_finds_it_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, searched = Highs.run, list[str]()

    def lost(highs: Highs) -> Outcome:
        found = run(highs)
        searched.append(found.status)
        return replace(found, status="infeasible", found=False) if len(searched) == 2 else found

    monkeypatch.setattr(Highs, "run", lost)
    plan = plan_of(tmp_path, **CONTAINERS)
    assert ordered(plan) == [200.0]
    assert len(searched) > 2


def test_run_when_a_process_asks_for_200_t_at_a_time_then_it_runs_once(tmp_path: Path) -> None:
    melt = {"process": "melt", "site": "PLANT", "min_run": 200, "run_cost": 1}
    demand = [{"site": "PLANT", "material": "metal", "period": "2027", "quantity": 200}]
    recipes = [
        {"process": "melt", "material": material, "quantity": quantity}
        for material, quantity in (("oxide", -1), ("metal", 1))
    ]
    stocks = [{"site": "PLANT", "material": "oxide", "opening": 200, "closing": 0}]
    plan = plan_of(tmp_path, processes=[melt], recipes=recipes, demand=demand, stocks=stocks)
    assert plan.tables["conversions"]["tonnes"].tolist() == pytest.approx([200])


def test_service_when_two_lanes_sail_together_then_is_paid_once_a_period(tmp_path: Path) -> None:
    lanes = [{**lane, "service": "liner"} for lane in TINY["lanes"]]
    services = [{"service": "liner", "name": "Pacific liner", "min_lot": 30, "order_cost": 1000}]
    plan = plan_of(tmp_path, lanes=lanes, services=services, capacity={"B": 60})
    used = plan.tables["decisions"]
    assert set(used["key"]) == {"service|liner"}
    assert used["words"].str.startswith("Pacific liner (liner) is used in").all()
    sailed = plan.tables["purchases"].groupby("node")["tonnes"].sum()
    assert sailed.index.tolist() == used["node"].tolist()
    assert sailed.min() >= 30 - 1e-6


def test_lane_when_it_asks_for_a_least_lot_then_less_is_never_sent(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, lanes={1: {"min_lot": 45}}, capacity={"A": 0})
    assert min(ordered(plan)) >= 45 - 1e-6
    assert plan.tables["decisions"]["words"].iloc[0] == "Sea lane FAR - Our plant is used in 2027-Q1"


def test_stock_when_a_lot_is_larger_than_what_is_still_needed_then_may_hold_the_rest(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, min_lot={"B": 500}, capacity={"A": 0, "B": 4000})
    assert ordered(plan) == [500.0]
    assert plan.tables["stock"]["end"].iloc[-1] == pytest.approx(300)


def test_least_lot_when_it_is_no_whole_number_of_lots_then_as_many_lots_are_ordered_as_it_takes(tmp_path: Path) -> None:
    """Nothing less than 44 t is both 30 t or more and a multiple of 22 t: no rule may stand in its way."""
    due = [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 4}]
    offers = {"min_lot": {"B": 30}, "lot_multiple": {"B": 22}, "capacity": {"A": 0, "B": 4000}}
    plan = plan_of(tmp_path, **offers, stocks={0: {"opening": 0}}, demand=due)
    assert ordered(plan) == [44.0]
    assert plan.tables["purchases"]["node"].tolist() == [0]


def test_search_when_somebody_watches_then_says_how_far_it_has_come(tmp_path: Path) -> None:
    tiny_case(tmp_path, min_lot={"A": 30, "B": 40}, order_cost={"A": 70_000, "B": 50_000})
    said = []
    plan = optimize(write_question(tmp_path), progress=lambda stage, text: said.append((stage, text)))
    told = [text for stage, text in said if stage == "search"]
    assert told[-1].startswith(f"Solving: best plan so far USD {plan.manifest['objective']['cost']:,.0f}, within 0.0")


def test_lot_when_there_is_no_room_for_it_then_the_explanation_names_its_row(tmp_path: Path) -> None:
    case = {"offers": TINY["offers"][1:], "lanes": TINY["lanes"][1:], "stocks": {0: {"opening": 3.9, "maximum": 1}}}
    due = [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 12}]
    tiny_case(tmp_path, **case, min_lot={"B": 50}, demand=due)
    found = explain(write_question(tmp_path, '[objective]\nshortage = "none"\n'))
    assert any("below the least lot (offers.csv row 2)" in words for words in found.words), found.words


def test_question_without_lots_when_planned_then_orders_any_amount(tmp_path: Path) -> None:
    tiny_case(tmp_path, **CONTAINERS)
    plan = optimize(write_question(tmp_path, 'without = ["lots"]\n'))
    assert plan.tables["decisions"].empty
    assert "ordering" not in set(plan.tables["cost"]["head"])


def test_lot_without_any_bound_when_checked_then_is_refused_with_its_row(tmp_path: Path) -> None:
    sold = [{**TINY["stocks"][0], "disposal_cost": -10}]
    tiny_case(tmp_path, stocks=sold, min_lot={"B": 5}, capacity={"B": None})
    (fault,) = check(write_question(tmp_path)).faults
    assert fault.place == "offers.csv row 3"
    assert "fill in capacity" in fault.repair
    with pytest.raises(QuestionError, match="least lot"):
        optimize(write_question(tmp_path))


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("value", 7.0, "out of balance"),
        ("value", 8.5, "which is no whole number"),
        ("value", 0.0, "the row decides nothing"),
        ("value", 800.0, "the most possible is"),
        ("value", -1.0, "nothing can be less than 0"),
        ("key", "offer|A", "leave nothing of that kind to be decided"),
        ("decision", "used", "is there twice"),
        ("decision", "bought", "leave nothing of that kind to be decided"),
        ("unit", "t", "the plan says unit 't'"),
        ("words", "All is well", "the plan says words 'All is well'"),
        ("period", "2027-Q2", "the calendar says '2027-Q1'"),
        ("node", 1, "the calendar says '2027-Q2'"),
    ],
)
def test_audit_of_a_decision_that_is_wrong_says_so(tmp_path: Path, column: str, value: Any, found: str) -> None:
    plan = plan_of(tmp_path, **CONTAINERS)
    plan.tables["decisions"].loc[0, column] = value  # how many times its multiple is ordered
    findings = verdict_on(plan).findings
    assert any(found in finding for finding in findings), findings


@pytest.mark.parametrize("row", [0, 1])
def test_audit_of_a_decision_taken_out_or_written_twice_says_so(tmp_path: Path, row: int) -> None:
    plan = plan_of(tmp_path, **CONTAINERS)
    whole = plan.tables["decisions"].copy()
    plan.tables["decisions"] = whole.drop(index=row)
    assert not verdict_on(plan).is_clean
    plan.tables["decisions"] = pd.concat([whole, whole.iloc[[row]]], ignore_index=True)
    assert not verdict_on(plan).is_clean
