"""Limits on concentration, from the tables to the explanation: what they hold, what they cost, what is kept."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import QUIET, Answer, answer

from sourcing import run
from sourcing.answer.options import RunOptions
from sourcing.engine import cones, outer_approximation
from sourcing.engine import solve as engine
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.errors import SolverError
from sourcing.report.console import render_plan

MIX = {"limit": "mix", "measure": "hhi", "by": "country", "value": 0.6, "per": "horizon", "counts": "arrivals"}
TOO_MIXED = {**MIX, "value": 0.4, "per": "year"}
THIRD: dict[str, Any] = {
    "sites": [*TINY["sites"], {"site": "MID", "kind": "supplier", "country": "VNM"}],
    "lanes": [*TINY["lanes"], {"origin": "MID", "destination": "PLANT", "mode": "sea", "freight": 150}],
}
MUST = '[objective]\nshortage = "none"\nminimize = ["cost"]\n'


def three(capacity: float = 500.0, scale: float = 1.0) -> dict[str, Any]:
    """Return three countries that sell the oxide, one dearer than the other, with everything so many times as large."""
    own = {"supplier": "Mid", "site": "MID", "material": "oxide", "price": 250_000}
    offers = [*TINY["offers"], {"offer": "C", **own}]
    return THIRD | {
        "offers": [{**row, "capacity": capacity * scale} for row in offers],
        "demand": [{**row, "quantity": row["quantity"] * scale} for row in TINY["demand"]],
        "stocks": [{**row, "opening": row["opening"] * scale} for row in TINY["stocks"]],
    }


def asked(tmp_path: Path, *limits: dict[str, Any], text: str = "", **changes: Any) -> Answer:
    tiny_case(tmp_path, **{**three(), **changes, "limits": list(limits)})
    own = answer(write_question(tmp_path, text))
    assert own.solution.status == "optimal"
    assert own.verdict.findings == []
    return own


def parts(own: Answer) -> np.ndarray:
    """Return the share of each country in all that is bought, the largest first."""
    bought = own.plan.tables["purchases"].groupby("country")["tonnes"].sum()
    return np.sort((bought / bought.sum()).to_numpy())[::-1]


def cheapest_mix(prices: np.ndarray, index: float) -> np.ndarray:
    """Return the cheapest shares of sources without capacities at an index: on the circle, away from the dear ones."""
    centre, away = np.full(len(prices), 1 / len(prices)), prices.mean() - prices
    return centre + away / np.linalg.norm(away) * np.sqrt(index - 1 / len(prices))


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6], ids=["grams", "tonnes", "megatonnes"])
def test_hhi_when_three_countries_sell_then_the_mix_is_the_one_of_the_closed_form(tmp_path: Path, scale: float) -> None:
    own = asked(tmp_path, {**MIX, "value": 0.4}, **three(scale=scale))
    right = cheapest_mix(np.array([200_200, 250_150, 300_100]), 0.4)
    assert parts(own) == pytest.approx(right, abs=2e-4)  # the cost is flat there, and known to a billionth
    tonnes = 200 * scale
    assert own.total("cost") == pytest.approx(tonnes * float(right @ [200_200, 250_150, 300_100]), rel=1e-6)
    (row,) = own.plan.tables["limits"].to_dict("records")
    assert row["actual"] == pytest.approx(0.4, rel=1e-6)
    assert row["binds"]


def test_hhi_when_it_binds_then_its_price_is_what_a_point_more_saves(tmp_path: Path) -> None:
    own, looser = (asked(tmp_path, {**MIX, "value": value}) for value in (0.4, 0.4 + 1e-4))
    (row,) = own.plan.tables["binding"].query("rule == 'hhi'").to_dict("records")
    assert row["price"] == pytest.approx(100 * (own.total("cost") - looser.total("cost")), rel=2e-3)
    assert row["words"].startswith("One point of HHI more (0.01) under mix in the whole horizon would save USD ")


def test_hhi_when_nothing_keeps_it_then_the_question_says_what_it_would_take(tmp_path: Path) -> None:
    tiny_case(tmp_path, limits=[TOO_MIXED])
    explained = run.explain(write_question(tmp_path, MUST))
    said = "20.0 t above the limit: at worst 0.5 instead of 0.4 (limits.csv row 2)"
    assert any(said in words for words in explained.words)


def test_hhi_when_it_binds_then_the_plan_says_what_it_would_cost_without(tmp_path: Path) -> None:
    tiny_case(tmp_path, **three(), limits=[MIX])
    plan = run.optimize(write_question(tmp_path))
    assert plan.manifest["cheapest_cost"] == pytest.approx(200 * 200_200)
    assert plan.manifest["objective"]["cost"] > plan.manifest["cheapest_cost"]


def test_screen_when_concentration_is_limited_then_says_how_mixed_the_plan_is_and_how_to_read_it(
    tmp_path: Path,
) -> None:
    tiny_case(tmp_path, **three(), limits=[{**MIX, "value": 0.4}])
    screen = render_plan(run.optimize(write_question(tmp_path))).plain
    assert "  mix: HHI by country at most 0.4; horizon 0.400 ■, as 2.5 equal sources\n" in screen
    assert "n equal sources have 1/n" in screen
    tiny_case(tmp_path, **three(), limits=[{**MIX, "measure": "share"}])
    assert "CONCENTRATION" not in render_plan(run.optimize(write_question(tmp_path))).plain


KNOWN = Path(__file__).parent / "known" / "usgs-antimony"


def test_antimony_when_the_world_is_bought_then_hhi_and_supply_risk_are_those_worked_by_hand() -> None:
    own = answer(KNOWN / "question.toml")
    table = own.plan.tables["limits"].set_index("measure")["actual"]
    mined = [40_000, 32_000, 22_000, 5_000, 4_500, 3_000, 1_300, 800, 700, 600, 260, 220, 200, 90, 50]
    bad = [4.946, 6.249, 6.94, 6.693, 7.836, 5.828, 1.954, 5.33, 6.572, 6.192, 6.69, 5.267, 5.984, 7.458, 6.49]
    shares = np.array(mined) / 110_720
    world = float(shares**2 @ bad)
    assert table["hhi"] == pytest.approx(0.258228, abs=1e-6)
    assert table["governance_hhi"] == pytest.approx(world, rel=1e-9)
    assert world == pytest.approx(1.473472, abs=1e-6)
    risk = (world * 1.0 / 2 + world * (1 - 1.0 / 2)) * (1 - 0.28) * 0.94
    assert table["supply_risk"] == pytest.approx(risk, rel=1e-6)
    assert own.verdict.findings == []


def test_hhi_when_a_lot_is_large_then_the_whole_numbers_keep_it_too(tmp_path: Path) -> None:
    lots = [{**row, "min_lot": 30, "lot_multiple": 30} for row in three()["offers"]]
    own = asked(tmp_path, {**MIX, "value": 0.36}, offers=lots)
    bought = own.plan.tables["purchases"]["tonnes"].to_numpy()
    assert np.round(bought / 30) * 30 == pytest.approx(bought)
    assert (parts(own) ** 2).sum() <= 0.36 * (1 + 1e-6)
    level = own.solution.level("cost")
    assert level.value == pytest.approx(level.bound, rel=1e-6)
    mixes = [mix for mix in product(range(8), repeat=3) if sum(mix) == 7 and sum(n**2 for n in mix) <= 0.36 * 7**2]
    costs = [30 * sum(np.multiply(mix, [200_200, 250_150, 300_100])) for mix in mixes]  # 200 t take 7 lots
    assert level.value == pytest.approx(min(costs), rel=1e-6)


def test_hhi_when_a_search_is_stopped_above_it_then_the_plan_keeps_it_with_the_same_whole_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search, hone, begun = engine.minimise, engine.hone, []
    monkeypatch.setattr(engine, "minimise", lambda *given: replace(search(*given), status="stopped"))
    monkeypatch.setattr(engine, "hone", lambda *given: hone(*given) if begun else begun.append(1))
    lots = [{**row, "min_lot": 5} for row in three()["offers"]]
    tiny_case(tmp_path, **{**three(), "offers": lots}, limits=[{**MIX, "value": 0.9}])
    own = answer(write_question(tmp_path))
    assert own.solution.status == "stopped"
    assert own.verdict.findings == []
    assert own.solution.level("cost").bound < own.solution.level("cost").value


def test_hhi_when_a_plan_is_written_then_the_tangents_stand_among_its_rows_and_in_the_model(tmp_path: Path) -> None:
    tiny_case(tmp_path, **three(), limits=[MIX])
    model = tmp_path / "model.lp"
    plan = run.optimize(write_question(tmp_path), out=tmp_path / "plan", options=RunOptions(write_model=model))
    assert plan.folder is not None
    rows = pd.read_csv(plan.folder / "analyst" / "duals.csv")
    found = rows[rows["row"].str.startswith("cut[mix,CHN,")]
    assert len(found) > 0
    assert (found["activity"] <= 1e-6).all()
    assert (found["dual_cost"] < 0).any()
    assert "cut_mix_CHN_horizon_0_7" in model.read_text("utf-8")


def test_hhi_when_an_analyst_switches_it_off_then_no_tangent_is_sought(tmp_path: Path) -> None:
    own = asked(tmp_path, MIX)
    model = to_pyomo(own.formulation)
    model.hhi.deactivate()
    for row in model.hhi.values():
        row.deactivate()
    assert engine.solve(model, ("shortage", "cost"), QUIET).level("cost").value == pytest.approx(200 * 200_200)
    assert cones.CUT not in model.formulation.rows


def test_hhi_when_no_tangent_is_sought_then_the_audit_refuses_the_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "hone", lambda *_: None)
    monkeypatch.setattr(engine, "refine", lambda *_: False)
    tiny_case(tmp_path, **three(), limits=[MIX])
    own = answer(write_question(tmp_path))
    assert any("rule hhi" in finding and "above what is allowed" in finding for finding in own.verdict.findings)


def test_hhi_when_tangents_lead_nowhere_then_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outer_approximation, "ROUNDS", 1)
    monkeypatch.setattr(engine, "ROUNDS", 1)
    tiny_case(tmp_path, **three(), limits=[MIX])
    with pytest.raises(SolverError, match="still above a limit on concentration"):
        _ = answer(write_question(tmp_path)).solution


def test_hhi_when_no_tangent_can_be_sought_beforehand_then_the_plan_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Mute(outer_approximation.Highs):
        def run(self) -> Any:
            raise SolverError("HiGHS ended without an answer")

    own = asked(tmp_path, {**MIX, "value": 0.4})
    monkeypatch.setattr(outer_approximation, "Highs", Mute)
    assert asked(tmp_path, {**MIX, "value": 0.4}).total("cost") == pytest.approx(own.total("cost"), rel=1e-7)


def test_hhi_when_its_rounds_are_counted_then_few_are_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds, right = [], outer_approximation.broken

    def counted(*given: Any) -> cones.Tangents:
        rounds.append(len(right(*given).share))
        return right(*given)

    monkeypatch.setattr(outer_approximation, "broken", counted)
    asked(tmp_path, {**MIX, "value": 0.4, "per": "period"})
    assert 0 < len([found for found in rounds if found]) <= 25


def test_question_when_it_has_no_limit_on_concentration_then_pays_nothing(tmp_path: Path) -> None:
    own = asked(tmp_path, {**MIX, "measure": "share"})
    assert own.formulation.cones == ()
    assert not {"arriving", "square"} & set(own.formulation.columns)


@pytest.mark.parametrize("closing", [1e3, 1e6])
def test_hhi_when_it_cannot_bind_beside_much_more_than_is_due_then_the_cost_is_the_same(
    tmp_path: Path, closing: float
) -> None:
    changes: dict[str, Any] = {
        "stocks": [{"site": "PLANT", "material": "oxide", "closing": closing}],
        "demand": [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 0.5}],
    }
    lots = '[[edits]]\ntable = "offers"\nwhere = {}\nset = { capacity = 1e9, order_cost = 1000, min_lot = 0.1 }\n'
    free = asked(tmp_path / "free", {"limit": "any", "measure": "tonnes", "value": 1e9}, text=lots, **changes)
    held = asked(tmp_path / "held", {**MIX, "value": 1}, text=lots, **changes)
    assert held.total("cost") == pytest.approx(free.total("cost"), rel=1e-9)
