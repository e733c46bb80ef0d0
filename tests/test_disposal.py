"""What can be disposed of is of use: no decision of yes or no shuts by-products in, or waste that pays for itself."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import Tables, write_tables
from cases.chain import Answer, answer

from sourcing.report.shortage import opening
from sourcing.run import check

if TYPE_CHECKING:
    from collections.abc import Mapping

REGRESSIONS = Path(__file__).parent / "regressions"
GRAM = 1e-6
APPROVAL = {"cost": 10, "days": 0}
NO_COST = {"opening_cost": ""}
SEPARATOR: list[tuple[str, dict[str, Any], float]] = [
    ("opening cost", {"processes": [{"opening_cost": 10}]}, 410),
    ("opening cost of nothing", {"processes": [{"opening_cost": 0}]}, 400),
    ("least run", {"processes": [{"opening_cost": "", "min_run": 150}]}, 400),
    ("run cost", {"processes": [{"opening_cost": "", "run_cost": 10}]}, 410),
    (
        "qualification",
        {"processes": [NO_COST], "qualifications": [{"process": "sep", **APPROVAL}]},
        410,
    ),
    ("fixed cost of the site", {"processes": [NO_COST], "sites": [{"fixed_cost": 10}]}, 410),
    ("order cost", {"processes": [NO_COST], "offers": [{"order_cost": 10}]}, 410),
]
OVER_ORDER: list[tuple[str, dict[str, Any], float]] = [
    ("opening cost", {}, 190),
    ("no capacity", {"offers": [{"capacity": ""}]}, 190),
    ("order cost", {"sites": [NO_COST], "offers": [{"order_cost": 10}]}, 190),
    ("order cost, no capacity", {"sites": [NO_COST], "offers": [{"order_cost": 10, "capacity": ""}]}, 190),
    ("fixed cost", {"sites": [{"opening_cost": "", "fixed_cost": 10}, {}]}, 190),
    ("fixed cost of the buyer", {"sites": [NO_COST, {"fixed_cost": 10}]}, 190),
    ("qualification", {"sites": [NO_COST], "qualifications": [{"offer": "s", **APPROVAL}]}, 190),
    ("number of suppliers", {"limits": [{"limit": "few", "measure": "suppliers", "by": "supplier", "value": 1}]}, 190),
    ("disposal up to a maximum", {"stocks": [{"disposal_maximum": 50}]}, 190),
    ("disposal below what it takes", {"stocks": [{"disposal_maximum": 49}]}, 280),
]  # fmt: skip


def tables_of(name: str) -> Tables:
    """Return the tables of a case under tests/regressions."""
    found: Tables = {}
    for path in sorted((REGRESSIONS / name).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def changed(name: str, folder: Path, changes: Mapping[str, list[dict[str, Any]]]) -> Path:
    """Write the case with cells changed row by row (tables that it lacks are added), and return its question."""
    tables = tables_of(name)
    for table, rows in changes.items():
        if table not in tables:
            tables[table] = rows
            continue
        for row, cells in zip(tables[table], rows, strict=False):
            row.update(cells)
    write_tables(folder, tables)
    (folder / "question.toml").write_text((REGRESSIONS / name / "question.toml").read_text("utf-8"), "utf-8")
    return folder / "question.toml"


def planned(question: Path) -> Answer:
    own = answer(question)
    assert own.solution.status == "optimal"
    assert own.verdict.is_clean
    return own


@pytest.mark.parametrize(("what", "changes", "cost"), SEPARATOR, ids=[row[0] for row in SEPARATOR])
def test_separator_when_its_by_product_is_disposed_of_at_a_cost_then_runs(
    tmp_path: Path, what: str, changes: dict[str, Any], cost: float
) -> None:
    assert planned(changed("disposal-1", tmp_path / what, changes)).total("cost") == pytest.approx(cost)


@pytest.mark.parametrize(("what", "changes", "cost"), OVER_ORDER, ids=[row[0] for row in OVER_ORDER])
def test_order_when_a_tier_is_worth_more_than_is_needed_then_the_rest_is_disposed_of(
    tmp_path: Path, what: str, changes: dict[str, Any], cost: float
) -> None:
    assert planned(changed("disposal-3", tmp_path / what, changes)).total("cost") == pytest.approx(cost)


def test_by_product_when_another_site_disposes_of_it_then_its_maker_may_be_closed_and_opened(tmp_path: Path) -> None:
    away = {"site": "DUMP", "kind": "plant", "country": "USA"}
    tables = tables_of("disposal-1")
    tables["sites"] = [{**tables["sites"][0], "fixed_cost": 10}, away]
    tables["processes"][0]["opening_cost"] = ""
    tables["stocks"] = [{"site": "DUMP", "material": "waste", "disposal_cost": 1}]
    tables["lanes"] = [{"origin": "W", "destination": "DUMP", "material": "waste", "freight": 1}]
    write_tables(tmp_path / "case", tables)
    question = tmp_path / "case" / "question.toml"
    question.write_text((REGRESSIONS / "disposal-1" / "question.toml").read_text("utf-8"), "utf-8")
    own = planned(question)
    assert own.total("cost") == pytest.approx(410)
    assert np.isfinite(own.network.useful).all()


def test_goods_when_nothing_says_how_much_could_be_brought_and_disposed_of_then_a_capacity_is_asked_for(
    tmp_path: Path,
) -> None:
    half = {"limit": "half", "measure": "share", "by": "supplier", "value": 0.5}
    found = check(changed("disposal-3", tmp_path / "case", {"offers": [{"capacity": ""}], "limits": [half]})).faults
    assert any("capacity" in str(each) and "sold or disposed of" in str(each) for each in found)


B15 = "B15-surplus-at-end-forces-shortage"
AFTER: list[tuple[str, dict[str, Any], float, float]] = [
    ("three left over", {}, 31, 62),
    ("nothing due at the end", {"demand": [{}, {}, {"quantity": 0}]}, 31, 62),
    ("one day of the order is in time", {"offers": [{"lead_days": 58}]}, 31, 868),
    ("the days are those of a process", {"offers": [{"lead_days": 0, "material": "ore"}], **{
        "materials": [{}, {"material": "ore"}],
        "processes": [{"process": "mill", "site": "P", "days": 45}],
        "recipes": [
            {"process": "mill", "material": "ore", "quantity": -1},
            {"process": "mill", "material": "nd", "quantity": 1},
        ],
    }}, 31, 62),
]  # fmt: skip


@pytest.mark.parametrize(("what", "changes", "short", "ordered"), AFTER, ids=[row[0] for row in AFTER])
def test_order_when_its_last_part_is_more_than_is_due_then_its_first_part_is_not_left_short(
    tmp_path: Path, what: str, changes: dict[str, Any], short: float, ordered: float
) -> None:
    tables = tables_of(B15)
    for table in ("materials", "processes", "recipes"):
        tables.setdefault(table, []).extend(row for row in changes.get(table, []) if row)
    rest = {table: rows for table, rows in changes.items() if table in ("demand", "offers")}
    for table, rows in rest.items():
        for row, cells in zip(tables[table], rows, strict=True):
            row.update(cells)
    write_tables(tmp_path / "case", {name: rows for name, rows in tables.items() if rows})
    question = tmp_path / "case" / "question.toml"
    question.write_text((REGRESSIONS / B15 / "question.toml").read_text("utf-8"), "utf-8")
    own = planned(question)
    assert own.total("shortage") == pytest.approx(short)
    assert own.plan.tables["purchases"]["tonnes"].sum() == pytest.approx(ordered)


def test_waste_when_only_a_share_limit_would_be_met_by_it_then_is_not_bought(tmp_path: Path) -> None:
    tables = tables_of(B15)
    late = {"offer": "b", "supplier": "B", "site": "B", "material": "nd", "destination": "P", "price": 1}
    tables["offers"] = [{**tables["offers"][0], "lead_days": 0}, {**late, "lead_days": 59}]  # b comes in March alone
    half = {"limit": "half", "measure": "share", "by": "country", "value": 0.5, "per": "horizon", "counts": "arrivals"}
    tables["limits"] = [half]
    write_tables(tmp_path / "case", tables)
    question = tmp_path / "case" / "question.toml"
    question.write_text((REGRESSIONS / B15 / "question.toml").read_text("utf-8"), "utf-8")
    own = planned(question)
    assert own.plan.tables["purchases"].groupby("offer")["tonnes"].sum().to_dict() == pytest.approx({"a": 31, "b": 31})
    assert own.total("shortage") == pytest.approx(28)
    assert opening(own.plan).endswith(
        "no plan under these rules does better, one of which is that nothing is bought that nobody can use "
        "(Nd oxide left over at P)"
    )


DEAR = {"site": "P", "material": "nd", "disposal_cost": 5}
LATER = {"periods = 1": "periods = 4", '"year"': '"quarter"', "discount_rate = 0.0": "discount_rate = 0.1"}
KEPT: list[tuple[str, str, dict[str, Any], list[bool]]] = [
    ("to be paid for later", "disposal-1", {"stocks": [{}]}, [False, False, False, True]),
    ("unless its store costs more", "disposal-1", {"stocks": [{"holding_cost": 5}]}, [True, True, True, True]),
    ("as what comes of an order after the need", B15, {"stocks": [DEAR]}, [False, False, False]),
]


@pytest.mark.parametrize("most", ["", 1e9])
@pytest.mark.parametrize(("why", "name", "changes", "when"), KEPT, ids=[row[0] for row in KEPT])
def test_waste_when_any_amount_can_be_disposed_of_then_is_kept_as_under_a_most_that_is_never_reached(
    tmp_path: Path, why: str, name: str, changes: dict[str, Any], when: list[bool], most: Any
) -> None:
    stocks = [row | {"disposal_maximum": most} for row in changes["stocks"]]
    question = changed(name, tmp_path / why, changes | {"stocks": stocks})
    text = question.read_text("utf-8")
    for old, new in LATER.items():
        text = text.replace(old, new)
    question.write_text(text, "utf-8")
    disposed = planned(question).plan.tables["stock"].groupby("period", sort=True)["disposed"].sum()
    assert (disposed > GRAM).to_list() == when
