"""One total everywhere: what is paid, what that is at today's value, and what was minimised, wherever they are read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from builders import tiny_case, write_question

from sourcing.charts.cost import cost as chart_of
from sourcing.plan.totals import totals
from sourcing.report.console import render_plan
from sourcing.report.figures import money
from sourcing.report.findings import render_verdict
from sourcing.run import audit_plan, compare, explain, optimize
from sourcing.studies.compare.screen import render_comparison

if TYPE_CHECKING:
    from sourcing.plan import Plan

TERMS = {"contract": "deal", "offer": "B", "price": 150_000, "signed": "yes", "payment_days": 180, "minimum": 60}
RATE = "discount_rate = 0.1\n"


@pytest.fixture(scope="module", params=["none", "priced"])
def plan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Return a plan with payment days, a preference and a discount rate, and one whose shortage has a price too."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "none":
        text, capacity = f'[objective]\nshortage = "none"\n{RATE}', {"A": 100, "B": 500}
    else:
        text, capacity = f'[objective]\nshortage = "priced"\n{RATE}', {"A": 10, "B": 70}
    due = {at: {"shortage_cost": 900_000} for at in (0, 1)}
    tiny_case(folder, demand=due, contracts=[TERMS], capacity=capacity, preference={"B": 5_000})
    return optimize(write_question(folder, text), out=folder / "plan")


def text_of(rendered: object) -> str:
    return " ".join(str(getattr(rendered, "plain", rendered)).split())


def test_totals_when_some_heads_are_no_cash_then_are_three_numbers(plan: Plan) -> None:
    cost, found = plan.tables["cost"], totals(plan.tables)
    heads = cost.groupby("head")[["amount", "discounted"]].sum()
    assert heads.loc["payment", "amount"] < -1e5
    assert plan.tables["weighed"]["discounted"].sum() > 1e5
    cash = heads.drop(["payment", "shortage"], errors="ignore")
    assert found.paid == pytest.approx(cash["amount"].sum())
    assert found.today == pytest.approx(cash["discounted"].sum() + heads.loc["payment", "discounted"])
    assert found.minimised == pytest.approx(sum(plan.manifest["objective"][name] for name in ("cost", "weighed")))
    assert len({round(each) for each in found}) == 3


def test_total_when_read_in_any_place_then_is_the_same(plan: Plan) -> None:
    assert plan.folder is not None
    found, (paid, today, minimised) = totals(plan.tables), map(money, totals(plan.tables))
    later = money(-plan.tables["cost"].query("head == 'payment'")["discounted"].sum())
    verdict = audit_plan(plan.folder)
    assert (verdict.paid, verdict.today, verdict.minimised) == pytest.approx(tuple(found))
    kept = json.loads((plan.folder / "audit.json").read_text(encoding="utf-8"))
    assert [kept[name] for name in ("paid", "today", "minimised")] == pytest.approx(list(found))

    screen, chart = text_of(render_plan(plan)), chart_of(plan)
    assert f"COST {paid}:" in screen
    for said in (screen, text_of(" ".join(chart.said))):
        assert f"{today} at today's value, at 10 % a year" in said
        assert f"{later} of that is what paying after the order's date is worth" in said
        assert f"{minimised} at today's value together with" in said
    assert paid in chart.title
    drawn = chart.table.set_index("Head")["As paid"]
    assert drawn["payment days (no cash)"] == "-"

    audited = text_of(render_verdict(verdict, plan.folder, 200))
    assert f"Money added up again: {paid} as paid, {today} at today's value, {minimised} minimised" in audited

    comparison = compare([plan.folder, plan.folder])
    table = comparison.tables["cost"].set_index("head")["A"]
    assert table[["paid", "at today's value", "minimised"]].tolist() == pytest.approx(list(found))
    beside = text_of(render_comparison(comparison, 200))
    assert f"{paid} as paid" in beside
    assert "payment days (no cash)" in beside

    told = text_of(" ".join(explain(plan.folder, tonne=("oxide", "", "")).words))
    assert f"The whole plan costs {paid} as paid" in told
    assert f", USD {found.paid:,.0f} as paid," in repr(plan)
