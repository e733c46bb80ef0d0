"""Price tiers: what is planned, charged, said, audited and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import answer

from sourcing.answer.audit import verdict_on
from sourcing.errors import DataError, QuestionError
from sourcing.report.console import render_plan
from sourcing.run import check, optimize

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

ALONE: dict[str, Any] = {"capacity": {"A": 0, "B": 4000}}
YEAR = '[horizon]\nstart = "2027-01"\nperiods = 1\nlength = "year"\n'
ONE_YEAR: dict[str, Any] = {"demand": [TINY["demand"][0]], "stocks": None, "lead_days": {"B": 0}}
"""100 t of B at USD 200,000, ordered within 2027."""


def tier(above: float, price: float, kind: str = "all_units", offer: str = "B") -> dict[str, Any]:
    return {"offer": offer, "above": above, "price": price, "kind": kind}


def discount(above: float, share: float, **cells: Any) -> dict[str, Any]:
    return {"supplier": "Far Co", "above": above, "discount": share, "kind": "all_units", **cells}


def plan_of(tmp_path: Path, question: str = YEAR, **changes: Any) -> Plan:
    near = [{**lane, "transit_days": 0} for lane in TINY["lanes"]]
    tiny_case(tmp_path, **(ONE_YEAR | {"lanes": near} | ALONE | changes))
    plan = answer(write_question(tmp_path, question)).plan
    assert verdict_on(plan).is_clean
    return plan


def taken_off(plan: Plan) -> float:
    cost = plan.tables["cost"]
    return -float(cost.loc[cost["head"] == "discount", "amount"].sum())


def test_case_without_tiers_when_planned_then_has_no_columns_of_them(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    form = answer(write_question(tmp_path)).formulation
    assert not {"tier", "reached"} & set(form.columns)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([tier(80, 150_000)], 100 * 50_000),  # all 100 t at the tier's price
        ([tier(80, 150_000, "incremental")], 20 * 50_000),  # 20 t of them
        ([tier(80, 150_000), tier(90, 120_000)], 100 * 80_000),
        ([tier(50, 150_000, "incremental"), tier(90, 120_000, "incremental")], 40 * 50_000 + 10 * 80_000),
        ([tier(50, 220_000, "incremental"), tier(90, 230_000, "incremental")], -(40 * 20_000 + 10 * 30_000)),
        ([tier(50, 150_000, "incremental"), tier(90, 230_000, "incremental")], 40 * 50_000 - 10 * 30_000),
        ([tier(80, 220_000)], -100 * 20_000),  # dearer for all of it
        ([discount(80, 0.1)], 100 * 20_000),
        ([discount(1.9e7, 0.1, counted_in="value")], 100 * 20_000),
        ([discount(1.9e7, 0.1, counted_in="value", kind="incremental")], 5 * 20_000),
        ([discount(2.1e7, 0.1, counted_in="value")], 0),
        ([tier(80, 190_000), discount(80, 0.1)], 100 * 10_000 + 100 * 20_000),
        ([tier(101, 150_000)], 0),
    ],
)
def test_year_when_100_t_are_ordered_then_tiers_take_off_what_the_invoice_would(
    tmp_path: Path, rows: list[dict[str, Any]], expected: float
) -> None:
    plan = plan_of(tmp_path, tiers=rows)
    assert taken_off(plan) == pytest.approx(expected)


def test_discount_when_it_counts_several_materials_then_the_dearer_metal_is_bought_to_reach_it(tmp_path: Path) -> None:
    """Far's 100 t of oxide stay below the tier; 5 t of its metal, dearer than Near's, reach it."""
    metal = {"site": "PLANT", "material": "metal", "period": "2027", "quantity": 10}
    offers = [
        *TINY["offers"],
        {"offer": "M", "supplier": "Far Co", "site": "FAR", "material": "metal", "price": 310_000, "capacity": 900},
        {"offer": "N", "supplier": "Near Ltd", "site": "NEAR", "material": "metal", "price": 300_000, "capacity": 900},
    ]
    changes = {"offers": offers, "demand": [TINY["demand"][0], metal], "capacity": {"B": 4000}}
    reach = plan_of(tmp_path, tiers=[discount(105, 0.02)], **changes)
    assert (sum_of(reach, "M"), sum_of(reach, "N")) == pytest.approx((5, 5))
    assert taken_off(reach) == pytest.approx(0.02 * (100 * 200_000 + 5 * 310_000))
    far = plan_of(tmp_path, tiers=[discount(115, 0.02)], **changes)
    assert set(far.tables["purchases"]["offer"]) == {"B", "N"}


def sum_of(plan: Plan, offer: str) -> float:
    bought = plan.tables["purchases"]
    return float(bought.loc[bought["offer"] == offer, "tonnes"].sum())


def test_year_when_half_of_it_is_in_the_horizon_then_half_of_above_is_enough(tmp_path: Path) -> None:
    half = '[horizon]\nstart = "2027-07"\nperiods = 2\nlength = "quarter"\n'
    demand = [{**TINY["demand"][0], "period": "2027-Q4", "quantity": 60}]
    assert taken_off(plan_of(tmp_path, half, tiers=[tier(110, 150_000)], demand=demand)) == pytest.approx(60 * 50_000)
    assert taken_off(plan_of(tmp_path, half, tiers=[tier(130, 150_000)], demand=demand)) == 0


def test_tiers_when_they_only_get_dearer_then_need_no_whole_numbers(tmp_path: Path) -> None:
    rows = [tier(50, 220_000, "incremental"), tier(90, 230_000, "incremental")]
    tiny_case(tmp_path, tiers=rows)
    form = answer(write_question(tmp_path)).formulation
    assert not form.whole.any()
    assert "reached" not in form.columns


def test_decisions_when_a_tier_is_reached_then_say_so_and_the_cost_line_shows_it(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, tiers=[tier(80, 150_000)])
    assert plan.tables["decisions"]["words"].tolist() == [
        "Far Co Dy oxide (B): tier above 80 t reached in 2027",
        "Far Co Dy oxide (B): 100 t in the tier above 80 t in 2027",
    ]
    assert "purchase 20.0 · discount -5.0" in render_plan(plan).plain


def test_case_that_allows_disposal_when_more_costs_less_then_buys_more_than_it_uses(tmp_path: Path) -> None:
    stocks = [{"site": "PLANT", "material": "oxide", "disposal_cost": 0}]
    plan = plan_of(tmp_path, tiers=[tier(120, 150_000)], stocks=stocks)
    assert sum_of(plan, "B") == pytest.approx(120)


def test_question_without_tiers_when_planned_then_charges_the_offers_prices(tmp_path: Path) -> None:
    tiny_case(tmp_path, tiers=[tier(80, 150_000)])
    plan = optimize(write_question(tmp_path, 'without = ["tiers"]\n'))
    assert "discount" not in set(plan.tables["cost"]["head"])


def test_tiers_without_any_bound_when_checked_then_are_refused_with_their_row(tmp_path: Path) -> None:
    sold = [{**TINY["stocks"][0], "disposal_cost": -10}]
    changes = {"stocks": sold, "capacity": {"B": None}}
    tiny_case(tmp_path, tiers=[tier(80, 150_000), tier(90, 140_000)], **changes)
    (fault,) = check(write_question(tmp_path)).faults
    assert fault.place == "tiers.csv row 2"
    assert "fill in the capacity" in fault.repair
    with pytest.raises(QuestionError, match="at most"):
        optimize(write_question(tmp_path))
    tiny_case(tmp_path, tiers=[tier(80, 250_000, "incremental")], **changes)
    assert check(write_question(tmp_path)).faults == []


@pytest.mark.parametrize(
    ("rows", "column", "fact"),
    [
        ([{**tier(80, 150_000), "supplier": "Far Co"}], "offer", "both filled in"),
        ([{**tier(80, 150_000), "offer": ""}], "offer", "a tier of nobody"),
        ([tier(80, 150_000, offer="X")], "offer", "no offer 'X'"),
        ([discount(80, 0.1, supplier="Far")], "supplier", "no supplier 'Far'"),
        ([tier(80, -1)], "price", "-1 is below 0"),
        ([tier(0, 1)], "above", "0 is not above 0"),
        ([tier(80, 150_000), tier(80, 140_000)], "", "is already in row 2"),
        ([tier(80, 150_000), tier(90, 140_000, "incremental")], "kind", "another tier of the same has all_units"),
        ([discount(80, 0.1), discount(9e6, 0.1, counted_in="value")], "counted_in", "another tier of the same"),
        ([{**tier(80, 1), "price": ""}], "price", "without a price"),
        ([discount(80, 0.1, price=5)], "price", "has a discount, and no price"),
        ([{**tier(80, 150_000), "discount": 0.1}], "discount", "has a price, and no discount"),
        ([discount(80, 0.1, discount="")], "discount", "without a discount"),
        ([{**tier(80, 150_000), "counted_in": "value"}], "counted_in", "so its tiers count tonnes"),
        ([discount(80, 0.1, kind="incremental")], "counted_in", "which are the ones above"),
    ],
)
def test_tiers_that_contradict_each_other_when_read_then_are_refused_with_row_and_column(
    tmp_path: Path, rows: list[dict[str, Any]], column: str, fact: str
) -> None:
    tiny_case(tmp_path, tiers=rows)
    with pytest.raises(DataError) as refused:
        answer(write_question(tmp_path))
    (fault,) = refused.value.faults
    assert fault.place == f"tiers.csv row {len(rows) + 1}" + (f", column {column}" if column else "")
    assert fact in fault.fact


def test_tiers_of_an_offer_that_is_paid_for_when_read_then_are_refused(tmp_path: Path) -> None:
    tiny_case(tmp_path, tiers=[tier(80, 150_000)], price={"B": -5})
    with pytest.raises(DataError, match="below 0"):
        answer(write_question(tmp_path))


@pytest.mark.parametrize(
    ("row", "column", "value", "found"),
    [
        (0, "value", 0.5, "which is no whole number"),
        (0, "value", 2.0, "the most possible is 1"),
        (1, "value", 90.0, "out of balance"),
        (1, "key", "offer|B|B|0 t", "Far Co Dy oxide (offer B), 2027"),
        (1, "words", "All is well", "the plan says words 'All is well'"),
        (0, "key", "offer|B|0 t", "leave nothing of that kind to be decided"),
    ],
)
def test_audit_of_a_tier_that_is_wrong_says_so(tmp_path: Path, row: int, column: str, value: Any, found: str) -> None:
    plan = plan_of(tmp_path, tiers=[tier(80, 150_000)])
    plan.tables["decisions"].loc[row, column] = value
    findings = verdict_on(plan).findings
    assert any(found in finding for finding in findings), findings
