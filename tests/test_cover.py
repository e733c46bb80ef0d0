"""Cover by hand: stock that lasts for days of demand to come, on dates that are no round ones."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import write_question, write_tables
from cases.chain import answer

from sourcing.errors import InfeasiblePlan
from sourcing.reasons import Explanation
from sourcing.replay import Replay
from sourcing.run import optimize
from sourcing.testing import conform
from sourcing.testing.points import disagreements, keys_of, replay_of, rows_of_checks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cases.chain import Answer

    Plans = Callable[..., Answer]

A_DAY = {"2027-05": 1, "2027-06": 2, "2027-07": 3, "2027-08": 1, "2027-09": 2, "2027-10": 2}  # t
DAYS = {"2027-05": 31, "2027-06": 30, "2027-07": 31, "2027-08": 31, "2027-09": 30, "2027-10": 31}
STOCK = {"site": "P", "material": "ox", "opening": 110, "holding_cost": 1000, "cover_days": 45}
CASE: dict[str, list[dict[str, Any]]] = {
    "materials": [{"material": "ox", "stage": "oxide"}],
    "sites": [
        {"site": "A", "kind": "supplier", "country": "AUS"},
        {"site": "H", "kind": "warehouse", "country": "DEU"},
        {"site": "P", "kind": "plant", "country": "DEU"},
    ],
    "offers": [
        {"offer": "a", "supplier": "A", "site": "A", "material": "ox", "destination": "P", "price": 100}
        | {"start": "2027-06-15"}
    ],
    "demand": [
        {"site": "P", "material": "ox", "period": month, "quantity": tonnes * DAYS[month]}
        for month, tonnes in A_DAY.items()
    ],
    "stocks": [STOCK],
}
LATER = [31 + 28, 60 + 30, 62 + 28, 90]  # from the end of July on: 31 days of August and 14 of September, and so on
MONTHS = 'horizon = { start = "2027-05", periods = 6, length = "month" }\n'


def months(tmp_path: Path, **changes: Any) -> Path:
    """Write the case with changes, and return a question over its six months."""
    write_tables(tmp_path / "tiny", {**CASE, **changes})
    return write_question(tmp_path, MONTHS + '[objective]\nshortage = "least"\n# [horizon]\n')


@pytest.fixture
def plans(tmp_path: Path) -> Plans:
    """Return a function that plans the case with changes; algebra and checks agree on every row."""

    def planned(**changes: Any) -> Answer:
        own = answer(months(tmp_path, **changes))
        assert own.solution.status == "optimal"
        assert disagreements(own.facts, own.formulation, 1) == []
        assert own.verdict.findings == []
        return own

    return planned


def ends(own: Answer, site: str = "P") -> list[float]:
    """Return what each period ends with at a site."""
    stock = own.plan.tables["stock"]
    return [float(tonnes) for tonnes in stock.loc[stock["site"] == site, "end"]]


def stocks(**cells: Any) -> dict[str, Any]:
    return {"stocks": [STOCK | cells]}


def test_cover_of_45_days_when_months_differ_then_is_the_demand_of_the_days_that_follow(plans: Plans) -> None:
    """Before an order can come, on 15 June, stock is what is left of 110 t; by then 110 - 31 - 14 x 2 = 51 t."""
    assert ends(plans()) == pytest.approx([79, 51, *LATER])


def test_cover_when_stock_costs_then_is_paid_for(plans: Plans) -> None:
    held = 31 * 79 + 30 * 51 + 31 * 59 + 31 * 90 + 30 * 90 + 31 * 90  # t x days
    cost = plans().plan.tables["cost"]
    assert cost.loc[cost["head"] == "holding", "amount"].sum() == pytest.approx(held * 1000 / 365)


@pytest.mark.parametrize("opening", [0, 60])
def test_cover_beyond_the_horizon_when_the_store_was_smaller_then_may_be_brought(plans: Plans, opening: float) -> None:
    own = plans(**stocks(opening=opening, cover_days=90))
    assert ends(own)[3:] == pytest.approx([60 + 62 + 58, 62 + 2 * 59, 2 * 90])


def test_cover_of_part_of_a_day_when_asked_for_then_counts_as_part(plans: Plans) -> None:
    assert ends(plans(**stocks(cover_days=0.5)))[2:] == pytest.approx([0.5, 1, 1, 1])


def test_cover_when_blank_or_0_then_asks_for_nothing(plans: Plans) -> None:
    for days in ("", 0):
        own = plans(**stocks(cover_days=days))
        assert len(own.formulation.rows["cover"]) == 0
        assert ends(own)[2:] == pytest.approx([0, 0, 0, 0])


def test_cover_when_safety_stock_is_larger_then_does_not_bind(plans: Plans) -> None:
    assert ends(plans(**stocks(safety=75, closing=75)))[2:] == pytest.approx([75, 90, 90, 90])


def test_cover_when_a_store_feeds_a_plant_before_an_order_can_come_then_lets_it_go_on(plans: Plans) -> None:
    """Until an order comes 31 and 28 t go on, which count as if there; from July on the store has 20 t."""
    store = {"site": "H", "material": "ox", "opening": 110, "holding_cost": 1000, "cover_days": 20}
    own = plans(
        stocks=[STOCK | {"opening": 0, "cover_days": "", "holding_cost": 2000}, store],
        offers=[CASE["offers"][0] | {"destination": "H"}],
        lanes=[{"origin": "H", "destination": "P", "transit_days": 0}],
        demand=[*CASE["demand"], {"site": "H", "material": "ox", "period": "2027", "quantity": 365}],
    )
    assert own.plan.tables["shortage"].empty
    assert ends(own, "H") == pytest.approx([110 - 31 - 31, 0, 20, 20, 20, 20])


SPANS = [(date(2027, 10, 15) + timedelta(17 * n), date(2027, 10, 15) + timedelta(17 * n + 17)) for n in range(6)]
DUE = {"2027-10": 31, "2027-11": 45, "2027-12": 124, "2028-01-03": 5, "2028-01-19": 11}  # t
ARRIVAL = date(2027, 11, 12) + timedelta(13)  # within the third period


def due_on(day: date) -> float:
    """Return the t of demand of a day: of a month the same on each of its days."""
    of_a_day = DUE.get(day.isoformat(), 0)
    return of_a_day + DUE.get(day.isoformat()[:7], 0) / (30 if day.month == 11 else 31)


def days(since: date, until: date) -> list[date]:
    return [since + timedelta(k) for k in range((until - since).days)]


def cover_by_the_page(wanted: float, *, disposed: bool) -> dict[tuple[str, str, int], float]:
    """Return K of docs/mathematics.md, the chapters of cover and of stock, day after day."""
    asked = {}
    for n, (opens, closes) in enumerate(SPANS):
        tonnes = 0.0  # C
        for k in range(100):
            here = next((span for span in SPANS if closes + timedelta(k) < span[1]), SPANS[-1])
            tonnes += min(max(wanted - k, 0), 1) * sum(map(due_on, days(*here))) / 17
        if opens < ARRIVAL:  # T is not over by the first day of n
            there = 40 + (23 if date(2027, 11, 17) < closes else 0)  # O
            tonnes = min(tonnes, max(0, there - sum(map(due_on, days(SPANS[0][0], min(ARRIVAL, closes))))))
            if closes <= ARRIVAL and not disposed:  # the balance keeps it by itself
                tonnes = 0
        if tonnes > 0:
            asked["P", "ox", n] = tonnes
    return asked


@pytest.mark.parametrize("wanted", [0.5, 17, 29.25, 88])
@pytest.mark.parametrize("disposed", [False, True])
@pytest.mark.parametrize(("column", "rule"), [("cover_days", "cover"), ("safety_days", "safety")])
def test_days_on_odd_dates_when_written_out_by_the_page_then_are_what_both_sides_ask_for(
    tmp_path: Path, column: str, rule: str, wanted: float, disposed: bool
) -> None:
    changes = {"opening": 40, "cover_days": "", column: wanted, "disposal_cost": 5 if disposed else ""}
    offer = CASE["offers"][0] | {"start": "2027-11-12", "lead_days": 13}
    demand = [{"site": "P", "material": "ox", "period": period, "quantity": tonnes} for period, tonnes in DUE.items()]
    coming = [{"order": "o", "site": "P", "material": "ox", "quantity": 23, "arrives": "2027-11-17"}]
    tables = CASE | stocks(**changes) | {"offers": [offer], "demand": demand, "open_orders": coming}
    write_tables(tmp_path / "tiny", tables)
    own = answer(write_question(tmp_path, 'horizon = { start = "2027-10-15", periods = 6, length = "17 days" }'))
    expected = cover_by_the_page(wanted, disposed=disposed)
    rows = own.formulation.rows[rule]
    assert dict(zip(keys_of(rows), own.formulation.row_lower[rows.ids], strict=True)) == pytest.approx(expected)
    empty = rows_of_checks(own.facts, replay_of(own.formulation, np.zeros(len(own.formulation.column_lower))))
    assert {key: -row.residual for (name, key), row in empty.items() if name == rule} == pytest.approx(expected)
    assert own.verdict.findings == []


def test_cover_when_a_plan_was_spoiled_then_is_told(plans: Plans) -> None:
    own = plans()
    replay = Replay.of(own.plan.tables)
    replay.hold["P", "ox", 3] -= 4
    kept = rows_of_checks(own.facts, replay)
    assert kept["cover", ("P", "ox", 3)].residual == pytest.approx(-4)
    assert kept["cover", ("P", "ox", 4)].residual == pytest.approx(0)


def test_cover_when_the_store_is_too_small_then_says_how_many_days_would_do(tmp_path: Path) -> None:
    """What covers 45 days is 90 t at the end of October, and 80 t cover 40."""
    with pytest.raises(InfeasiblePlan) as none:
        optimize(months(tmp_path, **stocks(maximum=80)), out=None)
    told = none.value.explanation
    assert isinstance(told, Explanation)
    repairs, gives = told.tables["repairs"], told.tables["to have a plan"]
    assert repairs[["column", "becomes"]].to_numpy().tolist() == [["cover_days", 40], ["maximum", 90]]
    assert gives[["rule", "until", "asked", "possible"]].to_numpy().tolist() == [["cover", "2027-10", 90, 80]]
    assert told.words[-1].endswith(
        "cover of 45 days is 90 t on 2027-10-31, above the maximum of 80 t; lower it, or raise the maximum"
    )


def test_cover_conforms(tmp_path: Path) -> None:
    binds = months(tmp_path / "binds")
    idle = months(tmp_path / "idle", **stocks(cover_days=5, safety=20))
    found = conform("cover", binds=binds, idle=idle, worked={"holding": 14_088 * 1000 / 365, "shortage": 0.0})
    assert "agreement" in found.tried
