"""Transshipment: goods pass through any site that a lane leaves, whoever brought them there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import answer
from twin import solve_twin

from sourcing.run import audit_plan, optimize

REGRESSIONS = Path(__file__).parent / "regressions"
PORT = {"site": "PORT", "kind": "port", "country": "NLD"}
TO_PORT = [
    {"origin": "FAR", "destination": "PORT", "mode": "sea", "freight": 10, "transit_days": 20},
    {"origin": "PORT", "destination": "PLANT", "mode": "road", "freight": 5, "transit_days": 2},
]


def port_case(tmp_path: Path, **changes: Any) -> Path:
    """Write the tiny case with a port on the way of FAR's goods, and no row of stocks there."""
    return tiny_case(tmp_path, **{"sites": [*TINY["sites"], PORT], "lanes": [TINY["lanes"][0], *TO_PORT], **changes})


def test_open_order_when_it_arrives_at_a_port_then_is_sent_on(tmp_path: Path) -> None:
    plan = optimize(REGRESSIONS / "O-open-order-at-port" / "question.toml", out=tmp_path / "plan")
    assert plan.tables["purchases"]["tonnes"].sum() == pytest.approx(60)
    assert plan.manifest["objective"]["cost"] == pytest.approx(640)  # 60 t at USD 10, 40 t over the lane at USD 1
    sent = plan.tables["shipments"]
    assert (sent["origin"].unique(), sent["tonnes"].sum()) == (["W"], pytest.approx(40))
    assert audit_plan(tmp_path / "plan").findings == []


def test_lanes_when_two_follow_each_other_then_goods_are_bought_over_both(tmp_path: Path) -> None:
    port_case(tmp_path)
    own = answer(write_question(tmp_path))
    bought = own.plan.tables["purchases"].query("offer == 'B'")
    assert set(bought["destination"]) == {"PORT"}
    assert own.plan.tables["shipments"]["tonnes"].sum() == pytest.approx(bought["tonnes"].sum())
    assert own.verdict.findings == []
    twin = solve_twin(tmp_path / "tiny", tmp_path / "ask.toml")
    assert own.total("cost") == pytest.approx(twin.cost)


def test_lanes_when_three_follow_each_other_and_offer_is_delivered_then_goods_reach_the_plant(tmp_path: Path) -> None:
    inland = {"site": "DEPOT", "kind": "warehouse", "country": "DEU"}
    lanes = [TO_PORT[0], {**TO_PORT[1], "destination": "DEPOT"}, {**TO_PORT[1], "origin": "DEPOT"}]
    port_case(tmp_path, sites=[*TINY["sites"], PORT, inland], lanes=lanes, destination={"B": "PORT"})
    own = answer(write_question(tmp_path))
    assert own.network.points.wanted.sum() == 1
    assert set(own.plan.tables["shipments"]["origin"]) == {"PORT", "DEPOT"}
    assert own.verdict.findings == []


@pytest.mark.parametrize(
    "lanes",
    [
        [TO_PORT[0]],
        [TO_PORT[1]],
        [{**TO_PORT[0], "material": "metal"}, TO_PORT[1]],
        [TO_PORT[0], {**TO_PORT[1], "destination": "FAR"}],
    ],
    ids=["no way on", "nothing comes", "another material", "back where it came from"],
)
def test_port_when_nothing_can_pass_through_then_is_no_stock_point(tmp_path: Path, lanes: list[dict[str, Any]]) -> None:
    port_case(tmp_path, lanes=lanes)
    own = answer(write_question(tmp_path))
    assert "PORT" not in set(own.network.points.entities["site"])
    assert own.verdict.findings == []


def test_supplier_when_only_its_own_goods_leave_then_they_are_not_kept_at_its_site(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    points = answer(write_question(tmp_path)).network.points.entities
    assert set(points["site"]) == {"PLANT"}
