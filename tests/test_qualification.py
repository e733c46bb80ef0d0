"""Qualification: what is started, when it is approved, what it costs, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, findings, tiny_case, write_question
from cases.chain import Answer, answer

from sourcing.errors import DataError, QuestionError
from sourcing.families.qualification.screen import start_qualifying
from sourcing.report.console import render_plan
from sourcing.run import check, explain, optimize

if TYPE_CHECKING:
    from pathlib import Path

QUARTERS = ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4", "2028-Q1", "2028-Q2", "2028-Q3", "2028-Q4"]


def ask(tmp_path: Path, text: str = "", **changes: Any) -> Answer:
    tiny_case(tmp_path, **changes)
    own = answer(write_question(tmp_path, text))
    assert own.solution.status == "optimal"
    assert own.verdict.is_clean
    return own


def bought(own: Answer, offer: str) -> list[int]:
    """Return the periods in which an offer is ordered."""
    table = own.plan.tables["purchases"]
    return sorted(set(table.loc[table["offer"] == offer, "node"]))


def said(own: Answer) -> list[str]:
    return own.plan.tables["decisions"]["words"].tolist()


def test_case_without_qualifications_when_planned_then_has_no_whole_numbers(tmp_path: Path) -> None:
    own = ask(tmp_path)
    assert not own.formulation.whole.any()
    assert not {"qualified", "once"} & set(own.formulation.rows)


def test_cheap_offer_when_it_saves_more_than_it_costs_then_is_started_paid_for_and_said(tmp_path: Path) -> None:
    own = ask(tmp_path, qualifications=[{"offer": "B", "cost": 250_000, "days": 120.5}])
    assert min(bought(own, "B")) == 2
    assert said(own) == ["Start qualifying Far Co Dy oxide (B) in 2027-Q1: approved by 2027-05-02"]
    paid = own.plan.tables["cost"].query("head == 'qualification'")
    assert paid[["node", "amount"]].to_numpy().tolist() == [[0, 250_000]]


@pytest.mark.parametrize(("days", "first"), [(0, 0), (89, 1), (90, 1), (91, 2)])
def test_approval_when_it_comes_on_the_first_day_of_a_period_then_counts_for_it(
    tmp_path: Path, days: float, first: int
) -> None:
    own = ask(tmp_path, qualifications=[{"offer": "B", "days": days}], stocks=None)
    assert min(bought(own, "B")) == first


def test_offer_when_its_qualification_costs_more_than_it_saves_then_is_left(tmp_path: Path) -> None:
    own = ask(tmp_path, qualifications=[{"offer": "B", "cost": 1e8, "days": 0}], capacity={"A": 500})
    assert bought(own, "B") == []
    assert said(own) == []


def test_two_candidates_when_the_cheap_one_takes_longer_then_both_are_started_and_one_is_kept(tmp_path: Path) -> None:
    terms = [{"offer": "A", "cost": 100_000, "days": 80}, {"offer": "B", "cost": 200_000, "days": 360}]
    own = ask(tmp_path, qualifications=terms, capacity={"A": 500}, stocks={0: {"opening": 70}})
    assert len(said(own)) == 2
    assert max(bought(own, "A")) < min(bought(own, "B")) == 4


def test_screen_when_something_is_to_be_qualified_then_says_by_when_it_has_to_be_started(tmp_path: Path) -> None:
    again = {"offer": "B", "from": "2028-01-01", "days": 360, "cost": 9}
    terms = [{"offer": "A", "cost": 100_000, "days": 80}, again]
    own = ask(tmp_path, qualifications=terms, capacity={"A": 500, "B": 40}, stocks={0: {"opening": 70}})
    text = render_plan(own.plan).plain
    assert text[text.index("START") : text.index("SUPPLY")].strip().splitlines() == [
        "START QUALIFYING  in the period from 1 Jan 2027",
        "  Near Ltd, Dy oxide  approved 22 Mar 2027  USD 100,000",
        "    needed on 1 Oct 2027: in time if it is started by 13 Jul 2027",
        "  Far Co, Dy oxide    approved 27 Dec 2027     USD 9.00",
        "    as it is from 1 Jan 2028 on; needed on 1 Jan 2028: in time if it is started by 6 Jan 2027",
    ]


def test_screen_when_nothing_is_to_be_qualified_then_has_no_such_block(tmp_path: Path) -> None:
    assert start_qualifying(ask(tmp_path).plan, 100) == []


def test_grade_that_changes_when_it_has_to_be_qualified_again_then_is_in_time_and_goes_on_until_then(
    tmp_path: Path,
) -> None:
    again = {"offer": "B", "from": "2028-01-01", "cost": 50_000, "days": 270}
    own = ask(tmp_path, "[objective]\ndiscount_rate = 0.1\n", qualifications=[again], capacity={"A": 0})
    assert said(own) == [
        "Start qualifying Far Co Dy oxide (B) as it is from 2028-01-01 on in 2027-Q2: approved by 2027-12-27"
    ]
    assert {3, 4} <= set(bought(own, "B"))


def test_offer_when_it_is_qualified_first_and_again_then_each_is_a_gate_of_its_own(tmp_path: Path) -> None:
    terms = [{"offer": "B", "days": 80}, {"offer": "B", "from": "2028-01-01", "days": 1000}]
    own = ask(tmp_path, qualifications=terms)
    assert bought(own, "B") == [1, 2, 3]
    assert own.plan.tables["decisions"]["key"].tolist() == ["offer|B|"]


def test_process_when_it_is_qualified_late_then_runs_late(tmp_path: Path) -> None:
    own = ask(
        tmp_path,
        processes=[{"process": "melt", "site": "PLANT"}],
        recipes=[{"process": "melt", "material": what, "quantity": t} for what, t in (("oxide", -1), ("metal", 1))],
        demand=[{"site": "PLANT", "material": "metal", "period": "2027", "quantity": 20}],
        stocks=[{"site": "PLANT", "material": "oxide", "opening": 20}],
        qualifications=[{"process": "melt", "cost": 9, "days": 91}],
    )
    assert own.plan.tables["conversions"]["node"].min() == 2
    assert said(own) == ["Start qualifying Our plant (melt) in 2027-Q1: approved by 2027-04-02"]
    assert own.plan.tables["shortage"]["short"].sum() == pytest.approx(20 * 181 / 365)


def test_safety_stock_when_nothing_could_be_approved_yet_then_is_asked_for_later(tmp_path: Path) -> None:
    terms = [{"offer": offer, "days": 200} for offer in ("A", "B")]
    own = ask(tmp_path, qualifications=terms, safety=None, stocks={0: {"safety": 30}})
    assert min(node for *_, node in own.formulation.rows["safety"].keys().itertuples(index=False)) == 4


def test_question_without_qualification_when_planned_then_orders_at_once(tmp_path: Path) -> None:
    tiny_case(tmp_path, qualifications=[{"offer": "B", "days": 1000}])
    plan = optimize(write_question(tmp_path, 'without = ["qualification"]\n'))
    assert plan.tables["purchases"].query("offer == 'B'")["node"].min() == 0


def test_demand_when_it_has_to_be_met_before_the_approval_then_the_explanation_says_so(tmp_path: Path) -> None:
    near = {"offers": TINY["offers"][1:], "lanes": [{**TINY["lanes"][1], "transit_days": 0}]}
    tiny_case(tmp_path, qualifications=[{"offer": "B", "days": 181}], stocks={0: {"opening": 30}}, **near)
    found = explain(write_question(tmp_path, '[objective]\nshortage = "none"\n'))
    assert (
        "qualification of Far Co Dy oxide (B), 2027-Q2: 19.6 t before it is qualified (qualifications.csv row 2)"
        in (found.words)
    )
    assert any("(qualifications.csv row 2); the best plan then costs" in words for words in found.words)


@pytest.mark.parametrize(
    ("row", "place", "fact"),
    [
        ({"days": 3}, "qualifications.csv row 2, column offer", "none of offer or process is filled in"),
        (
            {"offer": "A", "process": "melt", "days": 3},
            "qualifications.csv row 2, column offer",
            "offer and process are",
        ),
        ({"offer": "C", "days": 3}, "qualifications.csv row 2, column offer", "'C'"),
        ({"offer": "A"}, "qualifications.csv row 2, column days", ""),
        ({"offer": "A", "days": -1}, "qualifications.csv row 2, column days", "-1"),
        ({"offer": "A", "days": 1, "cost": -5}, "qualifications.csv row 2, column cost", "-5"),
        ({"offer": "B", "days": 7}, "qualifications.csv row 3", "already in row 2"),
    ],
)
def test_row_when_it_contradicts_then_is_refused_with_its_place(
    tmp_path: Path, row: dict[str, Any], place: str, fact: str
) -> None:
    melt = [{"process": "melt", "site": "PLANT"}]
    recipes = [{"process": "melt", "material": "metal", "quantity": 1}]
    rows = [row, {"offer": "B", "days": 1}]
    tiny_case(tmp_path, processes=melt, recipes=recipes, qualifications=rows)
    with pytest.raises(DataError) as caught:
        optimize(write_question(tmp_path))
    (fault,) = caught.value.faults
    assert (fault.place, fact in fault.fact) == (place, True), fault


def test_qualification_when_it_takes_longer_than_the_horizon_then_is_warned_of(tmp_path: Path) -> None:
    tiny_case(tmp_path, qualifications=[{"offer": "B", "days": 640}])
    (finding,) = findings(write_question(tmp_path))
    assert finding.place == "qualifications.csv row 2, column days"
    assert "on 2028-10-01: it is never approved" in finding.fact


def test_qualification_without_any_bound_when_checked_then_is_refused_with_its_row(tmp_path: Path) -> None:
    sold = [{**TINY["stocks"][0], "disposal_cost": -10}]
    tiny_case(tmp_path, stocks=sold, qualifications=[{"offer": "B", "days": 5}], capacity={"B": None})
    (fault,) = check(write_question(tmp_path)).faults
    assert fault.place == "qualifications.csv row 2"
    assert "capacity in offers.csv" in fault.repair
    with pytest.raises(QuestionError, match="qualified"):
        optimize(write_question(tmp_path))
