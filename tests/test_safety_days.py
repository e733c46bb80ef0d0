"""Safety stock in days by hand: the larger of tonnes and days of demand to come, in the rows of the safety stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from test_cover import LATER, STOCK, ends, months, plans

from sourcing.daily.safety import safety_by_day
from sourcing.errors import InfeasiblePlan
from sourcing.reasons import Explanation
from sourcing.replay import Replay
from sourcing.run import check, optimize
from sourcing.testing.points import rows_of_checks

if TYPE_CHECKING:
    from pathlib import Path

    from test_cover import Plans

__all__ = ["plans"]


def stocks(**cells: Any) -> dict[str, Any]:
    return {"stocks": [STOCK | {"cover_days": "", "safety_days": 45} | cells]}


def test_safety_of_45_days_when_months_differ_then_is_the_demand_of_the_days_that_follow(plans: Plans) -> None:
    own = plans(**stocks())
    assert ends(own) == pytest.approx([79, 51, *LATER])
    assert len(own.formulation.rows["cover"]) == 0
    assert len(own.formulation.rows["closing"]) == 0


def test_safety_in_days_and_tonnes_when_both_are_filled_in_then_the_larger_holds(plans: Plans) -> None:
    assert ends(plans(**stocks(safety=75)))[2:] == pytest.approx([75, 90, 90, 90])
    assert ends(plans(**stocks(safety=200)))[2:] == pytest.approx([200] * 4)


def test_safety_in_days_when_a_closing_stock_is_less_then_is_kept_at_the_end_too(plans: Plans) -> None:
    assert ends(plans(**stocks(closing=10)))[2:] == pytest.approx(LATER)
    assert ends(plans(**stocks(closing=120)))[2:] == pytest.approx([*LATER[:3], 120])


def test_safety_in_days_when_cover_asks_for_more_then_does_not_bind(plans: Plans) -> None:
    own = plans(**stocks(safety_days=10, cover_days=45))
    assert ends(own)[2:] == pytest.approx(LATER)
    asked = own.formulation.row_lower[own.formulation.rows["safety"].ids]
    assert list(asked) == pytest.approx([30, 10, 20, 20, 20])  # from June on, in which an order can come; at 3, 1, 2 t


@pytest.mark.parametrize("opening", [0, 60])
def test_safety_beyond_the_horizon_when_the_store_was_smaller_then_may_be_brought(plans: Plans, opening: float) -> None:
    own = plans(**stocks(opening=opening, safety_days=90))
    assert ends(own)[3:] == pytest.approx([60 + 62 + 58, 62 + 2 * 59, 2 * 90])


def test_safety_in_days_when_blank_or_0_then_asks_for_nothing(plans: Plans) -> None:
    for days in ("", 0):
        own = plans(**stocks(safety_days=days))
        assert len(own.formulation.rows["safety"]) == 0
        assert ends(own)[2:] == pytest.approx([0, 0, 0, 0])


def test_safety_in_days_when_a_plan_was_spoiled_then_is_told(plans: Plans) -> None:
    own = plans(**stocks())
    replay = Replay.of(own.plan.tables)
    replay.hold["P", "ox", 3] -= 4
    kept = rows_of_checks(own.facts, replay)
    assert kept["safety", ("P", "ox", 3)].residual == pytest.approx(-4)
    assert kept["safety", ("P", "ox", 4)].residual == pytest.approx(0)


def test_safety_in_days_when_the_store_is_too_small_then_says_how_many_days_would_do(tmp_path: Path) -> None:
    """What lasts 45 days is 90 t at the end of October, and 80 t last 40."""
    with pytest.raises(InfeasiblePlan) as none:
        optimize(months(tmp_path, **stocks(maximum=80)), out=None)
    told = none.value.explanation
    assert isinstance(told, Explanation)
    repairs = told.tables["repairs"]
    assert repairs[["column", "becomes"]].to_numpy().tolist() == [["safety_days", 40], ["maximum", 90]]
    assert told.words[-1].endswith(
        "safety stock of 45 days is 90 t on 2027-10-31, above the maximum of 80 t; lower it, or raise the maximum"
    )


@pytest.mark.parametrize("column", ["safety_days", "cover_days"])
def test_days_where_nothing_is_due_when_checked_then_are_said_to_be_nothing(tmp_path: Path, column: str) -> None:
    store = {"site": "H", "material": "ox", "opening": 5, column: 30}
    found = {each.code: each for each in check(months(tmp_path, stocks=[STOCK, store])).findings}
    assert (found["SCREEN-393"].severity, found["SCREEN-393"].place) == (
        "warning",
        f"stocks.csv row 3, column {column}",
    )
    assert found["SCREEN-393"].fact.startswith("30 days of demand are nothing: no demand is due at H")


def test_safety_in_days_when_replayed_by_the_day_then_is_what_is_due_after_each_day(plans: Plans) -> None:
    own = plans(**stocks(safety=70))
    asked = safety_by_day(own.facts, ("P", "ox"))
    ends_of_months = [30, 60, 91, 122, 152, 183]
    assert list(asked[ends_of_months]) == pytest.approx([30 * 2 + 15 * 3, 31 * 3 + 14, 70, 90, 90, 90])
    assert asked[92 + 9] == 70  # 10 August: 21 + 2 x 24 t are less
    assert asked[92 + 19] == pytest.approx(11 + 2 * 30 + 2 * 4)  # 20 August


def test_safety_in_days_when_stock_costs_then_is_paid_for(plans: Plans) -> None:
    held = 31 * 79 + 30 * 51 + 31 * 59 + 31 * 90 + 30 * 90 + 31 * 90  # t x days
    cost = plans(**stocks()).plan.tables["cost"]
    assert cost.loc[cost["head"] == "holding", "amount"].sum() == pytest.approx(held * 1000 / 365)
