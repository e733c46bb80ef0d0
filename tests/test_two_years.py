"""Terms by the calendar year where a period lies in two: said for each table, and nothing where none does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question

from sourcing.run import check

if TYPE_CHECKING:
    from pathlib import Path

JULY = 'horizon = { start = "2027-07", periods = 2, length = "year" }\n# [horizon]\n'
TIER = {"offer": "B", "above": 50, "price": 150_000, "kind": "all_units"}
TERMS: dict[str, dict[str, Any]] = {
    "tiers": {"tiers": [TIER]},
    "incumbents": {"incumbents": [{"offer": "A", "quantity": 50, "switching_cost": 100}]},
    "materials": {
        "incumbents": [{"offer": "A", "quantity": 50}],
        "materials": [{**TINY["materials"][0], "may_move": 10}, *TINY["materials"][1:]],
    },
    "splits": {
        "splits": [{"split": "s", "site": site, "material": "oxide", "weight": 1} for site in ("PLANT", "NEAR")]
    },
}


@pytest.mark.parametrize("table", TERMS)
def test_terms_by_the_year_when_a_period_lies_in_two_then_check_names_the_row(tmp_path: Path, table: str) -> None:
    tiny_case(tmp_path, **TERMS[table])
    found = [each for each in check(write_question(tmp_path, JULY)).findings if each.code == "SCREEN-384"]
    said = {each.place.split(".")[0]: each for each in found}
    assert "row" in said[table].place
    assert "the period from 2027-07-01 to 2028-06-30 lies in more than one: all of it counts in 2027" in str(
        said[table]
    )
    assert [each.code for each in check(write_question(tmp_path)).findings if each.code == "SCREEN-384"] == []
