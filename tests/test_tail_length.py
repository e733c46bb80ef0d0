"""How long a tail is where a question says nothing of one: the last orders are used in it, and it is whole years."""

from __future__ import annotations

import numpy as np
import pytest
from builders import tiny_case, tiny_tables, write_question
from cases.chain import answer

from sourcing.answer.setting import ask
from sourcing.answer.tail import _onward, _Steps, default_tail, longest_way

QUARTERS = 'start = "2027-01", periods = 8, length = "quarter"'
CHAIN = {
    "sites": [
        *tiny_tables()["sites"],
        {"site": "FIRST", "kind": "plant", "country": "USA"},
        {"site": "SECOND", "kind": "plant", "country": "USA"},
    ],
    "lanes": [
        {"origin": "FAR", "destination": "FIRST", "mode": "sea", "transit_days": 40},
        {"origin": "FIRST", "destination": "SECOND", "mode": "road", "transit_days": 50},
        {"origin": "FIRST", "destination": "SECOND", "mode": "air", "transit_days": 2},
        {"origin": "SECOND", "destination": "PLANT", "mode": "road", "transit_days": 60},
    ],
    "processes": [{"process": "melt", "site": "SECOND", "days": 70}],
    "recipes": [
        {"process": "melt", "material": "oxide", "quantity": -1},
        {"process": "melt", "material": "metal", "quantity": 1},
    ],
    "demand": [{"site": "PLANT", "material": "metal", "period": "2027", "quantity": 10}],
    "stocks": [{"site": site, "material": "oxide", "opening": 0} for site in ("FIRST", "SECOND")],
    "lead_days": {"B": 30},
}
"""From the supplier to a plant, to the next, which melts, and on to the third; by road or air between the first two."""


def asked(folder, horizon=QUARTERS, **changes):
    tiny_case(folder, **changes)
    return ask(write_question(folder, f"horizon = {{ {horizon}, tail = 0 }}\n"))


def longest(folder, horizon=QUARTERS, **changes):
    return longest_way(asked(folder, horizon, **changes).network)


def tail(folder, horizon=QUARTERS, **changes):
    setting = asked(folder, horizon, **changes)
    return default_tail(setting.question.horizon, setting.network)


def test_chain_of_plants_when_measured_then_is_its_slowest_way(tmp_path):
    assert longest(tmp_path, **CHAIN) == 30 + 40 + 50 + 70 + 60


def test_loop_of_plants_when_measured_then_is_not_gone_round(tmp_path):
    back = {"origin": "SECOND", "destination": "FIRST", "mode": "road", "transit_days": 50}
    # the plants lead to each other and back now: between them the quickest way counts, by air
    assert longest(tmp_path, **{**CHAIN, "lanes": [*CHAIN["lanes"], back]}) == 30 + 40 + 2 + 70 + 60


def test_way_that_is_shut_when_measured_then_counts_for_nothing(tmp_path):
    shut = [{**lane, "capacity": 0 if lane["transit_days"] == 50 else ""} for lane in CHAIN["lanes"]]
    assert longest(tmp_path, **{**CHAIN, "lanes": shut}) == 30 + 40 + 2 + 70 + 60
    assert longest(tmp_path, lead_days={"A": 400, "B": 5}, capacity={"A": 0, "B": 500}) == 5 + 45
    assert longest(tmp_path, lead_days={"A": 400, "B": 5}) == 400 + 30


def test_licence_when_measured_then_is_waited_for(tmp_path):
    licence = {"country": "CHN", "material": "oxide", "lag_days": 90, "from": "2028-01-01"}
    assert longest(tmp_path, licences=[licence], lead_days={"B": 5}) == 90 + 5 + 45


def test_stock_that_is_there_when_no_order_leads_on_then_sets_out_at_once(tmp_path):
    alone = {**CHAIN, "capacity": {"A": 0, "B": 0}, "stocks": [{"site": "FIRST", "material": "oxide", "opening": 9}]}
    assert longest(tmp_path, **alone) == 50 + 70 + 60


def test_loops_within_loops_when_measured_then_end():
    steps = _Steps(np.array([0, 1, 2, 1, 3, 4]), np.array([1, 2, 1, 3, 4, 3]), np.array([5.0, 10, 20, 7, 3, 4]))
    assert _onward(np.array([0, 0, 0, 0, 1], bool), steps).tolist() == [15, 10, 30, 3, 0]


@pytest.mark.parametrize(
    ("lead", "horizon", "periods"),
    [
        (45, QUARTERS, 4),
        (200, QUARTERS, 4),
        (240, QUARTERS, 4),
        (300, QUARTERS, 8),
        (700, QUARTERS, 12),
        (300, 'start = "2027-01", periods = 24, length = "month"', 12),
        (320, 'start = "2027-01", periods = 24, length = "month"', 24),
        (45, 'start = "2027-01", periods = 2, length = "year"', 2),
        (45, 'start = "2027-01", periods = 104, length = "week"', 52),
        (45, 'start = "2027-01", steps = [["month", 6], ["quarter", 6]]', 4),
        (45, 'start = "2199-06", periods = 1, length = "quarter"', 0),
        (45, 'start = "2027-01", periods = 9990, length = "day"', 10),
    ],
)
def test_tail_when_a_question_says_none_then_is_the_whole_years_its_last_orders_need(lead, horizon, periods, tmp_path):
    assert tail(tmp_path, horizon, lead_days={"A": lead, "B": 0}) == periods


def test_question_when_every_order_is_there_at_once_then_has_no_tail(tmp_path):
    lanes = [{**lane, "transit_days": 0} for lane in tiny_tables()["lanes"]]
    assert tail(tmp_path, lanes=lanes) == 0
    assert tail(tmp_path, lanes=lanes, lead_days={"B": 1}) == 4


def test_question_when_no_order_leads_to_what_is_due_then_has_no_tail(tmp_path):
    assert tail(tmp_path, capacity={"A": 0, "B": 0}, stocks=None) == 0


def test_tail_when_it_is_as_long_as_found_then_a_longer_one_changes_no_order_of_the_last_quarter(tmp_path):
    """Lead times of 300 days: a year is not enough for what is ordered in the last quarter, two are."""
    years = [str(year) for year in range(2027, 2033)]
    demand = [{"site": "PLANT", "material": "oxide", "period": year, "quantity": 120} for year in years]
    stocks = [{"site": "PLANT", "material": "oxide", "opening": 110, "holding_cost": 100}]
    lanes = [{**lane, "transit_days": 0} for lane in tiny_tables()["lanes"]]
    tiny_case(tmp_path, demand=demand, stocks=stocks, lanes=lanes, lead_days={"A": 300, "B": 300})
    setting = ask(write_question(tmp_path, f"horizon = {{ {QUARTERS}, tail = 0 }}\n"))
    found = default_tail(setting.question.horizon, setting.network)
    last = {}
    for length in (found // 2, found, 2 * found):
        plan = answer(write_question(tmp_path, f"horizon = {{ {QUARTERS}, tail = {length} }}\n")).plan
        last[length] = float(plan.tables["purchases"].query("node == 7")["tonnes"].sum())
    assert last[found] == pytest.approx(last[2 * found], rel=0.005)
    assert last[found // 2] > 1.2 * last[found]
