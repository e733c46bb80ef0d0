"""Splits: several sites get the same mix of suppliers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, findings, tiny_case, write_question
from cases.chain import answer

from sourcing.answer.audit import verdict_on
from sourcing.errors import DataError
from sourcing.run import explain, optimize

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

LONG_PERIOD = "SCREEN-388"
"""Periods that are too long for what is in stock."""
YEAR = '[horizon]\nstart = "2027-01"\nperiods = 1\nlength = "year"\n'
TWO_SITES: dict[str, Any] = {
    "sites": [*TINY["sites"], {"site": "WORKS", "name": "Our works", "kind": "plant", "country": "USA"}],
    "lanes": [
        {"origin": "NEAR", "destination": "PLANT", "mode": "sea", "freight": 150_000},
        {"origin": "FAR", "destination": "PLANT", "mode": "sea", "freight": 100},
        {"origin": "NEAR", "destination": "WORKS", "mode": "sea", "freight": 100},
        {"origin": "FAR", "destination": "WORKS", "mode": "sea", "freight": 180_000},
    ],
    "demand": [TINY["demand"][0], {**TINY["demand"][0], "site": "WORKS", "quantity": 50}],
    "stocks": None,
    "capacity": {"A": 500},
}
"""100 t at the plant, which B serves cheaply, and 50 t at the works, which A does."""


def alike(site: str, **cells: Any) -> dict[str, Any]:
    return {"split": "event", "site": site, "material": "oxide", **cells}


def plan_of(tmp_path: Path, *rows: dict[str, Any], question: str = YEAR, **changes: Any) -> Plan:
    tiny_case(tmp_path, splits=list(rows), **(TWO_SITES | changes))
    plan = answer(write_question(tmp_path, question)).plan
    assert verdict_on(plan).is_clean
    return plan


def share_of_a(plan: Plan, site: str) -> float:
    bought = plan.tables["purchases"]
    mine = bought[bought["destination"] == site]
    return float(mine.loc[mine["offer"] == "A", "tonnes"].sum() / mine["tonnes"].sum())


def test_case_without_splits_when_planned_then_has_no_rows_of_them(tmp_path: Path) -> None:
    tiny_case(tmp_path, **TWO_SITES)
    own = answer(write_question(tmp_path, YEAR))
    assert not {"split_least", "split_most"} & set(own.formulation.rows)
    assert (share_of_a(own.plan, "PLANT"), share_of_a(own.plan, "WORKS")) == (0, 1)


def test_sites_when_split_alike_then_have_the_same_shares(tmp_path: Path) -> None:
    """B alone is cheaper for both together; with 90 t of it, both get 60 % of it."""
    both = (alike("PLANT"), alike("WORKS"))
    assert share_of_a(plan_of(tmp_path, *both), "WORKS") == 0
    plan = plan_of(tmp_path, *both, capacity={"A": 500, "B": 90})
    assert share_of_a(plan, "PLANT") == pytest.approx(0.4)
    assert share_of_a(plan, "WORKS") == pytest.approx(0.4)


def test_sites_when_there_is_room_then_are_off_by_no_more_than_that(tmp_path: Path) -> None:
    rows = (alike("PLANT", within=0.1), alike("WORKS", within=0.1))
    plan = plan_of(tmp_path, *rows, capacity={"A": 500, "B": 90})
    assert share_of_a(plan, "PLANT") == pytest.approx(0.35)
    assert share_of_a(plan, "WORKS") == pytest.approx(0.5)


def test_sites_when_they_have_weights_then_take_what_arrives_in_that_proportion(tmp_path: Path) -> None:
    stocks = [{"site": "WORKS", "material": "oxide", "opening": 20}]
    rows = (alike("PLANT", weight=10), alike("WORKS", weight=3))
    plan = plan_of(tmp_path, *rows, stocks=stocks, capacity={"A": 500, "B": 65})
    bought = plan.tables["purchases"].groupby("destination")["tonnes"].sum()
    assert bought.to_dict() == pytest.approx({"PLANT": 100, "WORKS": 30})
    assert share_of_a(plan, "PLANT") == pytest.approx(share_of_a(plan, "WORKS"))


def test_suppliers_when_each_site_has_an_offer_of_its_own_then_count_together(tmp_path: Path) -> None:
    works = {**TINY["offers"][0], "offer": "A2", "destination": "WORKS", "capacity": 500}
    plant = {**TINY["offers"][0], "offer": "A1", "destination": "PLANT", "capacity": 20}
    changes = {"offers": [works, plant, {**TINY["offers"][1], "price": 900_000}], "capacity": None}
    plan = plan_of(tmp_path, alike("PLANT"), alike("WORKS"), **changes)
    bought = plan.tables["purchases"].groupby("offer")["tonnes"].sum()
    assert bought.to_dict() == pytest.approx({"A1": 20, "A2": 10, "B": 120})


def test_years_when_shares_differ_between_them_then_are_alike_within_each(tmp_path: Path) -> None:
    years = '[horizon]\nstart = "2027-01"\nperiods = 2\nlength = "year"\n'
    demand = [*TWO_SITES["demand"], *({**row, "period": "2028"} for row in TWO_SITES["demand"])]
    changes = {"demand": demand, "offers": {"B": {"capacity": 90, "end": "2028-01-01"}}, "capacity": {"A": 500}}
    plan = plan_of(tmp_path, alike("PLANT"), alike("WORKS"), question=years, **changes)
    bought = plan.tables["purchases"].groupby(["destination", "offer", "node"])["tonnes"].sum()
    assert bought["PLANT", "B", 0] == pytest.approx(60)
    assert bought["WORKS", "A", 1] == pytest.approx(50)


def test_question_without_splits_when_planned_then_serves_each_site_as_is_cheapest(tmp_path: Path) -> None:
    tiny_case(tmp_path, splits=[alike("PLANT"), alike("WORKS")], **TWO_SITES)
    plan = optimize(write_question(tmp_path, 'without = ["splits"]\n' + YEAR))
    assert share_of_a(plan, "WORKS") == 1


def test_split_that_stands_in_the_way_when_explained_then_is_named_with_its_row(tmp_path: Path) -> None:
    """B reaches the plant alone, and A the works."""
    tiny_case(tmp_path, splits=[alike("PLANT"), alike("WORKS")], **(TWO_SITES | {"lanes": TWO_SITES["lanes"][1:3]}))
    words = explain(write_question(tmp_path, YEAR + '[objective]\nshortage = "none"\n')).words
    assert "Far Co at Our plant in split event, 2027: 33.3 t above the common split (splits.csv row 2)" in words
    assert "Near Ltd at Our plant in split event, 2027: 33.3 t below the common split (splits.csv row 2)" in words


def test_supplier_that_reaches_one_site_when_checked_then_is_said_to_be_left_out(tmp_path: Path) -> None:
    changes = TWO_SITES | {"lanes": TWO_SITES["lanes"][1:]}
    tiny_case(tmp_path, splits=[alike("PLANT"), alike("WORKS")], **changes)
    (finding,) = [each for each in findings(write_question(tmp_path, YEAR)) if each.code != LONG_PERIOD]
    assert (finding.code, finding.place) == ("SCREEN-352", "splits.csv row 2, column site")
    assert finding.fact == "Near Ltd does not reach PLANT, so split event leaves it out at every site"
    tiny_case(tmp_path, splits=[alike("PLANT", within=0.1), alike("WORKS", within=0.1)], **changes)
    assert {each.code for each in findings(write_question(tmp_path, YEAR))} == {LONG_PERIOD}


@pytest.mark.parametrize(
    ("rows", "row", "column", "fact"),
    [
        ([alike("PLANT")], 2, "site", "split event is of one site"),
        ([alike("PLANT"), alike("WORKS", material="metal", weight=1)], 3, "material", "row 2 of split event has oxide"),
        ([alike("PLANT", weight=1), alike("WORKS")], 3, "weight", "and this one has none"),
        ([alike("PLANT"), alike("FAR")], 3, "weight", "FAR has no demand for oxide that its part could follow"),
        ([alike("PLANT"), alike("SHED")], 3, "site", "no site 'SHED'"),
        ([alike("PLANT"), alike("WORKS", within=2)], 3, "within", "2 is above 1"),
        ([alike("PLANT"), alike("WORKS", weight=0)], 3, "weight", "0 is not above 0"),
        ([alike("PLANT"), alike("PLANT")], 3, "", "is already in row 2"),
    ],
)
def test_split_that_contradicts_itself_when_read_then_is_refused_with_row_and_column(
    tmp_path: Path, rows: list[dict[str, Any]], row: int, column: str, fact: str
) -> None:
    tiny_case(tmp_path, splits=rows, **TWO_SITES)
    with pytest.raises(DataError) as refused:
        answer(write_question(tmp_path))
    fault = next(each for each in refused.value.faults if fact in each.fact)
    assert fault.place == f"splits.csv row {row}" + (f", column {column}" if column else "")
