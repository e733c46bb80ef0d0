"""Whole decisions that a very small quantity needs: they are taken, paid for and proven, whatever else is as large."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import write_question, write_tables

from sourcing.answer.audit import verdict_on
from sourcing.errors import InfeasiblePlan
from sourcing.run import optimize

if TYPE_CHECKING:
    from sourcing.plan import Plan

REGRESSIONS = Path(__file__).parent / "regressions"
YEARS = '[horizon]\nstart = "2027-01"\nperiods = {}\nlength = "year"\n'
PRICED = '[objective]\nminimize = ["cost"]\nshortage = "none"\ndiscount_rate = 0.0\n'


def proven(plan: Plan, cost: float) -> None:
    """Assert that a plan costs what is right, and that the proof and the audit agree."""
    spent = plan.tables["cost"]["discounted"].sum()
    assert spent == pytest.approx(cost, rel=1e-9)
    assert plan.manifest["bound"] == pytest.approx(cost, rel=1e-9)
    assert plan.manifest["status"] == "optimal"
    assert plan.manifest["gap"] <= 1e-9
    assert plan.manifest["audit"]["clean"]


def two_sellers(tmp_path: Path, demand: list[dict[str, Any]], a: dict[str, Any], b: dict[str, Any]) -> Path:
    """Write a plant that A serves up to a capacity, and B for the rest; return the case."""
    place = {"material": "nd", "destination": "P"}
    return write_tables(
        tmp_path / "tiny",
        {
            "materials": [{"material": "nd", "name": "Nd oxide", "stage": "oxide"}],
            "sites": [
                {"site": "A", "kind": "supplier", "country": "CHN"},
                {"site": "B", "kind": "supplier", "country": "AUS"},
                {"site": "P", "kind": "plant", "country": "DEU"},
            ],
            "demand": [{"site": "P", "material": "nd", **row} for row in demand],
            "offers": [
                {"offer": "a", "supplier": "A", "site": "A", **place, **a},
                {"offer": "b", "supplier": "B", "site": "B", **place, **b},
            ],
        },
    )


@pytest.mark.parametrize(
    ("fault", "cost"),
    [
        ("B01-order-cost-dropped", 110_000.0005),
        ("B04-qualification-exit6", 110_000.0005),
        ("B07-run-cost-dropped", 110_000.0005),
        ("B10-supplier-count-leak", 20_000_000.0),
        ("N-minlot-leak", 10_002_005.0),
        ("wrong-bound", 8.4e9),
    ],
)
def test_plan_when_a_decision_is_needed_for_very_little_then_pays_for_it(fault: str, cost: float) -> None:
    proven(optimize(REGRESSIONS / fault / "question.toml"), cost)


def test_question_when_the_least_lot_is_a_tenth_of_a_gram_above_the_capacity_then_has_no_plan() -> None:
    with pytest.raises(InfeasiblePlan) as caught:
        optimize(REGRESSIONS / "B19-gram-min-lot" / "question.toml")
    assert caught.value.exit_code == 4


def test_least_lot_of_100_000_t_when_half_a_tonne_is_missing_then_is_ordered_in_full(tmp_path: Path) -> None:
    demand, rest = [{"period": "2027", "quantity": 1_000_000.5}], {"price": 11, "min_lot": 100_000}
    two_sellers(tmp_path, demand, {"price": 10, "capacity": 1_000_000}, rest)
    plan = optimize(write_question(tmp_path, YEARS.format(1)))
    assert plan.tables["shortage"].empty
    assert plan.tables["purchases"].set_index("offer")["tonnes"]["b"] >= 100_000 - 1e-6
    assert plan.manifest["audit"]["clean"]


def test_capacity_in_pounds_when_it_is_a_pound_and_a_half_below_the_demand_then_the_second_order_is_paid_for(
    tmp_path: Path,
) -> None:
    given = 2_204_621 * 0.45359237e-3
    two_sellers(
        tmp_path,
        [{"period": "2027", "quantity": 1000}],
        {"price": 50_000, "capacity": given},
        {"price": 60_000, "order_cost": 80_000},
    )
    plan = optimize(write_question(tmp_path, YEARS.format(1) + PRICED))
    proven(plan, 50_000 * given + 60_000 * (1000 - given) + 80_000)


def test_sample_of_10_kg_when_100_t_are_needed_a_month_then_its_order_is_paid_for(tmp_path: Path) -> None:
    demand = [{"period": str(2027 + year), "quantity": 1200 + 0.01 * (year == 0)} for year in range(10)]
    two_sellers(tmp_path, demand, {"price": 50_000, "capacity": 1200}, {"price": 60_000, "order_cost": 50_000})
    plan = optimize(write_question(tmp_path, YEARS.format(10) + PRICED))
    assert plan.tables["cost"].query("head == 'ordering'")["amount"].tolist() == [50_000.0]
    proven(plan, 50_000 * 12_000 + 60_000 * 0.01 + 50_000)


@pytest.mark.parametrize(
    ("fault", "rule", "tonnes"),
    [
        ("B01-order-cost-dropped", "switch", "0.0005"),
        ("B04-qualification-exit6", "qualified", "0.0005"),
        ("B07-run-cost-dropped", "switch", "0.0005"),
        ("N-minlot-leak", "switch", "1,000"),
    ],
)
def test_audit_when_a_decision_is_left_out_then_finds_what_was_done_without_it(
    fault: str, rule: str, tonnes: str
) -> None:
    plan = optimize(REGRESSIONS / fault / "question.toml")
    plan.tables["decisions"] = plan.tables["decisions"].iloc[:0]
    found = [words for words in verdict_on(plan).findings if f"rule {rule}: " in words]
    assert found[0].endswith(f"the plan is {tonnes} t above what is allowed")


def test_audit_when_an_order_is_100_g_below_its_least_lot_then_finds_it() -> None:
    plan = optimize(REGRESSIONS / "N-minlot-leak" / "question.toml")
    plan.tables["purchases"].loc[plan.tables["purchases"]["offer"] == "B", "tonnes"] -= 1e-4
    found = [words for words in verdict_on(plan).findings if "rule lot: " in words]
    assert found[0].endswith("the plan is 0.0001 t below what is asked")
