"""Call-offs, dated by hand: months with a leap day, weeks from Monday, lots, least lots, and whenever a lot is full."""

from __future__ import annotations

import math
from datetime import date, timedelta
from random import Random

import pytest

from sourcing.daily.call_offs import EVEN, LOT, MONTHLY, WEEKLY, Manner, call_offs

FIRST_QUARTER = ((date(2027, 1, 1), date(2027, 4, 1)),)
TEN_DAYS = ((date(2027, 1, 1), date(2027, 1, 11)),)


def said(found: list[tuple[date, float]]) -> list[tuple[str, float]]:
    return [(f"{day:%Y-%m-%d}", round(tonnes, 9)) for day, tonnes in found]


def test_monthly_when_february_has_a_leap_day_then_each_month_has_its_days() -> None:
    found = call_offs(((date(2028, 1, 15), date(2028, 3, 10)),), 55.0, Manner(MONTHLY))
    assert said(found) == [("2028-01-15", 17.0), ("2028-02-01", 29.0), ("2028-03-01", 9.0)]


def test_monthly_when_an_offer_is_shut_for_some_days_then_its_first_open_day_counts() -> None:
    spans = ((date(2027, 1, 30), date(2027, 2, 1)), (date(2027, 2, 10), date(2027, 2, 13)))
    assert said(call_offs(spans, 10.0, Manner(MONTHLY))) == [("2027-01-30", 4.0), ("2027-02-10", 6.0)]


def test_weekly_when_a_period_begins_on_a_wednesday_then_the_next_is_on_monday() -> None:
    found = call_offs(((date(2027, 3, 31), date(2027, 4, 14)),), 14.0, Manner(WEEKLY))
    assert said(found) == [("2027-03-31", 5.0), ("2027-04-05", 7.0), ("2027-04-12", 2.0)]


def test_even_when_there_are_no_lots_then_every_day_has_the_same() -> None:
    found = call_offs(((date(2028, 2, 28), date(2028, 3, 2)),), 6.0, Manner(EVEN))
    assert said(found) == [("2028-02-28", 2.0), ("2028-02-29", 2.0), ("2028-03-01", 2.0)]


def test_even_when_there_are_lots_then_a_whole_one_is_called_off_whenever_the_last_is_used_up() -> None:
    found = call_offs(TEN_DAYS, 12.0, Manner(EVEN, lot=4.0))
    # 1.2 t a day: the first lot lasts until the fourth day, the second until the seventh
    assert said(found) == [("2027-01-01", 4.0), ("2027-01-04", 4.0), ("2027-01-07", 4.0)]
    assert said(call_offs(TEN_DAYS, 12.0, Manner(EVEN, lot=4.0, least=5.0))) == [("2027-01-01", 12.0)]


def test_monthly_when_a_month_is_closed_but_for_some_days_then_it_counts_as_a_month_all_the_same() -> None:
    spans = ((date(2027, 1, 1), date(2027, 2, 1)), (date(2027, 2, 20), date(2027, 4, 1)))
    found = call_offs(spans, 66.0, Manner(MONTHLY, lot=22.0))
    # a lot a month: what is for the time until 20 February takes two lots, and these last until March
    assert said(found) == [("2027-01-01", 44.0), ("2027-03-01", 22.0)]


@pytest.mark.parametrize(
    ("tonnes", "manner", "meant"),
    [
        (66.0, Manner(MONTHLY, lot=22.0), [("2027-01-01", 22.0), ("2027-02-01", 22.0), ("2027-03-01", 22.0)]),
        (44.0, Manner(MONTHLY, lot=22.0), [("2027-01-01", 22.0), ("2027-02-01", 22.0)]),
        (50.0, Manner(MONTHLY, least=20.0), [("2027-01-01", 20.0), ("2027-02-01", 30.0)]),
        (88.0, Manner(MONTHLY, lot=22.0, least=30.0), [("2027-01-01", 44.0), ("2027-02-01", 44.0)]),
        (15.0, Manner(MONTHLY, least=20.0), [("2027-01-01", 15.0)]),
        (90.0, Manner(MONTHLY), [("2027-01-01", 31.0), ("2027-02-01", 28.0), ("2027-03-01", 31.0)]),
    ],
    ids=["lots", "two lots", "least", "both", "less than a lot", "neither"],
)
def test_monthly_when_there_are_lots_then_none_is_late_and_none_is_small(
    tonnes: float, manner: Manner, meant: list[tuple[str, float]]
) -> None:
    assert said(call_offs(FIRST_QUARTER, tonnes, manner)) == meant


@pytest.mark.parametrize(
    ("tonnes", "manner", "meant"),
    [
        (45.0, Manner(LOT, lot=20.0), [("2027-01-05", 20.0), ("2027-01-09", 25.0)]),
        (40.0, Manner(LOT, lot=20.0), [("2027-01-05", 20.0), ("2027-01-10", 20.0)]),
        (40.0, Manner(LOT, least=15.0), [("2027-01-04", 15.0), ("2027-01-08", 25.0)]),
        (90.0, Manner(LOT, lot=3.0), [(f"2027-01-{day:02d}", 9.0) for day in range(1, 11)]),
        (5.0, Manner(LOT, lot=20.0), [("2027-01-10", 5.0)]),
        (40.0, Manner(LOT), [("2027-01-01", 40.0)]),
    ],
    ids=["rest with the last", "no rest", "least lot", "three lots a day", "less than a lot", "no lot: monthly"],
)
def test_by_the_lot_when_it_is_gathered_evenly_then_it_goes_when_it_is_full(
    tonnes: float, manner: Manner, meant: list[tuple[str, float]]
) -> None:
    assert said(call_offs(TEN_DAYS, tonnes, manner)) == meant


def test_call_offs_when_drawn_at_random_then_they_add_up_on_days_of_the_order() -> None:
    draw = Random(5)
    for _ in range(400):
        first = date(2027, 1, 1) + timedelta(days=draw.randrange(800))
        spans = ((first, first + timedelta(days=draw.randrange(1, 400))),)
        tonnes = 10 ** draw.uniform(-4, 8)
        how, size = draw.choice([EVEN, MONTHLY, WEEKLY, LOT]), tonnes * draw.choice([1e-12, 0.07, 0.4, 1.0, 3.0])
        lot, least = draw.choice([(0.0, 0.0), (size, 0.0), (0.0, size), (size, 1.5 * size)])
        found = call_offs(spans, tonnes, Manner(how, lot, least))
        assert math.isclose(math.fsum(part for _, part in found), tonnes, rel_tol=1e-12)
        days = [day for day, _ in found]
        assert days == sorted(set(days))
        assert spans[0][0] <= days[0]
        assert days[-1] < spans[0][1]
        assert min(part for _, part in found) > 0


def test_call_offs_when_whole_lots_are_ordered_then_each_is_whole_lots_and_no_less_than_the_least() -> None:
    draw = Random(7)
    for _ in range(300):
        first = date(2027, 1, 1) + timedelta(days=draw.randrange(800))
        gap = draw.randrange(1, 60)
        spans = (
            (first, first + timedelta(days=gap)),
            (first + timedelta(days=2 * gap), first + timedelta(days=4 * gap)),
        )
        how, lot, lots = draw.choice([EVEN, MONTHLY, WEEKLY, LOT]), draw.choice([0.1, 22.0, 1e4]), draw.randrange(1, 40)
        least = draw.choice([0.0, 0.4, 1.0, 1.7, 3.0])
        lots = max(lots, math.ceil(least))
        found = call_offs(spans, lot * lots, Manner(how, lot, least * lot))
        sizes = [tonnes / lot for _, tonnes in found]
        assert all(abs(size - round(size)) < 1e-9 for size in sizes)
        assert min(sizes) >= least - 1e-9
        assert math.isclose(sum(sizes), lots)
