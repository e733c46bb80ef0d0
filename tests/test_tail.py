"""Tails: periods planned behind those that are reported, so that these order what comes after them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import TINY, tiny_case, write_question
from cases.random_cases import seeded_cases
from test_twin import compare

from sourcing import run
from sourcing.answer.audit import terms_of, verdict_on
from sourcing.answer.setting import ask
from sourcing.engine.formulation import formulate
from sourcing.errors import InfeasiblePlan, QuestionError
from sourcing.question import Horizon, load_question
from sourcing.replay import Facts
from sourcing.report.after_horizon import coming_later, money_after, short_after
from sourcing.report.console import render_plan
from sourcing.run import audit_plan, load_plan, optimize
from sourcing.studies.compare.screen import render_comparison
from sourcing.studies.target.screen import render_target

REGRESSIONS = Path(__file__).parent / "regressions"
QUARTERS = 'horizon = { start = "2027-01", periods = 8, length = "quarter"%s }\n'


def plan_of(folder, tail, text="", **how):
    more = f", tail = {tail}" if tail is not None else ""
    return optimize(write_question(folder, QUARTERS % more + text), **how)


def words(screen):
    return " ".join(screen.plain.split())


def matrix(folder, more):
    form = formulate(ask(write_question(folder, QUARTERS % more)).network)
    parts = (form.column_lower, form.column_upper, form.row_lower, form.row_upper, form.objectives["cost"])
    csr = form.matrix.tocsr()
    return [each.tobytes() for each in (*parts, csr.indptr, csr.indices, csr.data)]


def test_tail_of_nothing_when_built_then_is_the_model_without_one(tmp_path):
    tiny_case(tmp_path)
    assert matrix(tmp_path, "") == matrix(tmp_path, ", tail = 0")
    assert matrix(tmp_path, "") != matrix(tmp_path, ", tail = 1")


def test_last_quarter_when_there_is_a_tail_then_orders_what_comes_after_it(tmp_path):
    tiny_case(tmp_path)
    short_sighted, plan = plan_of(tmp_path, 0), plan_of(tmp_path, 4)
    last = [float(each.tables["purchases"].query("node == 7")["tonnes"].sum()) for each in (short_sighted, plan)]
    before = float(plan.tables["purchases"].query("node == 6")["tonnes"].sum())
    assert last[0] < 0.6 * before
    assert last[1] == pytest.approx(30, abs=1)  # 120 t a year, every quarter a quarter of it
    assert plan.tables["purchases"]["node"].max() == 7
    assert set(plan.tables["purchases_after_horizon"]["node"]) <= {8, 9, 10, 11}


def test_tail_when_reported_then_stands_apart_and_is_said(tmp_path):
    tiny_case(tmp_path)
    plan = plan_of(tmp_path, 4, out=tmp_path / "plan")
    reported, after = plan.tables["cost"], plan.tables["cost_after_horizon"]
    assert (reported["node"] < 8).all()
    assert (after["node"] >= 8).all()
    assert plan.manifest["objective"]["cost"] == pytest.approx(reported["discounted"].sum() + after["discounted"].sum())
    assert after["period"].str.endswith(" (after the horizon)").all()
    assert plan.tables["shares"]["year"].max() == 2028
    bought = plan.tables["purchases"]
    late = bought["purchase"] * bought["late_tonnes"] / bought["tonnes"]
    assert coming_later(plan) == pytest.approx(late.sum())
    assert late.sum() > 0
    said = " ".join(money_after(plan))
    assert "for goods that arrive after 2028-12-31" in said
    assert "more up to 2029-12-31" in said
    screen = " ".join(render_plan(plan).plain.split())
    assert "of it USD" in screen
    assert "planned with it and not reported" in screen
    assert audit_plan(tmp_path / "plan").is_clean
    assert set(load_plan(tmp_path / "plan").tables) == set(plan.tables)


@pytest.mark.parametrize(
    ("name", "spoil", "said"),
    [
        ("purchases_after_horizon", lambda t: t.assign(tonnes=t["tonnes"] * 1.01), "out of balance"),
        ("cost_after_horizon", lambda t: t.assign(amount=t["amount"] + 5), "the arithmetic"),
        ("stock_after_horizon", lambda t: t.assign(demand=t["demand"] * 0.5), "demand"),
        ("purchases", lambda t: t.assign(late_tonnes=0.0), "late_tonnes"),
    ],
)
def test_tail_when_a_cell_of_it_is_spoiled_then_the_audit_says_so(name, spoil, said, tmp_path):
    tiny_case(tmp_path)
    plan = plan_of(tmp_path, 4)
    plan.tables[name] = spoil(plan.tables[name])
    assert any(said in finding for finding in verdict_on(plan).findings)


def test_row_of_the_tail_when_it_stands_among_those_reported_then_the_audit_says_so(tmp_path):
    tiny_case(tmp_path)
    plan = plan_of(tmp_path, 4)
    moved = plan.tables["cost_after_horizon"]
    plan.tables["cost"] = pd.concat([plan.tables["cost"], moved.head(1)], ignore_index=True)
    plan.tables["cost_after_horizon"] = moved.iloc[1:]
    assert any("are of periods after the horizon" in finding for finding in verdict_on(plan).findings)


HORIZONS = [
    'start = "2027-01", periods = 8, length = "quarter", tail = 6',
    'start = "2027-02-15", periods = 12, length = "month", tail = 14',
    'start = "2027-03", steps = [["month", 3], ["quarter", 3]], tail = 5',
    'start = "2027-01", periods = 2, length = "quarter", tail = 7',
    'start = "2026-02-28", periods = 2, length = "year", tail = 3',
    'start = "2028-02-29", periods = 20, length = "week", tail = 90',
]
ROWS = [
    [("2027", 100), ("2028", 120)],
    [("2027", 100), ("2028", 120), ("2029-Q1", 50)],
    [("2027-02", 7), ("2027-06-30", 3), ("2028-02-29", 11)],
    [("2027-Q3", 30)],
    [("2026", 365), ("2027-12", 31), ("2031", 10)],
]


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("rows", ROWS)
def test_demand_of_a_tail_when_worked_out_by_model_and_audit_then_is_the_same(horizon, rows, tmp_path):
    demand = [{"site": "PLANT", "material": "oxide", "period": period, "quantity": t} for period, t in rows]
    tiny_case(tmp_path, demand=demand)
    setting = ask(write_question(tmp_path, f"horizon = {{ {horizon} }}\n"))
    net, facts = setting.network, Facts.of(setting.case.tables, terms_of(setting.question))
    point = int(net.points.find(pd.Series(["PLANT"]), pd.Series(["oxide"]))[0])
    own = [facts.demand("PLANT", "oxide", n) for n in facts.calendar.nodes]
    assert net.demand.tonnes[point].tolist() == pytest.approx(own, abs=1e-9)
    assert [facts.calendar.label(n) for n in facts.calendar.nodes] == net.tree.labels


def demand_by_year(folder, rows, horizon):
    demand = [{"site": "PLANT", "material": "oxide", "period": period, "quantity": t} for period, t in rows]
    tiny_case(folder, demand=demand)
    net = ask(write_question(folder, f"horizon = {{ {horizon} }}\n")).network
    due, year = net.demand.tonnes.sum(axis=0), net.tree.start.astype("datetime64[Y]").astype(str)
    return {name: float(due[year == name].sum()) for name in np.unique(year)}


def test_tail_when_the_table_goes_on_then_takes_it_and_repeats_its_last_year(tmp_path):
    years = 'start = "2027-01", periods = 2, length = "year", tail = 4'
    assert demand_by_year(tmp_path, [("2027", 100), ("2028", 120)], years) == pytest.approx(
        {"2027": 100, "2028": 120, "2029": 120, "2030": 120, "2031": 120, "2032": 120}
    )
    assert demand_by_year(tmp_path, [("2027", 100), ("2028", 120), ("2029", 80), ("2030", 60)], years) == pytest.approx(
        {"2027": 100, "2028": 120, "2029": 80, "2030": 60, "2031": 60, "2032": 60}
    )


def test_tail_when_demand_has_seasons_then_repeats_them_over_a_leap_year(tmp_path):
    months = 'start = "2027-01", periods = 12, length = "month", tail = 14'
    demand = [("2027-02", 28), ("2027-12", 9)]
    rows = [{"site": "PLANT", "material": "oxide", "period": when, "quantity": t} for when, t in demand]
    tiny_case(tmp_path, demand=rows)
    due = ask(write_question(tmp_path, f"horizon = {{ {months} }}\n")).network.demand.tonnes.sum(axis=0)
    assert due.tolist() == pytest.approx([0, 28, *[0] * 9, 9, 0, 28, *[0] * 9, 9, 0, 28])


def test_horizon_shorter_than_a_year_when_it_has_a_tail_then_all_of_it_is_repeated(tmp_path):
    months = 'start = "2027-01", periods = 3, length = "month", tail = 6'
    tiny_case(tmp_path, demand=[{"site": "PLANT", "material": "oxide", "period": "2027-01", "quantity": 31}])
    due = ask(write_question(tmp_path, f"horizon = {{ {months} }}\n")).network.demand.tonnes.sum(axis=0)
    # 90 days again and again, from 1 April, 30 June and 28 September, of which three days are left
    assert due.tolist() == pytest.approx([31, 0, 0, 30, 1, 1, 30, 0, 3])


def test_closing_stock_when_there_is_a_tail_then_is_asked_for_at_the_end_of_what_is_reported(tmp_path):
    tiny_case(tmp_path, stocks=[{"site": "PLANT", "material": "oxide", "opening": 20, "safety": 0, "closing": 37}])
    plan = plan_of(tmp_path, 4)
    end = plan.tables["stock"].query("node == 7")["end"].iloc[0]
    assert end >= 37 - 1e-6
    assert plan.tables["stock_after_horizon"]["end"].iloc[-1] < 1e-6


@pytest.mark.parametrize(("capacity", "said"), [(80, True), (20, False)], ids=["the tail alone", "before it too"])
def test_question_without_a_plan_when_only_the_tail_lacks_one_then_is_told_how_to_plan_without(
    capacity, said, tmp_path
):
    offers = [
        {**row, "capacity": most, "end": "2029-01-01"} for row, most in zip(TINY["offers"], (60, capacity), strict=True)
    ]
    tiny_case(tmp_path, offers=offers)
    text = '[objective]\nshortage = "none"\n'
    with pytest.raises(InfeasiblePlan) as error:
        plan_of(tmp_path, 4, text)
    assert any("tail = 0" in each for each in error.value.explanation.words) == said
    if said:
        assert plan_of(tmp_path, 0, text).manifest["status"] == "optimal"


def test_limit_over_the_horizon_when_there_is_a_tail_then_counts_what_is_reported(tmp_path):
    limit = {"limit": "china", "measure": "tonnes", "by": "country", "member": "CHN", "value": 90, "per": "horizon"}
    tiny_case(tmp_path, limits=[limit], capacity={"A": 400})
    plan = plan_of(tmp_path, 4)
    row = plan.tables["limits"].iloc[0]
    assert (row["window"], row["counted"]) == ("horizon", pytest.approx(90))
    later = plan.tables["purchases_after_horizon"]
    assert float(later.loc[later["country"] == "CHN", "tonnes"].sum()) > 20


def shut_after_the_horizon(folder):
    """Leave something short in the tail alone: offers end with the horizon, and the store is small."""
    small = [{"site": "PLANT", "material": "oxide", "opening": 20, "safety": 0, "maximum": 30}]
    tiny_case(folder, stocks=small)
    return '[[edits]]\ntable = "offers"\nwhere = {}\nset = { end = "2029-01-01" }\n'


def test_limit_on_shortage_over_the_horizon_when_there_is_a_tail_then_counts_it_too(tmp_path):
    text = shut_after_the_horizon(tmp_path) + '[objective]\nminimize = ["cost"]\nshortage = "limited"\n'
    limit = '[[limits]]\nlimit = "late"\nmeasure = "shortage"\nper = "horizon"\nvalue = 70\n'
    plan = plan_of(tmp_path, 4, text + limit)
    row = plan.tables["limits"].iloc[0]
    assert (row["window"], row["counted"]) == ("horizon", pytest.approx(70))
    assert plan.manifest["audit"]["clean"]


def test_frontier_of_shortage_when_it_is_in_the_tail_then_begins_with_what_the_plan_leaves_short(tmp_path):
    text = shut_after_the_horizon(tmp_path)
    question = write_question(tmp_path, QUARTERS % ", tail = 4" + text)
    least = optimize(question)
    found = run.frontier(question, run.Trade(("cost", "shortage"), points=3), out=tmp_path / "front")
    short = float(least.tables["shortage_after_horizon"]["short"].sum())
    assert found.tables["frontier"]["short"].min() == pytest.approx(short)


def test_tornado_and_comparison_when_something_is_short_in_the_tail_then_count_it(tmp_path):
    plan_of(tmp_path, 4, shut_after_the_horizon(tmp_path), out=tmp_path / "plan")
    short = float(load_plan(tmp_path / "plan").tables["shortage_after_horizon"]["short"].sum())
    found = run.tornado(tmp_path / "plan", run.Doubts(kinds=("demand",)), out=tmp_path / "tornado")
    assert found.manifest["short"] == pytest.approx(short)
    assert run.compare([tmp_path / "plan", tmp_path / "plan"]).tables["shortage"]["A"].tolist() == pytest.approx(
        [short]
    )


def test_rule_that_binds_after_the_horizon_when_told_then_is_called_so(tmp_path):
    limit = {"limit": "half", "measure": "share", "by": "country", "value": 0.6, "from": "2029-01-01"}
    full = [{"site": "PLANT", "material": "oxide", "opening": 5, "safety": 0, "maximum": 5}]
    tiny_case(tmp_path, limits=[limit], capacity={"A": 400}, stocks=full)
    plan = plan_of(tmp_path, 4)
    bound = plan.tables["binding"]
    assert bound["words"].str.contains("in 2029 (after the horizon)", regex=False).any()
    assert plan.tables["limits"].empty
    assert len(plan.tables["limits_after_horizon"])


def test_shortage_after_the_horizon_when_there_is_some_then_is_said_as_such(tmp_path):
    tiny_case(tmp_path)
    text = '[[edits]]\ntable = "offers"\nwhere = {}\nset = { end = "2029-01-01" }\n'
    text += '[[edits]]\ntable = "stocks"\nwhere = {}\nset = { maximum = 30 }\n'
    plan = plan_of(tmp_path, 4, text)
    assert plan.tables["shortage"].empty
    assert len(plan.tables["shortage_after_horizon"])
    assert "After the horizon" in short_after(plan)
    assert "SHORT none: every need is met" in " ".join(render_plan(plan).plain.split())


@pytest.mark.parametrize("tail", [2, 5])
def test_drawn_cases_when_they_have_a_tail_then_have_the_twins_optimum(tail):
    cases = [*seeded_cases(3, seed=31), *seeded_cases(2, seed=32, covered=True), *seeded_cases(1, seed=33, whole=True)]
    for case in cases:
        case.question["horizon"]["tail"] = tail
        compare(case)


def test_drawn_case_when_it_has_a_tail_then_has_the_twins_optimum():
    """One of the many above, for whoever changes a line."""
    case = seeded_cases(1, seed=31)[0]
    case.question["horizon"]["tail"] = 3
    compare(case)


@pytest.mark.parametrize(
    ("tail", "said"), [("-1", "greater than or equal to 0"), ("1.5", "whole number"), ("9999", "2200")]
)
def test_tail_that_cannot_be_when_read_then_is_refused(tail, said, tmp_path):
    tiny_case(tmp_path)
    with pytest.raises(QuestionError, match=said):
        load_question(write_question(tmp_path, QUARTERS % f", tail = {tail}"))


def test_tail_of_growing_periods_when_counted_then_has_the_last_length():
    horizon = Horizon(start="2027-02-15", steps=[("month", 2), ("quarter", 1)], tail=2)
    assert horizon.end == date(2027, 7, 15)
    assert horizon.boundaries_with_tail[-2:] == (date(2027, 10, 15), date(2028, 1, 15))
    assert (horizon.count, horizon.count_with_tail) == (3, 5)


def tailed(name, tail, folder):
    """Return the plan of a kept case whose question gets a tail."""
    shutil.copytree(REGRESSIONS / name, folder / "case")
    asked = folder / "case" / "question.toml"
    setting = load_question(asked)
    horizon = setting.horizon.model_copy(update={"tail": tail})
    return optimize(setting.model_copy(update={"horizon": horizon}))


@pytest.mark.parametrize("tail", [0, 2, 4])
def test_order_that_brings_too_much_when_there_is_a_tail_then_leaves_no_more_short(tail, tmp_path):
    plan = tailed("B15-surplus-at-end-forces-shortage", tail, tmp_path)
    assert float(plan.tables["shortage"]["short"].sum()) == pytest.approx(31)
    assert plan.manifest["audit"]["clean"]


@pytest.mark.parametrize("tail", [0, 2])
def test_goods_that_land_after_the_tail_when_a_limit_asks_for_them_then_are_not_bought(tail, tmp_path):
    plan = tailed("H6-ship-off-horizon", tail, tmp_path)
    assert plan.tables["purchases"].empty
    assert plan.manifest["audit"]["clean"]


def test_curve_when_there_is_a_tail_then_says_so_of_its_costs_and_names_no_day_after_the_horizon(tmp_path):
    limit = {"limit": "china", "measure": "share", "by": "country", "member": "CHN", "value": 0.8, "counts": "use"}
    tiny_case(tmp_path, limits=[limit], capacity={"A": 400})
    question = write_question(tmp_path, QUARTERS % ", tail = 4")
    found = run.target(question, run.Sweep("china", tight=0.6), out=tmp_path / "curve")
    assert found.tables["reach"]["from"].dt.year.tolist() == [2027, 2028]
    assert "costs and tonnes short are of all that is planned, to 2029-12-31" in words(render_target(found))


def test_offer_when_it_is_bought_after_the_horizon_only_then_is_told_so(tmp_path):
    small = [{"site": "PLANT", "material": "oxide", "opening": 20, "safety": 0, "maximum": 40}]
    offers = {"A": {"start": "2029-01-01", "capacity": 400}, "B": {"end": "2028-12-31"}}
    tiny_case(tmp_path, offers=offers, stocks=small)
    plan = plan_of(tmp_path, 4, out=tmp_path / "plan")
    assert set(plan.tables["purchases"]["offer"]) == {"B"}
    said = run.explain(tmp_path / "plan", why_not="A").words
    assert said[0].startswith("Near Ltd Dy oxide (A) is bought after the horizon only: ")
    closed = " ".join(run.explain(tmp_path / "plan", why_not="B").words)
    assert "after the horizon): it can be ordered before" not in closed


def test_offer_when_it_is_not_bought_then_tonnes_that_would_be_are_told_with_the_tail(tmp_path):
    tiny_case(tmp_path, offers={"A": {"price": 900_000}})
    plan_of(tmp_path, 4, out=tmp_path / "plan")
    said = " ".join(run.explain(tmp_path / "plan", why_not="A").words)
    assert "none, what comes after the horizon included." in said


def test_cost_of_a_tonne_when_there_is_a_tail_then_the_whole_is_called_so(tmp_path):
    tiny_case(tmp_path)
    plan_of(tmp_path, 4, out=tmp_path / "plan")
    said = " ".join(run.explain(tmp_path / "plan", tonne=("oxide", "", "")).words)
    assert "as paid, what comes after the horizon included: delivered" in said


def test_closing_stock_of_the_tail_when_it_binds_then_is_called_after_the_horizon(tmp_path):
    tiny_case(tmp_path, stocks=[{"site": "PLANT", "material": "oxide", "opening": 20, "safety": 15}])
    told = plan_of(tmp_path, 4).tables["binding"].query("rule == 'closing' or together.str.contains('closing')")
    assert len(told)
    assert (
        told["words"]
        .str.contains("closing stock of Dy oxide at Our plant at the end of 2029-Q4 (af", regex=False)
        .all()
    )


def test_limit_when_compared_then_what_it_costs_is_of_the_whole(tmp_path):
    limit = {"limit": "china", "measure": "share", "by": "country", "member": "CHN", "value": 0.8, "counts": "use"}
    tiny_case(tmp_path, limits=[limit], capacity={"A": 400})
    plan_of(tmp_path, 4, out=tmp_path / "plan")
    found = run.compare([tmp_path / "plan"], rules=True)
    assert "Costs and tonnes short are of all that is planned, to 2029-12-31" in words(render_comparison(found, 100))
