"""Licences that follow goods: own shipments wait for those of the country where their goods were made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import findings, write_question, write_tables
from cases.by_a_plant import AUSTRALIAN, CHINESE, MATERIALS, SITES, lane
from cases.chain import Answer, answer
from twin import solve_twin

from sourcing.answer.audit import verdict_on
from sourcing.daily import DayByDay, day_by_day
from sourcing.replay import Replay
from sourcing.testing.points import disagreements

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Ask = Callable[..., Answer]
    Row = dict[str, Any]

HORIZON = 'horizon = { start = "2027-01", periods = 12, length = "month", tail = 0 }\n'
DATES = ("mode", "licence_days", "departs_from", "departs_until", "arrives_from", "arrives_until")


def due(month: str, tonnes: float) -> Row:
    return {"site": "US", "material": "ox", "period": month, "quantity": tonnes}


LICENCE: Row = {"country": "CHN", "destination": "USA", "lag_days": 60, "follows": "origin"}
ROUND: dict[str, list[Row]] = {
    "sites": SITES,
    "materials": MATERIALS,
    "offers": [CHINESE, AUSTRALIAN],
    "lanes": [lane("A", "EU", 20), lane("B", "EU", 20), lane("EU", "US", 10)],
    "stocks": [{"site": "EU", "material": "ox", "opening": 0}, {"site": "US", "material": "ox", "opening": 0}],
    "demand": [due("2027-03", 31)],
    "licences": [LICENCE],
}
"""A plant in Germany by which all goods come to one in America: nothing is there before 21 January."""


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return a function that plans the way round: algebra and check agree, the audit is clean, the twin costs as much.

    Without whatever follows goods it is the plan of before.
    """

    def solved(**changes: list[Row]) -> Answer:
        tables = {name: rows for name, rows in {**ROUND, **changes}.items() if rows}
        write_tables(tmp_path / "round", tables)
        question = write_question(tmp_path, HORIZON, case="round")
        own, twin = answer(question), solve_twin(tmp_path / "round", question)
        assert own.solution.status == twin.status == "optimal"
        assert own.total("cost") == pytest.approx(twin.cost)
        assert disagreements(own.facts, own.formulation, 1) == []
        assert own.verdict.findings == []
        return own

    return solved


def bought(own: Answer) -> dict[str, float]:
    rows = own.plan.tables["purchases"]
    return {str(offer): round(float(tonnes), 6) for offer, tonnes in rows.groupby("offer")["tonnes"].sum().items()}


def sent(own: Answer, *columns: str) -> list[tuple[Any, ...]]:
    """Return some cells of the shipments to America, dates as dates."""
    rows = own.plan.tables["shipments"].query("destination == 'US'")
    cells = [[each.date() if isinstance(each, pd.Timestamp) else each for each in rows[name]] for name in columns]
    return list(zip(*cells, strict=True))


def dated(own: Answer) -> DayByDay:
    """Replay a plan day by day."""
    tables = {name: own.plan.tables[name] for name in ("purchases", "shipments", "conversions", "stock", "decisions")}
    return day_by_day(own.facts, Replay.of(tables))


def test_goods_when_a_licence_hangs_on_where_they_leave_then_a_plant_in_between_goes_round_it(ask: Ask) -> None:
    own = ask(licences=[{**LICENCE, "follows": "shipment"}])
    assert bought(own) == {"A": 31}
    assert [row[:2] for row in sent(own, *DATES)] == [("sea", 0), ("sea", 0)]
    # at the plant on 21 January at the earliest, ten days to America
    assert sent(own, "departs_from", "arrives_from")[0] == (date(2027, 1, 21), date(2027, 1, 31))


def test_goods_when_a_licence_follows_them_then_they_are_too_late_by_the_same_plant(ask: Ask) -> None:
    # 21 January, 60 days of waiting and ten on the way: 1 April, when all is asked for in March
    own = ask()
    assert bought(own) == {"B": 31}
    assert own.total("cost") == pytest.approx(31 * (14 + 1 + 1))
    assert {row[0] for row in sent(own, *DATES)} == {"sea"}


def test_goods_when_there_is_time_to_wait_then_leave_and_arrive_sixty_days_later(ask: Ask) -> None:
    own = ask(demand=[due("2027-06", 30)])
    assert bought(own) == {"A": 30}
    assert own.total("cost") == pytest.approx(30 * (10 + 1 + 1))
    for mode, wait, leaves, last, comes, end in sent(own, *DATES):
        assert (mode, wait) == ("sea, made in CHN", 60)
        assert ((comes - leaves).days, (end - last).days) == (10, 10)
    # what is sent on the days of a month leaves 60 days after the first of them
    first = {int(node): leaves for node, leaves in sent(own, "node", "departs_from")}
    for node, leaves in first.items():
        assert leaves == date.fromordinal(date(2027, node + 1, 1).toordinal() + 60)
    days = dated(own).tables["days"].query("site == 'US'")
    assert (int(days["days_empty"].sum()), float(days["end"].iloc[0])) == (0, pytest.approx(0, abs=1e-6))


def test_goods_of_two_countries_when_one_waits_then_each_arrives_on_its_own_days(ask: Ask) -> None:
    own = ask(demand=[due("2027-03", 31), due("2027-06", 30)])
    assert bought(own) == {"A": 30, "B": 31}
    by_mode = own.plan.tables["shipments"].query("destination == 'US'").groupby("mode")["tonnes"].sum()
    assert by_mode.to_dict() == pytest.approx({"sea": 31, "sea, made in CHN": 30})


def test_lane_when_it_carries_little_then_both_ways_share_it(ask: Ask) -> None:
    lanes = [*ROUND["lanes"][:2], {**ROUND["lanes"][2], "capacity": 365.0}]
    own = ask(lanes=lanes, demand=[due("2027-03", 20), due("2027-06", 20)])
    assert bought(own) == {"A": 20, "B": 20}


def test_stock_when_nobody_tells_where_it_was_made_then_waits_the_longest(ask: Ask) -> None:
    stocks = [{**ROUND["stocks"][0], "opening": 31}, ROUND["stocks"][1]]
    early = ask(stocks=stocks)  # in stock on 1 January: in America from 12 March on, too late for its first days
    assert bought(early)["B"] > 10
    assert {row[0] for row in sent(early, *DATES)} == {"sea", "sea, made in CHN/(not told)"}
    told = ask(stocks=[{**stocks[0], "offer": "B"}, stocks[1]])
    assert bought(told) == {}
    assert {row[:2] for row in sent(told, *DATES)} == {("sea", 0)}


@pytest.mark.parametrize(("code", "mode"), [("2846.10", "sea, made in CHN"), ("2805.30", "sea")])
def test_process_in_the_way_when_its_heading_changes_then_the_licence_ends_there(
    ask: Ask, code: str, mode: str
) -> None:
    own = ask(
        materials=[*ROUND["materials"], {"material": "fine", "stage": "oxide", "tariff_code": code}],
        offers=ROUND["offers"][:1],
        processes=[{"process": "refine", "site": "EU", "cost": 3}],
        recipes=[
            {"process": "refine", "material": "ox", "quantity": -1},
            {"process": "refine", "material": "fine", "quantity": 1},
        ],
        demand=[{**due("2027-08", 31), "material": "fine"}],
    )
    assert {row[0] for row in sent(own, *DATES)} == {mode}


def test_purchase_when_a_trader_elsewhere_sells_it_then_waits_by_where_it_was_made(ask: Ask) -> None:
    lanes = [lane("B", "US", 10)]
    trader = [
        {**ROUND["offers"][1], "made_in": made, "offer": made, "price": price}
        for made, price in (("CHN", 10), ("AUS", 14))
    ]
    own = ask(lanes=lanes, offers=trader, stocks=[], demand=[due("2027-06", 31)])
    assert bought(own) == {"CHN": 31}
    rows = own.plan.tables["purchases"]
    assert ((rows["arrives_from"] - rows["order_from"]).dt.days == 70).all()
    orders = dated(own).tables["orders"]
    assert ((orders["arrive_on"] - orders["order_on"]).dt.days == 70).all()
    assert (orders["apply_by"] == orders["order_on"]).all()
    home = ask(lanes=lanes, offers=trader, stocks=[], licences=[{**LICENCE, "destination": "JPN"}])
    rows = home.plan.tables["purchases"]
    assert ((rows["arrives_from"] - rows["order_from"]).dt.days == 10).all()


def test_goods_when_they_come_home_then_need_no_licence_of_their_country(ask: Ask) -> None:
    lanes = [*ROUND["lanes"][:2], {**ROUND["lanes"][2], "destination": "A"}]
    own = ask(
        lanes=lanes,
        licences=[{**LICENCE, "destination": ""}],
        demand=[{**due("2027-08", 31), "site": "A"}],
        offers=[{**ROUND["offers"][0], "destination": "EU"}],
    )
    rows = own.plan.tables["shipments"]
    assert set(rows["mode"]) == {"sea"}
    assert set(rows["licence_days"]) == {0}


@pytest.mark.parametrize(
    "change",
    [
        {"licences": [{**LICENCE, "follows": "shipment"}]},
        {"licences": [{**LICENCE, "lag_days": 0}]},
        {"licences": [{**LICENCE, "destination": "JPN"}]},
        {"licences": [{**LICENCE, "from": "2030-01-01"}]},
        {"licences": [{**LICENCE, "country": "RUS"}]},
    ],
)
def test_model_when_no_wait_hangs_on_where_goods_were_made_then_is_what_it_was(
    ask: Ask, change: dict[str, list[Row]]
) -> None:
    own, plain = ask(**change), ask(licences=[])
    for name, matrix in (("own", own), ("plain", plain)):
        assert not matrix.network.licensing.split.any(), name
    assert own.formulation.matrix.shape == plain.formulation.matrix.shape
    assert own.total("cost") == pytest.approx(plain.total("cost"))


def test_audit_when_a_shipment_says_another_wait_or_goes_as_another_countrys_then_says_so(ask: Ask) -> None:
    own = ask(demand=[due("2027-06", 30)])
    rows = own.plan.tables["shipments"]
    spoiled = replace(
        own.plan, tables={**own.plan.tables, "shipments": rows.assign(licence_days=rows["licence_days"] / 2)}
    )
    assert any("licence_days" in finding for finding in verdict_on(spoiled).findings)
    quick = replace(own.plan, tables={**own.plan.tables, "shipments": rows.assign(mode="sea")})
    assert verdict_on(quick).findings


def test_check_when_a_licence_follows_goods_then_nothing_goes_round_it_and_its_row_is_not_idle(
    ask: Ask, tmp_path: Path
) -> None:
    straight = [*ROUND["lanes"], lane("A", "US", 10)]
    for follows, said in (("shipment", True), ("origin", False)):
        ask(lanes=straight, licences=[{**LICENCE, "follows": follows}], demand=[due("2027-06", 30)])
        codes = {each.code for each in findings(tmp_path / "ask.toml")}
        assert ("SCREEN-383" in codes) == said
        assert "SCREEN-380" not in codes
