"""A plan day by day, worked out by hand: odd dates, licences within a period, waiting for material, lots, shortage.

No solver: the plans are written down, and their dates and stocks are those that a pocket calendar gives.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from sourcing.daily import DayByDay, day_by_day
from sourcing.replay import Facts, Replay, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

SITES = [
    {"site": "far", "name": "Far", "country": "CHN"},
    {"site": "plant", "name": "Greenville", "country": "USA"},
    {"site": "depot", "name": "Depot", "country": "USA"},
]
MATERIALS = [{"material": "oxide", "name": "Dy oxide", "stage": "oxide"}, {"material": "metal", "name": "Dy metal"}]
OFFER = {"offer": "A", "supplier": "Far Co", "site": "far", "material": "oxide", "price": 100.0, "lead_days": 10.0}
LANE = {"origin": "far", "destination": "plant", "material": "", "mode": "sea", "transit_days": 45.0}
SMELT = {"process": "smelt", "site": "plant", "days": 10.0}
RECIPE = [
    {"process": "smelt", "material": "oxide", "quantity": -1.0},
    {"process": "smelt", "material": "metal", "quantity": 1.0},
]
BUY = ("A", "plant", "sea")


def stamp(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def days_of(
    plan: Replay, tables: Mapping[str, list[dict[str, Any]]], periods: int = 4, length: str = "quarter", start: str = ""
) -> DayByDay:
    """Return a plan day by day over some tables beside the sites and materials above."""
    every = {"sites": SITES, "materials": MATERIALS, "offers": [OFFER], "lanes": [LANE], **tables}
    frames = {name: pd.DataFrame(rows) for name, rows in every.items()}
    first = date.fromisoformat(start or "2027-01-01")
    return day_by_day(Facts.of(frames, Terms(first, [(length, periods)])), plan)


def rows(table: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Return some columns as plain rows: days as text, numbers rounded."""
    plain = table[list(columns)].astype(object)
    return [
        tuple(
            f"{cell:%Y-%m-%d}"
            if isinstance(cell, pd.Timestamp)
            else round(cell, 6)
            if isinstance(cell, float)
            else cell
            for cell in row
        )
        for row in plain.where(plain.notna(), None).itertuples(index=False)
    ]


def due(quantity: float, period: str, material: str = "oxide", site: str = "plant") -> dict[str, Any]:
    return {"site": site, "material": material, "period": period, "quantity": quantity}


def held(opening: float, material: str = "oxide", site: str = "plant", **more: Any) -> dict[str, Any]:
    return {"site": site, "material": material, "opening": opening, **more}


def order(code: str, arrives: str, quantity: float, material: str = "oxide", site: str = "plant") -> dict[str, Any]:
    return {"order": code, "site": site, "material": material, "arrives": stamp(arrives), "quantity": quantity}


def test_order_when_a_licence_begins_inside_its_period_then_each_call_off_waits_for_that_of_its_own_day() -> None:
    licence = {"country": "CHN", "lag_days": 60.0, "from": stamp("2027-02-10")}
    found = days_of(Replay(buy={(*BUY, 0): 90.0}), {"licences": [licence], "demand": [due(1, "2027")]})
    assert rows(found.tables["orders"], "order_on", "apply_by", "ship_on", "arrive_on", "tonnes") == [
        ("2027-01-01", None, "2027-01-11", "2027-02-25", 31.0),
        ("2027-02-01", None, "2027-02-11", "2027-03-28", 28.0),
        ("2027-03-01", "2027-03-11", "2027-05-10", "2027-06-24", 31.0),
    ]


def test_order_when_another_licence_takes_longer_from_some_day_then_the_application_comes_before_it() -> None:
    licences = [
        {"country": "CHN", "lag_days": 20.0, "from": stamp("2027-01-01")},
        {"country": "CHN", "lag_days": 45.0, "from": stamp("2027-01-06")},
    ]
    found = days_of(Replay(buy={(*BUY, 0): 31.0}), {"licences": licences, "demand": [due(1, "2027")]}, 12, "month")
    # ordered on 1 Jan it ships on 31 Jan; to apply on 11 Jan would mean 45 days: 5 Jan is the last day of the 20
    assert rows(found.tables["orders"], "order_on", "apply_by", "ship_on") == [
        ("2027-01-01", "2027-01-05", "2027-01-31")
    ]


def test_order_when_the_supplier_delivers_then_nobody_knows_when_it_ships_and_the_licence_is_asked_for_at_once() -> (
    None
):
    offer = {**OFFER, "destination": "plant"}
    licence = {"country": "CHN", "lag_days": 30.0}
    tables = {"offers": [offer], "licences": [licence], "demand": [due(1, "2027")]}
    found = days_of(Replay(buy={("A", "plant", "", 1): 5.0}), tables, 12, "month")
    assert rows(found.tables["orders"], "order_on", "apply_by", "ship_on", "arrive_on") == [
        ("2027-02-01", "2027-02-01", None, "2027-03-13")
    ]


def test_days_when_they_are_parts_of_days_then_an_order_ships_and_arrives_on_the_next_whole_one() -> None:
    tables = {
        "offers": [{**OFFER, "lead_days": 10.5}],
        "lanes": [{**LANE, "transit_days": 45.25}],
        "demand": [due(1, "2028")],
    }
    found = days_of(Replay(buy={(*BUY, 1): 5.0}), tables, 4, "month", "2028-01-01")
    assert rows(found.tables["orders"], "ship_on", "arrive_on") == [("2028-02-12", "2028-03-28")]


def test_order_when_its_offer_opens_and_shuts_within_the_period_then_it_is_called_off_on_its_days() -> None:
    offer = {**OFFER, "start": stamp("2028-02-20"), "end": stamp("2028-03-02"), "call_off": "weekly"}
    found = days_of(Replay(buy={(*BUY, 0): 11.0}), {"offers": [offer], "demand": [due(1, "2028")]}, start="2028-01-01")
    # 20 February 2028 is a Sunday; the month has 29 days
    assert rows(found.tables["orders"], "order_on", "tonnes") == [
        ("2028-02-20", 1.0),
        ("2028-02-21", 7.0),
        ("2028-02-28", 3.0),
    ]


def test_orders_when_they_arrive_after_the_horizon_then_they_are_listed_and_bring_nothing() -> None:
    found = days_of(Replay(buy={(*BUY, 1): 28.0}), {"demand": [due(1, "2027-03")], "stocks": [held(2)]}, 3, "month")
    assert rows(found.tables["orders"], "order_on", "arrive_on") == [("2027-02-01", "2027-03-28")]
    found = days_of(Replay(buy={(*BUY, 2): 31.0}), {"demand": [due(1, "2027-03")], "stocks": [held(2)]}, 3, "month")
    assert rows(found.tables["orders"], "order_on", "arrive_on") == [("2027-03-01", "2027-04-25")]
    assert rows(found.tables["days"], "end") == [(1.0,)]


def test_contract_when_it_begins_inside_the_period_then_its_part_is_called_off_from_then_on_at_its_price() -> None:
    contract = {"contract": "K", "offer": "A", "price": 80.0, "from": stamp("2027-02-15")}
    plan = Replay(buy={(*BUY, 0): 99.0}, decided={"call": {("K", "plant", "sea", 0): 45.0}})
    found = days_of(plan, {"contracts": [contract], "demand": [due(1, "2027")]}).tables["orders"]
    # 54 t spot over 31, 28 and 31 days; 45 t under the contract over 14 and 31 days
    assert rows(found, "order_on", "contract", "tonnes", "price", "amount") == [
        ("2027-01-01", "", 18.6, 100.0, 1860.0),
        ("2027-02-01", "", 16.8, 100.0, 1680.0),
        ("2027-02-15", "K", 14.0, 80.0, 1120.0),
        ("2027-03-01", "", 18.6, 100.0, 1860.0),
        ("2027-03-01", "K", 31.0, 80.0, 2480.0),
    ]


def test_lots_when_an_offer_has_a_multiple_then_deliveries_are_whole_lots() -> None:
    offer = {**OFFER, "lot_multiple": 22.0, "call_off": "lot"}
    found = days_of(Replay(buy={(*BUY, 0): 66.0}), {"offers": [offer], "demand": [due(1, "2027")]}).tables["orders"]
    # a third of 90 days each: full on the evening of days 30, 60 and 90
    assert rows(found, "order_on", "tonnes", "lots") == [
        ("2027-01-30", 22.0, 1.0),
        ("2027-03-01", 22.0, 1.0),
        ("2027-03-31", 22.0, 1.0),
    ]


def test_contract_when_its_part_is_no_whole_lot_then_a_delivery_has_a_row_for_each_price() -> None:
    offer, contract = {**OFFER, "lot_multiple": 22.0}, {"contract": "K", "offer": "A", "price": 80.0}
    plan = Replay(buy={(*BUY, 0): 66.0}, decided={"call": {("K", "plant", "sea", 0): 30.0}})
    found = days_of(plan, {"offers": [offer], "contracts": [contract], "demand": [due(1, "2027")]}).tables["orders"]
    assert rows(found, "order_on", "contract", "tonnes", "amount") == [
        ("2027-01-01", "K", 22.0, 1760.0),
        ("2027-02-01", "", 14.0, 1400.0),
        ("2027-02-01", "K", 8.0, 640.0),
        ("2027-03-01", "", 22.0, 2200.0),
    ]


def test_contract_when_it_sells_from_some_day_on_then_the_lot_that_it_shares_waits_for_it() -> None:
    offer = {**OFFER, "lot_multiple": 22.0}
    contract = {"contract": "K", "offer": "A", "price": 80.0, "from": stamp("2027-02-15")}
    plan = Replay(buy={(*BUY, 0): 44.0}, decided={"call": {("K", "plant", "sea", 0): 30.0}})
    found = days_of(plan, {"offers": [offer], "contracts": [contract], "demand": [due(1, "2027")]}).tables["orders"]
    assert rows(found, "order_on", "contract", "lots") == [
        ("2027-02-15", "K", 1.0),
        ("2027-03-01", "", round(14 / 22, 6)),
        ("2027-03-01", "K", round(8 / 22, 6)),
    ]


def test_contracts_when_each_has_whole_lots_then_each_is_called_off_on_its_own_days() -> None:
    offer = {**OFFER, "lot_multiple": 22.0}
    contract = {"contract": "K", "offer": "A", "price": 80.0, "from": stamp("2027-02-15")}
    plan = Replay(buy={(*BUY, 0): 66.0}, decided={"call": {("K", "plant", "sea", 0): 22.0}})
    found = days_of(plan, {"offers": [offer], "contracts": [contract], "demand": [due(1, "2027")]}).tables["orders"]
    assert rows(found, "order_on", "contract", "lots") == [
        ("2027-01-01", "", 1.0),
        ("2027-02-01", "", 1.0),
        ("2027-02-15", "K", 1.0),
    ]


def test_stock_when_nothing_comes_then_it_is_empty_from_the_day_on_which_it_does_not_last() -> None:
    tables = {"demand": [due(366, "2028")], "stocks": [held(59.5, safety=10)]}
    found = days_of(Replay(), tables, start="2028-01-01")
    # 31 + 29 days take 60 t: half a ton is missing on the evening of the leap day
    assert rows(found.tables["days"], "lowest", "on", "days_of_use", "first_empty", "days_empty") == [
        (-306.5, "2028-12-31", -306.5, "2028-02-29", 307)
    ]
    assert rows(found.tables["days"], "safety", "days_below_safety", "first_below", "end") == [
        (10.0, 317, "2028-02-19", -306.5)
    ]
    assert found.said.words == (
        "empty on 307 days, first 29 February 2028 (Dy oxide at Greenville): periods of three months are too long for "
        "this case"
    )


def test_stock_when_it_ends_with_the_day_then_it_was_never_empty() -> None:
    found = days_of(Replay(), {"demand": [due(29, "2028-02")], "stocks": [held(29)]}, 2, "month", "2028-01-01")
    assert rows(found.tables["days"], "lowest", "on", "days_empty") == [(0.0, "2028-02-29", 0)]
    assert found.said.words == (
        "never empty; lowest: Dy oxide at Greenville, less than a day of use on 29 February 2028"
    )


def test_process_when_it_waits_for_material_then_it_goes_on_where_it_stopped_and_demand_finds_nothing() -> None:
    tables = {
        "processes": [SMELT],
        "recipes": RECIPE,
        "open_orders": [order("1", "2027-01-01", 11), order("2", "2027-01-21", 20)],
        "demand": [due(31, "2027-01", "metal")],
        "stocks": [held(10, "metal")],
    }
    found = days_of(Replay(make={("smelt", 0): 31.0}), tables, 2, "month")
    # a tonne a day until 11 January; ten at once on the 21st, which are metal on the 31st
    assert rows(found.tables["waits"], "process", "planned", "days_waiting", "first_wait", "not_done") == [
        ("smelt", 31.0, 9, "2027-01-12", 0.0)
    ]
    metal, oxide = rows(found.tables["days"], "material", "lowest", "on", "days_of_use", "first_empty", "days_empty")
    assert metal == ("metal", -9.0, "2027-01-30", -9.0, "2027-01-22", 9)
    assert oxide == ("oxide", 0.0, "2027-01-11", 0.0, None, 0)
    assert found.said.words.startswith(
        "empty on 9 days, first 22 January 2027 (Dy metal at Greenville): the stock there"
    )


def test_process_when_its_material_never_comes_then_what_is_not_done_is_told() -> None:
    tables = {
        "processes": [SMELT],
        "recipes": RECIPE,
        "open_orders": [order("1", "2027-01-01", 11)],
        "demand": [due(1, "2027-02", "metal")],
        "stocks": [held(1, "metal")],
    }
    found = days_of(Replay(make={("smelt", 0): 31.0}), tables, 2, "month")
    assert rows(found.tables["waits"], "days_waiting", "not_done") == [(48, 20.0)]
    assert found.said.not_done == pytest.approx(20.0)


def test_stock_when_two_take_more_than_there_is_then_each_gets_the_same_part() -> None:
    """A process and a lane take 1 and 3 t a day of a heap that has 2 t for a day of both."""
    tables = {
        "processes": [SMELT],
        "recipes": RECIPE,
        "lanes": [
            {"origin": "plant", "destination": "depot", "material": "oxide", "mode": "road", "transit_days": 0.0}
        ],
        "stocks": [held(2)],
        "demand": [due(1, "2027-01", "oxide", "depot"), due(1, "2027-02", "metal")],
    }
    ship = {("plant", "depot", "oxide", "road", 0): 93.0}
    found = days_of(Replay(make={("smelt", 0): 31.0}, ship=ship), tables, 2, "month")
    assert rows(found.tables["waits"], "kind", "not_done") == [("process", 30.5), ("shipment", 91.5)]


def test_goods_when_a_run_and_a_road_take_no_day_then_they_are_used_on_the_day_that_their_material_comes() -> None:
    tables = {
        "processes": [{**SMELT, "days": 0.0}],
        "recipes": RECIPE,
        "lanes": [
            {"origin": "plant", "destination": "depot", "material": "metal", "mode": "road", "transit_days": 0.0}
        ],
        "open_orders": [order("1", "2027-01-01", 1), order("2", "2027-01-15", 30)],
        "demand": [due(31, "2027-01", "metal", "depot")],
        "stocks": [held(13, "metal", "depot")],
    }
    plan = Replay(make={("smelt", 0): 31.0}, ship={("plant", "depot", "metal", "road", 0): 31.0})
    found = days_of(plan, tables, 1, "month")
    # on the 1st a tonne passes; on the 15th the 14 of 2 to 15 January; so the depot is down to 0 on the 14th
    depot = rows(found.tables["days"], "site", "lowest", "on", "first_empty", "end")[0]
    assert depot == ("depot", 0.0, "2027-01-14", None, 13.0)
    assert rows(found.tables["waits"], "kind", "days_waiting", "first_wait") == [
        ("process", 13, "2027-01-02"),
        ("shipment", 13, "2027-01-02"),
    ]


def test_shipment_when_a_licence_ends_then_what_waited_until_then_goes_without_it() -> None:
    tables = {
        "sites": [*SITES[:2], {"site": "depot", "country": "FRA"}],
        "lanes": [{"origin": "plant", "destination": "depot", "material": "oxide", "mode": "air", "transit_days": 2.0}],
        "licences": [{"country": "USA", "lag_days": 30.0, "until": stamp("2027-01-11")}],
        "open_orders": [order("1", "2027-01-01", 1), order("2", "2027-01-11", 30)],
        "demand": [due(31, "2027-02", "oxide", "depot")],
    }
    found = days_of(Replay(ship={("plant", "depot", "oxide", "air", 0): 31.0}), tables, 2, "month")
    # a tonne leaves on the 1st and comes on 2 February; eleven leave on the 11th and come on the 13th
    assert rows(found.tables["days"], "site", "lowest", "on", "end") == [
        ("depot", 0.0, "2027-01-01", 0.0),
        ("plant", 0.0, "2027-01-01", 0.0),
    ]
    assert found.said.words.startswith("never empty")


def test_shortage_when_a_plan_has_some_then_only_what_is_beyond_it_is_found() -> None:
    tables = {"demand": [due(31, "2027-01")], "open_orders": [order("1", "2027-01-11", 21)]}
    found = days_of(Replay(short={("plant", "oxide", 0): 10.0}), tables, 1, "month")
    assert rows(found.tables["days"], "lowest", "days_empty", "end") == [(0.0, 0, 0.0)]
    assert found.said.words.startswith("never empty beyond what is short; lowest: Dy oxide at Greenville")
    found = days_of(Replay(short={("plant", "oxide", 0): 9.0}), tables, 1, "month")
    assert rows(found.tables["days"], "lowest", "on", "first_empty") == [(-1.0, "2027-01-10", "2027-01-10")]


def test_disposal_when_it_is_planned_then_it_is_on_the_last_day_of_the_period_and_of_what_is_there() -> None:
    tables = {"demand": [due(31, "2027-01")], "stocks": [held(41, disposal_cost=1.0)]}
    found = days_of(Replay(disposed={("plant", "oxide", 0): 4.0}), tables, 2, "month")
    assert rows(found.tables["days"], "end") == [(6.0,)]
    assert found.tables["waits"].empty
    found = days_of(Replay(disposed={("plant", "oxide", 0): 14.0}), tables, 2, "month")
    assert rows(found.tables["waits"], "kind", "site", "planned", "first_wait", "not_done") == [
        ("disposal", "plant", 14.0, "2027-01-31", 4.0)
    ]


def test_point_when_nothing_is_asked_for_then_nothing_is_said() -> None:
    found = days_of(Replay(), {"stocks": [held(3)]}, 1, "month")
    assert (found.said.words, rows(found.tables["days"], "lowest", "days_of_use")) == ("", [(3.0, None)])
