"""Days of supply: what a year uses and leaves, how long that lasts, and where much lies without a stated room."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sourcing import run
from sourcing.report.console import render_plan
from sourcing.report.sources import sources
from sourcing.report.stores import Heap, Store, heaps, places, store_of, wanted
from tests.builders import TINY, tiny_case, write_question

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

HALVES = (date(2027, 1, 1), date(2027, 7, 1), date(2028, 1, 1), date(2028, 7, 1), date(2029, 1, 1))


def store(held: list[float], used: list[float], bounds: tuple[date, ...] = HALVES) -> Store:
    return Store("Dy oxide, Plant", bounds, np.array(held), np.array(used))


def tiny(tmp_path: Path, text: str = "", **changes: Any) -> Plan:
    tiny_case(tmp_path, **changes)
    return run.optimize(write_question(tmp_path, text))


def test_stock_within_the_next_periods_then_lasts_as_they_use_it() -> None:
    kept = store([50, 40, 30, 0], [10, 100, 60, 30])
    assert kept.lasts(0) == (pytest.approx(184 * 0.5), False)
    assert kept.lasts(1) == (pytest.approx(182 * 40 / 60), False)
    assert kept.lasts(2) == (pytest.approx(184), False)


def test_stock_beyond_the_horizon_then_lasts_at_the_use_of_the_last_year() -> None:
    kept = store([0, 0, 0, 45], [10, 20, 60, 31.5])
    rate = (31.5 + 60 * 181 / 182) / 365  # 2028 has 366 days: the first of them is none of the last 365
    assert kept.lasts(3) == (pytest.approx(45 / rate), True)
    assert store([120, 0, 0, 0], [0, 20, 60, 30]).lasts(0) == (pytest.approx(550 + 10 / (90 - 60 / 182) * 365), True)


def test_stock_that_nobody_uses_then_lasts_for_ever_and_an_empty_store_for_no_day() -> None:
    assert store([0, 5, 5, 5], [1, 0, 0, 0]).lasts(1) == (math.inf, False)
    kept = store([0, 0, 0, 0], [1, 0, 3, 1])
    assert math.isnan(kept.lasts(0)[0])
    assert [kept.lasts(period)[0] for period in (1, 2, 3)] == [0, 0, 0]


def test_years_of_periods_that_do_not_end_at_new_year_then_say_their_day() -> None:
    bounds = (date(2027, 3, 15), date(2027, 9, 15), date(2028, 3, 15), date(2028, 9, 15))
    first, second = store([4, 8, 2], [184, 182, 184], bounds).years()
    assert (first.year, first.on, first.held, first.at_new_year) == (2027, date(2027, 9, 14), 4, False)
    assert first.used == pytest.approx(184 + 108)  # to 14 September, and to the end of the year
    assert (second.on, second.held, second.used) == (date(2028, 9, 14), 2, pytest.approx(74 + 184))


def test_years_in_which_no_period_ends_then_have_a_use_and_no_stock() -> None:
    years = store([7], [730], (date(2027, 1, 1), date(2028, 12, 31))).years()
    assert math.isnan(years[0].held)
    assert [round(year.used) for year in years] == [365, 365]
    assert years[1].on == date(2028, 12, 30)


def test_places_of_a_plan_are_what_its_balance_says(tmp_path: Path) -> None:
    plan = tiny(tmp_path, stocks={0: {"safety": 15}})
    (place,) = wanted(plan, places(plan))
    sheet = plan.tables["stock"]
    assert place.name == "Dy oxide, Our plant"
    assert list(place.held) == list(sheet["end"])
    first, last = place.years()
    assert (first.used, last.used) == (pytest.approx(100), pytest.approx(120))
    assert last.held == pytest.approx(15)
    assert last.lasts == pytest.approx(15 / (120 / 366))  # each of the last 365 days takes as much
    assert last.beyond
    assert "which lasts" in render_plan(plan).plain
    assert "in 2028, where the plan ends first, of its last year's use." in " ".join(render_plan(plan).plain.split())


def test_elements_are_used_where_demand_or_a_process_that_gives_none_takes_them(tmp_path: Path) -> None:
    contents = [
        {"material": "oxide", "element": "Dy", "share": 0.8},
        {"material": "metal", "element": "Dy", "share": 0.99},
    ]
    melting: dict[str, Any] = {
        "processes": [{"process": "melt", "site": "PLANT"}],
        "recipes": [
            {"process": "melt", "material": "oxide", "quantity": -1.25},
            {"process": "melt", "material": "metal", "quantity": 1},
        ],
        "demand": [*TINY["demand"], {"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20}],
    }
    (tmp_path / "known").mkdir()
    (tmp_path / "unknown").mkdir()
    known = tiny(tmp_path / "known", contents=contents, **melting)
    (block,) = sources(known)
    used = sum(year.used for year in store_of(known, block.shown, "Dy").years())
    assert used == pytest.approx(0.8 * 220 + 0.99 * 20)
    unknown = tiny(tmp_path / "unknown", contents=contents[:1], **melting)
    used = sum(year.used for year in store_of(unknown, block.shown, "Dy").years())
    assert used == pytest.approx(0.8 * (220 + 25))


@pytest.mark.parametrize(("opening", "maximum", "said"), [(120, None, True), (120, 500, False), (30, None, False)])
def test_much_where_no_maximum_is_stated_is_said_once(
    tmp_path: Path, opening: float, maximum: float | None, said: bool
) -> None:
    plan = tiny(tmp_path, stocks={0: {"opening": opening, "maximum": maximum}})
    end = date(2027, 3, 31)
    assert heaps(plan) == (
        [Heap("Dy oxide", "Our plant", pytest.approx(opening - 100 * 90 / 365), end)] if said else []
    )
    assert ("where no maximum is stated" in render_plan(plan).plain) is said
