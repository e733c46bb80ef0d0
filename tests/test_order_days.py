"""The days of orders, as the screen says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import TINY, tiny_case, write_question

from sourcing.report.orders import order_now
from sourcing.run import optimize

if TYPE_CHECKING:
    from pathlib import Path


def test_order_when_it_can_be_placed_on_one_day_then_that_day_is_said_once(tmp_path: Path) -> None:
    sold = [{**row, "start": "2027-02-10", "end": "2027-02-11", "capacity": 1_000_000} for row in TINY["offers"]]
    tiny_case(tmp_path, offers=sold)
    heading = order_now(optimize(write_question(tmp_path)), 100)[0].plain
    assert heading == "ORDER NOW  10 Feb 2027, at the supplier's price; by date in orders.csv"
