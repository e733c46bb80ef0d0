"""The audit's effort: what many limits have in common is worked out once, and a limit on a site looks at that site."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from builders import write_question, write_tables

from sourcing.replay import lead, origins, reach
from sourcing.replay import limits as tallying
from sourcing.run import optimize, verdict_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SITES = 12


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count how often a stream is weighed for a limit, and how often streams are laid out."""
    seen = {"weight": 0, "made": 0}

    def counting(module: Any, name: str, function: Callable[..., Any]) -> None:
        def counted(*given: Any, **named: Any) -> Any:
            seen[name] += 1
            return function(*given, **named)

        monkeypatch.setattr(module, name, counted)

    counting(tallying, "weight", tallying.weight)
    counting(origins, "made", origins.made)
    return seen


def star(folder: Path, limits: list[dict[str, Any]]) -> Path:
    """Write a case of two suppliers and many plants, each of which may buy from both."""
    plants = [f"P{n:02d}" for n in range(SITES)]
    lanes = [{"origin": at, "destination": to, "freight": n} for n, at in enumerate("ST") for to in plants]
    write_tables(
        folder / "tiny",
        {
            "materials": [{"material": "goods", "name": "Goods"}],
            "sites": [
                *({"site": at, "kind": "supplier", "country": "AUS"} for at in "ST"),
                *({"site": at, "kind": "plant", "country": "USA"} for at in plants),
            ],
            "offers": [{"offer": at, "supplier": at, "site": at, "material": "goods", "price": 1} for at in "ST"],
            "lanes": lanes,
            "demand": [{"site": at, "material": "goods", "period": "2027", "quantity": 10} for at in plants],
            "limits": limits,
        },
    )
    return write_question(folder, 'horizon = { start = "2027-01", periods = 1, length = "year" }\n')


ARRIVING = {"counts": "arrivals"}
ONE_EACH = [
    {**ARRIVING, "limit": f"one-{n}", "measure": "suppliers", "by": "supplier", "site": f"P{n:02d}", "value": 1}
    for n in range(SITES)
]
HALF_EACH = [
    {"limit": f"half-{n}", "measure": "share", "by": "supplier", "site": f"P{n:02d}", "value": 0.9}
    for n in range(SITES)
]
REACH = [
    {"limit": f"reach-{at}", "measure": "destinations", "by": "supplier", "member": at, "value": 10} for at in "ST"
]


@pytest.mark.parametrize("limits", [ONE_EACH, HALF_EACH, REACH], ids=["suppliers", "share", "destinations"])
def test_audit_when_every_site_has_its_limit_then_each_looks_at_its_own_streams(
    limits: list[dict[str, Any]], tmp_path: Path, calls: dict[str, int]
) -> None:
    plan = optimize(star(tmp_path, limits))
    calls.update(weight=0, made=0)
    assert verdict_on(plan).is_clean
    streams = 2 * SITES
    assert 0 < calls["weight"] <= 8 * streams
    assert calls["made"] <= 12


@pytest.mark.parametrize("limits", [ONE_EACH, HALF_EACH, REACH], ids=["suppliers", "share", "destinations"])
def test_audit_when_a_site_is_spoiled_then_it_is_the_one_that_is_named(
    limits: list[dict[str, Any]], tmp_path: Path
) -> None:
    plan = optimize(star(tmp_path, limits))
    table = plan.tables["limits"]
    table.loc[table.index[-1], "counted"] += 1
    (found,) = (each for each in verdict_on(plan).findings if "counted" in each)
    assert str(table["limit"].iloc[-1]) in found
    assert "the plan says counted" in found


def test_audit_when_orders_take_as_long_then_their_days_are_laid_out_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = optimize(star(tmp_path, HALF_EACH))
    asked = {"_split": 0, "_route_days": 0}

    def counting(module: Any, name: str, function: Callable[..., Any]) -> None:
        def counted(*given: Any) -> Any:
            asked[name] += 1
            return function(*given)

        monkeypatch.setattr(module, name, counted)

    counting(lead, "_split", lead._split)
    counting(reach, "_route_days", reach._route_days)
    assert verdict_on(plan).is_clean
    assert 0 < asked["_split"] <= 2  # to the arrival and to the departure
    assert 0 < asked["_route_days"] <= 2 * SITES


def test_audit_when_it_ends_then_nothing_is_left_that_only_a_search_for_rings_could_free(tmp_path: Path) -> None:
    plan = optimize(star(tmp_path, HALF_EACH))
    verdict_on(plan)
    gc.collect()
    gc.disable()
    try:
        verdict_on(plan)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_cells_when_one_of_a_column_is_spoiled_then_the_rest_of_the_table_is_read_as_before(tmp_path: Path) -> None:
    plan = optimize(star(tmp_path, HALF_EACH))
    table = plan.tables["purchases"]
    spoiled = replace(plan, tables={**plan.tables, "purchases": table.assign(tonnes=table["tonnes"].astype(object))})
    assert verdict_on(spoiled).as_dict() == verdict_on(plan).as_dict()
    spoiled.tables["purchases"].loc[table.index[0], "tonnes"] = "many"
    found = verdict_on(spoiled)
    assert found.read["purchases"] == len(table) - 1
    assert found.findings[0].startswith("purchases row 2: tonnes says 'many'")
