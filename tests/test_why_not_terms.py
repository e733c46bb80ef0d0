"""Why an offer with lots and tiers is not bought: the price at which it would be, and two prices that differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import tiny_case, write_question

from sourcing import run
from sourcing.answer.without_limits import GAP
from sourcing.studies.explain.offer_price import Trials
from sourcing.studies.explain.offers import price_words
from sourcing.studies.explain.why_not import why_not

if TYPE_CHECKING:
    from pathlib import Path

YEAR = '[horizon]\nstart = "2027-01"\nperiods = 1\nlength = "year"\n'
ONE_YEAR: dict[str, Any] = {
    "demand": [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 100}],
    "stocks": None,
    "lanes": {0: {"transit_days": 0, "freight": 0}, 1: {"transit_days": 0, "freight": 0}},
    "capacity": {"A": 500},
}


def price_of(folder: Path, tiers: list[dict[str, Any]], **tables: Any) -> pd.Series[Any]:
    tiny_case(folder, **ONE_YEAR | {"tiers": tiers} | tables)
    plan = run.optimize(write_question(folder, YEAR))
    return why_not(plan, "A").tables["price"].iloc[0]


@pytest.mark.parametrize("kind", ["incremental", "all_units"])
def test_offer_with_a_tier_of_its_own_when_asked_about_then_all_its_prices_fall(tmp_path: Path, kind: str) -> None:
    """Of 100 t at 300,000, and 270,000 from 50 t on: all (or those above) cost 0.9 of it."""
    tier = {"offer": "A", "above": 50, "price": 270_000, "kind": kind}
    price = price_of(tmp_path, [tier])
    part = 0.9 if kind == "all_units" else 0.95
    assert price["enters"] == pytest.approx(200_000 / part, rel=1e-6)
    assert price["tonnes"] == pytest.approx(100)


def test_offer_with_lots_and_tiers_when_asked_about_then_its_price_is_found(tmp_path: Path) -> None:
    tier = {"offer": "A", "above": 50, "price": 270_000, "kind": "all_units"}
    lots = {"min_lot": {"A": 20}, "lot_multiple": {"A": 20}, "order_cost": {"A": 1_000_000}}
    price = price_of(tmp_path, [tier], **lots)
    assert price["enters"] == pytest.approx((200_000 - 10_000) / 0.9, rel=1e-6)


def test_offer_with_tiers_when_spending_is_limited_then_its_price_is_found(tmp_path: Path) -> None:
    limits = [{"limit": "purse", "measure": "spend", "per": "horizon", "value": 25_000_000}]
    tier = {"offer": "A", "above": 50, "price": 270_000, "kind": "all_units"}
    assert price_of(tmp_path, [tier], limits=limits)["tonnes"] > 0


@pytest.mark.parametrize("price", [2433.2, 0.034, 1_234_567.0])
def test_prices_when_a_hair_apart_then_are_told_apart(price: float) -> None:
    hair = max(1e-4 * price, 0.01) if price > 1 else 1e-6
    row = {
        "asked": 2 * price,
        "not_at": price + hair,
        "bought_at": price - hair,
        "enters": price,
        "exact": True,
        "within": 0,
    }
    said = price_words("It", pd.DataFrame([{**row, "tonnes": 5.0, "tonnes_above": 0.0}]))[1]
    bought, _, refused = said.partition(" a tonne the best plan buys ")
    assert bought.split("USD ")[1] != refused.split("USD ")[1].removesuffix(" none.")


def test_price_when_the_plans_are_proven_to_a_gap_only_then_is_said_to_be_an_estimate(tmp_path: Path) -> None:
    """A fifth of the cost may be open: what is found then is no proof of any price."""
    lots = {"min_lot": {"A": 20}, "lot_multiple": {"A": 20, "B": 30}, "order_cost": {"A": 1_000_000}}
    tiny_case(tmp_path, **ONE_YEAR | lots)
    plan = run.optimize(write_question(tmp_path, f"{YEAR}[solver]\ngap = 0.2\n"))
    found = why_not(plan, "A")
    price = found.tables["price"].iloc[0]
    assert bool(price["exact"]) == (price["within"] == 0)
    row = {"asked": 2.0, "not_at": 1.1, "bought_at": 0.9, "enters": 1.0, "exact": False, "within": 0.001}
    about, tried = price_words("It", pd.DataFrame([{**row, "tonnes": 5.0, "tonnes_above": 0.0}]))
    assert "would enter at about USD 1.0" in about
    assert tried.endswith("each plan is proven to within 0.1 % of its cost only, so the price is an estimate.")


def test_price_when_a_search_left_near_enough_buys_above_and_not_below_then_that_is_what_is_said() -> None:
    row = {"asked": 2.0, "not_at": 1.1, "bought_at": 0.9, "enters": 1.0, "exact": False, "within": 0.001}
    _, tried = price_words("It", pd.DataFrame([{**row, "tonnes": 0.0, "tonnes_above": 0.7}]))
    assert tried.startswith("Solved again: at USD 0.90 a tonne the plan found buys none of it, at USD 1.10 0.7 t;")


def test_offer_when_its_plan_was_left_near_enough_then_prices_are_searched_to_a_tenth_of_a_per_cent(
    tmp_path: Path,
) -> None:
    tiny_case(tmp_path, **ONE_YEAR | {"lot_multiple": {"A": 20, "B": 30}})
    plan = run.optimize(write_question(tmp_path, YEAR))
    near = replace(plan, manifest={**plan.manifest, "gap": 0.00014})
    assert [Trials(each, "A").options.gap for each in (plan, near)] == [0.0, GAP]
    assert why_not(near, "A").words == why_not(plan, "A").words
