"""Places that keep stock and state no room for it: named once, by check alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing import run
from tests.builders import TINY, tiny_case, write_question

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.tables import Finding

CODE = "SCREEN-390"
ONE: dict[str, Any] = {"site": "PLANT", "material": "oxide"}
"""The one place of the tiny case."""


def said(tmp_path: Path, **changes: Any) -> list[Finding]:
    folder = tiny_case(tmp_path, **changes)
    by_question = [each for each in run.check(write_question(tmp_path)).findings if each.code == CODE]
    assert by_question == [each for each in run.check(folder).findings if each.code == CODE]
    return by_question


def test_place_with_a_maximum_then_is_not_spoken_of(tmp_path: Path) -> None:
    assert said(tmp_path, stocks=[{**ONE, "maximum": 0}]) == []


def test_place_without_a_maximum_then_is_named_in_a_note(tmp_path: Path) -> None:
    (found,) = said(tmp_path, stocks=[ONE])
    fact = "a place (site and material) has no maximum: any amount may lie at PLANT (oxide)"
    assert (found.severity, found.place, found.fact) == ("note", "stocks.csv", fact)


def test_place_without_a_row_then_is_named_in_a_note(tmp_path: Path) -> None:
    (found,) = said(tmp_path, stocks=None)
    fact = "a place (site and material) has no maximum, and no row of stocks: any amount may lie at PLANT (oxide)"
    assert found.fact == fact


def test_many_places_then_are_one_note_by_site_and_goods_that_pass_through_are_not_in_it(tmp_path: Path) -> None:
    lanes = [
        *TINY["lanes"],
        {"origin": "FAR", "destination": "PORT", "mode": "rail"},
        {"origin": "PORT", "destination": "PLANT", "mode": "sea"},
    ]
    demand = [
        *TINY["demand"],
        {"site": "PLANT", "material": "metal", "period": "2028", "quantity": 2},
        {"site": "WORKS", "material": "oxide", "period": "2028", "quantity": 2},
    ]
    sites = [*TINY["sites"], *({"site": site, "kind": "plant", "country": "USA"} for site in ("PORT", "WORKS"))]
    (found,) = said(tmp_path, stocks=[ONE], lanes=lanes, demand=demand, sites=sites)
    assert found.fact == (
        "3 places (site and material) have no maximum, 2 of them no row of stocks: "
        "any amount may lie at PLANT (metal, oxide), WORKS (oxide)"
    )


def test_more_than_twenty_sites_then_are_counted(tmp_path: Path) -> None:
    extra = [f"W{number:02}" for number in range(24)]
    sites = [*TINY["sites"], *({"site": site, "kind": "plant", "country": "USA"} for site in extra)]
    demand = [{"site": site, "material": "oxide", "period": "2028", "quantity": 1} for site in extra]
    (found,) = said(tmp_path, stocks=None, sites=sites, demand=demand)
    assert found.fact.endswith("W19 (oxide), 4 more sites")


def test_plan_then_has_no_note_of_it(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    assert run.optimize(write_question(tmp_path)).manifest["notes"] == []
