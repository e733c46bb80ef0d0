"""Points, routes, the use bound, the first arrival and what limits count, each on a case for a pencil."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from sourcing.families.amounts import check as amounts
from sourcing.families.shares import check as shares
from sourcing.replay import Facts, Replay, Terms, use
from sourcing.replay.due import Due
from sourcing.replay.limits import windows
from sourcing.replay.origins import Source, groups
from sourcing.replay.reach import first_arrivals
from sourcing.replay.records import Limit

NAN = float("nan")

# ore from a mine is bought at the plant, refined (2 t of ore per t of oxide), shipped to a depot, where it is asked for
BASE: dict[str, list[dict[str, Any]]] = {
    "materials": [{"material": "ore", "stage": "mine"}, {"material": "oxide", "stage": "oxide"}, {"material": "scrap"}],
    "contents": [
        {"material": "oxide", "element": "Dy", "share": 0.5},
        {"material": "ore", "element": "Dy", "share": 0.2},
    ],
    "sites": [
        {"site": "mine", "country": "AUS", "owner": "Digger", "owner_country": "GBR"},
        {"site": "plant", "country": "FRA", "owner": "", "owner_country": "FRA"},
        {"site": "depot", "country": "DEU"},
    ],
    "offers": [
        {"offer": "A", "supplier": "Digger", "site": "mine", "material": "ore", "price": 10.0, "lead_days": 5.0},
        {"offer": "B", "supplier": "Old", "site": "mine", "material": "oxide", "price": 90.0, "destination": "depot",
         "lead_days": 200.0, "made_in": "CHN", "recycled": 0.25},
    ],
    "lanes": [
        {"origin": "mine", "destination": "plant", "material": "", "mode": "", "transit_days": 30.0},
        {"origin": "plant", "destination": "depot", "material": "", "mode": "rail", "transit_days": 3.0},
        {"origin": "plant", "destination": "depot", "material": "oxide", "mode": "rail", "transit_days": 2.0},
    ],
    "processes": [{"process": "refine", "site": "plant", "days": 10.0, "recycled": 0.4}],
    "recipes": [
        {"process": "refine", "material": "ore", "quantity": -2.0},
        {"process": "refine", "material": "oxide", "quantity": 1.0},
    ],
    "demand": [{"site": "depot", "material": "oxide", "period": "2027", "quantity": 365.0}],
    "groups": [{"group": "EU", "member": "FRA"}, {"group": "EU", "member": "DEU"}],
}  # fmt: skip


def facts(**more: list[dict[str, Any]]) -> Facts:
    """The base case with rows added to some tables."""
    tables = {name: pd.DataFrame(BASE.get(name, []) + more.get(name, [])) for name in {*BASE, *more}}
    return Facts.of(tables, Terms(date(2027, 1, 1), [("quarter", 4)]))


def test_points_are_where_material_is_asked_for_used_made_or_awaited() -> None:
    order = {"order": "1", "site": "mine", "material": "scrap", "arrives": pd.Timestamp(2027, 5, 1), "quantity": 1.0}
    found = facts(open_orders=[order]).points
    assert found.wanted == {("depot", "oxide"), ("plant", "ore")}
    assert found.usable == {*found.wanted, ("plant", "oxide")}  # sent on to the depot
    assert found.known == {*found.usable, ("mine", "scrap")}
    assert found.sources == {("plant", "oxide")}


def test_routes_follow_lanes_to_points_that_use_the_material() -> None:
    assert set(facts().routes) == {("A", "plant", ""), ("B", "depot", "")}
    at_home = facts(stocks=[{"site": "mine", "material": "ore", "opening": 1.0}])
    assert set(at_home.routes) == {("A", "plant", ""), ("A", "mine", ""), ("B", "depot", "")}


def test_a_lane_that_names_the_material_replaces_one_for_any() -> None:
    found = facts().ships
    assert set(found) == {("plant", "depot", "oxide", "rail")}
    assert found["plant", "depot", "oxide", "rail"].material == "oxide"


def test_demand_is_spread_by_days_and_its_weights_by_quantity() -> None:
    extra = {"site": "depot", "material": "oxide", "period": "2027-02", "quantity": 30.0, "priority": 4.0,
             "shortage_cost": 100.0}  # fmt: skip
    found = facts(demand=[extra]).due
    assert found["depot", "oxide", 0] == Due(120.0, pytest.approx((90 + 30 * 4) / 120), pytest.approx(3000 / 120))
    assert found["depot", "oxide", 1] == Due(91.0, 1.0, 0.0)


def test_first_arrival_is_the_fastest_way_through_the_slowest_input() -> None:
    # ore at the plant after 5 + 30 d, oxide after 10 more, at the depot 2 d later; offer B would take 200 d
    assert first_arrivals(facts()) == {
        ("plant", "ore"): 35.0, ("plant", "oxide"): 45.0, ("depot", "oxide"): 47.0,
    }  # fmt: skip


def test_first_arrival_waits_for_an_offer_to_open() -> None:
    late = facts()
    offers = {code: replace(row, start=date(2027, 4, 1)) for code, row in late.records.offers.items()}
    late = replace(late, records=replace(late.records, offers=offers))
    assert first_arrivals(late)["plant", "ore"] == 90 + 35


def test_use_counts_what_is_needed_downstream() -> None:
    stock = {"site": "depot", "material": "oxide", "opening": 0.0, "safety": 20.0}
    found = use.use_bounds(facts(stocks=[stock]))
    assert found["depot", "oxide", 0] == pytest.approx(275 + 20)
    assert found["plant", "oxide", 2] == pytest.approx(92 + 20)
    assert found["plant", "ore", 2] == pytest.approx(2 * (92 + 20))
    assert found["plant", "ore", 3] == pytest.approx(2 * 20)


def test_use_is_never_below_what_is_there_already() -> None:
    order = {"order": "1", "site": "plant", "material": "ore", "arrives": pd.Timestamp(2029, 1, 1), "quantity": 7.0}
    found = use.use_bounds(facts(stocks=[{"site": "plant", "material": "ore", "opening": 3.0}], open_orders=[order]))
    assert found["plant", "ore", 3] == 10


@pytest.mark.parametrize(("scrap", "is_bounded"), [(0.5, True), (0.4, False)])
def test_use_of_a_loop_is_bounded_only_if_the_loop_does_not_gain(scrap: float, is_bounded: bool) -> None:
    # oxide back to ore: 1 t of oxide gives `scrap` t of ore, 2 t of ore give 1 t of oxide: factors 1/scrap and 2
    back = facts(
        processes=[{"process": "back", "site": "plant"}],
        recipes=[
            {"process": "back", "material": "oxide", "quantity": -0.25},
            {"process": "back", "material": "ore", "quantity": scrap},
        ],
    )
    found = use.use_bounds(back)
    assert (("plant", "ore", 0) in found) == is_bounded
    assert ("depot", "oxide", 0) in found
    if is_bounded:
        assert found["plant", "ore", 0] == pytest.approx(2 * 275)
        assert found["plant", "oxide", 0] == pytest.approx(275)


def rows_of(limit: dict[str, Any], plan: Replay, **more: list[dict[str, Any]]) -> dict[tuple[object, ...], Any]:
    found = facts(limits=[{"limit": "x", "value": 0.5, **limit}], **more)
    counted = {"share": shares, "tonnes": amounts, "spend": amounts}[limit["measure"]].limits(found, plan)
    return {row.key: (row.counted, row.total) for row in counted}


# A ordered in Q1 takes 35 d: 55/90 arrive in Q1, the rest in Q2; refining takes 10 d: 80/90 come out in Q1
PLAN = Replay(buy={("A", "plant", "", 0): 90.0, ("B", "depot", "", 0): 90.0}, make={("refine", 0): 9.0})


def test_bought_tonnes_count_where_they_are_made_as_they_arrive() -> None:
    # B takes 200 d: [200, 290) has 73 d of Q3 (to 273) and 17 of Q4
    found = rows_of({"measure": "tonnes", "by": "country", "per": "period"}, PLAN)
    assert found["x", "AUS", "", "2027-Q1", 0] == pytest.approx((55, 55))
    assert found["x", "AUS", "", "2027-Q2", 1] == pytest.approx((35, 35))
    assert found["x", "CHN", "", "2027-Q3", 2] == pytest.approx((73, 73))
    assert found["x", "CHN", "", "2027-Q4", 3] == pytest.approx((17, 17))
    assert ("x", "CHN", "", "2027-Q2", 1) not in found
    assert ("x", "FRA", "", "2027-Q1", 0) not in found


def test_own_processing_counts_at_the_stage_it_lifts_to() -> None:
    found = rows_of(
        {
            "measure": "share",
            "by": "country",
            "stage": "oxide",
            "element": "Dy",
            "per": "horizon",
            "counts": "arrivals",
        },
        PLAN,
    )
    assert found == {
        ("x", "CHN", "", "horizon", 3): pytest.approx((45, 49.5)),
        ("x", "FRA", "", "horizon", 3): pytest.approx((4.5, 49.5)),
    }


def test_a_purchase_counts_at_its_own_stage_and_all_earlier_ones() -> None:
    found = rows_of({"measure": "tonnes", "by": "owner_country", "stage": "mine", "per": "horizon"}, PLAN)
    assert found == {("x", "GBR", "", "horizon", 3): pytest.approx((180, 180))}


def test_counted_in_tonnes_keeps_the_element_as_a_filter_only() -> None:
    limit = {
        "measure": "tonnes",
        "by": "supplier",
        "element": "Dy",
        "counted_in": "tonnes",
        "site": "depot",
        "per": "year",
    }
    assert rows_of(limit, PLAN) == {("x", "Old", "depot", "2027", 3): pytest.approx((90, 90))}  # fmt: skip


@pytest.mark.parametrize("counted_in", ["element", "tonnes"])
def test_material_with_a_share_of_nothing_is_not_counted(counted_in: str) -> None:
    limit = {"measure": "tonnes", "by": "supplier", "element": "Tb", "counted_in": counted_in, "per": "year"}
    assert rows_of(limit, PLAN, contents=[{"material": "oxide", "element": "Tb", "share": 0.0}]) == {}


def test_a_group_adds_its_members_and_a_minimum_always_has_a_row() -> None:
    limit = {"measure": "share", "by": "country", "member": "EU", "per": "horizon", "counts": "arrivals"}
    assert rows_of(limit, PLAN) == {}
    assert rows_of({**limit, "sense": "min"}, PLAN) == {("x", "EU", "", "horizon", 3): pytest.approx((0, 180))}
    with_own = rows_of({**limit, "stage": "oxide"}, PLAN)
    assert with_own == {("x", "EU", "", "horizon", 3): pytest.approx((9, 99))}


def test_open_orders_count_as_unknown_or_as_their_offer() -> None:
    day = pd.Timestamp
    orders = [
        {"order": "1", "site": "plant", "material": "ore", "arrives": day(2027, 3, 1), "quantity": 4.0, "offer": ""},
        {"order": "2", "site": "plant", "material": "ore", "arrives": day(2027, 3, 1), "quantity": 6.0, "offer": "A"},
        {"order": "3", "site": "plant", "material": "ore", "arrives": day(2028, 3, 1), "quantity": 9.0, "offer": "A"},
    ]
    found = rows_of({"measure": "tonnes", "by": "supplier", "per": "period"}, Replay(), open_orders=orders)
    assert found["x", "unknown", "", "2027-Q1", 0] == (4, 10)
    assert found["x", "Digger", "", "2027-Q1", 0] == (6, 10)


def test_spend_is_price_times_tonnes_when_ordered() -> None:
    found = rows_of({"measure": "spend", "by": "supplier", "per": "period"}, PLAN)
    assert found["x", "Digger", "", "2027-Q1", 0] == (900, 9000)
    assert found["x", "Old", "", "2027-Q1", 0] == (8100, 9000)
    assert (
        "x",
        "Old",
        "",
        "2027-Q4",
        3,
    ) not in found  # what is ordered so late lands after the horizon: it is not ordered


def test_recycled_splits_one_source_into_two_groups() -> None:
    found = facts()
    assert groups(found, Source("offer", "B", "oxide", "depot"), "recycled") == [("recycled", 0.25), ("primary", 0.75)]
    assert groups(found, Source("process", "refine", "oxide", "plant"), "recycled")[0] == ("recycled", 0.4)
    assert groups(found, Source("process", "refine", "oxide", "plant"), "supplier") == [("plant", 1.0)]
    assert groups(found, Source("process", "refine", "oxide", "plant"), "owner") == [("unknown", 1.0)]


def test_windows_hold_the_days_of_periods_that_lie_in_them() -> None:
    limit = Limit("x", "tonnes", 1.0, since=date(2027, 2, 1), until=date(2027, 10, 1))
    found = facts().calendar
    assert windows(found, limit) == [("2027", (0, 1, 2), (59 / 90, 1.0, 1.0))]
    assert [each.label for each in windows(found, replace(limit, per="period"))] == ["2027-Q1", "2027-Q2", "2027-Q3"]
    assert windows(found, replace(limit, per="horizon", until=date(2027, 2, 2))) == [("horizon", (0,), (1 / 90,))]
    assert windows(found, replace(limit, since=date(2028, 1, 1), until=None)) == []


def test_plan_tables_are_indexed_by_their_columns() -> None:
    frame = pd.DataFrame({"offer": ["A"], "destination": ["plant"], "mode": [NAN], "node": [0], "tonnes": [3.0]})
    assert Replay.of({"purchases": frame}).buy == {("A", "plant", "", 0): 3.0}
