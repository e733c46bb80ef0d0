"""Contracts beside spot: what is called off, paid for and not taken, signed or not, audited and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import Answer, answer
from test_twin import differences
from twin import solve_twin

from sourcing.answer.audit import verdict_on
from sourcing.errors import DataError, InfeasiblePlan, QuestionError
from sourcing.report.console import render_plan
from sourcing.report.orders import order_now
from sourcing.run import check, optimize
from sourcing.testing.points import disagreements

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

TERMS: dict[str, Any] = {"contract": "deal", "offer": "B", "price": 150_000, "signed": "yes"}
OPEN = {**TERMS, "signed": "", "maximum": 50}

INDEX = [
    {"index": "ndpr", "from": "2026-07-01", "value": 90_000},
    {"index": "ndpr", "from": "2028-01-01", "value": 130_000},
]


def solved(tmp_path: Path, *terms: dict[str, Any], **changes: Any) -> Answer:
    tiny_case(tmp_path, contracts=list(terms), **changes)
    own = answer(write_question(tmp_path))
    assert own.solution.status == "optimal"
    assert own.verdict.is_clean
    return own


def decided(plan: Plan, name: str) -> dict[str, float]:
    """Return the sum of a family's decisions of one name by the first part of their key."""
    rows = plan.tables["decisions"].query(f"decision == '{name}'")
    return rows["value"].groupby(rows["key"].str.split("|").str[0]).sum().to_dict()


def paid(plan: Plan, head: str) -> float:
    cost = plan.tables["cost"]
    return float(cost.loc[cost["head"] == head, "amount"].sum())


def test_case_without_contracts_when_planned_then_has_no_columns_of_theirs(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    own = answer(write_question(tmp_path))
    assert not {"call", "sign", "untaken"} & set(own.formulation.columns)
    assert not {"called", "contract_minimum", "contract_maximum"} & set(own.formulation.rows)


def test_contract_when_cheaper_than_spot_then_is_called_off_to_its_maximum_and_the_rest_bought_spot(
    tmp_path: Path,
) -> None:
    plan = solved(tmp_path, {**TERMS, "maximum": 30}).plan
    assert decided(plan, "call") == {"deal": pytest.approx(30)}
    assert paid(plan, "contract") == pytest.approx(30 * (150_000 - 200_000))
    bought = plan.tables["purchases"].query("offer == 'B'")["tonnes"].sum()
    assert bought == pytest.approx(200)
    assert paid(plan, "purchase") == pytest.approx(200 * 200_000)
    words = plan.tables["decisions"]["words"]
    assert words.str.fullmatch(r"Deal: [\d.]+ t called off to Our plant in 202[78]-Q\d").all()


def test_order_now_when_part_of_it_is_called_off_under_a_contract_then_says_whose_price_it_has(tmp_path: Path) -> None:
    plan = solved(tmp_path, {**TERMS, "maximum": 30, "until": "2027-04-01"}).plan
    said = [line.plain.strip() for line in order_now(plan, 100)]
    assert "30 t of it under deal, at its price" in said


@pytest.mark.parametrize("key", ["", "deal", "deal|P|sea|more"])
def test_audit_when_the_key_of_a_call_off_has_other_labels_then_says_which_row(tmp_path: Path, key: str) -> None:
    plan = solved(tmp_path, {**TERMS, "maximum": 30}).plan
    plan.tables["decisions"].loc[0, "key"] = key
    assert any("decisions" in said and "nothing of that kind" in said for said in verdict_on(plan).findings)


def test_take_or_pay_when_spot_is_cheaper_by_more_than_the_share_then_is_paid_and_not_taken(tmp_path: Path) -> None:
    plan = solved(tmp_path, {**TERMS, "price": 300_000, "minimum": 40, "take_or_pay": 0.25}).plan
    assert decided(plan, "untaken") == {"deal": pytest.approx(40)}
    assert decided(plan, "call") == {}
    assert paid(plan, "untaken") == pytest.approx(0.25 * 300_000 * 40)
    assert plan.tables["decisions"]["words"].tolist() == ["Deal: 40 t paid for and not taken up to 2028-Q4"]


def test_take_or_pay_when_the_share_is_more_than_spot_saves_then_is_taken(tmp_path: Path) -> None:
    plan = solved(tmp_path, {**TERMS, "price": 300_000, "minimum": 40, "take_or_pay": 0.5}).plan
    assert decided(plan, "call") == {"deal": pytest.approx(40)}
    assert decided(plan, "untaken") == {}


def test_contract_when_it_saves_more_than_its_fee_then_is_signed(tmp_path: Path) -> None:
    plan = solved(tmp_path, {**OPEN, "fee": 2_400_000}).plan
    assert decided(plan, "sign") == {"deal": 1.0}
    assert paid(plan, "signing") == pytest.approx(2_400_000)
    assert "Deal is signed" in set(plan.tables["decisions"]["words"])


def test_contract_when_its_fee_is_more_than_it_saves_then_is_not_signed(tmp_path: Path) -> None:
    plan = solved(tmp_path, {**OPEN, "fee": 2_600_000}).plan
    assert plan.tables["decisions"].empty
    assert paid(plan, "purchase") == pytest.approx(200 * 200_000)


def test_contract_when_signed_already_then_its_fee_is_not_charged_again(tmp_path: Path) -> None:
    plan = solved(tmp_path, {**TERMS, "fee": 2_600_000, "maximum": 50}).plan
    assert decided(plan, "call") == {"deal": pytest.approx(50)}
    assert "signing" not in set(plan.tables["cost"]["head"])


def test_contract_when_its_minimum_costs_more_than_its_exit_then_is_left(tmp_path: Path) -> None:
    terms = {**TERMS, "price": 300_000, "minimum": 40, "maximum": 50}
    plan = solved(tmp_path, {**terms, "exit_cost": 3_000_000}).plan
    assert decided(plan, "leave") == {"deal": 1.0}
    assert decided(plan, "call") == {}
    assert paid(plan, "exit") == pytest.approx(3_000_000)
    assert plan.tables["decisions"]["words"].tolist() == ["Deal is left"]
    assert "leave  deal: Far Co, Dy oxide" in render_plan(plan).plain


def test_contract_when_its_exit_costs_more_than_its_minimum_then_is_kept(tmp_path: Path) -> None:
    terms = {**TERMS, "price": 300_000, "minimum": 40, "maximum": 50}
    plan = solved(tmp_path, {**terms, "exit_cost": 4_100_000}).plan
    assert decided(plan, "leave") == {}
    assert decided(plan, "call") == {"deal": pytest.approx(40)}


def test_prepayment_of_a_signed_contract_when_called_off_then_is_returned_as_its_price(tmp_path: Path) -> None:
    plan = solved(tmp_path, {**TERMS, "maximum": 30, "prepayment": 3_000_000}).plan
    assert decided(plan, "prepaid") == {"deal": pytest.approx(20)}
    assert paid(plan, "prepayment") == pytest.approx(-3_000_000)


@pytest.mark.parametrize(("prepayment", "signs"), [(9_900_000, True), (10_100_000, False)])
def test_prepayment_when_not_all_comes_back_then_is_lost_and_weighed(
    tmp_path: Path, prepayment: float, signs: bool
) -> None:
    plan = solved(tmp_path, {**OPEN, "prepayment": prepayment}).plan
    assert decided(plan, "sign") == ({"deal": 1.0} if signs else {})
    assert paid(plan, "prepayment") == pytest.approx(prepayment - 50 * 150_000 if signs else 0)


@pytest.mark.parametrize(("days", "called"), [(73, 50), (0, 0)])
def test_payment_days_when_the_price_is_a_little_dearer_then_decide(tmp_path: Path, days: int, called: float) -> None:
    tiny_case(tmp_path, contracts=[{**TERMS, "price": 200_100, "payment_days": days, "maximum": 50}])
    own = answer(write_question(tmp_path, "[objective]\ndiscount_rate = 0.08\n"))
    assert own.verdict.is_clean
    assert sum(decided(own.plan, "call").values()) == pytest.approx(called)
    assert paid(own.plan, "payment") == pytest.approx(-called * 200_100 * (1 - 1.08**-0.2))
    said = "is what paying after the order's date is worth" in render_plan(own.plan).plain
    assert said == (called > 0)


TWO_SITES: dict[str, Any] = {
    "sites": [*TINY["sites"], {"site": "MIL", "name": "Defence plant", "kind": "plant", "country": "USA"}],
    "demand": [*TINY["demand"], {"site": "MIL", "material": "oxide", "period": "2028", "quantity": 30}],
}
TO_MIL = {"origin": "FAR", "destination": "MIL", "mode": "sea", "freight": 200, "transit_days": 45}
ONWARD = {"origin": "PLANT", "destination": "MIL", "mode": "truck", "freight": 10, "transit_days": 1}


@pytest.mark.parametrize(
    ("lanes", "site", "served"),
    [
        ([TO_MIL], None, {"MIL", "PLANT"}),
        ([TO_MIL], "MIL", {"PLANT"}),
        ([TO_MIL, ONWARD], "MIL", set()),
        ([TO_MIL, ONWARD], "NEAR", {"PLANT"}),
    ],
)
def test_exclusion_of_a_site_when_goods_could_get_there_then_nothing_is_called_off_that_way(
    tmp_path: Path, lanes: list[dict[str, Any]], site: str | None, served: set[str]
) -> None:
    shut = [{"contract": "deal", "site": site}] if site else None
    tables = {**TWO_SITES, "lanes": [*TINY["lanes"], *lanes], "exclusions": shut, "contracts": [TERMS]}
    folder, question = tiny_case(tmp_path, **tables), write_question(tmp_path)
    own = answer(question)
    assert own.verdict.is_clean
    assert disagreements(own.facts, own.formulation, 1) == []
    keys = own.plan.tables["decisions"].query("decision == 'call'")["key"]
    assert set(keys.str.split("|").str[1]) >= served
    assert bool(len(keys)) == bool(served)
    assert differences(solve_twin(folder, question), own) == []


def test_call_when_moved_to_an_excluded_site_then_the_audit_says_so(tmp_path: Path) -> None:
    shut = [{"contract": "deal", "site": "MIL"}]
    plan = solved(tmp_path, TERMS, **TWO_SITES, lanes=[*TINY["lanes"], TO_MIL], exclusions=shut).plan
    table = plan.tables["decisions"]
    table.loc[table.index[0], "key"] = "deal|MIL|sea"
    assert any("leave nothing of that kind to be decided" in finding for finding in verdict_on(plan).findings)


def test_hard_minimum_when_every_way_is_excluded_then_is_refused(tmp_path: Path) -> None:
    shut = [{"contract": "deal", "site": "PLANT"}]
    tiny_case(tmp_path, contracts=[{**TERMS, "minimum": 10}], exclusions=shut)
    (fault,) = check(write_question(tmp_path)).faults
    assert fault.fact == "10 t are asked for up to 2028-Q4, and offer B can give 0 t in that window"


def test_exclusion_when_its_contract_is_unknown_then_is_refused_with_its_row(tmp_path: Path) -> None:
    tiny_case(tmp_path, contracts=[TERMS], exclusions=[{"contract": "del", "site": "PLANT"}])
    with pytest.raises(DataError, match=r"contracts\.csv has no contract 'del'"):
        answer(write_question(tmp_path))


def test_screen_when_contracts_are_to_be_signed_then_says_which_from_when_and_for_how_much(tmp_path: Path) -> None:
    pay = {**TERMS, "contract": "pay", "price": 300_000, "minimum": 40, "take_or_pay": 0.25}
    dear = {**OPEN, "contract": "dear", "price": 250_000}
    plan = solved(tmp_path, pay, dear, {**OPEN, "fee": 2_400_000, "from": "2027-03-01"}).plan
    block = next(part for part in render_plan(plan).plain.split("\n\n") if part.startswith("CONTRACTS"))
    heading, first, second, last = (" ".join(line.split()) for line in block.splitlines())
    assert heading == "CONTRACTS signed or left on 1 Jan 2027; tonnes within the horizon"
    assert first == "sign deal: Far Co, Dy oxide from 1 Mar 2027 50 t taken USD 2.4 M to sign"
    assert second == "signed pay: Far Co, Dy oxide from 1 Jan 2027 0 t taken 40 t untaken"
    assert last == "not worth signing: dear"


def test_minimum_when_more_than_anybody_needs_then_is_bought_and_kept(tmp_path: Path) -> None:
    plan = solved(tmp_path, {**TERMS, "minimum": 300}).plan
    assert decided(plan, "call") == {"deal": pytest.approx(300)}
    assert plan.tables["stock"]["end"].iloc[-1] + plan.tables["purchases"]["late_tonnes"].sum() == pytest.approx(100)


def test_minimum_when_half_the_term_lies_before_the_horizon_then_half_is_called_off(tmp_path: Path) -> None:
    term = {"from": "2025-01-01", "until": "2029-01-01", "minimum": 80}
    days = 731 / (2 * 730 + 1)  # 2028 is a leap year
    plan = solved(tmp_path, {**TERMS, "price": 250_000, **term}).plan
    assert decided(plan, "call") == {"deal": pytest.approx(80 * days)}


def test_yearly_minimum_when_the_term_begins_in_july_then_is_half_in_that_year(tmp_path: Path) -> None:
    term = {"from": "2027-07-01", "until": "2028-01-01", "per": "year", "minimum": 40}
    plan = solved(tmp_path, {**TERMS, "price": 250_000, **term}).plan
    calls = plan.tables["decisions"]
    assert calls["value"].sum() == pytest.approx(40 * 184 / 365)
    assert set(calls["node"]) <= {2, 3}


def test_price_when_it_follows_an_index_then_is_the_floor_or_the_multiple_whichever_is_more(tmp_path: Path) -> None:
    follows = {**TERMS, "price": "", "index": "ndpr", "multiple": 1.1, "floor_price": 110_000}
    plan = solved(tmp_path, {**follows, "per": "year", "minimum": 20, "maximum": 20}, prices=INDEX).plan
    calls, cost = plan.tables["decisions"], plan.tables["cost"].query("head == 'contract'")
    assert calls["value"].sum() == pytest.approx(40)
    assert cost.loc[cost["node"] < 4, "amount"].sum() == pytest.approx(20 * (110_000 - 200_000))
    assert cost.loc[cost["node"] >= 4, "amount"].sum() == pytest.approx(20 * (143_000 - 200_000))


def test_contracts_when_two_are_on_one_offer_then_share_what_it_gives(tmp_path: Path) -> None:
    second = {**TERMS, "contract": "other", "price": 160_000, "maximum": 90}
    plan = solved(tmp_path, {**TERMS, "maximum": 30}, second, capacity={"B": 50}).plan
    assert decided(plan, "call")["deal"] == pytest.approx(30)
    assert sum(decided(plan, "call").values()) <= plan.tables["purchases"].query("offer == 'B'")["tonnes"].sum() + 1e-6


def test_question_without_contracts_when_planned_then_buys_spot(tmp_path: Path) -> None:
    tiny_case(tmp_path, contracts=[TERMS])
    plan = optimize(write_question(tmp_path, 'without = ["contracts"]\n'))
    assert plan.tables["decisions"].empty
    assert "contract" not in set(plan.tables["cost"]["head"])


@pytest.mark.parametrize(
    ("cells", "fact"),
    [
        ({"minimum": 50, "maximum": 40}, "50 t is above the maximum of 40 t"),
        ({"signed": "no"}, "nothing says how much a contract that is still to be signed could bring"),
        ({"take_or_pay": 0.5}, "no minimum could stay untaken"),
        ({"take_or_pay": 1.5, "minimum": 5}, "1.5 is above 1"),
        ({"offer": "Z"}, "offers.csv has no offer 'Z'"),
        ({"from": "2028-01-01", "until": "2027-01-01"}, "2027-01-01 is not after from 2028-01-01"),
        ({"price": ""}, "nothing says what a tonne costs"),
        ({"index": "ndpr"}, "the price is fixed and follows an index"),
        ({"floor_price": 5}, "a fixed price has no floor"),
        ({"signed": "no", "maximum": 5, "exit_cost": 9}, "a contract that is still to be signed cannot be left"),
        ({"exit_cost": 9}, "nothing says how much a contract that may be left could bring"),
        ({"index": "nickel", "price": ""}, "prices.csv has no index 'nickel'"),
    ],
)
def test_contract_when_its_terms_contradict_then_is_refused_with_its_row(
    tmp_path: Path, cells: dict[str, Any], fact: str
) -> None:
    tiny_case(tmp_path, contracts=[{**TERMS, **cells}], prices=INDEX)
    with pytest.raises(DataError) as refused:
        answer(write_question(tmp_path))
    (fault,) = refused.value.faults
    assert fault.place.startswith("contracts.csv row 2")
    assert fact in fault.fact


def test_hard_minimum_when_the_offer_cannot_give_it_then_is_refused_with_its_row(tmp_path: Path) -> None:
    tiny_case(tmp_path, contracts=[{**TERMS, "minimum": 90}], capacity={"B": 40})
    (fault,) = check(write_question(tmp_path)).faults
    assert fault.place == "contracts.csv row 2, column minimum"
    assert fault.fact == "90 t are asked for up to 2028-Q4, and offer B can give 80 t in that window"
    with pytest.raises(QuestionError, match="90 t are asked for"):
        optimize(write_question(tmp_path))


def test_hard_minimum_when_there_is_no_room_for_it_then_the_explanation_names_its_row(tmp_path: Path) -> None:
    tiny_case(tmp_path, contracts=[{**TERMS, "minimum": 300}], stocks={0: {"maximum": 20}})
    with pytest.raises(InfeasiblePlan) as none:
        optimize(write_question(tmp_path))
    words = list(none.value.explanation.words)  # type: ignore[attr-defined]
    assert any("deal minimum" in said and "of 300 (contracts.csv row 2)" in said for said in words), words


def test_minimum_to_be_paid_for_when_the_offer_cannot_give_it_then_is_a_warning_only(tmp_path: Path) -> None:
    tiny_case(tmp_path, contracts=[{**TERMS, "minimum": 90, "take_or_pay": 0.5}], capacity={"B": 40})
    report = check(write_question(tmp_path))
    assert report.faults == []
    assert "SCREEN-340" in {finding.code for finding in report.findings}
    assert optimize(write_question(tmp_path)).tables["decisions"]["value"].sum() == pytest.approx(90)


@pytest.mark.parametrize(
    ("row", "column", "value", "found"),
    [
        ("call", "value", 900.0, "rule called: the plan is"),
        ("call", "key", "deal|FAR|sea", "leave nothing of that kind to be decided"),
        ("untaken", "value", 1.0, "contract deal2"),
        ("sign", "value", 0.5, "which is no whole number"),
        ("sign", "words", "All is well", "the plan says words 'All is well'"),
    ],
)
def test_audit_of_a_contract_that_is_not_kept_says_so(
    tmp_path: Path, row: str, column: str, value: Any, found: str
) -> None:
    pay = {**TERMS, "contract": "pay", "price": 300_000, "minimum": 40, "take_or_pay": 0.25}
    plan = solved(tmp_path, OPEN, {**pay, "contract": "deal2"}).plan
    table = plan.tables["decisions"]
    plan.tables["decisions"].loc[table.index[table["decision"] == row][0], column] = value
    findings = verdict_on(plan).findings
    assert any(found in finding for finding in findings), findings
