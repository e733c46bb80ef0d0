"""Incumbents: what moves away from today's suppliers is said, paid for and limited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import answer

from sourcing.answer.audit import verdict_on
from sourcing.errors import DataError
from sourcing.report.console import render_plan
from sourcing.run import explain, optimize

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

YEAR = '[horizon]\nstart = "2027-01"\nperiods = 1\nlength = "year"\n'
ONE_YEAR: dict[str, Any] = {
    "demand": [TINY["demand"][0]],
    "stocks": None,
    "lanes": [{**lane, "transit_days": 0} for lane in TINY["lanes"]],
    "capacity": {"A": 500},
}
"""100 t of oxide in 2027: from A at USD 300,100 with freight, or from B at 200,200."""


def incumbent(**cells: Any) -> dict[str, Any]:
    return {"offer": "A", "quantity": 60, **cells}


def plan_of(tmp_path: Path, *rows: dict[str, Any], question: str = YEAR, **changes: Any) -> Plan:
    tiny_case(tmp_path, incumbents=list(rows), **(ONE_YEAR | changes))
    plan = answer(write_question(tmp_path, question)).plan
    assert verdict_on(plan).is_clean
    return plan


def ordered(plan: Plan, offer: str) -> float:
    bought = plan.tables["purchases"]
    return float(bought.loc[bought["offer"] == offer, "tonnes"].sum())


def switching(plan: Plan) -> float:
    cost = plan.tables["cost"]
    return float(cost.loc[cost["head"] == "switching", "amount"].sum())


def test_case_without_incumbents_when_planned_then_has_no_columns_of_them(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    form = answer(write_question(tmp_path)).formulation
    assert "moved" not in form.columns
    assert not {"move", "may_move", "may_move_all"} & set(form.rows)


@pytest.mark.parametrize(
    ("rows", "from_a", "paid"),
    [
        ([incumbent()], 0, 0),
        ([incumbent(switching_cost=99_000)], 0, 60 * 99_000),  # cheaper to leave
        ([incumbent(switching_cost=101_000)], 60, 0),  # dearer than the USD 99,900 that B is cheaper by
        ([incumbent(may_move=25)], 35, 0),
        ([incumbent(may_move_share=0.25, switching_cost=10)], 45, 150),
        ([incumbent(quantity="", share=0.4, may_move_share=0.5)], 20, 0),
        ([incumbent(quantity="", share=0.4, switching_cost=10)], 0, 400),
        ([incumbent(quantity=150, switching_cost=101_000)], 100, 50 * 101_000),  # needed less than today
    ],
)
def test_year_when_100_t_are_ordered_then_as_much_stays_as_switching_allows(
    tmp_path: Path, rows: list[dict[str, Any]], from_a: float, paid: float
) -> None:
    plan = plan_of(tmp_path, *rows)
    assert ordered(plan, "A") == pytest.approx(from_a, abs=1e-9)
    assert ordered(plan, "B") == pytest.approx(100 - from_a)
    assert switching(plan) == pytest.approx(paid)


def test_decisions_when_some_moves_then_say_so_and_the_cost_line_shows_it(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, incumbent(switching_cost=50_000))
    assert plan.tables["decisions"]["words"].tolist() == [
        "Near Ltd Dy oxide (A): 60 t of today's purchases moved away in 2027"
    ]
    assert "switching 3.0" in render_plan(plan).plain


@pytest.mark.parametrize(("limit", "stays"), [({"may_move": 30}, 50), ({"may_move_share": 0.25}, 60)])
def test_limit_on_a_material_when_two_are_incumbents_then_holds_both_together(
    tmp_path: Path, limit: dict[str, float], stays: float
) -> None:
    near = {**TINY["offers"][0], "offer": "N", "price": 310_000}
    rows = [incumbent(quantity=40), incumbent(offer="N", quantity="", share=0.4)]
    changes = {"offers": [*TINY["offers"], near], "materials": {"oxide": limit}}
    plan = plan_of(tmp_path, *rows, **changes)
    assert ordered(plan, "A") + ordered(plan, "N") == pytest.approx(stays)
    assert ordered(plan, "A") == pytest.approx(40)
    assert plan.tables["binding"]["subject"].str.startswith("move of Dy oxide away from today's suppliers").any()


def test_year_when_half_of_it_is_in_the_horizon_then_half_of_today_counts(tmp_path: Path) -> None:
    half = '[horizon]\nstart = "2027-07-01"\nperiods = 2\nlength = "quarter"\n'
    plan = plan_of(tmp_path, incumbent(switching_cost=1), question=half)
    assert switching(plan) == pytest.approx(60 * 184 / 365)


def test_question_without_incumbents_when_planned_then_leaves_freely(tmp_path: Path) -> None:
    tiny_case(tmp_path, incumbents=[incumbent(may_move=0)], materials={"oxide": {"may_move": 5}}, **ONE_YEAR)
    assert ordered(optimize(write_question(tmp_path, YEAR)), "A") == pytest.approx(60)
    assert ordered(optimize(write_question(tmp_path, 'without = ["incumbents"]\n' + YEAR)), "A") == 0


@pytest.mark.parametrize(
    ("rows", "materials", "named"),
    [
        ([incumbent(may_move=50)], {}, "move away from Near Ltd Dy oxide (A), 2027: {} (incumbents.csv row 2)"),
        (
            [incumbent()],
            {"oxide": {"may_move": 50}},
            "move of Dy oxide away from today's suppliers, 2027: {} (materials.csv row 2)",
        ),
    ],
)
def test_incumbent_that_can_give_5_t_when_explained_then_what_may_move_is_named_with_its_row(
    tmp_path: Path, rows: list[dict[str, Any]], materials: dict[str, Any], named: str
) -> None:
    tiny_case(tmp_path, incumbents=rows, materials=materials, **(ONE_YEAR | {"capacity": {"A": 5}}))
    words = explain(write_question(tmp_path, YEAR)).words
    assert named.format("5.0 t above what may move of 50.0") in words


@pytest.mark.parametrize(
    ("rows", "table", "column", "fact"),
    [
        ([incumbent(quantity="")], "incumbents", "quantity", "nothing says what is bought of it today"),
        ([incumbent(share=0.5)], "incumbents", "quantity", "quantity and share are filled in"),
        ([incumbent(offer="X")], "incumbents", "offer", "no offer 'X'"),
        ([incumbent(may_move=1, may_move_share=0.5)], "incumbents", "may_move", "are filled in"),
        ([incumbent(switching_cost=-1)], "incumbents", "switching_cost", "-1 is below 0"),
        (
            [incumbent(quantity="", share=0.6), incumbent(offer="B", quantity="", share=0.5)],
            "incumbents",
            "share",
            "today's shares of oxide add up to 1.1",
        ),
        ([incumbent(), incumbent(quantity=5)], "incumbents", "", "is already in row 2"),
        ([], "materials", "may_move", "no row of incumbents.csv says what is bought of oxide today"),
    ],
)
def test_incumbents_that_contradict_each_other_when_read_then_are_refused_with_row_and_column(
    tmp_path: Path, rows: list[dict[str, Any]], table: str, column: str, fact: str
) -> None:
    idle = {} if rows else {"materials": {"oxide": {"may_move": 5}}}
    tiny_case(tmp_path, incumbents=rows or None, **idle)
    with pytest.raises(DataError) as refused:
        answer(write_question(tmp_path))
    (fault,) = refused.value.faults
    assert fault.place == f"{table}.csv row {max(len(rows), 1) + 1}" + (f", column {column}" if column else "")
    assert fact in fault.fact
