"""Causes of what moved, by their tonnes: what can explain all of it, what a part, what next to nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question
from test_causes_moved import BASE, FROM_ISLAND, LESS, MORE, NONE, changed, demand, offer, whys

from sourcing.report.console import render_plan
from sourcing.run import optimize, verdict_on

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

MOVED = "where 130.1 t moved"
"""What more is ordered from A than in the last plan, beside MORE."""
OWN_PRICE = offer("A", "price", 400_000, 300_000)
LIMIT = {"limit": "far", "measure": "tonnes", "by": "supplier", "member": "Far Co", "value": 400}


def twice(tmp_path: Path, before: dict[str, Any], after: dict[str, Any]) -> Plan:
    """Plan one case, then another beside it, and return the second plan, audited."""
    tiny_case(tmp_path, **before)
    first = new_folder(tmp_path)
    optimize(write_question(tmp_path, name="one"), out=first)
    tiny_case(tmp_path, **after)
    plan = optimize(write_question(tmp_path, f'[stability]\nlast = "{first.name}"\n', name="two"))
    assert verdict_on(plan).is_clean
    return plan


def new_folder(tmp_path: Path) -> Path:
    return tmp_path / f"last-{len(list(tmp_path.glob('last-*')))}"


def said(plan: Plan, code: str) -> set[str]:
    return set(plan.tables["changes"].query("offer == @code")["why"])


# All of it ------------------------------------------------------------------------------------------------------------

FREE = {"capacity": {"A": 500}}
DEARER = {**FREE, "price": {"B": 400_000}, "demand": {0: {"quantity": 101}}}
"""B gets dearer than A, which takes over 200 t; a tonne more is due."""


def test_price_when_it_explains_the_tonnes_then_a_demand_of_one_tonne_is_not_cited(tmp_path: Path) -> None:
    plan = twice(tmp_path, FREE, DEARER)
    assert said(plan, "A") == {
        "no input of its own explains it: price of Far Co Dy oxide (B) rose from 200,000 to 400,000 USD/t"
    }
    assert said(plan, "B") == {"price of Far Co Dy oxide (B) rose from 200,000 to 400,000 USD/t"}


def test_audit_when_a_demand_of_one_tonne_is_cited_for_what_a_price_moved_then_is_a_finding(tmp_path: Path) -> None:
    plan = twice(tmp_path, FREE, DEARER)
    for why in (
        "demand for Dy oxide at Our plant in 2027 rose from 100 to 101 t",
        "demand for Dy oxide at Our plant in 2027 rose from 100 to 101 t (1 t in all), where 201 t moved",
    ):
        spoiled = plan.tables["changes"].copy()
        spoiled.loc[spoiled["offer"] == "A", "why"] = why
        findings = verdict_on(replace(plan, tables={**plan.tables, "changes": spoiled})).findings
        assert any(f"the plan says why '{why}'" in str(each) for each in findings)


def stated(rows: list[dict[str, Any]], column: str, unit: str, *numbers: float) -> list[dict[str, Any]]:
    """Return rows with a column in another unit."""
    bare = [{name: cell for name, cell in row.items() if name != column} for row in rows]
    return [{**row, f"{column} [{unit}]": each} for row, each in zip(bare, numbers, strict=True)]


POUND = 0.00045359237


def test_demand_in_pounds_when_a_tonne_more_is_due_then_is_not_cited_beside_a_price(tmp_path: Path) -> None:
    before, after = (stated(TINY["demand"], "quantity", "lb", each / POUND, 120 / POUND) for each in (100, 101))
    plan = twice(tmp_path, {**FREE, "demand": before}, {**DEARER, "demand": after})
    assert "rose from 100 to 101 t" in " ".join(plan.case["input_changes"]["words"])
    assert not any("demand" in why for why in said(plan, "A") | said(plan, "B"))


@pytest.mark.parametrize(("now", "is_all"), [(3.0, True), (4.0, False)])
def test_capacity_by_the_month_when_it_fell_then_counts_over_the_two_years(
    tmp_path: Path, now: float, is_all: bool
) -> None:
    """B gives 5 t a month, then 3 or 4: 48 t or 24 t fewer in two years, which A takes over, and 20 t that are new."""
    before, rows = (stated(TINY["offers"], "capacity", "t/month", 50, each) for each in (5.0, now))
    due = [{**TINY["demand"][0]}, {**TINY["demand"][1], "quantity": 120 + (0 if is_all else 20)}]
    plan = twice(tmp_path, {"offers": before}, {"offers": rows, "demand": due})
    words = f"capacity of Far Co Dy oxide (B) fell from 60 to {12 * now:g} t/year"
    if is_all:
        assert said(plan, "A") == {f"no input of its own changed: {words}"}
    else:
        due_now = "demand for Dy oxide at Our plant in 2028 rose from 120 to 140 t (20 t in all)"
        assert said(plan, "A") == {f"{due_now}; {words} (24 t in all), where 40.98 t moved"}


def test_demand_when_a_row_is_gone_or_new_then_is_judged_by_its_quantity(tmp_path: Path) -> None:
    third = {"site": "PLANT", "material": "oxide", "period": "2028-06", "quantity": 1}
    more = [*TINY["demand"], third]
    for before, after in ((TINY["demand"], more), (more, TINY["demand"])):
        plan = twice(tmp_path, {**FREE, "demand": before}, {**FREE, "price": {"B": 400_000}, "demand": after})
        assert not any("demand" in why for why in said(plan, "A") | said(plan, "B"))
    plan = twice(tmp_path, FREE, {**FREE, "demand": [*TINY["demand"], {**third, "quantity": 30}]})
    assert said(plan, "B") == {"demand for Dy oxide at Our plant in 2028-06 is new"}


def test_offer_when_it_is_new_and_small_then_explains_no_more_than_its_capacity(tmp_path: Path) -> None:
    small = {**TINY["offers"][1], "offer": "S", "supplier": "Small Co", "price": 100_000, "capacity": 0.5}
    plan = twice(tmp_path, FREE, {"offers": [{**TINY["offers"][0], "capacity": 500}, TINY["offers"][1], small]})
    assert said(plan, "S") == {"offers S is new"} or all("is new" in why for why in said(plan, "S"))
    after = [{**TINY["offers"][0], "capacity": 500}, {**TINY["offers"][1], "price": 400_000}, small]
    assert not any("Small Co" in why for why in said(twice(tmp_path, FREE, {"offers": after}), "A"))


# A part ---------------------------------------------------------------------------------------------------------------

PAIR = [offer("B", "capacity", 73, 40), demand("PLANT", 60, 100)]
SERIES = [
    changed("demand", f"PLANT|oxide|2027-Q{quarter}", "quantity", 1, 1 + more, site="PLANT", material="oxide")
    for quarter, more in ((1, 60), (2, 40), (3, 31))
]
MELT = {"processes": [{"process": "melt", "site": "PLANT"}]}
MELT["recipes"] = [
    {"process": "melt", "material": "oxide", "quantity": -2},
    {"process": "melt", "material": "metal", "quantity": 1},
]
METAL = changed("demand", "PLANT|metal|2027", "quantity", 1, 2, site="PLANT", material="metal")


@pytest.mark.parametrize(
    ("changes", "case", "why"),
    [
        ([demand("PLANT", 90, 100)], {}, "{0} (10 t in all), where 130.1 t moved"),
        ([demand("PLANT", 99, 100)], {}, NONE),
        ([demand("PLANT", 99, 100)], {"min_lot": {"A": 1}}, "{0} (1 t in all), where 130.1 t moved"),
        ([demand("PLANT", 99, 100)], {"lot_multiple": {"A": 0.01}}, "{0} (1 t in all), where "),
        ([demand("PLANT", 99, 100)], {"order_cost": {"A": 1}}, "{0} (1 t in all), where "),
        ([demand("PLANT", 99, 100)], {"order_cost": {"A": 0}}, NONE),
        ([demand("PLANT", 99, 100), OWN_PRICE], {}, "{1}"),
        ([offer("B", "capacity", 110, 40)], {}, "no input of its own changed: {0}"),
        ([offer("B", "capacity", 100, 40)], {}, "no input of its own changed: {0} (120 t in all), where 130.1 t moved"),
        (PAIR, {}, "{1} (40 t in all); {0} (66 t in all), where 130.1 t moved"),
        (SERIES, {}, "{0} (with 2 like it 131 t in all)"),
        (SERIES[:2], {}, "{0} (with 1 like it 100 t in all), where 130.1 t moved"),
        ([METAL], MELT, "no input of its own changed: {0}"),
        ([METAL], {}, NONE),
        ([changed("limits", "far", "value", 460, 400)], {"limits": [LIMIT]}, "no input of its own changed: {0} (120 t"),
        ([changed("limits", "far", "value", 480, 400)], {"limits": [LIMIT]}, "no input of its own changed: {0}"),
    ],
)
def test_change_when_it_can_explain_a_part_of_what_moved_then_is_cited_with_its_tonnes(
    tmp_path: Path, changes: list[dict[str, Any]], case: dict[str, Any], why: str
) -> None:
    """The horizon is two years: t a year count twice, a limit by the year too."""
    found = whys(tmp_path, MORE, changes, **case)["A"]
    words = why.format(*(each["words"] for each in changes))
    assert found.startswith(words)
    assert ("in all" in found) is ("in all" in words or "(120 t" in words)


def test_steps_when_a_later_one_takes_over_then_count_until_then(tmp_path: Path) -> None:
    steps = [{"offer": "A", "from": f"{day}-01", "capacity": 400} for day in ("2027-01", "2027-07")]
    step = changed("ramps", "A|||2027-01-01", "capacity", 300, 400, offer="A")
    share = 100 * 181 / 365
    assert f"({share:.4g} t in all), {MOVED}" in whys(tmp_path, MORE, [step], ramps=steps)["A"]
    large = changed("ramps", "A|||2027-01-01", "capacity", 100, 400, offer="A")
    assert whys(tmp_path, MORE, [large], ramps=steps)["A"] == large["words"]


def test_demand_elsewhere_when_of_the_same_material_then_is_judged_by_tonnes(tmp_path: Path) -> None:
    lanes = [*TINY["lanes"], {**FROM_ISLAND, "origin": "FAR"}]
    small, price = demand("OTHER", 39, 40), offer("B", "price", 300_000, 200_000)
    assert whys(tmp_path, LESS, [small], lanes=lanes)["A"] == NONE
    assert whys(tmp_path, LESS, [small, price], lanes=lanes)["A"] == f"no input of its own changed: {price['words']}"


def test_order_when_moved_to_another_period_then_is_judged_by_what_moved_each_way(tmp_path: Path) -> None:
    """What is less in one period and more in others is no net of nothing."""
    rows = [{"offer": "A", "destination": "PLANT", "mode": "sea", "from": "2027-01-01", "until": "2027-04-01"}]
    rows[0]["tonnes"] = 400.0  # type: ignore[assignment]
    tiny_case(tmp_path, **BASE, last_orders=rows, input_changes=[demand("PLANT", 95, 100)])
    plan = optimize(write_question(tmp_path))
    table = plan.tables["changes"].query("offer == 'A'")
    less, more = -table.query("change < 0")["change"].sum(), table.query("change > 0")["change"].sum()
    assert less > more
    assert set(table.query("change < 0")["why"]) == {NONE}
    words = f"demand PLANT|oxide|2027 quantity 95 100 (5 t in all), where {more:.4g} t moved"
    assert set(table.query("change > 0")["why"]) == {words}
    block = render_plan(plan).plain.split("WHAT MOVED")[1].splitlines()
    row = next(at for at, line in enumerate(block) if line.strip().startswith("Near Ltd"))
    assert block[row + 1].strip() == NONE


def test_order_of_an_unknown_material_when_a_site_far_from_it_changed_then_plan_and_audit_say_the_same(
    tmp_path: Path,
) -> None:
    changes = [changed("sites", "FAR", "capacity", 40, 50, site="FAR")]
    assert whys(tmp_path, [*MORE, ("GONE", 7.5)], changes)["GONE"] == NONE
