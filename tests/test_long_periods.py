"""Periods longer than the stock lasts: said before the solve, with place, fact and repair, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question

from sourcing.run import check

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.tables import Finding


def found(folder: Path, periods: int, length: str, **tables: Any) -> list[Finding]:
    tiny_case(folder, **tables)
    question = write_question(folder, f'horizon = {{ start = "2027-01", periods = {periods}, length = "{length}" }}\n')
    return [each for each in check(question).findings if each.code == "SCREEN-388"]


def stocked(opening: float, safety: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"stocks": [{"site": "PLANT", "material": "oxide", "opening": opening, "safety": safety, **more}]}


def test_check_when_a_year_is_longer_than_the_stock_lasts_then_place_fact_and_repair_are_said(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, 2, "year", **stocked(20))
    assert (finding.severity, finding.place, finding.code) == ("warning", "ask.toml, horizon", "SCREEN-388")
    assert finding.fact == (
        "a period of a year is longer than the stock lasts in 1 of 1 places with demand, and a delivery may come at "
        "its end: Dy oxide at Our plant has 20 t on 2027-01-01, enough for 73 of 365 days (100 t)"
    )
    assert 'such as "month" or "quarter"' in finding.repair


@pytest.mark.parametrize(
    ("periods", "length", "tables"),
    [
        (8, "quarter", stocked(0)),
        (24, "month", stocked(0)),
        (2, "92 days", stocked(0)),
        (2, "year", stocked(100)),
    ],
    ids=["quarters", "months", "no longer than a quarter", "a year's use is there"],
)
def test_check_when_periods_are_short_or_bridged_then_nothing_is_said(
    tmp_path: Path, periods: int, length: str, tables: dict[str, Any]
) -> None:
    assert found(tmp_path, periods, length, **tables) == []


def test_check_when_a_period_begins_after_every_order_of_the_first_day_can_have_come_then_it_is_planned_anew_in_time(
    tmp_path: Path,
) -> None:
    """45 days are the slowest way; the second year begins long after, and the first is in stock."""
    assert found(tmp_path, 2, "year", **stocked(100)) == []
    slow = {"lanes": [{**TINY["lanes"][0], "transit_days": 400.0}, TINY["lanes"][1]]}
    (finding,) = found(tmp_path, 2, "year", **stocked(100), **slow)
    assert "has 0 t on 2028-01-01" in finding.fact


def test_check_when_safety_stock_or_cover_or_an_open_order_bridges_it_then_nothing_is_said(tmp_path: Path) -> None:
    half = "6 months"
    assert "on 2027-07-01, enough for 60 of 184 days" in found(tmp_path, 4, half, **stocked(50, 16.5), **SLOW)[0].fact
    assert found(tmp_path, 4, half, **stocked(65, 61), **SLOW) == []
    assert found(tmp_path, 4, half, **stocked(65, cover_days=190), **SLOW) == []
    order = {"order": "1", "site": "PLANT", "material": "oxide", "arrives": "2027-02-01", "quantity": 30}
    assert found(tmp_path, 2, "year", **stocked(70), open_orders=[order]) == []
    assert len(found(tmp_path, 2, "year", **stocked(69), open_orders=[order])) == 1


SLOW = {"lanes": [{**TINY["lanes"][0], "transit_days": 300.0}, TINY["lanes"][1]]}
"""So that the second half year begins while an order of the first day is under way, and the third does not."""
