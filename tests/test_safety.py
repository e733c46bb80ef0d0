"""Safety and closing stock, by hand: kept from the day on which it is there, never more than is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import write_question, write_tables
from cases.chain import answer

from sourcing.errors import InfeasiblePlan
from sourcing.run import optimize
from sourcing.testing.points import disagreements

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.chain import Answer

    Plans = Callable[..., Answer]

FAULTS = Path(__file__).parent / "regressions"
CASE: dict[str, list[dict[str, Any]]] = {
    "materials": [{"material": "ox", "stage": "oxide"}],
    "sites": [
        {"site": "A", "kind": "supplier", "country": "AUS"},
        {"site": "H", "kind": "warehouse", "country": "DEU"},
        {"site": "P", "kind": "plant", "country": "DEU"},
    ],
    "offers": [{"offer": "a", "supplier": "A", "site": "A", "material": "ox", "destination": "P", "price": 100}],
    "demand": [{"site": "P", "material": "ox", "period": "2027", "quantity": 73}],
    "stocks": [{"site": "P", "material": "ox", "opening": 40, "safety": 40, "holding_cost": 1}],
}


YEAR = 'horizon = { start = "2027-01", periods = 4, length = "quarter" }\n# [horizon]\n'


@pytest.fixture
def plans(tmp_path: Path) -> Plans:
    """Return a function that plans a case with changes; algebra and checks agree on every row."""

    def planned(length: str, periods: int, start: str = "2027-01", **changes: Any) -> Answer:
        write_tables(tmp_path / "tiny", {**CASE, **changes})
        horizon = f'horizon = {{ start = "{start}", periods = {periods}, length = "{length}" }}\n'
        own = answer(write_question(tmp_path, horizon + '[objective]\nshortage = "least"\n# [horizon]\n'))
        assert own.solution.status == "optimal"
        assert disagreements(own.facts, own.formulation, 1) == []
        assert own.verdict.findings == []
        return own

    return planned


def ends(own: Answer, site: str = "P") -> list[float]:
    """Return what each period ends with at a site."""
    stock = own.plan.tables["stock"]
    return [float(tonnes) for tonnes in stock.loc[stock["site"] == site, "end"]]


def offers(**cells: Any) -> dict[str, Any]:
    return {"offers": [{**CASE["offers"][0], **cells}]}


def stocks(**cells: Any) -> dict[str, Any]:
    return {"stocks": [{**CASE["stocks"][0], **cells}]}


def test_safety_when_an_order_comes_on_the_second_day_of_the_year_then_is_kept_but_for_a_day(plans: Plans) -> None:
    assert ends(plans("year", 1, **offers(lead_days=1), **stocks(closing=0))) == pytest.approx([40 - 73 / 365])


def test_safety_when_an_order_comes_on_day_38_of_quarters_then_keeps_what_38_days_leave(plans: Plans) -> None:
    found = ends(plans("quarter", 4, **offers(lead_days=38)))
    assert [*found[:2], found[-1]] == pytest.approx([40 - 73 * 38 / 365, 40, 40])


def test_safety_when_an_open_order_comes_in_mid_period_then_is_kept_from_it(plans: Plans) -> None:
    """20 t by 17 February; the first order comes on day 100: 73 t a year make 20 t by then, and 12 t are sold out."""
    arrives = [{"order": "o", "site": "P", "material": "ox", "arrives": "2027-02-17", "quantity": 20}]
    changes = {**offers(lead_days=100), **stocks(opening=12), "open_orders": arrives}
    found = ends(plans("quarter", 4, **changes))
    assert [*found[:2], found[-1]] == pytest.approx([32 - 18, 32 - 20, 40])


def test_safety_when_demand_falls_on_a_part_of_the_period_then_counts_its_days(plans: Plans) -> None:
    """All of the quarter's 30 t are due in March; the first order comes on 15 February: nothing is used before."""
    demand = [{"site": "P", "material": "ox", "period": "2027-03", "quantity": 30}]
    assert ends(plans("quarter", 2, demand=demand, **offers(lead_days=45)))[0] == pytest.approx(40)


@pytest.mark.parametrize(("length", "periods"), [("day", 12), ("week", 6)])
def test_safety_when_periods_are_short_then_falls_to_the_first_arrival_and_is_full_after(
    plans: Plans, length: str, periods: int
) -> None:
    """An order of the first day comes on day 5: 5 days of 0.2 t are taken from stock."""
    found = ends(plans(length, periods, **offers(lead_days=5)))
    assert 39 - 1e-6 <= min(found) < 39.5
    assert found[-1] == pytest.approx(40)


def test_safety_when_no_order_can_come_then_is_not_sold(plans: Plans) -> None:
    """What demand leaves of 100 t is not sold below 40 t; without the rule all of it would go."""
    changes = {**offers(lead_days=400), **stocks(opening=100, disposal_cost=-500)}
    assert ends(plans("quarter", 2, **changes))[-1] == pytest.approx(40)


def test_safety_when_a_store_feeds_a_plant_before_an_order_can_come_then_lets_it_go_on(plans: Plans) -> None:
    """Nothing is used at the store; its 40 t serve the plant for the 300 days before the first order comes."""
    lanes = [{"origin": "H", "destination": "P", "mode": "road", "transit_days": 0}]
    changes = {**offers(destination="H", lead_days=300), "lanes": lanes, **stocks(site="H", opening=60)}
    own = plans("quarter", 4, **changes)
    assert own.total("shortage") == pytest.approx(0.0, abs=1e-6)


def test_safety_when_a_store_feeds_a_plant_and_orders_come_then_is_kept_at_the_store(plans: Plans) -> None:
    lanes = [{"origin": "H", "destination": "P", "mode": "road", "transit_days": 0}]
    changes = {**offers(destination="H", lead_days=1), "lanes": lanes, **stocks(site="H", closing=0)}
    assert ends(plans("year", 1, **changes), "H")[0] >= 40 - 73 / 365 - 1e-6


def test_safety_when_a_process_takes_the_feed_then_lets_it_go_on(plans: Plans) -> None:
    demand = [{"site": "P", "material": "metal", "period": "2027", "quantity": 36.5}]
    changes = {
        **offers(lead_days=200),
        "materials": [*CASE["materials"], {"material": "metal", "stage": "metal"}],
        "demand": demand,
        "processes": [{"process": "melt", "site": "P"}],
        "recipes": [
            {"process": "melt", "material": "ox", "quantity": -1},
            {"process": "melt", "material": "metal", "quantity": 1},
        ],
    }
    assert plans("quarter", 4, **changes).total("shortage") == pytest.approx(0.0, abs=1e-6)


def test_closing_when_it_is_blank_and_no_order_can_come_then_is_not_asked() -> None:
    run = optimize(FAULTS / "B20-closing-stock-no-order-can-reach" / "question.toml", out=None)
    assert float(run.tables["stock"]["end"].iloc[-1]) == pytest.approx(1.0)


def test_closing_when_it_is_written_and_no_order_can_come_then_no_plan_exists(tmp_path: Path) -> None:
    write_tables(tmp_path / "tiny", {**CASE, **offers(lead_days=500), **stocks(opening=5, closing=20)})
    with pytest.raises(InfeasiblePlan):
        optimize(write_question(tmp_path, YEAR), out=None)


def test_safety_when_the_year_is_one_period_then_is_not_sold_out() -> None:
    run = optimize(FAULTS / "F2-safety-year-lead1" / "question.toml", out=None)
    assert run.tables["stock"]["end"].to_list() == pytest.approx([40 - 40 / 365, 40])
