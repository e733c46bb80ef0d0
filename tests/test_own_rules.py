"""An analyst's own rule is a rule like any other: named wherever rules are, and told where it cannot be met."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pyomo.environ as pyo
import pytest
from builders import tiny_case, write_question

from sourcing import run
from sourcing.answer.audit import duals_of
from sourcing.cli import main
from sourcing.errors import InfeasiblePlan
from sourcing.report.console import render_plan

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

WORTH = "One unit more for rule little_from_far, an analyst's own, would save USD"


def little_from_far(model: pyo.ConcreteModel) -> None:
    """At most 60 t of B over the whole horizon."""
    model.little_from_far = pyo.Constraint(expr=sum(model.buy[1, node] for node in range(8)) <= 60)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    tiny_case(tmp_path, offers={"A": {"capacity": 500}})
    return run.optimize(write_question(tmp_path), out=tmp_path / "runs" / "plan", rules=little_from_far)


def test_own_rule_when_it_binds_then_is_told_wherever_rules_are(plan: Plan) -> None:
    assert plan.manifest["own_rules"] == {
        "rules": [{"rule": "little_from_far", "at_least": None, "at_most": 60.0}],
        "changed": [],
    }
    assert plan.folder is not None
    duals = pd.read_csv(plan.folder / "analyst" / "duals.csv").set_index("row").loc["own[little_from_far,7]"]
    assert (duals["activity"], duals["upper"]) == pytest.approx((60.0, 60.0))
    limit = plan.tables["limits"].set_index("limit").loc["model.little_from_far"]
    assert (limit["measure"], limit["sense"], limit["binds"]) == ("own", "max", True)
    assert limit[["value", "counted", "actual"]].tolist() == pytest.approx([60.0] * 3)
    (price,) = plan.tables["binding"].query("rule == 'own'")["price"]
    assert price == pytest.approx(-duals["dual_cost"])
    assert price > 50_000
    (words,) = plan.tables["binding"].query("rule == 'own'")["words"]
    assert words.startswith(WORTH)
    assert "rule little_from_far, an analyst's own," in " ".join(render_plan(plan, 100).plain.split())


def test_plan_with_an_own_rule_when_audited_then_its_sum_is_counted_again(plan: Plan) -> None:
    assert plan.folder is not None
    verdict = run.audit_plan(plan.folder)
    assert verdict.is_clean, verdict.findings
    assert verdict.checked["own"] == 1
    terms = plan.tables["own_rules"]
    assert set(terms["key"]) == {"B|PLANT|sea"}
    assert terms["value"].sum() == pytest.approx(60)


@pytest.mark.parametrize(
    ("table", "column", "said"),
    [
        ("own_rules", "value", "it says"),
        ("own_rules", "at_most", "the manifest says something else of it"),
        ("own_rules", "coefficient", "own rule little_from_far"),
        ("limits", "counted", "limits, limit model.little_from_far"),
        ("binding", "price", "binding, rule own"),
    ],
)
def test_figure_of_an_own_rule_when_spoiled_then_the_audit_says_so(
    plan: Plan, table: str, column: str, said: str
) -> None:
    frame = plan.tables[table].copy()
    own = {"binding": ("rule", "own"), "limits": ("measure", "own"), "own_rules": ("rule", "little_from_far")}[table]
    frame = frame.sort_values("value", ascending=False)
    row = frame.index[frame[own[0]] == own[1]][0]
    frame.loc[row, column] += 1.0
    assert plan.folder is not None
    spoiled = replace(plan, tables={**plan.tables, table: frame})
    found = run.verdict_on(spoiled, duals_of(plan.folder)).findings
    assert any(said in finding for finding in found), found


def test_row_of_an_own_rule_when_taken_out_or_written_twice_then_the_audit_says_so(plan: Plan) -> None:
    frame = plan.tables["own_rules"]
    assert plan.folder is not None
    for row in range(len(frame)):
        if frame["value"].iloc[row] == 0:  # what is not done adds nothing, however often it stands there
            continue
        fewer, twice = frame.drop(index=frame.index[row]), pd.concat([frame, frame.iloc[[row]]], ignore_index=True)
        for table in (fewer, twice):
            spoiled = replace(plan, tables={**plan.tables, "own_rules": table})
            assert run.verdict_on(spoiled, duals_of(plan.folder)).findings, row


@pytest.mark.parametrize(
    "words",
    [
        ["tornado", "runs/plan"],
        ["alternatives", "runs/plan"],
        ["compare", "runs/plan", "--rules"],
        ["explain", "runs/plan", "--why-not", "A"],
    ],
)
def test_command_that_asks_the_question_anew_when_the_plan_has_an_own_rule_then_is_refused(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert plan.folder is not None
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--json"]) == 3
    (fault,) = json.loads(capsys.readouterr().out)["error"]["faults"]
    assert fault["code"] == "QUESTION-222"
    assert "the plan keeps an analyst's own rules (little_from_far), which only Python knows" in fault["fact"]


def test_command_that_reads_the_plan_when_it_has_an_own_rule_then_knows_it(plan: Plan, tmp_path: Path) -> None:
    assert plan.folder is not None
    assert any(words.startswith(WORTH) for words in run.explain(plan.folder).words)
    run.optimize(tmp_path / "ask.toml", out=tmp_path / "runs" / "other")
    comparison = run.compare([tmp_path / "runs" / "other", plan.folder])
    note = "B keeps an analyst's own rules (little_from_far), which are in none of the inputs compared"
    assert note in comparison.notes


def test_plan_with_an_own_rule_when_something_is_short_then_a_full_delivery_is_not_searched(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    plan = run.optimize(write_question(tmp_path), out=tmp_path / "plan", rules=little_from_far)
    assert len(plan.tables["shortage"])
    said = run.explain(tmp_path / "plan").words
    assert any("own rules (little_from_far); what a full delivery asks for was not searched" in each for each in said)


def test_own_rule_when_it_cannot_be_met_then_the_answer_names_it_and_what_could_be(tmp_path: Path) -> None:
    tiny_case(tmp_path)

    def rules(model: pyo.ConcreteModel) -> None:
        little_from_far(model)
        model.much_from_near = pyo.Constraint(expr=sum(model.buy[0, node] for node in range(2)) >= 1000)

    with pytest.raises(InfeasiblePlan) as none:
        run.optimize(write_question(tmp_path), rules=rules)
    first, second = none.value.explanation.words
    assert first == "No plan meets all rules."
    assert second.startswith("Rule much_from_near, an analyst's own, asks for at least 1,000;")
    table = none.value.explanation.tables["own rules"]
    possible = float(table["possible"].iloc[0])

    def within(model: pyo.ConcreteModel) -> None:
        model.much_from_near = pyo.Constraint(expr=sum(model.buy[0, node] for node in range(2)) >= possible - 1e-6)

    assert run.optimize(tmp_path / "ask.toml", rules=within).manifest["status"] == "optimal"


def test_own_rule_when_the_question_has_no_plan_anyway_then_the_question_is_explained(tmp_path: Path) -> None:
    tiny_case(tmp_path, offers={"A": {"capacity": 1}, "B": {"capacity": 1}})
    question = write_question(tmp_path, '[objective]\nshortage = "none"\n')
    with pytest.raises(InfeasiblePlan) as none:
        run.optimize(question, rules=little_from_far)
    words = none.value.explanation.words
    assert len(words) > 2
    assert words[-1] == "There is none either without the rules of an analyst's own (little_from_far)."


def test_model_when_bounds_are_changed_in_it_then_the_plan_and_the_answer_say_so(tmp_path: Path) -> None:
    tiny_case(tmp_path)

    def fixed(model: pyo.ConcreteModel) -> None:
        model.buy[1, 0].fix(3.0)

    def impossible(model: pyo.ConcreteModel) -> None:
        model.buy[1, 0].fix(3e6)

    plan = run.optimize(write_question(tmp_path), rules=fixed)
    changed = "buy[B,PLANT,sea,0] is between 3 and 3"
    assert plan.manifest["own_rules"] == {"rules": [], "changed": [changed]}
    with pytest.raises(InfeasiblePlan) as none:
        run.optimize(tmp_path / "ask.toml", rules=impossible)
    assert "buy[B,PLANT,sea,0] is between 3e+06 and 3e+06" in none.value.explanation.words[0]


def test_own_rule_with_two_sides_when_solved_then_each_side_is_a_row(tmp_path: Path) -> None:
    tiny_case(tmp_path)

    def rules(model: pyo.ConcreteModel) -> None:
        model.between = pyo.Constraint(expr=(10, model.buy[0, 0] + model.buy[1, 0], 12))

    plan = run.optimize(write_question(tmp_path), rules=rules)
    assert plan.tables["limits"][["limit", "sense", "value"]].to_numpy().tolist() == [
        ["model.between", "max", 12.0],
        ["model.between (at least)", "min", 10.0],
    ]


def test_question_without_own_rules_when_planned_then_says_nothing_of_them(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    plan = run.optimize(write_question(tmp_path), rules=lambda model: None)
    assert "own_rules" not in plan.manifest
    assert "own_rules" not in plan.tables
