"""Limits on shortage: where they let something stay short, what they cost, and how they read and are explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import Answer, answer

from sourcing import run
from sourcing.errors import FaultyInput, InfeasiblePlan
from sourcing.report.console import render_plan
from sourcing.studies.compare.rule_costs import rule_costs

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

LIMITED = '[objective]\nshortage = "limited"\n'
WORKS: dict[str, Any] = {
    "sites": [*TINY["sites"], {"site": "WORKS", "kind": "plant", "country": "JPN"}],
    "lanes": [*TINY["lanes"], {"origin": "FAR", "destination": "WORKS", "mode": "sea", "transit_days": 45}],
    "stocks": [*TINY["stocks"], {"site": "WORKS", "material": "oxide", "opening": 10}],
    "demand": [
        {"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 100, "priority": 3},
        {"site": "WORKS", "material": "oxide", "period": "2027-Q3", "quantity": 30},
        {"site": "WORKS", "material": "oxide", "period": "2027-Q4", "quantity": 50},
    ],
    "capacity": {"A": 20, "B": 100},
}
"""Changes to the tiny case: two plants that cannot both have all, the first three times as dear to leave short."""


def level(**cells: Any) -> list[dict[str, Any]]:
    return [{"limit": "level", "measure": "shortage", "per": "horizon", **cells}]


def asked(tmp_path: Path, text: str = LIMITED, **changes: Any) -> Answer:
    tiny_case(tmp_path, **changes)
    own = answer(write_question(tmp_path, text))
    assert own.solution.status == "optimal"
    assert own.verdict.findings == []
    return own


def missing(own: Answer, **where: str) -> float:
    """Return the tonnes short, of some sites or periods."""
    table = own.plan.tables["shortage"]
    for column, name in where.items():
        table = table[table[column] == name]
    return float(table["short"].sum())


def test_limited_when_10_t_may_be_short_then_exactly_those_are_and_the_dear_one_gives_less(tmp_path: Path) -> None:
    dear = asked(tmp_path, limits=level(value=0), capacity={"B": 90})
    some = asked(tmp_path, limits=level(value=10), capacity={"B": 90})
    assert (missing(dear), missing(some)) == (pytest.approx(0, abs=1e-9), pytest.approx(10))
    (row,) = some.plan.tables["limits"].to_dict("records")
    assert (row["actual"], row["value"], row["binds"]) == (pytest.approx(10), 10, True)
    spared = dear.plan.manifest["objective"]["cost"] - some.plan.manifest["objective"]["cost"]
    assert spared == pytest.approx(10 * 300_100)


def test_limited_when_no_limit_counts_a_site_or_a_day_then_all_is_delivered_there(tmp_path: Path) -> None:
    own = asked(tmp_path, limits=level(value=200, site="WORKS", **{"from": "2027-10-01"}), **WORKS)
    assert missing(own) == pytest.approx(missing(own, site="WORKS"))
    assert set(own.plan.tables["shortage"]["period"]) == {"2027-Q4"}
    assert set(own.formulation.columns["short"].keys()["site"]) == {"WORKS"}


def test_least_when_one_site_must_have_more_then_the_other_leaves_more_short(tmp_path: Path) -> None:
    free, held = (
        asked(tmp_path, "", limits=limits, **WORKS) for limits in (None, level(value=5, site="WORKS", per="year"))
    )
    assert missing(free, site="PLANT") < missing(free, site="WORKS")
    assert missing(held, site="WORKS") == pytest.approx(5)
    assert missing(held) == pytest.approx(missing(free))


def test_weighted_when_a_tonne_counts_for_750_000_then_a_limit_of_7_5_million_leaves_10_t(tmp_path: Path) -> None:
    limits = level(value=7.5e6, counted_in="weighted", site="PLANT")
    own = asked(tmp_path, limits=limits, **WORKS | {"demand": WORKS["demand"][:1]})
    assert missing(own) == pytest.approx(10)
    (row,) = own.plan.tables["limits"].to_dict("records")
    assert row["actual"] == pytest.approx(7.5e6)
    words = own.plan.tables["binding"].query("rule == 'shortage'")["words"]
    says = "One tonne more short at Our plant under level in the whole horizon would save USD"
    assert words.str.startswith(says).all()


def test_limited_when_more_has_to_stay_short_then_the_explanation_names_the_limit(tmp_path: Path) -> None:
    tiny_case(tmp_path, limits=level(value=5), **WORKS)
    path = write_question(tmp_path, LIMITED)
    with pytest.raises(InfeasiblePlan):
        run.optimize(path)
    words = " ".join(run.explain(path).words)
    assert "level" in words
    assert "limits.csv row 2" in words


def planned(tmp_path: Path, text: str = LIMITED, **changes: Any) -> Plan:
    tiny_case(tmp_path, **changes)
    return run.optimize(write_question(tmp_path, text))


def test_cost_of_rules_when_shortage_is_limited_then_that_limit_stays(tmp_path: Path) -> None:
    far = {"limit": "far", "measure": "share", "by": "country", "member": "CHN", "value": 0.5}
    plan = planned(tmp_path, limits=[*level(value=60), far])
    table, _ = rule_costs(plan)
    assert table["limit"].tolist() == ["far"]
    assert table["saves"].iloc[0] > 0
    assert plan.manifest["cheapest_cost"] < plan.manifest["objective"]["cost"]
    assert "are not met in full: 60 t in all" in " ".join(render_plan(plan).plain.split())


@pytest.mark.parametrize(
    ("text", "limits", "says"),
    [
        (LIMITED, None, "objective.shortage: shortage is limited, and no limit says to what; add a limit with measure"),
        ("", level(value=5, by="country"), "column by: what is not delivered comes from nobody: by is for what"),
        ("", level(value=5, stage="oxide"), "column stage: what is not delivered comes from nobody: stage is for"),
        ("", level(value=5, sense="min"), "column sense: nobody asks for at least so much of a shortage; write max"),
        ("", level(value=5, priority=1), "column priority: a limit on shortage does not give way: it says what"),
        ("", level(value=5, counted_in="value"), "column counted_in: value is counted for shares only"),
        ("", level(value=5, measure="tonnes", counted_in="weighted"), "column counted_in: weighted is for a shortage"),
    ],
)
def test_limit_on_shortage_when_it_makes_no_sense_then_is_refused_with_its_repair(
    tmp_path: Path, text: str, limits: list[dict[str, Any]] | None, says: str
) -> None:
    tiny_case(tmp_path, limits=limits)
    with pytest.raises(FaultyInput) as refused:
        run.optimize(write_question(tmp_path, text))
    assert says in str(refused.value)


def test_question_without_the_family_when_shortage_is_limited_then_all_is_delivered(tmp_path: Path) -> None:
    plan = planned(tmp_path, f'without = ["service_level"]\n{LIMITED}', limits=level(value=50))
    assert plan.tables["shortage"].empty
    assert plan.manifest["audit"]["clean"]
