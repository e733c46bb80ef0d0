"""Rules with a priority: which give way where demand would go short, and that nothing else does."""

from __future__ import annotations

import random
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from builders import tiny_case, write_question
from cases.chain import answer

from sourcing.errors import InfeasiblePlan, StoppedEarly
from sourcing.report.console import render_plan
from sourcing.run import RunOptions, explain, optimize, verdict_on

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

CHINA = {
    "limit": "china",
    "measure": "share",
    "by": "country",
    "member": "CHN",
    "value": 0.2,
    "priority": 2,
    "counts": "arrivals",
}
MONEY = {"limit": "money", "measure": "spend", "value": 90_000_000, "per": "horizon", "priority": 1}
PAIR = {"condition": "pair", "kind": "offer", "if": "B", "then": "A", "at_least": 1}

SHORT = 200 - (120 - 60 * 30 / 366) / 0.8
"""Tonnes short where A, two years of it but for the last 30 days, has to be 80 % of what arrives."""


def planned(tmp_path: Path, text: str = "", **changes: Any) -> Plan:
    tiny_case(tmp_path, **changes)
    return optimize(write_question(tmp_path, text))


def given_up(plan: Plan) -> list[str]:
    return [rule["name"] for rule in plan.manifest.get("given_up", [])]


def test_limit_when_it_leaves_demand_short_then_gives_way_if_it_has_a_priority(tmp_path: Path) -> None:
    plan = planned(tmp_path, limits=[CHINA])
    assert given_up(plan) == ["china"]
    assert plan.tables["shortage"].empty
    assert plan.manifest["given_up"][0]["short"] == pytest.approx(SHORT)
    kept = planned(tmp_path, limits=[{**CHINA, "priority": ""}])
    assert given_up(kept) == []
    assert kept.tables["shortage"]["short"].sum() == pytest.approx(SHORT)


def test_limit_when_nothing_is_short_then_is_kept_whatever_it_costs(tmp_path: Path) -> None:
    plan = planned(tmp_path, limits=[{**CHINA, "value": 0.5}])
    assert "given_up" not in plan.manifest
    assert plan.tables["limits"]["binds"].any()


def test_limits_when_either_would_do_then_the_weaker_gives_way(tmp_path: Path) -> None:
    far = {"limit": "near", "measure": "share", "by": "country", "member": "AUS", "value": 0.2}
    for china, near in ((2, 1), (1, 2)):
        limits = [{**CHINA, "priority": china}, {**far, "priority": near}]
        plan = planned(tmp_path, limits=limits, capacity={"A": 600})
        assert given_up(plan) == ["near" if near < china else "china"]


def test_rule_when_the_question_allows_no_shortage_then_gives_way_to_have_a_plan(tmp_path: Path) -> None:
    text = 'objective = { minimize = ["cost"], shortage = "none" }\n'
    plan = planned(tmp_path, text, limits=[CHINA])
    assert plan.manifest["given_up"] == [{"table": "limits", "name": "china", "priority": 2.0, "short": None}]
    with pytest.raises(InfeasiblePlan):
        planned(tmp_path, text, limits=[CHINA], capacity={"B": 20})


def test_condition_and_number_when_they_leave_demand_short_then_give_way(tmp_path: Path) -> None:
    second = {"limit": "two", "measure": "suppliers", "by": "supplier", "sense": "min", "value": 2, "at_least": 5}
    shut = {"A": {"end": "2027-01-01"}}
    plan = planned(tmp_path, limits=[{**second, "priority": 3}], conditions=[{**PAIR, "priority": 4}], offers=shut)
    assert given_up(plan) == ["pair", "two"]
    assert plan.tables["shortage"].empty


def test_rules_when_drawn_at_random_then_the_strongest_that_fit_are_kept(tmp_path: Path) -> None:
    draw = random.Random(5)
    several = 0
    for case in range(4):
        limits = [
            {**CHINA, "limit": name, "member": member, "value": draw.choice(values), "priority": draw.randint(1, 3)}
            for name, member, values in (
                ("most", "CHN", [0.5, 0.9]),
                ("china", "CHN", [0.1, 0.3]),
                ("near", "AUS", [0.1, 0.3]),
            )
        ]
        folder = tmp_path / str(case)
        plan = planned(folder, limits=limits)
        strongest = sorted(limits, key=lambda limit: -int(limit["priority"]))
        wanted = kept_by_trying_all(folder, strongest)
        assert given_up(plan) == [limit["limit"] for limit in strongest if limit["limit"] not in wanted]
        several += len(given_up(plan)) > 1
    assert several


def kept_by_trying_all(folder: Path, strongest: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return the first set of limits, in the order of their ranks, that leaves no more short than none of them."""
    names = [str(limit["limit"]) for limit in strongest]
    sets = [kept for size in range(len(names) + 1) for kept in combinations(names, size)]
    sets.sort(key=lambda kept: [name not in kept for name in names])
    least = short_with(folder, strongest, ())
    return next(kept for kept in sets if short_with(folder, strongest, kept) <= least + 1e-6)


def short_with(folder: Path, limits: list[dict[str, Any]], kept: tuple[str, ...]) -> float:
    tiny_case(folder, limits=[{**limit, "priority": ""} for limit in limits if limit["limit"] in kept] or None)
    return answer(write_question(folder)).total("shortage")


def test_audit_when_a_rule_is_given_up_without_a_priority_then_says_so(tmp_path: Path) -> None:
    plan = planned(tmp_path, limits=[CHINA, {**MONEY, "priority": ""}])
    assert given_up(plan) == ["china"]
    hidden = plan.manifest.pop("given_up")
    assert any("rule share" in str(finding) for finding in verdict_on(plan).findings)
    plan.manifest["given_up"] = [*hidden, {**hidden[0], "name": "money"}]
    findings = [str(finding) for finding in verdict_on(plan).findings]
    assert findings == ["manifest: gives up money of limits, which has no priority"]


def test_screen_when_a_limit_is_given_up_then_says_what_is_done_instead_and_why(tmp_path: Path) -> None:
    screen = " ".join(render_plan(planned(tmp_path, limits=[CHINA])).plain.split())
    assert "china (priority 2): at most 20 % asked for, 100 % in the plan (China, 2027)" in screen
    assert "with it 56 t more would be short" in screen


def test_explain_when_a_plan_gives_up_a_limit_and_is_short_still_then_asks_for_the_rest_only(tmp_path: Path) -> None:
    tiny_case(tmp_path, limits=[CHINA], capacity={"B": 20})
    plan = optimize(write_question(tmp_path), out=tmp_path / "plan")
    assert given_up(plan) == ["china"]
    words = "\n".join(explain(tmp_path / "plan").words)
    assert "capacity" in words
    assert "china" not in words


def test_priorities_when_there_is_no_time_left_to_try_them_then_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_case(tmp_path, limits=[CHINA])
    monkeypatch.setattr("sourcing.engine.highs.SolverOptions.seconds", property(lambda _: 0.0))
    with pytest.raises(StoppedEarly, match="time"):
        optimize(write_question(tmp_path), out=tmp_path / "plan", options=RunOptions())
    assert not (tmp_path / "plan").exists()
