"""The most that a decision of yes or no allows: never less than a plan that the other rules allow needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import write_question, write_tables
from cases.chain import Answer, answer
from twin import solve_twin

if TYPE_CHECKING:
    from pathlib import Path

    from builders import Tables

ORDER = {"supplier": "S", "site": "S", "material": "oxide", "destination": "P", "price": 1000}
OTHER = {**ORDER, "offer": "B", "supplier": "T", "site": "T", "price": 5000}
LATE = {**ORDER, "offer": "A", "lead_days": 73}
TERMS: list[tuple[str, Tables, float]] = [
    ("nothing", {}, 12_500),
    ("qualification", {"qualifications": [{"offer": "A", "days": 0, "cost": 100}]}, 12_600),
    ("order cost", {"offers": [{**LATE, "order_cost": 100}, OTHER]}, 12_600),
    ("fixed cost of its site", {"sites": [{"fixed_cost": 100}]}, 12_600),
    ("fixed cost of the buyer", {"sites": [{}, {}, {"fixed_cost": 100}]}, 12_600),
    ("opening cost of its site", {"sites": [{"opening_cost": 100}]}, 12_600),
    ("tier", {"tiers": [{"offer": "A", "above": 11, "kind": "all_units", "price": 500}]}, 6_250),
    ("tier of the supplier", {"tiers": [{"supplier": "S", "above": 11, "kind": "all_units", "discount": 0.5}]}, 6_250),
    (
        "number of suppliers",
        {"limits": [{"limit": "one", "measure": "suppliers", "by": "supplier", "value": 1}]},
        12_500,
    ),
    (
        "contract",
        {"contracts": [{"contract": "C", "offer": "A", "price": 900, "fee": 100, "maximum": 50}]},
        11_350,
    ),
]
ASK = """
[horizon]
start = "2027-01"
periods = {periods}
length = "{length}"
[objective]
minimize = ["shortage", "cost"]
shortage = "least"
discount_rate = 0.0
"""


def tables_of(changes: Tables) -> Tables:
    """Return 10 t of demand in December 2027 and two offers; tables take the place of others, sites get cells."""
    sites = [{"site": "S", "kind": "supplier"}, {"site": "T", "kind": "supplier"}, {"site": "P", "kind": "plant"}]
    for site, cells in zip(sites, changes.get("sites", []), strict=False):
        site.update(cells)
    found: Tables = {
        "demand": [{"site": "P", "material": "oxide", "period": "2027-12", "quantity": 10}],
        "materials": [{"material": "oxide", "value": 1000}],
        "offers": [LATE, OTHER],
        **changes,
        "sites": [{**site, "country": "USA"} for site in sites],
    }
    return found


def planned(folder: Path, changes: Tables, periods: int = 1, length: str = "year") -> Answer:
    """Plan the case, and hold the plan against its audit and against the twin."""
    write_tables(folder / "case", tables_of(changes))
    question = write_question(folder, ASK.format(periods=periods, length=length), case="case")
    own, twin = answer(question), solve_twin(folder / "case", question)
    assert own.solution.status == "optimal"
    assert own.verdict.is_clean, [str(each) for each in own.verdict.findings]
    assert twin.cost == pytest.approx(own.total("cost"))
    assert twin.shortage == pytest.approx(own.total("shortage"), abs=1e-6)
    return own


def ordered(own: Answer, offer: str = "A") -> float:
    """Return the tonnes ordered of an offer."""
    rows = own.plan.tables["purchases"]
    return float(rows.loc[rows["offer"] == offer, "tonnes"].sum())


@pytest.mark.parametrize(("what", "changes", "cost"), TERMS, ids=[row[0] for row in TERMS])
def test_order_when_a_part_lands_after_the_horizon_then_a_yes_allows_the_whole_of_it(
    tmp_path: Path, what: str, changes: Tables, cost: float
) -> None:
    own = planned(tmp_path / what, changes)
    assert own.total("cost") == pytest.approx(cost)
    assert ordered(own) == pytest.approx(12.5)
    assert np.isfinite(own.network.useful).all()


@pytest.mark.parametrize(("opening", "arrives"), [(0, "2028-06-01"), (0, ""), (3, "2028-06-01")])
def test_lots_when_an_open_order_comes_later_then_there_is_room_for_both(
    tmp_path: Path, opening: float, arrives: str
) -> None:
    changes: Tables = {"offers": [{**ORDER, "offer": "A", "lot_multiple": 4}]}
    if arrives:
        changes["open_orders"] = [{"order": "N", "site": "P", "material": "oxide", "arrives": arrives, "quantity": 6}]
    if opening:
        changes["stocks"] = [{"site": "P", "material": "oxide", "opening": opening}]
    own = planned(tmp_path, changes, periods=2)
    assert own.total("shortage") == pytest.approx(0, abs=1e-9)
    assert ordered(own) == pytest.approx(8 if opening else 12)


CONDITION: list[tuple[str, dict[str, Any]]] = [
    ("order cost", {"order_cost": 1}),
    ("tier", {}),
    ("least lot", {"min_lot": 15}),
]


@pytest.mark.parametrize(("what", "cells"), CONDITION, ids=[row[0] for row in CONDITION])
def test_condition_when_it_asks_for_more_than_could_be_used_then_every_bound_leaves_room(
    tmp_path: Path, what: str, cells: dict[str, Any]
) -> None:
    changes: Tables = {
        "offers": [{**ORDER, "offer": "A", "capacity": 9}, {**OTHER, **cells}],
        "conditions": [{"condition": "both", "kind": "offer", "if": "A", "then": "B", "at_least": 15}],
        "demand": [{"site": "P", "material": "oxide", "period": "2027", "quantity": 10}],
    }
    if what == "tier":
        changes["tiers"] = [{"offer": "B", "above": 12, "kind": "incremental", "price": 4000}]
    scarce = {**changes, "limits": [{"limit": "B", "measure": "share", "by": "supplier", "member": "T", "value": 0.7}]}
    own = planned(tmp_path, scarce)
    assert own.total("shortage") == pytest.approx(0, abs=1e-9)
    assert ordered(own, "B") == pytest.approx(15)


SPREAD: list[tuple[str, Tables]] = [
    ("order cost", {"offers": [{**ORDER, "offer": "A", "lead_days": 15, "order_cost": 1}]}),
    ("qualification", {"qualifications": [{"offer": "A", "days": 0, "cost": 1}]}),
    ("fixed cost of its site", {"sites": [{"fixed_cost": 1}]}),
    ("fixed cost of the buyer", {"sites": [{}, {}, {"fixed_cost": 1}]}),
    ("tier", {"tiers": [{"offer": "A", "above": 200, "kind": "all_units", "price": 999}]}),
]


@pytest.mark.parametrize(("what", "changes"), SPREAD, ids=[row[0] for row in SPREAD])
def test_order_when_its_later_part_is_too_much_then_a_yes_allows_what_its_first_part_is_needed_for(
    tmp_path: Path, what: str, changes: Tables
) -> None:
    plain: Tables = {
        "offers": [{**ORDER, "offer": "A", "lead_days": 15}],
        "demand": [{"site": "P", "material": "oxide", "period": "2027-01-31", "quantity": 10}],
    }
    free = planned(tmp_path / "free", plain, periods=2, length="month")
    own = planned(tmp_path / what, {**plain, **changes}, periods=2, length="month")
    assert ordered(free) == pytest.approx(10 * 31 / 16)
    assert own.total("shortage") == pytest.approx(0, abs=1e-9)
    assert ordered(own) == pytest.approx(ordered(free))
