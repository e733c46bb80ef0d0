"""Stores that opening stock and open orders fill beyond their maximum, by hand: the plan takes what nobody can help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import findings, write_question, write_tables
from cases.chain import answer
from twin import solve_twin

from sourcing.testing.points import disagreements

if TYPE_CHECKING:
    from pathlib import Path

    from cases.chain import Answer

MONTHS = 'horizon = { start = "2027-01", periods = 12, length = "month" }\n# [horizon]\n'
CASE: dict[str, list[dict[str, Any]]] = {
    "materials": [{"material": "ox", "stage": "oxide"}],
    "sites": [
        {"site": "A", "kind": "supplier", "country": "AUS"},
        {"site": "P", "kind": "plant", "country": "DEU"},
        {"site": "Q", "kind": "plant", "country": "DEU"},
    ],
    "offers": [{"offer": "a", "supplier": "A", "site": "A", "material": "ox", "destination": "P", "price": 100}],
    "demand": [{"site": "P", "material": "ox", "period": "2027", "quantity": 73}],
    "stocks": [{"site": "P", "material": "ox", "opening": 10, "maximum": 20, "holding_cost": 1}],
    "open_orders": [{"order": "late", "site": "P", "material": "ox", "arrives": "2027-01-20", "quantity": 30}],
}
LEFT = [40 - 0.2 * 31, 40 - 0.2 * 59, 40 - 0.2 * 90]


def planned(folder: Path, **changes: Any) -> Answer:
    write_tables(folder / "tiny", {**CASE, **changes})
    own = answer(write_question(folder, MONTHS))
    assert own.solution.status == "optimal"
    assert disagreements(own.facts, own.formulation, 1) == []
    assert own.verdict.findings == []
    return own


def test_open_order_that_does_not_fit_then_lies_there_and_is_used_up(tmp_path: Path) -> None:
    own = planned(tmp_path)
    ends = own.plan.tables["stock"]["end"].tolist()
    assert ends[:3] == pytest.approx(LEFT)  # 33.8, 28.2 and 22 t, where there is room for 20
    assert max(ends[3:]) <= 20
    assert own.plan.tables["shortage"].empty
    twin = solve_twin(tmp_path / "tiny", tmp_path / "ask.toml")
    assert own.plan.tables["cost"]["discounted"].sum() == pytest.approx(twin.cost, rel=1e-9)


def test_nothing_is_ordered_on_top_then_of_what_does_not_fit(tmp_path: Path) -> None:
    bought = planned(tmp_path, offers=[{**CASE["offers"][0], "end": "2027-02-01"}]).plan.tables["purchases"]
    assert bought.empty  # cheaper than going short, and there is no room


def test_store_that_is_overfull_then_is_warned_of(tmp_path: Path) -> None:
    write_tables(tmp_path / "tiny", CASE)
    (said,) = [each for each in findings(write_question(tmp_path, MONTHS)) if each.code == "SCREEN-397"]
    assert said.severity == "warning"
    assert said.fact.startswith("33.8 t of ox lie at P at the end of 2027-01 though nothing is ordered")
    fits = {"stocks": [{**CASE["stocks"][0], "maximum": 34}]}
    write_tables(tmp_path / "tiny", CASE | fits)
    assert [each for each in findings(write_question(tmp_path, MONTHS)) if each.code == "SCREEN-397"] == []


@pytest.mark.parametrize(
    "way",
    [
        {"stocks": [{**CASE["stocks"][0], "disposal_cost": 1, "disposal_maximum": 1}]},
        {"lanes": [{"origin": "P", "destination": "Q", "material": "ox", "capacity": 1}]},
    ],
)
def test_goods_that_could_go_on_then_have_no_room_beyond_the_maximum(tmp_path: Path, way: dict[str, Any]) -> None:
    demand = [*CASE["demand"], {"site": "Q", "material": "ox", "period": "2027", "quantity": 1}]
    write_tables(tmp_path / "tiny", {**CASE, "demand": demand, **way})
    assert answer(write_question(tmp_path, MONTHS)).solution.status == "infeasible"
