"""Days on which goods move, by hand: orders while an offer is open, licences and duty by the day, legs that follow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import write_question, write_tables
from cases.chain import answer

from sourcing.testing.points import disagreements

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.chain import Answer

    Plans = Callable[..., Answer]

FAULTS = Path(__file__).parent / "regressions"
CASE: dict[str, list[dict[str, Any]]] = {
    "materials": [{"material": "ox", "stage": "oxide", "tariff_code": "28", "value": 10}],
    "sites": [
        {"site": "A", "kind": "supplier", "country": "CHN"},
        {"site": "W", "kind": "warehouse", "country": "FRA"},
        {"site": "P", "kind": "plant", "country": "DEU"},
    ],
    "offers": [{"offer": "a", "supplier": "A", "site": "A", "material": "ox", "destination": "P", "price": 10}],
    "demand": [{"site": "P", "material": "ox", "period": "2027", "quantity": 365}],
}


@pytest.fixture
def plans(tmp_path: Path) -> Plans:
    """Return a function that plans a case with changes; algebra and checks agree on every row."""

    def planned(length: str, periods: int, **changes: Any) -> Answer:
        write_tables(tmp_path / "tiny", {**CASE, **changes})
        horizon = f'horizon = {{ start = "2027-01", periods = {periods}, length = "{length}" }}\n'
        return agreed(write_question(tmp_path, horizon + "# [horizon]\n"))

    return planned


def agreed(question: Path) -> Answer:
    own = answer(question)
    assert own.solution.status == "optimal"
    assert disagreements(own.facts, own.formulation, 1) == []
    assert own.verdict.findings == []
    return own


def offer(**terms: Any) -> list[dict[str, Any]]:
    return [{**CASE["offers"][0], **terms}]


def rows(own: Answer, table: str) -> list[dict[Any, Any]]:
    """Return what is done at all, row by row."""
    frame = own.plan.tables[table]
    return frame[frame["tonnes"] > 1e-6].to_dict("records")


def came(own: Answer, column: str = "bought", material: str = "ox") -> list[float]:
    """Return what comes to the plant in each period."""
    stock = own.plan.tables["stock"]
    return [float(tonnes) for tonnes in stock.loc[(stock["site"] == "P") & (stock["material"] == material), column]]


def dates(row: dict[Any, Any], *names: str) -> list[str]:
    return [f"{row[name]:%m-%d}" for name in names]


# Orders ---------------------------------------------------------------------------------------------------------------


def test_offer_when_it_opens_on_the_last_day_of_a_quarter_then_is_ordered_on_that_day() -> None:
    first = rows(agreed(FAULTS / "A-window-smear" / "question.toml"), "purchases")[0]
    assert first["period"] == "2027-Q1"
    assert dates(first, "order_from", "order_until", "arrives_from", "arrives_until") == ["03-31"] * 4


def test_offer_when_it_opens_and_closes_within_a_week_then_its_two_days_arrive_on_two(plans: Plans) -> None:
    own = plans("week", 3, offers=offer(start="2027-01-03", end="2027-01-05", lead_days=4))
    (row,) = rows(own, "purchases")
    assert dates(row, "order_from", "order_until") == ["01-03", "01-04"]
    assert dates(row, "arrives_from", "arrives_until") == ["01-07", "01-08"]  # the first week ends with 7 January
    assert came(own) == pytest.approx([row["tonnes"] / 2, row["tonnes"] / 2, 0])


def test_offer_when_its_capacity_is_0_for_a_month_then_nothing_is_ordered_in_it(plans: Plans) -> None:
    ramps = [
        {"offer": "a", "from": f"2027-{day}", "capacity": tonnes}
        for day, tonnes in (("02-01", 0), ("03-01", 3650), ("04-01", 0))
    ]
    own = plans("quarter", 4, offers=offer(capacity=3650, lead_days=59), ramps=ramps)
    (row,) = rows(own, "purchases")  # January comes on days 59 to 90, March on days 118 to 149
    assert came(own) == pytest.approx([row["tonnes"] / 2, row["tonnes"] / 2, 0, 0])
    assert dates(row, "arrives_from", "arrives_until") == ["03-01", "05-29"]


@pytest.mark.parametrize(("lead", "placed"), [(100, [0, 1, 2]), (91.5, [0, 1, 2, 3])])
def test_order_when_nothing_of_it_lands_then_is_not_placed(plans: Plans, lead: float, placed: list[int]) -> None:
    own = plans("quarter", 4, offers=offer(lead_days=lead, capacity=50))  # so little that all that lands is wanted
    assert [row["node"] for row in rows(own, "purchases")] == placed


def test_order_when_an_award_asks_for_it_then_is_placed_though_it_lands_late(plans: Plans) -> None:
    awards = [{"offer": "a", "period": "2027-Q4", "quantity": 10}]
    last = rows(plans("quarter", 4, offers=offer(lead_days=100), awards=awards), "purchases")[-1]
    assert (last["node"], last["tonnes"], last["late_tonnes"]) == (3, pytest.approx(10), pytest.approx(10))


# Licences -------------------------------------------------------------------------------------------------------------


def test_licence_when_it_begins_in_mid_quarter_then_half_of_the_order_waits() -> None:
    own = agreed(FAULTS / "B17-licence-mid-quarter" / "question.toml")
    first = rows(own, "purchases")[0]
    assert came(own, material="nd")[0] == pytest.approx(
        first["tonnes"] * 45 / 90
    )  # from 15 February on it takes 90 days
    assert dates(first, "arrives_from", "arrives_until") == ["01-01", "06-29"]


def test_licence_when_it_ends_on_the_second_day_then_one_day_of_the_year_waits() -> None:
    own = agreed(FAULTS / "B2-licence-ends" / "question.toml")
    (row,) = rows(own, "purchases")
    there = 100 * 364 / 365  # nothing can come on 1 January, for which a day's need goes short
    assert (row["tonnes"], row["late_tonnes"]) == (pytest.approx(there), 0)
    assert dates(row, "arrives_from", "arrives_until") == ["01-02", "12-31"]
    assert came(own) == pytest.approx([there, 0])


def test_licence_when_it_begins_and_ends_in_one_period_then_its_days_wait(plans: Plans) -> None:
    licences = [{"country": "CHN", "from": "2027-01-21", "until": "2027-02-20", "lag_days": 100}]
    own = plans("90 days", 3, offers=offer(end="2027-04-01"), licences=licences)
    (row,) = rows(own, "purchases")  # days 20 to 50 come on days 120 to 150
    assert came(own) == pytest.approx([row["tonnes"] * 2 / 3, row["tonnes"] / 3, 0])


def test_average_lead_when_a_licence_begins_in_mid_quarter_then_each_part_counts_its_own_days(plans: Plans) -> None:
    licences = [{"country": "CHN", "from": "2027-02-15", "lag_days": 20}]
    limits = [{"limit": "fast", "measure": "lead_days", "per": "horizon", "value": 10}]
    own = plans("quarter", 2, offers=offer(end="2027-04-01"), licences=licences, limits=limits)
    assert rows(own, "purchases")  # half of it takes 0 days and half 20: 10 on average, what the limit says
    (limit,) = own.plan.tables["limits"].to_dict("records")
    assert limit["actual"] == pytest.approx(10)


# Duty -----------------------------------------------------------------------------------------------------------------


def test_duty_when_a_tariff_holds_for_some_days_then_it_falls_on_what_arrives_on_them(plans: Plans) -> None:
    tariffs = [{"importer": "DEU", "rate": 0.1, "from": "2027-03-02", "until": "2027-04-16"}]
    own = plans("quarter", 2, offers=offer(lead_days=45, end="2027-04-01"), tariffs=tariffs)
    (row,) = rows(own, "purchases")  # arrives on days 45 to 135, the tariff holds on days 60 to 105
    cost = own.plan.tables["cost"]
    duty = cost[cost["head"] == "duty"].set_index("node")["amount"]
    assert duty.to_dict() == pytest.approx({0: row["tonnes"] * 30 / 90, 1: row["tonnes"] * 15 / 90})  # 10 % of USD 10
    assert row["duty"] == pytest.approx(row["tonnes"] * 45 / 90)


# Own shipments and runs -----------------------------------------------------------------------------------------------

LEG: dict[str, Any] = {
    "offers": offer(destination="W"),
    "lanes": [{"origin": "W", "destination": "P", "mode": "sea", "transit_days": 30}],
    "stocks": [{"site": "W", "material": "ox", "opening": 0}],
}


def test_second_leg_when_the_first_takes_80_days_then_leaves_on_day_80() -> None:
    own = agreed(FAULTS / "C-two-legs" / "question.toml")
    first, second, *_ = rows(own, "shipments")
    assert dates(first, "departs_from", "departs_until") == ["03-22", "03-31"]
    assert dates(first, "arrives_from", "arrives_until") == ["06-10", "06-19"]
    assert dates(second, "departs_from", "arrives_from") == ["04-01", "06-20"]
    assert came(own, "shipped_in")[0] == 0


def test_shipment_when_it_is_of_an_open_order_then_leaves_from_its_date_on(plans: Plans) -> None:
    orders = [{"order": "o", "site": "W", "material": "ox", "arrives": "2027-02-15", "quantity": 50}]
    own = plans("quarter", 4, **{**LEG, "offers": offer(destination="W", start="2027-06-01"), "open_orders": orders})
    first = rows(own, "shipments")[0]
    assert dates(first, "departs_from", "arrives_from") == ["02-15", "03-17"]


def test_shipment_when_the_horizon_ends_then_leaves_while_it_still_lands(plans: Plans) -> None:
    own = plans("quarter", 4, **LEG)
    last = rows(own, "shipments")[-1]
    assert dates(last, "departs_from", "departs_until", "arrives_until") == ["10-01", "12-01", "12-31"]
    assert (own.plan.tables["shipments"]["late_tonnes"] == 0).all()
    assert came(own, "shipped_in")[3] == pytest.approx(last["tonnes"] + rows(own, "shipments")[-2]["tonnes"] * 30 / 92)


def test_shipment_when_it_lands_after_the_end_then_nothing_is_bought_for_it() -> None:
    own = agreed(FAULTS / "H6-ship-off-horizon" / "question.toml")
    assert rows(own, "purchases") == rows(own, "shipments") == []
    assert sum(came(own, "short")) == pytest.approx(100 * 181 / 365)


def test_process_when_it_ends_after_the_horizon_then_nothing_is_bought_for_it() -> None:
    own = agreed(FAULTS / "H1-process-never-comes-out" / "question.toml")
    assert rows(own, "conversions") == []
    bought = pd.DataFrame(rows(own, "purchases")).groupby("offer")["tonnes"].sum()
    assert bought.to_dict() == pytest.approx({"A": 35, "B": 65})


def test_process_when_it_takes_30_days_then_has_the_capacity_of_the_days_that_are_left(plans: Plans) -> None:
    own = plans(
        "quarter",
        2,
        materials=[*CASE["materials"], {"material": "conc", "stage": "concentrate"}],
        offers=offer(material="conc", lead_days=20),
        processes=[{"process": "k", "site": "P", "capacity": 365, "days": 30}],
        recipes=[{"process": "k", "material": what, "quantity": t} for what, t in (("conc", -1), ("ox", 1))],
        demand=[{"site": "P", "material": "ox", "period": "2027", "quantity": 3650}],
    )
    runs = rows(own, "conversions")  # 1 t a day: from day 20 to 90, and from day 90 to 151, 30 days before the end
    assert [run["tonnes"] for run in runs] == pytest.approx([70, 61])
    assert [run["late_tonnes"] for run in runs] == [0, 0]
    assert came(own, "made") == pytest.approx([70 * 40 / 70, 70 * 30 / 70 + 61])
