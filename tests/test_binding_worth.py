"""What one more unit is worth: only where a second solve says so, and in sum where it is not shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import tiny_case, write_question

from sourcing import run
from sourcing.report.console import render_plan

if TYPE_CHECKING:
    from sourcing.plan import Plan

FAULTS = Path(__file__).parent / "regressions"
YEAR = '[horizon]\nstart = "2027-01"\nperiods = 1\nlength = "year"\n'
ONE_YEAR: dict[str, Any] = {
    "demand": [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 100}],
    "stocks": None,
    "lanes": {0: {"transit_days": 0}, 1: {"transit_days": 0}},
}


def planned(folder: Path, text: str = "", **tables: Any) -> Plan:
    """Return the plan of a year of the tiny case, from its cheap offer B and its dear one A."""
    tiny_case(folder, **ONE_YEAR | tables)
    return run.optimize(write_question(folder, YEAR + text))


def lane(capacity: float, **cells: Any) -> dict[int, dict[str, Any]]:
    return {0: {"transit_days": 0}, 1: {"transit_days": 0, "capacity": capacity, **cells}}


def screen(plan: Plan) -> str:
    return " ".join(render_plan(plan).plain.split())


def test_offer_and_its_lane_when_they_bind_together_then_one_alone_is_said_to_be_worth_nothing() -> None:
    plan = run.optimize(FAULTS / "X2-offer-and-lane" / "question.toml")
    for row in plan.tables["binding"].to_dict("records"):
        assert row["together"] == f"lane[A|P||sea|{row['node']}]"
        assert row["worth"] == pytest.approx(30)
        assert "are worth USD 30 together, one alone nothing" in row["words"]
    assert "Two rules bind together: one more tonne from SUPA ox (A) in 2027-Q3 and one more tonne on" in screen(plan)
    assert plan.manifest["audit"]["clean"]


def test_three_rules_when_they_bind_together_then_all_three_are_named(tmp_path: Path) -> None:
    limits = [{"limit": "few", "measure": "tonnes", "by": "supplier", "member": "Far Co", "per": "year", "value": 60}]
    plan = planned(tmp_path, lanes=lane(60), capacity={"B": 60}, limits=limits)
    words = plan.tables["binding"]["words"].tolist()
    assert all(sentence.startswith("Three rules bind together: ") for sentence in words)
    assert "one more tonne from Far Co Dy oxide (B)" in words[0]
    assert "sea lane FAR - Our plant" in words[0]
    assert "under few" in words[0]


def test_offer_alone_when_nothing_else_binds_then_a_tonne_is_worth_its_price(tmp_path: Path) -> None:
    plan = planned(tmp_path, capacity={"B": 60})
    (row,) = plan.tables["binding"].query("rule == 'offer'").to_dict("records")
    assert row["worth"] == pytest.approx(row["price"])
    assert row["words"].endswith("is worth USD 99,900")


def test_tonne_when_only_half_of_it_is_of_use_then_is_worth_that_half(tmp_path: Path) -> None:
    plan = planned(tmp_path, lanes=lane(60.5), capacity={"B": 60})
    (row,) = plan.tables["binding"].query("rule == 'offer'").to_dict("records")
    assert (row["price"], row["worth"]) == (pytest.approx(99_900), pytest.approx(49_950))
    assert row["words"].endswith("is worth USD 49,950")
    assert plan.manifest["audit"]["clean"]


def test_minimum_when_it_binds_then_a_tonne_less_is_worth_what_a_second_plan_saves(tmp_path: Path) -> None:
    least: dict[str, Any] = {
        "limit": "near",
        "measure": "tonnes",
        "by": "supplier",
        "member": "Near Ltd",
        "per": "year",
    }
    own, less = (
        planned(tmp_path / name, limits=[{**least, "per": "year", "sense": "min", "value": value}])
        for name, value in (("own", 30), ("less", 29))
    )
    (row,) = own.tables["binding"].to_dict("records")
    saved = own.manifest["objective"]["cost"] - less.manifest["objective"]["cost"]
    assert row["worth"] == pytest.approx(saved)


def test_point_of_a_share_when_more_is_bought_with_it_then_is_worth_what_a_second_plan_saves(tmp_path: Path) -> None:
    limit = {"limit": "far", "measure": "share", "by": "supplier", "member": "Far Co", "per": "year"}
    own, looser = (
        planned(tmp_path / name, limits=[{**limit, "value": value}]) for name, value in (("own", 0.5), ("more", 0.51))
    )
    (row,) = own.tables["binding"].query("rule == 'share'").to_dict("records")
    saved = own.manifest["objective"]["cost"] - looser.manifest["objective"]["cost"]
    assert row["worth"] == pytest.approx(saved)


def test_offers_when_demand_stays_short_through_two_rules_then_both_are_named(tmp_path: Path) -> None:
    plan = planned(tmp_path, lanes=lane(30), capacity={"A": 20, "B": 30})
    table = plan.tables["binding"].set_index("key")
    assert table.at["A", "words"] == "Near Ltd Dy oxide (A) capacity keeps demand short in 2027"
    assert table.at["A", "worth"] > 0
    shared = table[table["together"] != ""]
    assert len(shared)
    assert shared["words"].str.contains("would leave less short together, one alone nothing").all()
    assert plan.manifest["audit"]["clean"]


def test_worth_when_orders_come_in_lots_then_is_that_of_the_plan_with_these_lots(tmp_path: Path) -> None:
    plan = planned(tmp_path, capacity={"B": 60}, min_lot={"A": 5})
    assert plan.tables["binding"]["worth"].notna().all()
    assert "with whole numbers (lots, orders, openings …) as they are in this plan" in screen(plan)


def test_rows_when_each_is_worth_less_than_a_dollar_then_stand_in_the_table_and_are_summed_up() -> None:
    plan = run.optimize(FAULTS / "B-binding-threshold" / "question.toml")
    table = plan.tables["binding"]
    stake = table["price"] * 0.01 * table["value"]
    assert (stake.where(table["rule"] != "share", table["price"]) < 1).sum() >= 10
    assert "more in binding.csv: 1 % more room in all of them would save at most USD" in screen(plan)


def test_audit_when_a_worth_is_above_its_prices_then_says_so(tmp_path: Path) -> None:
    planned(tmp_path, capacity={"B": 60})
    run.optimize(tmp_path / "ask.toml", out=tmp_path / "plan")
    table = pd.read_csv(tmp_path / "plan" / "binding.csv")
    table["words"] = table["words"].str.replace("USD 99,900", "USD 120,000")
    table.assign(worth=120_000.0).to_csv(tmp_path / "plan" / "binding.csv", index=False)
    found = run.audit_plan(tmp_path / "plan").findings
    assert any("says worth 120,000, the prices say at most 99,900" in finding for finding in found)


def test_audit_when_a_partner_is_made_up_then_says_so(tmp_path: Path) -> None:
    run.optimize(FAULTS / "X2-offer-and-lane" / "question.toml", out=tmp_path / "plan")
    table = pd.read_csv(tmp_path / "plan" / "binding.csv")
    table.assign(together="lane[A|Q||sea|0]").to_csv(tmp_path / "plan" / "binding.csv", index=False)
    found = run.audit_plan(tmp_path / "plan").findings
    assert any("of which not all can be found" in finding for finding in found)
