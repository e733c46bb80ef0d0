"""Preference: what it changes in a plan, that it stays out of the money, and that the audit knows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import tiny_case, write_question
from cases.chain import answer

from sourcing.answer.audit import verdict_on
from sourcing.plan.store import read_plan
from sourcing.report.console import render_plan
from sourcing.report.findings import render_verdict
from sourcing.run import audit_plan, check, optimize

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

ENOUGH: dict[str, Any] = {"capacity": {"A": 500}}
"""Both can give everything; with freight B is USD 99,900 a tonne cheaper than A."""


def plan_of(tmp_path: Path, question: str = "", **preference: float) -> Plan:
    tiny_case(tmp_path, **ENOUGH, preference=preference)
    plan = answer(write_question(tmp_path, question)).plan
    assert verdict_on(plan).is_clean
    return plan


def suppliers(plan: Plan) -> set[str]:
    return set(plan.tables["purchases"]["offer"])


def test_case_without_preference_when_planned_then_weighs_nothing(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    assert "weighed" not in plan.tables
    assert "weighed" not in plan.manifest["objective"]
    assert "weighed" not in plan.manifest["tables"]


@pytest.mark.parametrize(
    ("preference", "chosen"),
    [
        ({"B": 99_000}, {"B"}),
        ({"B": 101_000}, {"A"}),
        ({"A": -99_000}, {"B"}),
        ({"A": -101_000}, {"A"}),
        ({"A": -50_000, "B": 51_000}, {"A"}),
    ],
)
def test_offer_when_favoured_or_penalised_then_is_chosen_if_that_outweighs_the_cost(
    tmp_path: Path, preference: dict[str, float], chosen: set[str]
) -> None:
    assert suppliers(plan_of(tmp_path, **preference)) == chosen


def test_money_when_the_dear_one_is_favoured_then_is_what_is_paid_and_the_rest_stands_apart(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, A=-150_000)
    bought = plan.tables["purchases"]["tonnes"].sum()
    assert plan.manifest["objective"]["cost"] == pytest.approx(bought * 300_100)
    assert plan.manifest["objective"]["cost"] == pytest.approx(plan.tables["cost"]["amount"].sum())
    assert plan.manifest["objective"]["weighed"] == pytest.approx(-150_000 * bought)
    assert plan.tables["weighed"]["amount"].sum() == pytest.approx(-150_000 * bought)
    assert plan.manifest["gap"] == pytest.approx(0, abs=1e-9)
    assert plan.manifest["bound"] == pytest.approx(bought * 150_100)
    text = " ".join(render_plan(plan).plain.split())
    assert "COST USD 60.0 M: purchase 60.0" in text
    assert "preference (not money) USD -30.0 M: it counted when this plan was chosen, and nobody pays it" in text


def test_comparison_when_something_is_favoured_then_is_of_money(tmp_path: Path) -> None:
    limit = {"limit": "half", "by": "supplier", "measure": "share", "value": 0.5, "per": "horizon"}
    tiny_case(tmp_path, **ENOUGH, preference={"A": -150_000}, limits=[limit])
    plan = optimize(write_question(tmp_path))
    assert plan.manifest["cheapest_cost"] == pytest.approx(200 * 300_100, rel=1e-6)
    assert plan.manifest["objective"]["cost"] < plan.manifest["cheapest_cost"]


def test_plan_when_discounted_then_weighs_at_todays_value(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "[objective]\ndiscount_rate = 0.1\n", B=10_000)
    weighed = plan.tables["weighed"]
    assert plan.manifest["objective"]["weighed"] == pytest.approx(weighed["discounted"].sum())
    assert weighed["discounted"].sum() < weighed["amount"].sum()
    assert "together with what is weighed" in " ".join(render_plan(plan).plain.split())


def test_saved_plan_when_audited_then_says_what_is_weighed_apart_from_the_money(tmp_path: Path) -> None:
    tiny_case(tmp_path, **ENOUGH, preference={"A": -150_000})
    folder = optimize(write_question(tmp_path), out=tmp_path / "plan").folder
    assert folder is not None
    assert (folder / "weighed.csv").exists()
    assert "weighed" in read_plan(folder).tables
    verdict = audit_plan(folder)
    assert verdict.is_clean
    assert "preference" not in verdict.cost
    text = " ".join(render_verdict(verdict, folder, 100).plain.split())
    assert "Preference (not money) added up again: USD -30.0 M" in text


def test_plan_when_what_is_weighed_is_falsified_then_the_audit_says_so(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, A=-150_000)
    wrong = plan.tables["weighed"].assign(amount=lambda table: table["amount"] + 5)
    (finding, *_) = verdict_on(replace(plan, tables={**plan.tables, "weighed": wrong})).findings
    assert finding.startswith("preference, 2027-Q1: the plan says amount USD")
    tables = {name: table for name, table in plan.tables.items() if name != "weighed"}
    assert "the weighed table has no row" in verdict_on(replace(plan, tables=tables)).findings[0]
    less = plan.manifest | {"objective": plan.manifest["objective"] | {"weighed": 0.0}}
    (finding,) = verdict_on(replace(plan, manifest=less)).findings
    assert finding.startswith("manifest: the plan says objective weighed 0")
    twice = pd.concat([plan.tables["weighed"], plan.tables["weighed"].head(1)], ignore_index=True)
    assert "twice" in verdict_on(replace(plan, tables={**plan.tables, "weighed": twice})).findings[0]
    moved = plan.tables["weighed"].assign(head="purchase")
    assert verdict_on(replace(plan, tables={**plan.tables, "weighed": moved})).findings


def test_question_without_preference_when_planned_then_leaves_it_out(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, A=-150_000)
    assert suppliers(plan) == {"A"}
    assert suppliers(optimize(write_question(tmp_path, 'without = ["preference"]\n'))) == {"B"}


def test_favour_beyond_the_price_when_checked_then_is_refused_with_its_row(tmp_path: Path) -> None:
    tiny_case(tmp_path, preference={"B": -200_001})
    (fault,) = check(write_question(tmp_path)).faults
    assert (fault.place, fault.code) == ("offers.csv row 3, column preference", "DATA-172")
