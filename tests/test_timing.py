"""What lands late in a period does not serve its earlier days: by hand, on odd dates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import write_question, write_tables
from cases.chain import answer
from twin import solve_twin

from sourcing.errors import InfeasiblePlan
from sourcing.run import optimize
from sourcing.testing.points import disagreements

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.chain import Answer

    Plans = Callable[..., Answer]

FAULTS = Path(__file__).parent / "regressions"
CASE: dict[str, list[dict[str, Any]]] = {
    "materials": [{"material": "ox", "stage": "oxide"}, {"material": "metal", "stage": "metal"}],
    "sites": [
        {"site": "A", "kind": "supplier", "country": "AUS"},
        {"site": "H", "kind": "warehouse", "country": "DEU"},
        {"site": "P", "kind": "plant", "country": "DEU"},
    ],
    "offers": [{"offer": "a", "supplier": "A", "site": "A", "material": "ox", "destination": "P", "price": 100}],
    "demand": [{"site": "P", "material": "ox", "period": "2027", "quantity": 73}],
}
QUARTERS = 'horizon = { start = "2027-01", periods = 4, length = "quarter" }\n# [horizon]\n'


@pytest.fixture
def plans(tmp_path: Path) -> Plans:
    """Return a function that plans a case with changes; algebra, checks and twin agree."""

    def planned(horizon: str = QUARTERS, **changes: Any) -> Answer:
        folder = write_tables(tmp_path / "tiny", {**CASE, **changes})
        question = write_question(tmp_path, horizon)
        own = answer(question)
        assert own.solution.status == "optimal"
        assert disagreements(own.facts, own.formulation, 1) == []
        assert own.verdict.findings == []
        assert solve_twin(folder, question).shortage == pytest.approx(own.total("shortage"), abs=1e-6)
        return own

    return planned


def offer(**cells: Any) -> dict[str, Any]:
    return {"offers": [{**CASE["offers"][0], **cells}]}


def short(own: Answer) -> float:
    return float(own.plan.tables["stock"]["short"].sum())


@pytest.mark.parametrize(("name", "tonnes"), [("P-year-lead300", 100 * 300 / 365), ("A-window-smear", 100 * 89 / 365)])
def test_fault_when_orders_come_late_in_the_first_period_then_its_days_before_are_short(
    name: str, tonnes: float
) -> None:
    own = answer(FAULTS / name / "question.toml")
    assert short(own) == pytest.approx(tonnes)
    assert own.verdict.findings == []


def test_early_when_an_order_lands_on_day_38_then_37_and_a_bit_days_are_short(plans: Plans) -> None:
    own = plans(**offer(lead_days=38))
    assert short(own) == pytest.approx(73 * 38 / 365)
    assert own.formulation.rows["early"].entities["landing"].iloc[0] == "2027-02-08"


def test_early_when_opening_stock_covers_the_days_before_then_nothing_is_short(plans: Plans) -> None:
    own = plans(**offer(lead_days=38), stocks=[{"site": "P", "material": "ox", "opening": 8}])
    assert short(own) == pytest.approx(0.0, abs=1e-9)


def test_early_when_all_demand_falls_after_the_landing_then_has_no_row_and_nothing_is_short(plans: Plans) -> None:
    demand = [{"site": "P", "material": "ox", "period": "2027-03", "quantity": 9}]
    own = plans(**offer(lead_days=38), demand=demand)
    assert "early" not in own.formulation.rows
    assert short(own) == pytest.approx(0.0, abs=1e-9)


def test_early_when_a_slow_and_a_slower_offer_land_then_each_day_has_its_row(plans: Plans) -> None:
    """The first lands from day 20, for 20 days of orders; the second from day 50: 20 days are short at least."""
    offers = [
        {**CASE["offers"][0], "lead_days": 20, "end": "2027-01-21", "capacity": 73.0},
        {**CASE["offers"][0], "offer": "b", "lead_days": 50},
    ]
    own = plans(offers=offers)
    landing = own.formulation.rows["early"].entities["landing"]
    assert {"2027-01-21", "2027-02-20"} <= set(landing)
    assert short(own) >= 0.2 * 20 - 1e-6


def test_early_when_a_process_takes_40_days_then_its_first_product_serves_the_days_after(plans: Plans) -> None:
    changes: dict[str, Any] = {
        "demand": [{"site": "P", "material": "metal", "period": "2027", "quantity": 73}],
        "processes": [{"process": "melt", "site": "P", "days": 40}],
        "recipes": [
            {"process": "melt", "material": "ox", "quantity": -1},
            {"process": "melt", "material": "metal", "quantity": 1},
        ],
        "stocks": [{"site": "P", "material": "ox", "opening": 90}],
    }
    assert short(plans(**changes)) == pytest.approx(73 * 40 / 365)


def test_early_when_a_lane_takes_30_days_then_goods_at_the_hub_serve_the_days_after(plans: Plans) -> None:
    lanes = [{"origin": "H", "destination": "P", "mode": "road", "transit_days": 30}]
    changes = {**offer(lead_days=400), "lanes": lanes, "stocks": [{"site": "H", "material": "ox", "opening": 90}]}
    assert short(plans(**changes)) == pytest.approx(73 * 30 / 365)


def test_early_when_nothing_may_be_short_then_the_explanation_names_the_day(tmp_path: Path) -> None:
    write_tables(tmp_path / "tiny", {**CASE, **offer(lead_days=38)})
    with pytest.raises(InfeasiblePlan) as refused:
        optimize(write_question(tmp_path, QUARTERS + '[objective]\nshortage = "none"\n'), out=None)
    said = " ".join(refused.value.explanation.words)
    assert "ox at P that lands from 2027-02-08 on, 2027-Q1: 7.6 t above the demand from then on of 10.4" in said
