"""Smooth plans: of the plans within a sliver of the least cost the one that moves orders least, and what is said."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import tiny_case, write_question

from sourcing.answer import steady_orders
from sourcing.answer.audit import verdict_on
from sourcing.answer.solved_again import not_best
from sourcing.audit.check_certificate import Certificate
from sourcing.report.console import certified_words
from sourcing.report.orders import small_orders
from sourcing.report.reasons import smoothness
from sourcing.run import audit_plan, explain, optimize

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

SMOOTH = "[objective]\nsmooth = 0.001\n"
BARE = "[objective]\nsmooth = 0\n"
FREE: dict[str, Any] = {"lanes": [{"origin": site, "destination": "PLANT"} for site in ("NEAR", "FAR")]}
"""Lanes on which nothing takes time or money."""
LATE: dict[str, Any] = FREE | {
    "demand": [{"site": "PLANT", "material": "oxide", "period": "2028-Q4", "quantity": 73.1}],
    "stocks": [{"site": "PLANT", "material": "oxide", "opening": 0, "safety": 0}],
}
"""All demand falls into the last quarter, and to keep things costs nothing: when to buy is open."""
LIMIT = """
[[limits]]
limit = "mixed"
measure = "{measure}"
by = "country"
material = "oxide"
per = "year"
value = {value}
"""


def plan_of(folder: Path, text: str, out: str = "", **changes: Any) -> Plan:
    """Answer the tiny case with changes, and have the audit agree."""
    tiny_case(folder, **changes)
    plan = optimize(write_question(folder, text), out=folder / out if out else None)
    assert plan.manifest["audit"]["clean"], plan.manifest["audit"]["findings"]
    return plan


def rates(plan: Plan) -> list[float]:
    """Return what is ordered a day, by quarter."""
    table = plan.tables["purchases"]
    days = (table["order_until"] - table["order_from"]).dt.days + 1
    return [round(each, 6) for each in (table["tonnes"] / days).groupby(table["node"]).sum()]


def test_orders_when_any_quarter_is_as_cheap_then_are_the_same_every_day(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, SMOOTH, **LATE)
    assert rates(plan) == [pytest.approx(0.1)] * 8
    told = plan.manifest["smooth"]
    assert (told["moved"], told["starts"]) == (pytest.approx(0.0, abs=1e-9), 0)
    assert told["cheapest_moved"] > 0
    assert "move by 0.0 % instead of" in smoothness(plan)
    assert "instead of 0" not in smoothness(plan)


def test_question_when_it_asks_for_no_smoothness_then_is_of_the_least_cost_and_says_nothing(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, BARE, **LATE)
    assert "smooth" not in plan.manifest
    assert smoothness(plan) == ""
    assert max(rates(plan)) > 0.2


def test_large_program_when_nobody_asks_for_smoothness_then_is_of_the_least_cost_and_a_note_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steady_orders, "LARGE", 10)
    assert "smooth" in plan_of(tmp_path, SMOOTH, **LATE).manifest
    question = write_question(tmp_path, BARE)
    question.write_text(question.read_text("utf-8").replace(BARE, ""), "utf-8")
    manifest = optimize(question).manifest
    assert "smooth" not in manifest
    assert any(note.startswith("orders are not smoothed: ") for note in manifest["notes"])


def test_cost_when_orders_are_smoothed_then_is_the_plans_own_and_the_least_is_proven(tmp_path: Path) -> None:
    """Buying later is cheaper at today's value, so that even orders cost something."""
    text = SMOOTH + "discount_rate = 0.02\n"
    plan = plan_of(tmp_path, text, "plan", **LATE)
    bare = plan_of(tmp_path, BARE + "discount_rate = 0.02\n", **LATE)
    told, least = plan.manifest["smooth"], bare.manifest["objective"]["cost"]
    assert told["least"] == pytest.approx(least, rel=1e-9)
    assert plan.manifest["objective"]["cost"] == pytest.approx(least * 1.001, rel=1e-7)
    assert told["more"] == pytest.approx(least * 0.001, rel=1e-4)
    assert told["moved"] < told["cheapest_moved"]
    assert plan.manifest["gap"] < 1e-9
    assert certified_words(plan.manifest) == "shortage and least cost proven in exact fractions"
    found = Certificate(json.loads((tmp_path / "plan" / "certificate.json").read_text("utf-8")))
    assert not found.findings
    assert "within 0.001 of" in found.levels[-1].told
    assert audit_plan(tmp_path / "plan").is_clean


def test_certificate_when_the_sliver_is_cut_then_does_not_hold(tmp_path: Path) -> None:
    plan_of(tmp_path, SMOOTH + "discount_rate = 0.02\n", "plan", **LATE)
    content = json.loads((tmp_path / "plan" / "certificate.json").read_text("utf-8"))
    level = content["levels"][-1]
    for name, value in (("sliver", 0.0001), ("least", level["least"] * 1.0001), ("sliver", None)):
        spoiled = deepcopy(content)
        spoiled["levels"][-1][name] = value
        assert any("is called 'proven'" in words for words in Certificate(spoiled).findings), name


@pytest.mark.parametrize("name", ["sliver", "least", "more", "moved", "starts"])
def test_audit_when_a_figure_of_smoothness_is_wrong_then_says_so(tmp_path: Path, name: str) -> None:
    plan = plan_of(tmp_path, SMOOTH + "discount_rate = 0.02\n", **LATE)
    given = plan.manifest["smooth"][name]
    plan.manifest["smooth"][name] = given + 1 if name == "starts" else given * 1.01 + 1e-3
    assert any(words.startswith("manifest: ") for words in verdict_on(plan).findings), name
    plan.manifest["smooth"][name] = "much"
    assert f"manifest: smooth says no number for {name}" in verdict_on(plan).findings


def test_shortage_when_orders_are_smoothed_then_is_nobodys_more(tmp_path: Path) -> None:
    changes = FREE | {"offers": {"A": {"capacity": 30}, "B": {"capacity": 30}}}
    short = [
        plan_of(tmp_path / str(at), text, **changes).tables["shortage"]["short"].tolist()
        for at, text in enumerate((SMOOTH, BARE))
    ]
    assert short[0] == pytest.approx(short[1])
    assert sum(short[0]) > 0


def test_whole_numbers_when_orders_are_smoothed_then_are_those_of_the_least_cost(tmp_path: Path) -> None:
    """Every quarter with an order costs: the plan orders once or twice, and smoothing may not add orders."""
    changes = LATE | {"offers": {"A": {"order_cost": 5_000}, "B": {"order_cost": 5_000, "capacity": 200}}}
    plans = [plan_of(tmp_path / str(at), text, **changes) for at, text in enumerate((SMOOTH, BARE))]
    assert [plan.tables["purchases"]["node"].tolist() for plan in plans] == [
        plans[1].tables["purchases"]["node"].tolist()
    ] * 2


def test_last_plan_when_there_is_one_then_the_first_period_moves_against_it(tmp_path: Path) -> None:
    days = {"from": "2027-01-01", "until": "2027-04-01"}
    last = [{"offer": "B", "destination": "PLANT", "mode": "", **days, "tonnes": 18}]
    plan = plan_of(tmp_path, SMOOTH, last_orders=last, **LATE)
    assert rates(plan) == [pytest.approx(0.1)] * 8
    assert plan.manifest["smooth"]["moved"] == pytest.approx((0.2 - 0.1) / 8 / 0.1)


def test_periods_when_of_unequal_length_then_rates_are_even(tmp_path: Path) -> None:
    text = 'horizon = { start = "2027-01", steps = [["month", 6], ["quarter", 6]] }\n'
    plan = plan_of(tmp_path, text + SMOOTH, **LATE)
    assert rates(plan) == [pytest.approx(0.1)] * 12


def test_limit_on_concentration_when_orders_are_smoothed_then_is_kept(tmp_path: Path) -> None:
    text = LIMIT.format(measure="hhi", value=0.55)
    plan = plan_of(tmp_path, SMOOTH + text, **FREE)
    bare = plan_of(tmp_path / "bare", BARE + text, **FREE)
    assert plan.manifest["smooth"]["moved"] < plan.manifest["smooth"]["cheapest_moved"]
    assert plan.manifest["smooth"]["least"] == pytest.approx(bare.manifest["objective"]["cost"], rel=1e-6)


def test_prices_when_orders_are_smoothed_then_are_those_of_the_least_cost(tmp_path: Path) -> None:
    """A rule that binds in the cheapest plan has room in the smooth one, worth no more than the sliver."""
    changes = LATE | {"offers": {"B": {"capacity": 160}}}
    plan = plan_of(tmp_path, SMOOTH + "discount_rate = 0.02\n", "plan", **changes)
    bare = plan_of(tmp_path / "bare", BARE + "discount_rate = 0.02\n", **changes)
    assert plan.tables["binding"]["rule"].tolist() == ["offer"]
    pd.testing.assert_frame_equal(plan.tables["binding"], bare.tables["binding"])
    assert plan.tables["purchases"]["tonnes"].max() < 39.9
    assert audit_plan(tmp_path / "plan").is_clean
    plan.manifest["smooth"]["more"] = 1.0
    assert any("the plan calls it binding" in words for words in verdict_on(plan).findings)


def test_studies_when_the_plan_is_smooth_then_reckon_with_the_least_cost(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, SMOOTH + "discount_rate = 0.02\n", "plan", **LATE)
    assert not_best(plan, plan.manifest["smooth"]["least"]) == ""
    assert not_best(plan, plan.manifest["smooth"]["least"] * 0.9) != ""
    assert explain(tmp_path / "plan") is not None


def test_order_when_of_grams_then_the_screen_says_so_and_what_rules_it_out(tmp_path: Path) -> None:
    few = {**LATE, "demand": [{"site": "PLANT", "material": "oxide", "period": "2028-Q4", "quantity": 0.0012}]}
    words = small_orders(plan_of(tmp_path, BARE, **few))
    assert words.startswith("3 orders are of less than a kilogram, the smallest 391 g of Dy oxide from Far Co")
    plan = plan_of(tmp_path / "more", BARE, **LATE)
    assert small_orders(plan) == ""
    sensible = plan.case["materials"].assign(least_sensible=1e4)
    words = small_orders(replace(plan, case=plan.case.replace({"materials": sensible})))
    assert words.startswith(f"{len(plan.tables['orders'])} orders are of less than 10,000 t, the smallest ")
