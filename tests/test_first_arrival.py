"""The first day on which an order can arrive, by hand: days that offers open, licences end and processes begin."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import answer
from twin.earliest import earliest_days
from twin.facts import read_question, read_tables
from twin.network import Network

from sourcing.replay.reach import first_arrivals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    First = Callable[..., dict[tuple[str, str], float]]

NEAR_ONLY = {"offers": [{**TINY["offers"][0], "lead_days": 4}]}  # 30 days at sea to the plant
MELT: dict[str, Any] = {
    "demand": [{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20}],
    "processes": [{"process": "melt", "site": "PLANT", "days": 6}],
    "recipes": [
        {"process": "melt", "material": "oxide", "quantity": -1.25},
        {"process": "melt", "material": "metal", "quantity": 1},
    ],
}


@pytest.fixture
def first(tmp_path: Path) -> First:
    """Return a function that gives the day by point, on which algebra, replay and twin agree."""

    def found(**changes: Any) -> dict[tuple[str, str], float]:
        folder = tiny_case(tmp_path, **{**NEAR_ONLY, **changes})
        question = write_question(tmp_path)
        own, other = answer(question), Network(read_tables(folder), read_question(question))
        names = own.network.points.entities.itertuples(index=False, name=None)
        days = dict(zip(names, own.network.first_arrival.tolist(), strict=True))
        reached = {point: day for point, day in days.items() if day < float("inf")}
        assert first_arrivals(own.facts) == pytest.approx(reached)
        assert earliest_days(other) == pytest.approx(reached)
        return reached

    return found


def days_to(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - date(2027, 1, 1)).days


def test_first_arrival_when_an_offer_opens_within_a_period_then_counts_from_that_day(first: First) -> None:
    offers = [{**NEAR_ONLY["offers"][0], "start": "2027-03-17"}]
    assert first(offers=offers)["PLANT", "oxide"] == days_to(2027, 3, 17) + 34


def test_first_arrival_when_an_offer_closes_before_its_ramp_begins_then_never_comes(first: First) -> None:
    offers = [{**NEAR_ONLY["offers"][0], "capacity": "", "end": "2027-05-03"}]
    assert first(offers=offers, ramps=[{"offer": "A", "from": "2027-05-03", "capacity": 9}]) == {}


def test_first_arrival_when_a_line_rises_from_nothing_then_counts_from_its_foot(first: First) -> None:
    ramps = [
        {"offer": "A", "from": "2027-04-09", "capacity": 0},
        {"offer": "A", "from": "2027-06-01", "capacity": 40, "interpolate": "yes"},
    ]
    offers = [{**NEAR_ONLY["offers"][0], "capacity": ""}]
    assert first(offers=offers, ramps=ramps)["PLANT", "oxide"] == days_to(2027, 4, 9) + 34


def test_first_arrival_when_a_licence_ends_soon_then_waits_for_its_end(first: First) -> None:
    licences = [{"country": "AUS", "lag_days": 90, "until": "2027-02-11"}]
    assert first(licences=licences)["PLANT", "oxide"] == days_to(2027, 2, 11) + 34


def test_first_arrival_when_a_licence_ends_late_then_applies_for_it(first: First) -> None:
    licences = [{"country": "AUS", "lag_days": 90, "until": "2027-05-11"}]
    assert first(licences=licences)["PLANT", "oxide"] == 90 + 34


def test_first_arrival_when_an_approval_takes_45_days_then_orders_in_the_period_after_it(first: First) -> None:
    qualifications = [{"offer": "A", "days": 45}]
    assert first(qualifications=qualifications)["PLANT", "oxide"] == days_to(2027, 4, 1) + 34


def test_first_arrival_when_a_process_starts_later_than_its_feed_comes_then_waits(first: First) -> None:
    ramps = [{"process": "melt", "from": "2027-07-05", "capacity": 50}]
    found = first(**MELT, ramps=ramps)
    assert found["PLANT", "oxide"] == 34
    assert found["PLANT", "metal"] == days_to(2027, 7, 5) + 6


def test_first_arrival_when_a_lane_needs_a_licence_on_the_day_goods_leave_then_counts_it(first: First) -> None:
    """Goods are at the hub on day 34; the licence of 50 days begins on day 30 and ends on day 61."""
    lanes = [
        {"origin": "NEAR", "destination": "HUB", "mode": "sea", "transit_days": 30},
        {"origin": "HUB", "destination": "PLANT", "mode": "road", "transit_days": 3},
    ]
    sites = [*TINY["sites"], {"site": "HUB", "kind": "warehouse", "country": "DEU"}]
    licences = [{"country": "DEU", "lag_days": 50, "from": "2027-01-31", "until": "2027-03-03"}]
    stocks = [{"site": "HUB", "material": "oxide"}]
    found = first(lanes=lanes, sites=sites, stocks=stocks, licences=licences)
    assert found["HUB", "oxide"] == 34
    assert found["PLANT", "oxide"] == days_to(2027, 3, 3) + 3


def test_first_arrival_when_a_lane_carries_nothing_then_never_comes(first: First) -> None:
    assert first(lanes={0: {"capacity": 0}}) == {}
