"""Plans side by side: figures that can be worked out by hand, and what is not comparable is not compared."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import tiny_case, write_question

from sourcing import run
from sourcing.cli import main
from sourcing.report.rows import each
from sourcing.studies.compare.call import side_by_side
from sourcing.studies.compare.rule_costs import rule_costs
from sourcing.studies.compare.screen import render_comparison, rule_words
from sourcing.studies.explain.why_not import why_not

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

YEARS = '[horizon]\nstart = "2027-01"\nperiods = 2\nlength = "year"\n'
FAR_MOST = """
[[limits]]
limit = "far-most"
measure = "tonnes"
by = "supplier"
member = "Far Co"
per = "horizon"
value = {most}
"""
DOOR = {"lanes": {0: {"transit_days": 0}, 1: {"transit_days": 0}}}
"""Everything arrives at once: 200 t are bought, of Far Co for 200,200 USD/t, of Near Ltd (60 t a year) for 300,100."""


_ANSWERED: dict[str, Plan] = {}


def answer(folder: Path, most: float | None = None, ask: str = YEARS, **changes: Any) -> Plan:
    """Return the plan for a changed tiny case; the same again is not solved again."""
    key = repr((most, ask, changes))
    if key not in _ANSWERED:
        folder.mkdir(exist_ok=True)
        tiny_case(folder, **DOOR | changes)
        limit = "" if most is None else FAR_MOST.format(most=most)
        _ANSWERED[key] = run.optimize(write_question(folder, ask + limit))
    return _ANSWERED[key]


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Return the plan that buys 100 t of Far Co and 100 t of Near Ltd."""
    return answer(tmp_path_factory.mktemp("limited"), most=100)


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Return the plan that buys all 200 t of Far Co."""
    return answer(tmp_path_factory.mktemp("free"))


def shown(*plans: Plan, width: int = 100) -> str:
    return render_comparison(side_by_side(plans), width).plain


def test_plans_when_one_has_a_limit_then_what_it_changes_is_to_the_dollar(limited: Plan, free: Plan) -> None:
    tables = side_by_side([limited, free]).tables
    cost = tables["cost"].set_index("head")["B - A"]
    assert cost["purchase"] == pytest.approx(100 * (200_000 - 300_000))
    assert cost["freight"] == pytest.approx(100 * (200 - 100))
    assert cost["paid"] == cost["minimised"] == pytest.approx(-9_990_000)
    mix = tables["mix"].groupby("group")[["A t", "B t", "B - A"]].sum()
    assert mix.loc["AUS", ["A t", "B t"]].tolist() == pytest.approx([100, 0])
    orders = tables["orders"]
    assert orders.groupby("offer")["B - A"].sum().to_dict() == pytest.approx({"A": -100, "B": 100})
    sizes = orders["B - A"].abs().tolist()
    assert sizes == sorted(sizes, reverse=True)


def test_plan_when_beside_itself_then_nothing_differs(free: Plan) -> None:
    comparison = side_by_side([free, free])
    assert not comparison.notes
    assert comparison.tables["orders"].empty
    assert (comparison.tables["cost"]["B - A"] == 0).all()
    assert "ORDERS  the same in all of them" in shown(free, free)


def test_costs_on_the_screen_when_shown_then_are_those_of_the_plans(limited: Plan, free: Plan) -> None:
    lines = {line.split()[0]: line.split()[1:] for line in shown(limited, free).splitlines() if line.split()}
    by_head = [plan.tables["cost"].groupby("head")["amount"].sum() for plan in (limited, free)]
    for head in by_head[0].index:
        assert lines[head][:2] == [f"{amounts[head]:,.0f}" for amounts in by_head]


def test_concentration_when_a_limit_names_a_stage_then_is_shown_there_and_as_bought(tmp_path: Path) -> None:
    content = [{"material": "oxide", "element": "Dy", "share": 0.9}]
    limit = (
        '[[limits]]\nlimit = "half"\nmeasure = "share"\nby = "country"\nelement = "Dy"\nstage = "oxide"\nvalue = 0.5\n'
    )
    wide = {"offers": {"A": {"capacity": 500}}, "contents": content}
    halves = answer(tmp_path / "a", ask=YEARS + limit, **wide)
    table = side_by_side([halves, answer(tmp_path / "b", **wide)]).tables["concentration"]
    found = table.set_index(["stage", "year"])
    assert found.loc[("oxide", 2027), "A"] == pytest.approx(0.5)
    assert math.isnan(found.loc[("oxide", 2027), "B - A"])
    assert found.loc[("", 2027), ["A", "B", "B - A", "B share"]].tolist() == pytest.approx([0.5, 1.0, 0.5, 1.0])
    assert found.loc[("", 2027), "B largest"] == "CHN"


def test_plans_of_other_days_when_compared_then_only_orders_of_common_periods_are(tmp_path: Path, free: Plan) -> None:
    one = YEARS.replace("2\nlength", "1\nlength")
    plans = [free, answer(tmp_path, ask=one, offers={"B": {"capacity": 30}})]
    comparison = side_by_side(plans)
    assert "runs from 2027-01-01 to 2028-01-01, A from 2027-01-01 to 2029-01-01" in "".join(comparison.notes)
    assert comparison.tables["cost"]["B - A"].isna().all()
    assert set(comparison.tables["orders"]["period"]) == {"2027"}
    mix = comparison.tables["mix"].set_index("year")["B - A"]
    assert mix.loc[2027].notna().all()
    assert mix.loc[[2028]].isna().all()


def test_plans_that_discount_otherwise_when_compared_then_only_what_is_paid_is(tmp_path: Path, free: Plan) -> None:
    ask = YEARS + "[objective]\ndiscount_rate = 0.08\n"
    comparison = side_by_side([free, answer(tmp_path, ask=ask)])
    cost = comparison.tables["cost"].set_index("head")["B - A"]
    assert math.isnan(cost["minimised"])
    assert cost["paid"] == pytest.approx(0)
    assert any("discounts by 0.08 a year" in note for note in comparison.notes)


def test_sums_when_shortage_has_a_price_then_only_what_was_minimised_holds_it(tmp_path: Path) -> None:
    ask = YEARS + '[objective]\nshortage = "priced"\n'
    demand = {0: {"shortage_cost": 250_000}, 1: {"shortage_cost": 250_000}}
    plan = answer(tmp_path / "a", most=100, ask=ask, demand=demand)
    cost = side_by_side([plan, plan]).tables["cost"].set_index("head")["A"]
    assert cost["paid"] == cost["at today's value"] == pytest.approx(100 * 200_200)
    assert cost["minimised"] == pytest.approx(100 * 200_200 + 100 * 250_000)
    assert cost["minimised"] == pytest.approx(plan.manifest["objective"]["cost"])


@pytest.mark.parametrize("lot", [None, 1.0])
def test_limit_when_left_out_then_costs_what_was_worked_out(tmp_path: Path, lot: float | None) -> None:
    rows = {} if lot is None else {"offers": {"A": {"min_lot": lot}}}
    table, note = rule_costs(answer(tmp_path, most=60, **rows))
    (row,) = each(table)
    assert not note
    assert (row.limit, row.less_short) == ("far-most", pytest.approx(20))
    assert row.cost == pytest.approx(200 * 200_200)
    assert row.saves == pytest.approx(60 * 200_200 + 120 * 300_100 - 200 * 200_200)
    assert rule_words(row, 48_024_000) == (
        "Without far-most the plan would be short 20 t less and cost USD 8.0 M less (ask.toml limits #1)"
    )


def test_limits_when_one_is_idle_then_it_costs_nothing_and_the_other_what_it_did(tmp_path: Path) -> None:
    idle = FAR_MOST.format(most=900).replace("far-most", "idle")
    ask = YEARS + idle
    rows = list(each(rule_costs(answer(tmp_path, most=100, ask=ask))[0]))
    assert [(row.limit, round(row.saves)) for row in rows] == [("far-most", 9_990_000), ("idle", 0)]
    assert rule_words(rows[1], 50_010_000) == "idle costs nothing"


def test_limit_on_concentration_when_left_out_then_costs_what_was_worked_out(tmp_path: Path) -> None:
    """At an index of a half both suppliers bring 100 t."""
    ask = YEARS + '[[limits]]\nlimit = "halves"\nmeasure = "hhi"\nby = "supplier"\nvalue = 0.5\ncounts = "arrivals"\n'
    plan = answer(tmp_path, ask=ask)
    (row,) = each(rule_costs(plan)[0])
    assert row.saves == pytest.approx(9_990_000, rel=1e-3)
    assert "What keeps it from more:" in why_not(plan, "B").words
    assert set(why_not(plan, "B").tables["what keeps it from more"]["subject"]) == {"halves"}


def test_plan_when_it_is_not_the_best_then_it_is_said_whose_cost_is_meant(limited: Plan) -> None:
    dearer = {**limited.manifest, "objective": {**limited.manifest["objective"], "cost": 51_000_000.0}}
    note = rule_costs(replace(limited, manifest=dearer))[1]
    assert note.startswith("The plan costs USD 51.0 M at today's value, its question solved again USD 50.0 M")


def test_command_when_given_two_plans_then_writes_every_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    tiny_case(tmp_path, **DOOR)
    for name, most in (("one", 100.0), ("two", 150.0)):
        run.optimize(write_question(tmp_path, YEARS + FAR_MOST.format(most=most)), out=tmp_path / "runs" / name)
    assert main(["compare", "one", "two", "--out", "beside"]) == 0
    assert "B - A" in capsys.readouterr().out
    written = {file.stem for file in (tmp_path / "beside").iterdir()}
    assert written == {"plans", "cost", "shortage", "mix", "use", "concentration", "orders", "inputs"}
    assert set(pd.read_csv(tmp_path / "beside" / "inputs.csv")["record"]) == {"far-most"}
    assert main(["compare", "one"]) == 2
    assert "name another, or ask for --rules" in capsys.readouterr().err
