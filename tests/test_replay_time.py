"""Dates, lead times, capacities, licences and duty, each against a pencil."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest

from sourcing.families.duty.records import Consignment, duty_per_tonne
from sourcing.replay import dates
from sourcing.replay.capacity import line_capacity, offer_capacity, process_capacity
from sourcing.replay.case import Records
from sourcing.replay.dates import calendar, discount, interval, label, year_fraction
from sourcing.replay.lead import Stretch, landings, split, window
from sourcing.replay.licence import licence_lag
from sourcing.replay.windows import Way

QUARTERS = calendar(date(2027, 1, 1), [("quarter", 4)])


def records(**tables: list[dict[str, object]]) -> Records:
    return Records.of({name: pd.DataFrame(rows) for name, rows in tables.items()})


def test_year_fraction_across_a_leap_year_counts_each_year_by_its_own_days() -> None:
    assert year_fraction(date(2027, 1, 1), date(2029, 1, 1)) == pytest.approx(2)
    assert year_fraction(date(2027, 12, 1), date(2028, 2, 1)) == pytest.approx(31 / 365 + 31 / 366)
    assert year_fraction(date(2028, 1, 1), date(2028, 4, 1)) == pytest.approx(91 / 366)
    assert year_fraction(date(2027, 5, 1), date(2027, 5, 1)) == 0


def test_discount_is_taken_from_mid_period() -> None:
    assert discount(QUARTERS, 1, 0.1) == pytest.approx(1.1 ** -((90 + 45.5) / 365))
    assert discount(QUARTERS, 3, 0.0) == 1


@pytest.mark.parametrize(
    ("start", "length", "ends"),
    [
        (date(2027, 1, 1), "month", ["2027-02-01", "2027-03-01"]),
        (date(2027, 11, 15), "2 months", ["2028-01-15", "2028-03-15"]),
        (date(2027, 12, 31), "month", ["2028-01-31", "2028-02-29"]),
        (date(2028, 2, 29), "year", ["2029-02-28", "2030-02-28"]),
        (date(2027, 1, 1), "90 days", ["2027-04-01", "2027-06-30"]),
        (date(2027, 1, 1), "week", ["2027-01-08", "2027-01-15"]),
    ],
)
def test_periods_of_a_length_end_on_these_days(start: date, length: str, ends: list[str]) -> None:
    found = calendar(start, [(length, 2)])
    assert [end.isoformat() for end in found.ends] == ends
    assert found.starts == (start, found.ends[0])


def test_a_length_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        calendar(date(2027, 1, 1), [("fortnight", 1)])


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (date(2027, 1, 1), date(2028, 1, 1), "2027"),
        (date(2027, 10, 1), date(2028, 1, 1), "2027-Q4"),
        (date(2027, 12, 1), date(2028, 1, 1), "2027-12"),
        (date(2027, 2, 1), date(2027, 5, 1), "2027-02-01"),
        (date(2027, 1, 15), date(2027, 2, 15), "2027-01-15"),
    ],
)
def test_a_period_is_called_by_what_it_exactly_is(start: date, end: date, name: str) -> None:
    assert label(start, end) == name


def test_demand_periods_are_read_as_written() -> None:
    assert interval("2027") == (date(2027, 1, 1), date(2028, 1, 1))
    assert interval("2027-Q4") == (date(2027, 10, 1), date(2028, 1, 1))
    assert interval("2027-12") == (date(2027, 12, 1), date(2028, 1, 1))
    assert interval("2027-12-31") == (date(2027, 12, 31), date(2028, 1, 1))


def days_of(n: int) -> tuple[date, date]:
    return QUARTERS.starts[n], QUARTERS.ends[n]


def placed(periods: dates.Calendar, m: int, days: float) -> list[Stretch]:
    """Return all days of a period, each with the same days to arrival."""
    since, until = ((day - periods.starts[0]).days for day in (periods.starts[m], periods.ends[m]))
    return [Stretch(since, until, days)]


def test_45_days_in_a_90_day_quarter_land_half() -> None:
    equal = calendar(date(2027, 1, 1), [("90 days", 3)])
    assert split(equal, placed(equal, 0, 45)) == (((0, 0.5), (1, 0.5)), 0)
    assert split(equal, placed(equal, 0, 90)) == (((1, 1.0),), 0)
    assert split(equal, placed(equal, 2, 45)) == (((2, 0.5),), 0.5)
    assert split(equal, placed(equal, 0, 0)) == (((0, 1.0),), 0)


def test_what_is_late_lands_on_the_last_node() -> None:
    assert landings(QUARTERS, placed(QUARTERS, 3, 200.0)) == [(3, 1.0)]
    assert landings(QUARTERS, placed(QUARTERS, 3, 46.0)) == [(3, 0.5), (3, 0.5)]


@pytest.mark.parametrize("days", [0.0, 7.5, 45.0, 100.0, 275.25, 1000.0])
@pytest.mark.parametrize("m", range(4))
def test_shares_and_what_is_late_add_to_one(days: float, m: int) -> None:
    parts, late = split(QUARTERS, placed(QUARTERS, m, days))
    assert sum(share for _, share in parts) + late == pytest.approx(1)


def test_days_shown_are_rounded_up() -> None:
    assert window(QUARTERS, placed(QUARTERS, 0, 44.2)) == (date(2027, 2, 15), date(2027, 5, 15))


def test_capacity_of_a_whole_leap_year_is_the_yearly_capacity() -> None:
    found = records(offers=[{"offer": "A", "supplier": "S", "site": "x", "material": "m", "price": 1, "capacity": 120}])
    years = calendar(date(2027, 1, 1), [("year", 2)])
    assert [offer_capacity(found, years, "A", n) for n in years.nodes] == pytest.approx([120, 120])


def test_capacity_counts_only_the_active_days() -> None:
    offer = {"offer": "A", "supplier": "S", "site": "x", "material": "m", "price": 1, "capacity": 365,
             "start": pd.Timestamp(2027, 2, 1), "end": pd.Timestamp(2027, 7, 2)}  # fmt: skip
    found = records(offers=[offer])
    assert [offer_capacity(found, QUARTERS, "A", n) for n in range(4)] == pytest.approx([59, 91, 1, 0])


def test_an_offer_without_capacity_is_unlimited_on_its_days_only() -> None:
    offer = {"offer": "A", "supplier": "S", "site": "x", "material": "m", "price": 1, "end": pd.Timestamp(2027, 4, 1)}
    found = records(offers=[offer])
    assert [offer_capacity(found, QUARTERS, "A", n) for n in range(4)] == [math.inf, 0, 0, 0]


def test_a_ramp_is_a_step_and_with_interpolate_a_line() -> None:
    # 0 before 1 Feb, then 365 t/year = 1 t/day, then from 1 Apr a line up to 730 on 1 Jul (91 days at 1.5 t/day)
    ramps = [
        {"offer": "", "process": "P", "from": pd.Timestamp(2027, 7, 1), "capacity": 730.0, "interpolate": True},
        {"offer": "", "process": "P", "from": pd.Timestamp(2027, 2, 1), "capacity": 365.0, "interpolate": True},
        {"offer": "", "process": "P", "from": pd.Timestamp(2027, 4, 1), "capacity": 365.0, "interpolate": False},
    ]
    found = records(processes=[{"process": "P", "site": "x"}], ramps=ramps)
    assert [process_capacity(found, "P", [days_of(n)]) for n in range(4)] == pytest.approx([59, 91 * 1.5, 184, 184])


def test_capacity_of_a_line_with_a_ramp_only_is_nothing_before_it() -> None:
    ramps = [{"line": "L", "from": pd.Timestamp(2027, 7, 1), "capacity": 365.0, "interpolate": False}]
    found = records(lines=[{"line": "L"}, {"line": "M"}, {"line": "N", "capacity": 730.0}], ramps=ramps)
    assert [line_capacity(found, "L", [days_of(n)]) for n in range(4)] == pytest.approx([0, 0, 92, 92])
    assert line_capacity(found, "M", [days_of(0)]) == math.inf
    assert line_capacity(found, "N", [days_of(0)]) == pytest.approx(180)


def test_a_line_is_cut_where_the_period_ends() -> None:
    # from 365 on 1 Jan to 730 on 1 Jan next year, in a year of 365 days: on day d the rate is 1 + d/365 t/day
    ramps = [
        {"offer": "A", "from": pd.Timestamp(2027, 1, 1), "capacity": 365.0, "interpolate": False},
        {"offer": "A", "from": pd.Timestamp(2028, 1, 1), "capacity": 730.0, "interpolate": True},
    ]
    offer = {"offer": "A", "supplier": "S", "site": "x", "material": "m", "price": 1, "capacity": 9.0}
    found = records(offers=[offer], ramps=ramps)
    assert offer_capacity(found, QUARTERS, "A", 0) == pytest.approx(90 + 90**2 / 2 / 365)
    assert sum(offer_capacity(found, QUARTERS, "A", n) for n in range(4)) == pytest.approx(1.5 * 365)


SITES = [{"site": "bao", "country": "CHN"}, {"site": "han", "country": "CHN"}, {"site": "bre", "country": "DEU"}]
GROUPS = [{"group": "EU", "member": "DEU"}, {"group": "west", "member": "DEU"}, {"group": "west", "member": "USA"}]


def test_the_longest_licence_in_force_counts() -> None:
    day = pd.Timestamp
    found = records(
        sites=SITES,
        groups=GROUPS,
        licences=[
            {"country": "CHN", "until": day(2027, 7, 1), "lag_days": 20},
            {"country": "CHN", "material": "dy", "destination": "EU", "from": day(2027, 4, 1), "lag_days": 60},
            {"country": "CHN", "material": "nd", "lag_days": 99},
            {"country": "MYS", "lag_days": 99},
        ],
    )  # fmt: skip
    lags = [licence_lag(found, Way("bao", "bre", "dy"), start) for start in QUARTERS.starts]
    assert lags == [20, 60, 60, 60]
    assert licence_lag(found, Way("bao", "bre", "pr"), date(2027, 7, 1)) == 0
    assert licence_lag(found, Way("bao", "han", "dy"), date(2027, 4, 1)) == 0


def test_all_matching_tariffs_add_each_on_its_days_and_basis() -> None:
    day = pd.Timestamp
    found = records(
        materials=[{"material": "dy", "tariff_code": "2846"}],
        sites=SITES,
        groups=GROUPS,
        tariffs=[
            {"importer": "EU", "origin": "", "tariff_code": "", "rate": 0.02, "basis": "fob"},
            {"importer": "west", "origin": "CHN", "tariff_code": "2846", "rate": 0.25, "basis": "cif",
             "from": day(2027, 5, 1), "until": day(2027, 6, 1)},
            {"importer": "USA", "origin": "", "tariff_code": "", "rate": 9.0, "basis": "fob"},
            {"importer": "", "origin": "", "tariff_code": "2805", "rate": 9.0, "basis": "fob"},
        ],
    )  # fmt: skip
    goods = Consignment("DEU", "CHN", "dy", 1000.0, 100.0)
    start = date(2027, 1, 1)
    assert duty_per_tonne(found, goods, start, (0.0, 90.0)) == pytest.approx(20)
    assert duty_per_tonne(found, goods, start, (90.0, 181.0)) == pytest.approx(20 + 0.25 * 31 / 91 * 1100)
    assert duty_per_tonne(found, goods, start, (119.0, 121.0)) == pytest.approx(20 + 0.25 / 2 * 1100)
    assert duty_per_tonne(found, goods._replace(origin="DEU"), start, (90.0, 181.0)) == 0


def test_days_outside_the_horizon_belong_to_no_node() -> None:
    assert QUARTERS.holding(date(2026, 12, 31)) is None
    assert QUARTERS.holding(date(2027, 4, 1)) == 1
    assert dates.overlap(date(2027, 1, 5), date(2027, 1, 1), date(2027, 1, 1), date(2027, 2, 1)) == 0
