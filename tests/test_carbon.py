"""Limits on carbon and on the average lead time, from the tables to the explanation: what they count, what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import SCRAP, TINY, tiny_case, write_question
from cases.chain import Answer, answer

from sourcing import run
from sourcing.answer.audit import verdict_on
from sourcing.answer.emissions import emissions
from sourcing.report.console import render_plan
from sourcing.studies.compare.call import side_by_side
from sourcing.studies.compare.screen import render_comparison

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
        ({**CO2, "per": "year", "value": 500}, "co2: all together, 2027 to 2028: at worst 1,875 t CO2e above"),
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


def test_emissions_when_added_up_from_the_tables_then_are_what_the_limit_counts(tmp_path: Path) -> None:
    port = {"site": "PORT", "kind": "warehouse", "country": "USA"}
    lane = {"origin": "PORT", "destination": "PLANT", "material": "oxide", "carbon": 2, "transit_days": 20}
    changes = SCRAP | {
        "sites": [*TINY["sites"], port],
        "lanes": [*({**row, "carbon": 0.5} for row in TINY["lanes"]), lane],
        "open_orders": [ORDER],
        "processes": [
            {**row, "carbon": 3, "capacity": at} for row, at in zip(SCRAP["processes"], ("", 2), strict=True)
        ],
        "stocks": [{"site": "PORT", "material": "oxide", "opening": 3}],
        "carbon": {"A": 5, "B": 20, "S": 1},
    }
    own = asked(tmp_path, CO2, **changes)
    kinds = emissions(own.plan)
    assert kinds.sum() == pytest.approx(emitted(own)[""])
    assert kinds["ordered before"] == 5 * 7
    assert kinds["made"] == pytest.approx(3 * own.plan.tables["conversions"]["tonnes"].sum())
    assert len(own.plan.tables["shipments"])
    assert (kinds > 0).all()


def test_plans_when_beside_each_other_then_show_what_they_emit_and_what_that_rests_on(tmp_path: Path) -> None:
    offers = [{**row, "confidence": "estimate"} for row in TINY["offers"]]
    tiny_case(tmp_path, offers=offers, carbon={"A": 5, "B": 20})
    ceiling = '[[limits]]\nlimit = "co2"\nmeasure = "carbon"\nper = "horizon"\nvalue = 2000\n'
    free, held = (run.optimize(write_question(tmp_path, text)) for text in ("", ceiling))
    beside = side_by_side([free, held])
    table = beside.tables["carbon"].set_index("kind")
    assert table.loc["all", "B"] == pytest.approx(2000)
    assert table.loc["all", "B - A"] == pytest.approx(2000 - emissions(free).sum())
    screen = render_comparison(beside, 100).plain
    assert "CARBON, t CO2e" in screen
    assert f"{table.loc['all', 'A']:,.0f}" in screen
    rests = (
        "Carbon rests on 2 rows of offers, lanes and processes, all estimated; it is blank, and counts as 0, in 2 lanes"
    )
    assert rests in " ".join(screen.split())
    assert rests in " ".join(render_plan(held).plain.split())
    assert "Carbon rests" not in render_plan(free).plain
    tiny_case(tmp_path, offers=TINY["offers"])
    assert "carbon" not in side_by_side([run.optimize(write_question(tmp_path))] * 2).tables


def test_audit_when_more_was_bought_than_may_be_emitted_then_says_so(tmp_path: Path) -> None:
    own = asked(tmp_path, {**CO2, "value": 3000}, carbon={"A": 5, "B": 20})
    own.plan.tables["purchases"].loc[own.plan.tables["purchases"]["offer"] == "B", "tonnes"] *= 1.5
    assert any("rule carbon" in finding and "t above" in finding for finding in verdict_on(own.plan).findings)
