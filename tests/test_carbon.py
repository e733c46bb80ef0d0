"""Limits on carbon and on the average lead time, from the tables to the explanation: what they count, what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import SCRAP, TINY, tiny_case, write_question
from cases.chain import Answer, answer

from sourcing import run
from sourcing.run.audit import verdict_on

if TYPE_CHECKING:
    from pathlib import Path

CO2 = {"limit": "co2", "measure": "carbon", "value": 1e6, "per": "horizon"}
SOON = {"limit": "soon", "measure": "lead_days", "value": 40.0}
ORDER = {"order": "PO", "site": "PLANT", "material": "oxide", "arrives": "2027-05-01", "quantity": 7, "offer": "A"}


def asked(tmp_path: Path, *limits: dict[str, Any], text: str = "", **changes: Any) -> Answer:
    tiny_case(tmp_path, **changes | {"limits": list(limits)})
    own = answer(write_question(tmp_path, text))
    assert own.solution.status == "optimal"
    assert own.verdict.findings == []
    return own


def emitted(own: Answer) -> dict[str, float]:
    """Return t CO2e by member."""
    table = own.plan.tables["limits"]
    return dict(zip(table["member"], table["counted"], strict=True))


def arrived(own: Answer) -> float:
    """Return the tonnes bought that arrive within the horizon."""
    return float(own.plan.tables["stock"]["bought"].sum())


def test_carbon_when_goods_come_over_a_lane_then_both_count_where_they_arrive(tmp_path: Path) -> None:
    own = asked(tmp_path, CO2, carbon={"B": 20}, lanes={1: {"carbon": 0.5}})
    assert emitted(own) == {"": pytest.approx(20.5 * arrived(own))}


def test_carbon_when_an_order_is_open_then_emits_what_its_offer_does(tmp_path: Path) -> None:
    own = asked(tmp_path, {**CO2, "by": "supplier"}, carbon={"A": 5, "B": 20}, open_orders=[ORDER])
    assert emitted(own) == {"Near Ltd": pytest.approx(35), "Far Co": pytest.approx(20 * arrived(own))}


def test_carbon_when_a_plant_melts_then_counts_with_all_together_and_with_no_supplier(tmp_path: Path) -> None:
    processes = [{**row, "carbon": 3} for row in SCRAP["processes"]]
    own = asked(tmp_path, CO2, **SCRAP | {"processes": processes})
    assert emitted(own) == {"": pytest.approx(3 * 20)}
    (row,) = (
        asked(tmp_path, {**CO2, "material": "metal"}, **SCRAP | {"processes": processes})
        .plan.tables["limits"]
        .to_dict("records")
    )
    assert row["counted"] == pytest.approx(3 * 20)
    assert asked(tmp_path, {**CO2, "by": "country"}, **SCRAP | {"processes": processes}).plan.tables["limits"].empty


def test_carbon_when_goods_move_between_own_sites_then_their_lane_counts_once(tmp_path: Path) -> None:
    port = {"site": "PORT", "kind": "warehouse", "country": "USA"}
    lane = {"origin": "PORT", "destination": "PLANT", "material": "oxide", "carbon": 2, "transit_days": 0}
    own = asked(
        tmp_path,
        {**CO2, "site": "PLANT"},
        sites=[*TINY["sites"], port],
        lanes=[*TINY["lanes"], lane],
        stocks=[{"site": "PORT", "material": "oxide", "opening": 30}],
    )
    assert emitted(own) == {"": pytest.approx(60)}
    elsewhere = asked(
        tmp_path,
        {**CO2, "site": "PORT"},
        sites=[*TINY["sites"], port],
        lanes=[*TINY["lanes"], lane],
        stocks=[{"site": "PORT", "material": "oxide", "opening": 30}],
    )
    assert elsewhere.plan.tables["limits"].empty


def test_question_without_carbon_when_asked_then_the_cheap_one_gives_all(tmp_path: Path) -> None:
    tiny_case(tmp_path, carbon={"B": 20}, limits=[{**CO2, "value": 10}])
    plan = run.optimize(write_question(tmp_path, 'without = ["carbon"]\n'))
    assert set(plan.tables["purchases"]["offer"]) == {"B"}
    assert plan.manifest["audit"]["clean"]


def test_lead_time_when_each_supplier_has_its_own_then_a_slow_one_gives_nothing(tmp_path: Path) -> None:
    own = asked(tmp_path, {**SOON, "by": "supplier"})
    assert set(own.plan.tables["purchases"]["offer"]) == {"A"}
    found = own.plan.tables["limits"].set_index(["member", "window"])
    assert found["actual"]["Near Ltd"].to_numpy() == pytest.approx(30)
    assert found["total"]["Far Co"].to_numpy() == pytest.approx(0)


def test_lead_time_when_a_licence_is_waited_for_then_counts_and_open_orders_do_not(tmp_path: Path) -> None:
    licences = [{"country": "CHN", "lag_days": 15}]
    own = asked(tmp_path, {**SOON, "value": 60}, licences=licences, open_orders=[ORDER])
    assert own.plan.tables["limits"]["actual"].to_numpy() == pytest.approx(60)
    assert own.plan.tables["limits"]["total"].sum() == pytest.approx(arrived(own))


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        ({**CO2, "per": "year", "value": 500}, "co2: all together, 2027 to 2028: 3,"),
        (SOON, "at worst 45 instead of 40"),
    ],
)
def test_limit_when_nothing_else_can_deliver_then_the_explanation_says_how_far_it_has_to_give(
    tmp_path: Path, limit: dict[str, Any], says: str
) -> None:
    tiny_case(tmp_path, offers=[{**TINY["offers"][1], "carbon": 20}], limits=[limit])
    words = run.explain(write_question(tmp_path, '[objective]\nshortage = "none"\n')).words
    (gives,) = [each for each in words if each.startswith(limit["limit"])]
    assert says in gives
    assert gives.endswith("(limits.csv row 2)")


@pytest.mark.parametrize(
    ("limit", "column", "value", "says"),
    [
        (SOON, "actual", 39.0, "the plan says actual 39, the arithmetic says 40"),
        (SOON, "total", 1.0, "the plan says total 1, the arithmetic says"),
        (CO2, "counted", 5.0, "the plan says counted 5, the arithmetic says"),
    ],
)
def test_audit_when_a_cell_of_a_limit_is_wrong_then_says_so(
    tmp_path: Path, limit: dict[str, Any], column: str, value: float, says: str
) -> None:
    own = asked(tmp_path, limit, carbon={"B": 20})
    own.plan.tables["limits"].loc[0, column] = value
    assert any(says in finding for finding in verdict_on(own.plan).findings)


def test_audit_when_more_was_bought_than_may_be_emitted_then_says_so(tmp_path: Path) -> None:
    own = asked(tmp_path, {**CO2, "value": 3000}, carbon={"A": 5, "B": 20})
    own.plan.tables["purchases"].loc[own.plan.tables["purchases"]["offer"] == "B", "tonnes"] *= 1.5
    assert any("rule carbon" in finding and "t above" in finding for finding in verdict_on(own.plan).findings)
