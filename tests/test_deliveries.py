"""Lots and least orders of each delivery: two plants of 15 t and 5 t, worked out by hand, by delivery and by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import answer

from sourcing.answer.audit import terms_of, verdict_on
from sourcing.audit.deliveries import broken_lots
from sourcing.replay import Facts, Replay
from sourcing.run import audit_plan, explain, optimize

if TYPE_CHECKING:
    from pathlib import Path

    from cases.chain import Answer

    from sourcing.plan import Plan

LANE = {"origin": "FAR", "mode": "sea", "freight": 200, "transit_days": 0}
TWO: dict[str, Any] = {
    "sites": [*TINY["sites"], {"site": "OTHER", "name": "Other plant", "kind": "plant", "country": "USA"}],
    "lanes": [{**LANE, "destination": "PLANT"}, {**LANE, "destination": "OTHER"}],
    "demand": [
        {"site": site, "material": "oxide", "period": "2027", "quantity": quantity}
        for site, quantity in (("PLANT", 15), ("OTHER", 5))
    ],
    "stocks": [{"site": site, "material": "oxide", "opening": 0} for site in ("PLANT", "OTHER")],
    "capacity": {"A": 0, "B": 4000},
}
YEAR = 'horizon = { start = "2027-01", periods = 1, length = "year" }\n'
BY_PERIOD = {"lot_of": {"B": "period"}}


def asked(tmp_path: Path, terms: str = YEAR, **changes: Any) -> Answer:
    tiny_case(tmp_path, **TWO | changes)
    own = answer(write_question(tmp_path, terms))
    assert verdict_on(own.plan).findings == []
    return own


def planned(tmp_path: Path, terms: str = YEAR, **changes: Any) -> Plan:
    """Return a plan with its dated orders."""
    tiny_case(tmp_path, **TWO | changes)
    plan = optimize(write_question(tmp_path, terms))
    assert plan.manifest["audit"]["findings"] == []
    return plan


def bought(plan: Plan) -> dict[str, float]:
    return plan.tables["purchases"].groupby("destination")["tonnes"].sum().round(6).to_dict()


@pytest.mark.parametrize(
    ("terms", "by_delivery", "by_period"),
    [
        ({"lot_multiple": 20}, {"PLANT": 20, "OTHER": 20}, {"PLANT": 15, "OTHER": 5}),
        ({"min_lot": 12}, {"PLANT": 15, "OTHER": 12}, {"PLANT": 15, "OTHER": 5}),
        ({"min_lot": 7, "lot_multiple": 4}, {"PLANT": 16, "OTHER": 8}, {"PLANT": 15, "OTHER": 5}),
        ({"min_lot": 3, "lot_multiple": 6}, {"PLANT": 18, "OTHER": 6}, {"PLANT": 15, "OTHER": 9}),
    ],
    ids=["a lot of 20 t", "a least order of 12 t", "two lots of 4 t are the least", "a lot is more than the least"],
)
def test_lots_when_two_plants_are_supplied_then_bind_each_delivery_or_the_period_as_the_offer_says(
    tmp_path: Path, terms: dict[str, float], by_delivery: dict[str, float], by_period: dict[str, float]
) -> None:
    offers = {name: {"B": value} for name, value in terms.items()}
    plan = asked(tmp_path, **offers).plan
    assert bought(plan) == by_delivery
    assert plan.manifest["objective"]["cost"] == pytest.approx(200_200 * sum(by_delivery.values()))
    other = asked(tmp_path, **offers, **BY_PERIOD).plan
    assert sum(bought(other).values()) == pytest.approx(sum(by_period.values()))
    assert other.manifest["objective"]["cost"] == pytest.approx(200_200 * sum(by_period.values()))


def test_delivery_when_it_is_decided_then_is_said_with_its_site_and_mode_and_the_order_is_paid_once(
    tmp_path: Path,
) -> None:
    plan = asked(tmp_path, min_lot={"B": 7}, lot_multiple={"B": 4}, order_cost={"B": 1000}).plan
    assert plan.tables["decisions"]["words"].tolist() == [
        "Far Co Dy oxide (B) to Other plant by sea: 2 times its lot multiple in 2027",
        "Far Co Dy oxide (B) to Our plant by sea: 4 times its lot multiple in 2027",
        "Far Co Dy oxide (B) to Other plant by sea is used in 2027",
        "Far Co Dy oxide (B) to Our plant by sea is used in 2027",
        "Far Co Dy oxide (B) is used in 2027",
    ]
    assert plan.tables["cost"].query("head == 'ordering'")["amount"].tolist() == [1000]


def test_multiple_when_nothing_more_is_asked_then_needs_no_yes_or_no(tmp_path: Path) -> None:
    columns = asked(tmp_path, lot_multiple={"B": 20}).formulation.columns
    assert len(columns["lots"]) == 2
    assert len(columns["used"]) == 0


def test_offer_when_it_goes_one_way_then_builds_the_same_by_delivery_and_by_period(tmp_path: Path) -> None:
    one = {"lanes": TWO["lanes"][:1], "demand": TWO["demand"][:1], "stocks": TWO["stocks"][:1]}
    terms = {"min_lot": {"B": 7}, "lot_multiple": {"B": 4}, **one}
    by_delivery, by_period = (asked(tmp_path, **terms, **more).formulation for more in ({}, BY_PERIOD))
    assert (by_delivery.matrix != by_period.matrix).nnz == 0
    assert by_delivery.columns["used"].keys().equals(by_period.columns["used"].keys())


def test_condition_when_it_asks_for_the_least_order_then_that_is_the_offers_however_it_is_split(tmp_path: Path) -> None:
    near = {"origin": "NEAR", "mode": "sea", "freight": 100, "transit_days": 0}
    lanes = [*TWO["lanes"], *({**near, "destination": site} for site in ("PLANT", "OTHER"))]
    both = [{"condition": "both", "kind": "offer", "if": "B", "then": "A"}]
    terms = {"capacity": {"A": 100, "B": 4000}, "min_lot": {"A": 6, "B": 1}, "lanes": lanes, "conditions": both}
    plan = asked(tmp_path, **terms).plan
    assert plan.tables["purchases"].groupby("offer")["tonnes"].sum().round(6).to_dict() == {"A": 6, "B": 14}


def test_lot_when_there_is_no_room_for_it_then_the_explanation_names_the_row_of_its_offer(tmp_path: Path) -> None:
    stocks = [{**row, "maximum": 1} for row in TWO["stocks"]]
    tiny_case(tmp_path, **TWO | {"stocks": stocks}, min_lot={"B": 50})
    found = explain(write_question(tmp_path, YEAR + '[objective]\nshortage = "none"\n'))
    assert any("below the least lot (offers.csv row 3)" in words for words in found.words), found.words


def test_call_offs_when_a_quarter_takes_three_lots_or_two_then_none_is_split(tmp_path: Path) -> None:
    quarter = 'horizon = { start = "2027-01", periods = 1, length = "quarter" }\n'
    due = [{**row, "period": "2027-Q1", "quantity": need} for row, need in zip(TWO["demand"], (21, 14), strict=True)]
    orders = planned(tmp_path, quarter, lot_multiple={"B": 7}, demand=due).tables["orders"]
    days = {site: mine["order_on"].dt.strftime("%m-%d").tolist() for site, mine in orders.groupby("destination")}
    assert days == {"PLANT": ["01-01", "02-01", "03-01"], "OTHER": ["01-01", "02-01"]}
    assert orders["lots"].tolist() == pytest.approx([1.0] * 5)


def test_audit_when_a_delivery_is_a_part_of_a_lot_or_too_small_then_says_so_by_its_own_count(tmp_path: Path) -> None:
    plan = planned(tmp_path, min_lot={"B": 7}, lot_multiple={"B": 4})
    facts, done = Facts.of(plan.case.tables, terms_of(plan.question)), Replay.of(plan.tables)
    rows = [{**row, "order_on": row["order_on"].date()} for row in plan.tables["orders"].to_dict("records")]
    assert list(broken_lots(facts, done, {"orders": rows})) == []
    said = list(broken_lots(facts, done, {"orders": [{**rows[0], "tonnes": 9.0}, {**rows[1], "tonnes": 4.0}]}))
    assert said[0].endswith("9 t is no whole number of lots of 4 t")
    assert said[1].endswith("4 t is less than its min_lot, 7 t")


def test_plan_when_its_inputs_have_no_word_on_lots_then_they_are_of_the_period_as_they_were(tmp_path: Path) -> None:
    tiny_case(tmp_path, **TWO, **BY_PERIOD, lot_multiple={"B": 20})
    optimize(write_question(tmp_path, YEAR), out=tmp_path / "plan")
    assert audit_plan(tmp_path / "plan").findings == []
    file = tmp_path / "plan" / "inputs" / "offers.csv"
    table = pd.read_csv(file, keep_default_na=False, dtype=str)
    table.drop(columns="lot_of").to_csv(file, index=False)
    findings = audit_plan(tmp_path / "plan").findings
    assert not [finding for finding in findings if "orders" in finding or "lot" in finding], findings
    table.assign(lot_of="delivery").to_csv(file, index=False)
    assert any("no whole number of lots" in finding for finding in audit_plan(tmp_path / "plan").findings)
