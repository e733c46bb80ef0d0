"""Stock on days within long periods, by hand: months first, then quarters, and goods that take 80 days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from builders import write_question, write_tables
from cases.chain import answer
from twin import solve_twin

from sourcing.daily import day_by_day
from sourcing.errors import QuestionError
from sourcing.question import load_question
from sourcing.replay import Replay
from sourcing.testing.points import disagreements, rows_of_algebra

if TYPE_CHECKING:
    from pathlib import Path

    from cases.chain import Answer

CASE: dict[str, list[dict[str, Any]]] = {
    "materials": [{"material": "ox", "stage": "oxide", "shortage_cost": 9_000}],
    "sites": [{"site": "A", "kind": "supplier", "country": "AUS"}, {"site": "P", "kind": "plant", "country": "DEU"}],
    "offers": [
        {
            "offer": "a",
            "supplier": "A",
            "site": "A",
            "material": "ox",
            "destination": "P",
            "price": 1000,
            "lead_days": 80,
        }
    ],
    "demand": [{"site": "P", "material": "ox", "period": "2027", "quantity": 73}],
    "stocks": [{"site": "P", "material": "ox", "opening": 20, "safety": 4}],
}
"""0.2 t a day, and 20 t in stock: orders of January come from 22 March on, those of March from 20 May on."""


def planned(folder: Path, within: str, shortage: str = "least", months: int = 6, **changes: Any) -> Answer:
    """Return the plan of a year in months, then quarters; algebra, check and twin agree."""
    write_tables(folder / "tiny", {**CASE, **changes})
    steps = f'[["month", {months}], ["quarter", {4 - months // 3}]]'
    asked = f'horizon = {{ start = "2027-01", steps = {steps}, within = "{within}" }}\n# [horizon]\n'
    minimize = '["shortage", "cost"]' if shortage == "least" else '["cost"]'
    objective = f'[objective]\nshortage = "{shortage}"\nminimize = {minimize}\ndiscount_rate = 0.1\n'
    own = answer(write_question(folder, asked + objective))
    if own.solution.status == "optimal":
        assert disagreements(own.facts, own.formulation, 1) == []
        assert own.verdict.findings == []
        twin = solve_twin(folder / "tiny", folder / "ask.toml")
        assert own.total("cost") == pytest.approx(twin.cost, rel=1e-6)
    return own


def by_day(own: Answer) -> Any:
    """Return what the daily replay says of the one place."""
    (row,) = day_by_day(own.facts, Replay.of(own.plan.tables)).rows["days"]
    return row


def test_months_before_quarters_when_only_ends_are_looked_at_then_leave_the_store_empty(tmp_path: Path) -> None:
    own = planned(tmp_path, "nothing")
    assert by_day(own).days_empty == 30  # 4 t last from July to the 20th; orders of June come from 20 August on
    assert own.plan.tables["shortage"].empty


def test_worst_days_when_looked_at_then_the_store_is_never_empty(tmp_path: Path) -> None:
    row = by_day(planned(tmp_path, "not_empty"))
    assert row.days_empty == 0
    assert row.days_below_safety > 0


def test_safety_on_worst_days_when_asked_then_is_there_every_day(tmp_path: Path) -> None:
    row = by_day(planned(tmp_path, "safety"))
    assert (row.days_empty, row.days_below_safety) == (0, 0)


def test_days_of_safety_when_asked_on_worst_days_then_are_those_of_the_demand_that_follows(tmp_path: Path) -> None:
    stocks = [{"site": "P", "material": "ox", "opening": 20, "safety_days": 20}]  # 4 t of 0.2 a day
    by_days, by_tonnes = planned(tmp_path, "safety", stocks=stocks), planned(tmp_path, "safety")
    assert by_days.total("cost") == pytest.approx(by_tonnes.total("cost"), rel=1e-9)


def test_days_of_work_when_they_are_a_lead_time_then_what_goes_on_coming_begins_nothing(tmp_path: Path) -> None:
    """57 working days are 11 weeks and 2 days: on Tuesdays the orders of three days come, after two of which none does.

    The orders of February and March begin on a Monday, and so come from a Wednesday on.
    """
    offers = [{**CASE["offers"][0], "days": "working", "lead_days": 57}]
    own = planned(tmp_path, "safety", months=3, offers=offers)
    days = [key[2] for name, key in rows_of_algebra(own.formulation, own.solution.x) if name == "worst_day"]
    assert [day for day in days if date.fromisoformat(day).strftime("%A") != "Tuesday"] == ["2027-04-21", "2027-05-19"]
    assert len(days) > 30


@pytest.mark.parametrize("shortage", ["least", "priced", "none"])
def test_order_that_cannot_come_in_time_when_looked_at_then_is_short(tmp_path: Path, shortage: str) -> None:
    """Nothing can come between day 100, on which 20 t are used up, and 20 May, day 139, on which a tonne of 8 does."""
    late = {"offers": [{**CASE["offers"][0], "start": "2027-03-01"}], "stocks": [{**CASE["stocks"][0], "safety": 0}]}
    own = planned(tmp_path, "not_empty", shortage, 3, **late)
    if shortage == "none":
        assert own.solution.status == "infeasible"
    else:
        assert own.plan.tables["shortage"]["short"].sum() == pytest.approx(0.2 * 39)
        assert by_day(own).days_empty == 0


def test_open_order_when_it_comes_within_a_quarter_then_is_not_there_before(tmp_path: Path) -> None:
    """40 t on 30 April serve nothing of the 19 days from day 100 on."""
    due = {"open_orders": [{"order": "PO", "site": "P", "material": "ox", "arrives": "2027-04-30", "quantity": 40}]}
    late = {"offers": [{**CASE["offers"][0], "start": "2027-06-01"}], "stocks": [{**CASE["stocks"][0], "safety": 0}]}
    assert planned(tmp_path, "nothing", months=3, **due, **late).plan.tables["shortage"].empty
    own = planned(tmp_path, "not_empty", months=3, **due, **late)
    assert own.plan.tables["shortage"]["short"].sum() == pytest.approx(0.2 * 19)


def test_horizon_when_it_asks_for_something_else_within_periods_then_is_refused(tmp_path: Path) -> None:
    write_tables(tmp_path / "tiny", CASE)
    with pytest.raises(QuestionError, match="within"):
        load_question(
            write_question(tmp_path, 'horizon = { start = "2027-01", periods = 2, length = "quarter", within = "x" }\n')
        )
