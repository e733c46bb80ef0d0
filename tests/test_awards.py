"""Awards fixed by hand: what is planned around them, said, audited and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, findings, tiny_case, write_question
from cases.chain import answer

from sourcing.answer.audit import verdict_on
from sourcing.errors import DataError, QuestionError
from sourcing.run import check, explain, optimize

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

DEPOT = {
    "sites": [*TINY["sites"], {"site": "DEPOT", "name": "Depot", "kind": "plant", "country": "USA"}],
    "lanes": [*TINY["lanes"], {"origin": "FAR", "destination": "DEPOT", "mode": "sea", "transit_days": 45}],
    "demand": [*TINY["demand"], {"site": "DEPOT", "material": "oxide", "period": "2028", "quantity": 40}],
}
"""A second site, which only Far can reach."""


def award(offer: str = "A", period: str = "2027", **cells: Any) -> dict[str, Any]:
    return {"offer": offer, "period": period, **cells}


def plan_of(tmp_path: Path, *awards: dict[str, Any], question: str = "", **changes: Any) -> Plan:
    tiny_case(tmp_path, awards=list(awards), **changes)
    plan = answer(write_question(tmp_path, question)).plan
    assert verdict_on(plan).is_clean
    return plan


def ordered(plan: Plan, offer: str, periods: str = "", site: str = "") -> float:
    bought = plan.tables["purchases"]
    mine = (bought["offer"] == offer) & bought["period"].str.startswith(periods)
    return float(bought.loc[mine & bought["destination"].str.startswith(site), "tonnes"].sum())


def test_case_without_awards_when_planned_then_has_no_rows_of_them(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    assert not {"award_least", "award_most"} & set(answer(write_question(tmp_path)).formulation.rows)


def test_plan_when_the_dear_one_is_awarded_tonnes_then_orders_them_and_the_rest_from_the_cheap_one(
    tmp_path: Path,
) -> None:
    plan = plan_of(tmp_path, award(quantity=37))
    assert ordered(plan, "A", "2027") == pytest.approx(37)
    assert ordered(plan, "A", "2028") == 0
    assert ordered(plan, "A") + ordered(plan, "B") == pytest.approx(200)
    words = plan.tables["binding"]["words"].tolist()
    assert "One tonne less awarded to Near Ltd Dy oxide (A) in 2027 would save USD 99,900" in words


def test_plan_when_shares_are_awarded_then_splits_what_is_ordered(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, award(share=0.25), award("B", "2028", share=0.5))
    first, second = ordered(plan, "A", "2027"), ordered(plan, "A", "2028")
    assert first == pytest.approx(0.25 * (first + ordered(plan, "B", "2027")))
    assert second == pytest.approx(ordered(plan, "B", "2028"))
    assert first > 0


def test_year_when_half_of_it_is_in_the_horizon_then_half_of_the_award_is_ordered(tmp_path: Path) -> None:
    half = '[horizon]\nstart = "2027-07-01"\nperiods = 4\nlength = "quarter"\n'
    plan = plan_of(tmp_path, award(quantity=36.5), question=half)
    assert ordered(plan, "A", "2027") == pytest.approx(36.5 * 184 / 365)


def test_month_when_periods_are_quarters_then_counts_its_part_of_the_quarters_orders(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, award(period="2027-02", quantity=4))
    assert ordered(plan, "A", "2027-Q1") == pytest.approx(4 * 90 / 28)
    assert ordered(plan, "A") == ordered(plan, "A", "2027-Q1")


def test_award_when_it_names_a_site_then_counts_what_goes_there(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, award("B", "2027", site="DEPOT", quantity=30), **DEPOT)
    assert ordered(plan, "B", "2027", "DEPOT") == pytest.approx(30)
    assert ordered(plan, "B", "2028", "DEPOT") == pytest.approx(10)
    assert ordered(plan, "B", "2027", "PLANT") > 30


def test_award_when_it_is_more_than_can_be_used_then_is_kept_in_stock(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, award("B", "2027", quantity=300))
    assert ordered(plan, "B") == pytest.approx(300)
    stock = plan.tables["stock"]
    assert stock.loc[stock["node"] == 7, "end"].sum() == pytest.approx(100)


def test_award_of_nothing_when_planned_then_shuts_the_offer_out_for_its_period(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, award("B", "2027", quantity=0))
    assert ordered(plan, "B", "2027") == 0
    assert ordered(plan, "B", "2028") > 0


def test_question_without_awards_when_planned_then_leaves_them_out(tmp_path: Path) -> None:
    tiny_case(tmp_path, awards=[award(quantity=37)])
    assert ordered(optimize(write_question(tmp_path, 'without = ["awards"]\n')), "A") == 0


def test_award_that_leaves_too_little_when_explained_then_is_named_with_its_row(tmp_path: Path) -> None:
    tiny_case(tmp_path, awards=[award("B", "2027", quantity=20), award("B", "2028", quantity=20)])
    words = explain(write_question(tmp_path, '[objective]\nshortage = "none"\n')).words
    named = [each for each in words if "award of Far Co Dy oxide (B)" in each]
    assert any("t above the award of 20.0 (awards.csv row 2)" in each for each in named), words
    assert any("t above the award of 20.0 (awards.csv row 3)" in each for each in named), words


def test_awards_that_a_limit_forbids_together_when_explained_then_the_limit_is_named_with_its_row(
    tmp_path: Path,
) -> None:
    limit = {"limit": "few", "measure": "tonnes", "value": 50, "per": "horizon"}
    tiny_case(tmp_path, awards=[award(quantity=40), award("B", quantity=40)], limits=[limit])
    words = explain(write_question(tmp_path)).words
    assert words[-1] == "few: all together, the whole horizon: 30.0 t above the limit of 50.0 (limits.csv row 2)"
    assert any(word.startswith("limit few: value 80 t instead of 50 t (limits.csv row 2)") for word in words)


def test_award_above_a_limit_that_may_give_way_when_planned_then_is_ordered_and_the_limit_is_given_up(
    tmp_path: Path,
) -> None:
    tiny_case(tmp_path, awards=[award(quantity=40)], **few(measure="tonnes", value=30, priority=1, **NEAR))
    plan = optimize(write_question(tmp_path))
    assert ordered(plan, "A", "2027") == pytest.approx(40)
    assert [each["name"] for each in plan.manifest["given_up"]] == ["few"]


def test_award_above_what_its_offer_can_give_when_checked_then_is_refused(tmp_path: Path) -> None:
    tiny_case(tmp_path, awards=[award(quantity=61)])
    question = write_question(tmp_path)
    (fault,) = check(question).faults
    assert (fault.code, fault.place) == ("SCREEN-350", "awards.csv row 2, column quantity")
    assert fault.fact == "61 t of offer A are awarded for 2027, and its offer can give 60 t"
    with pytest.raises(QuestionError, match="lower the quantity"):
        optimize(question)


def test_award_to_a_site_that_no_route_reaches_when_checked_then_is_refused(tmp_path: Path) -> None:
    tiny_case(tmp_path, awards=[award("A", site="DEPOT", quantity=5)], **DEPOT)
    (fault,) = check(write_question(tmp_path)).faults
    assert fault.fact == "5 t of offer A are awarded for 2027, and no route of its offer leads to DEPOT"


def few(**cells: Any) -> dict[str, Any]:
    return {"limits": [{"limit": "few", "by": "supplier", "per": "year", **cells}]}


NEAR = {"member": "Near Ltd"}


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"start": {"A": "2028-01-01"}}, "its offer can give 0 t"),
        ({"qualifications": [{"offer": "A", "days": 400}]}, "0 t can be ordered once its offer is qualified"),
        ({"lanes": {0: {"capacity": 20}}}, "its lanes can carry 20 t"),
        ({"sites": {"PLANT": {"capacity": 20}}}, "t can arrive at its sites"),
        (few(measure="tonnes", value=10, per="horizon", **NEAR), "limit few (limits.csv row 2) leaves 10 t"),
        (few(measure="spend", value=3e6, **NEAR), "limit few (limits.csv row 2) leaves 10 t"),
        (few(measure="share", value=0, counts="arrivals", **NEAR), "limit few (limits.csv row 2) leaves 0 t"),
        (
            {"lanes": {0: {"capacity": 30}}, "qualifications": [{"offer": "A", "days": 120}]},
            "its offer, lanes, sites and the limits together leave 15.1 t",
        ),
    ],
)
def test_award_above_what_something_allows_when_checked_then_is_refused_by_its_name(
    tmp_path: Path, changes: dict[str, Any], fact: str
) -> None:
    tiny_case(tmp_path, awards=[award(quantity=29)], **changes)
    faults = [each for each in check(write_question(tmp_path)).faults if each.code == "SCREEN-350"]
    assert [each.place for each in faults] == ["awards.csv row 2, column quantity"]
    assert faults[0].fact.startswith("29 t of offer A are awarded for 2027, and ")
    assert faults[0].fact.endswith(fact)


@pytest.mark.parametrize(
    "changes",
    [
        {"lanes": {0: {"capacity": 30}}},
        {"qualifications": [{"offer": "A", "days": 120}]},
        few(measure="tonnes", value=30, **NEAR),
        few(measure="suppliers", value=1),
    ],
)
def test_award_when_everything_allows_it_then_is_ordered(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert ordered(plan_of(tmp_path, award(quantity=29), **changes), "A", "2027") == pytest.approx(29)


def test_awards_to_two_when_one_supplier_is_allowed_then_are_refused_with_both_rows(tmp_path: Path) -> None:
    tiny_case(
        tmp_path,
        awards=[award(quantity=9), award("B", quantity=9)],
        **few(measure="suppliers", value=1, counts="arrivals"),
    )
    (fault,) = [each for each in check(write_question(tmp_path)).faults if each.code == "SCREEN-354"]
    assert fault.place == "awards.csv row 3, column offer"
    assert fault.fact == "offers A, B are awarded, and limit few on suppliers (limits.csv row 2) allows 1"
    with pytest.raises(QuestionError, match="take an award back"):
        optimize(write_question(tmp_path))


def test_awards_at_two_sites_when_a_supplier_may_deliver_to_one_then_are_refused(tmp_path: Path) -> None:
    two = [award("B", site="PLANT", quantity=9), award("B", site="DEPOT", quantity=9)]
    tiny_case(tmp_path, awards=two, **DEPOT, **few(measure="destinations", value=1))
    (fault,) = [each for each in check(write_question(tmp_path)).faults if each.code == "SCREEN-354"]
    assert fault.fact == "offers B, B are awarded, and limit few on destinations (limits.csv row 2) allows 1"


def test_award_below_the_lot_when_checked_then_is_refused(tmp_path: Path) -> None:
    tiny_case(tmp_path, awards=[award(quantity=20)], min_lot={"A": 25})
    (fault,) = check(write_question(tmp_path)).faults
    assert (fault.code, fault.place) == ("SCREEN-353", "awards.csv row 2, column quantity")
    assert fault.fact == "20 t of offer A are awarded for 2027, and it is sold in lots from 25 t"


def test_award_of_one_lot_or_of_a_month_when_planned_then_is_ordered(tmp_path: Path) -> None:
    assert ordered(plan_of(tmp_path, award(quantity=15), min_lot={"A": 15}), "A", "2027") == pytest.approx(15)
    month = plan_of(tmp_path, award(period="2027-02", quantity=4), min_lot={"A": 12})
    assert ordered(month, "A", "2027-Q1") == pytest.approx(4 * 90 / 28)


def test_award_outside_the_horizon_when_checked_then_is_a_warning_and_not_used(tmp_path: Path) -> None:
    tiny_case(tmp_path, awards=[award(period="2031", quantity=500)])
    (finding,) = findings(write_question(tmp_path))
    assert (finding.code, finding.place) == ("SCREEN-351", "awards.csv row 2, column period")
    assert ordered(plan_of(tmp_path, award(period="2031", quantity=500)), "A") == 0


@pytest.mark.parametrize(
    ("rows", "column", "fact"),
    [
        ([award()], "quantity", "an award of nothing"),
        ([award(share=0.1, quantity=4)], "quantity", "both filled in"),
        ([award("X", quantity=4)], "offer", "no offer 'X'"),
        ([award(period="soon", quantity=4)], "period", "'soon'"),
        ([award(share=1.5)], "share", "1.5 is above 1"),
        ([award(quantity=-1)], "quantity", "-1 is below 0"),
        ([award(share=0.6), award("B", share=0.5)], "share", "the shares of oxide awarded for 2027 add up to 1.1"),
        ([award(quantity=30), award(period="2027-Q2", quantity=31)], "quantity", "30 t in all of it (row 2)"),
        ([award(quantity=30), award(site="PLANT", quantity=31)], "quantity", "30 t in all of it (row 2)"),
        ([award(quantity=3), award(quantity=3)], "", "is already in row 2"),
    ],
)
def test_awards_that_contradict_each_other_when_read_then_are_refused_with_row_and_column(
    tmp_path: Path, rows: list[dict[str, Any]], column: str, fact: str
) -> None:
    tiny_case(tmp_path, awards=rows)
    with pytest.raises(DataError) as refused:
        answer(write_question(tmp_path))
    (fault,) = refused.value.faults
    assert fault.place == f"awards.csv row {len(rows) + 1}" + (f", column {column}" if column else "")
    assert fact in fault.fact


def test_award_at_another_site_than_its_offer_is_delivered_to_when_read_then_is_refused(tmp_path: Path) -> None:
    tiny_case(tmp_path, destination={"A": "PLANT"}, awards=[award("A", site="DEPOT", quantity=5)], **DEPOT)
    with pytest.raises(DataError, match="is delivered to 'PLANT', not to 'DEPOT'"):
        answer(write_question(tmp_path))
