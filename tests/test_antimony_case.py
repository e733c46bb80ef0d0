"""The case antimony-trioxide: its ratios recompute, and its origins say what a buyer must know."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"
CASE = DATA / "cases" / "antimony-trioxide"
ANTIMONY, OXYGEN = 121.76, 15.999
MADE_UP = ("demand", "stocks", "open_orders")
SHARE_OF = re.compile(r"([\d.]+) % of ([\d,]+) t = ([\d,.]+) t/y")


def table(name: str, folder: Path = CASE) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def number(text: str) -> float:
    return float(text.replace(",", ""))


def shares(stage: str) -> dict[str, dict[str, float]]:
    """Return offer: country: share of what origins.csv says of a stage."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in table("origins"):
        if row["stage"] == stage:
            found[row["offer"]][row["country"]] += float(row["share"])
    return found


def test_trioxide_when_weighed_holds_what_its_formula_says() -> None:
    held = {row["material"]: float(row["share"]) for row in table("contents")}
    assert held["sb2o3"] == pytest.approx(2 * ANTIMONY / (2 * ANTIMONY + 3 * OXYGEN), abs=5e-5)


def test_recipes_when_recomputed_are_content_times_yield() -> None:
    held = {row["material"]: float(row["share"]) for row in table("contents")}
    made = [row for row in table("recipes") if row["material"] == "sb2o3"]
    for row in made:
        content, loss = held["sb_concentrate"], 0.92
        if row["note"].startswith("0.985"):
            content, loss = held["sb_metal"], 0.985
        assert float(row["quantity"]) == pytest.approx(content * loss / held["sb2o3"], abs=1e-4), row["process"]
    assert len(made) == 4


@pytest.mark.parametrize("name", ["offers", "ramps", "processes"])
def test_capacities_when_recomputed_are_the_share_that_the_note_says(name: str) -> None:
    checked = 0
    for row in table(name):
        found = SHARE_OF.search(row["note"])
        if not found:
            assert re.search(r"assumed|^0 t/y", row["note"]), row
            continue
        part, whole, tonnes = map(number, found.groups())
        assert part / 100 * whole == pytest.approx(tonnes, rel=0.005), row["note"]
        later = re.search(r"see ramps", row["note"]) and float(row["capacity"]) < tonnes
        assert later or float(row["capacity"]) == tonnes, row["note"]
        checked += 1
    assert checked >= 4


def test_what_thailand_ships_when_spread_over_a_year_is_what_the_offer_is_a_share_of() -> None:
    [offer] = [row for row in table("offers") if row["offer"] == "UNI-ATO"]
    [shipped] = [row for row in table("trade", DATA / "reference") if row["exporter"] == "THA (Unipet)"]
    assert (shipped["period"], shipped["until"]) == ("2024-12", "2025-04")
    assert f"{float(shipped['value']) / 5 * 12:,.0f}" in offer["note"]


def test_case_when_asked_where_antimony_is_mined_and_smelted_names_the_countries_of_the_trade() -> None:
    named = {row["country"] for row in table("origins") if row["stage"] in {"mine", "metal"}}
    assert named >= {"CHN", "TJK", "RUS", "AUS", "USA", "OMN", "BOL"}
    assert any(row["recycled"] == "1" for row in table("offers"))


@pytest.mark.parametrize("country", ["THA", "MEX"])
def test_place_of_shipment_when_seen_through_is_mostly_china(country: str) -> None:
    sites = {row["site"] for row in table("sites") if row["country"] == country and row["kind"] != "plant"}
    oxide = [row["offer"] for row in table("offers") if row["site"] in sites and row["material"] == "sb2o3"]
    assert oxide
    for offer in oxide:
        assert shares("mine")[offer]["CHN"] > 0.5 > shares("mine")[offer].get(country, 0.0)
        assert shares("metal")[offer]["CHN"] > 0.5 > shares("metal")[offer].get(country, 0.0)


def test_origins_when_added_up_claim_no_more_than_all_of_an_offer() -> None:
    stage_of = {row["material"]: row["stage"] for row in table("materials")}
    offers = {row["offer"]: stage_of[row["material"]] for row in table("offers")}
    order = ["mine", "concentrate", "metal", "product"]
    for stage in order:
        for offer, countries in shares(stage).items():
            assert 0 < sum(countries.values()) <= 1 + 1e-9, (offer, stage)
            assert order.index(stage) <= order.index(offers[offer]), (offer, stage)
    assert {row["stage"] for row in table("origins")} <= set(order)


def test_origins_when_judged_say_how_far_the_share_may_be_off() -> None:
    judged = [row for row in table("origins") if row["confidence"] == "estimate" and float(row["share"]) < 1]
    assert len(judged) >= 20
    assert [row for row in judged if not re.search(r"\d+-\d+ %|range", row["note"])] == []


def test_prices_when_estimated_give_a_range_that_holds_them() -> None:
    for row in table("offers"):
        [(low, high)] = re.findall(r"price range ([\d.]+)-([\d.]+)", row["note"])
        assert float(low) < float(row["price [USD/kg]"]) < float(high), row["offer"]


def test_sites_when_real_are_cited_but_for_two_and_nothing_made_up_is() -> None:
    sites = [row for row in table("sites") if not row["site"].endswith("-PLANT")]
    assert [row["site"] for row in sites if row["confidence"] != "cited"] == ["USA-MAD", "AMG-CHA"]
    assert {row["confidence"] for name in MADE_UP for row in table(name)} == {"estimate"}
