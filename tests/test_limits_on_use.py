"""Limits on use where a plan could go round them, or be kept from what they allow: worked out by hand, asked thrice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import Answer, answer
from twin import solve_twin

pytest.importorskip("pyscipopt", reason="the second opinion is solved by SCIP as well")

from oracle.run import judge

from sourcing import check
from sourcing.errors import DataError
from sourcing.testing.points import disagreements

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Ask = Callable[..., Answer]

YEARS = '[horizon]\nstart = "2027-01"\nperiods = 2\nlength = "year"\ntail = 0\n'
AT_ONCE = [{**lane, "transit_days": 0} for lane in TINY["lanes"]]
NONE_OF_CHINA = {"limit": "china", "measure": "share", "by": "country", "member": "CHN", "value": 0, "counts": "use"}
OXIDE = {"site": "PLANT", "material": "oxide"}
SAME = 1e-6


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return a function that asks the product, the twin and the second opinion: they agree, and so does the audit."""

    def asked(*limits: dict[str, Any], horizon: str = YEARS, **changes: Any) -> Answer:
        folder = tiny_case(tmp_path, **{"lanes": AT_ONCE, "stocks": None, "limits": [*map(dict, limits)], **changes})
        question = write_question(tmp_path, horizon)
        own, twin = answer(question), solve_twin(folder, question)
        assert own.solution.status == twin.status == "optimal"
        assert own.total("cost") == pytest.approx(twin.cost, rel=SAME)
        assert own.total("shortage") == pytest.approx(twin.shortage, rel=SAME, abs=SAME * twin.weighted_demand)
        assert disagreements(own.facts, own.formulation, 1) == []
        assert own.verdict.findings == []
        assert judge(question, quick=True).word == ""
        return own

    return asked


def tonnes(own: Answer, table: str, column: str, **where: Any) -> float:
    """Return what a column of the plan's table adds up to, over the rows that have some cells."""
    rows = own.plan.tables[table]
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return float(rows[column].sum())


def test_order_when_its_later_part_may_not_be_used_then_it_is_placed_for_the_first(ask: Ask) -> None:
    """180 of the 365 days of 2027 see nothing come; of an order over the year as much lands in 2028, for nobody."""
    late = {**NONE_OF_CHINA, "from": "2028-01-01"}
    due = [{**OXIDE, "period": year, "quantity": 100} for year in ("2027", "2028")]
    own = ask(late, demand=due, offers={"A": {"start": "2028-01-01", "capacity": ""}, "B": {"lead_days": 180}})
    idle = 100 * 180 / 365
    assert tonnes(own, "shortage", "short") == pytest.approx(idle)
    assert tonnes(own, "purchases", "tonnes", offer="B") == pytest.approx(100)
    assert tonnes(own, "stock", "end", period="2028") == pytest.approx(idle)


def test_order_when_all_that_comes_later_may_be_used_then_nothing_is_left(ask: Ask) -> None:
    early = {**NONE_OF_CHINA, "until": "2027-01-02"}
    own = ask(early, demand=[{**OXIDE, "period": "2028", "quantity": 100}], offers={"B": {"lead_days": 180}})
    assert tonnes(own, "stock", "end", period="2028") == pytest.approx(0, abs=SAME)


CHINA = {**NONE_OF_CHINA, "value": 0.35}
MELT: dict[str, Any] = {
    "processes": [{"process": "melt", "site": "PLANT"}],
    "recipes": [
        {"process": "melt", "material": "oxide", "quantity": -1.25},
        {"process": "melt", "material": "metal", "quantity": 1},
    ],
    "demand": [{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20}],
    "capacity": {"A": ""},
}
"""A plant that melts 25 t of oxide to the 20 t of metal that it needs."""


def test_limit_on_what_a_plant_takes_in_when_nobody_demands_it_then_it_holds_what_the_process_takes(ask: Ask) -> None:
    own = ask({**CHINA, "material": "oxide", "site": "PLANT"}, **MELT)
    assert tonnes(own, "purchases", "tonnes", offer="B") == pytest.approx(0.35 * 25)
    assert tonnes(own, "limits", "counted", window="2028") == pytest.approx(0.35 * 25)
    row = own.plan.tables["use"].set_index("window").loc["2028"]
    assert (row["used"], row["lots"], row["heap"]) == pytest.approx((25, 0.35, 0.35))


def test_limit_on_a_material_when_some_of_it_is_demanded_then_it_holds_that_and_what_processes_take(ask: Ask) -> None:
    due = [*MELT["demand"], {**OXIDE, "period": "2028", "quantity": 5}]
    own = ask({**CHINA, "material": "oxide"}, **{**MELT, "demand": due})
    assert tonnes(own, "purchases", "tonnes", offer="B") == pytest.approx(0.35 * 30)
    own = ask(CHINA, **{**MELT, "demand": due})  # it names no material: what is demanded counts, the metal as metal
    assert tonnes(own, "limits", "total", window="2028") == pytest.approx(25)


def test_limit_on_what_a_plant_takes_in_when_it_is_a_minimum_then_goods_in_stock_do_not_meet_it(ask: Ask) -> None:
    least = {**CHINA, "member": "AUS", "sense": "min", "value": 0.6, "material": "oxide", "per": "year"}
    own = ask(least, stocks=[{**OXIDE, "opening": 10}], **MELT)
    assert tonnes(own, "purchases", "tonnes", offer="A") == pytest.approx(0.6 * 25)


def test_number_of_suppliers_when_it_is_of_what_a_plant_takes_in_then_each_has_its_part_of_that(ask: Ask) -> None:
    two = {"limit": "two", "measure": "suppliers", "by": "supplier", "sense": "min", "value": 2, "at_least": 5}
    own = ask({**two, "material": "oxide", "counts": "use", "per": "horizon"}, **MELT)
    assert tonnes(own, "purchases", "tonnes", offer="A") == pytest.approx(5)
    one = ask({**two, "sense": "max", "value": 1, "at_least": 1, "material": "oxide", "per": "horizon"}, **MELT)
    assert tonnes(one, "purchases", "tonnes", offer="A") == pytest.approx(0, abs=SAME)


STOCK = {**CHINA, "counts": "stock"}
PLENTY: dict[str, Any] = {"capacity": {"A": "", "B": ""}}


def test_limit_that_counts_stock_when_goods_are_bought_the_year_before_then_they_are_of_the_member(ask: Ask) -> None:
    own = ask({**STOCK, "from": "2028-01-01"}, **PLENTY)
    assert tonnes(own, "purchases", "tonnes", offer="A") == pytest.approx(0.65 * 120)
    arrivals = ask({**STOCK, "counts": "arrivals", "from": "2028-01-01"}, **PLENTY)
    assert tonnes(arrivals, "purchases", "tonnes", offer="A") == pytest.approx(0, abs=SAME)


def test_limit_that_counts_stock_when_good_goods_are_there_then_they_are_of_the_member_all_the_same(ask: Ask) -> None:
    own = ask(STOCK, stocks=[{**OXIDE, "opening": 20, "offer": "A"}], **PLENTY)
    assert tonnes(own, "purchases", "tonnes", offer="A") == pytest.approx(0.65 * (100 + 120))
    assert tonnes(own, "limits", "counted", window="2027") == pytest.approx(35)
    least = {**STOCK, "member": "AUS", "sense": "min", "value": 0.5}
    own = ask(least, stocks=[{**OXIDE, "opening": 20, "offer": "A"}], **PLENTY)
    assert tonnes(own, "purchases", "tonnes", offer="A") == pytest.approx(0.5 * (100 + 120))


def test_limit_that_counts_stock_when_it_names_nobody_then_what_lies_is_of_each(ask: Ask) -> None:
    own = ask({**STOCK, "member": "", "value": 0.6}, stocks=[{**OXIDE, "opening": 20}], **PLENTY)
    assert tonnes(own, "limits", "counted", window="2027", member="CHN") == pytest.approx(60)
    assert tonnes(own, "limits", "counted", window="2027", member="AUS") == pytest.approx(60)


def test_limit_that_counts_stock_when_goods_are_under_way_as_its_time_begins_then_they_are_of_the_member(
    ask: Ask,
) -> None:
    """They came to the store the year before, and lie nowhere on New Year's Eve."""
    sites = [*TINY["sites"], {"site": "STORE", "name": "Our store", "kind": "plant", "country": "DEU"}]
    lanes = [AT_ONCE[0], {**AT_ONCE[1], "destination": "STORE"}]
    lanes.append({"origin": "STORE", "destination": "PLANT", "mode": "road", "freight": 1, "transit_days": 180})
    due = [{**OXIDE, "period": "2028", "quantity": 100}]
    own = ask({**STOCK, "from": "2028-01-01"}, sites=sites, lanes=lanes, demand=due, **PLENTY)
    assert tonnes(own, "purchases", "tonnes", offer="B") == pytest.approx(35)


def test_limit_that_counts_stock_when_a_process_had_begun_then_what_comes_of_it_is_of_the_member(ask: Ask) -> None:
    melt = [{**MELT["processes"][0], "days": 180}]
    late = {**STOCK, "from": "2028-01-01", "stage": "oxide"}
    own = ask(late, **{**MELT, "processes": melt, "capacity": {"A": "", "B": ""}})
    begun, lies = tonnes(own, "conversions", "tonnes", period="2027"), tonnes(own, "stock", "end", period="2027")
    under_way = begun * 180 / 365
    assert under_way > 1
    assert tonnes(own, "limits", "counted", window="2028") == pytest.approx(lies + under_way)
    assert tonnes(own, "purchases", "tonnes", offer="A") == pytest.approx(0.65 / 0.35 * (lies + under_way))


def test_limit_that_counts_stock_at_a_site_when_read_then_is_refused(tmp_path: Path) -> None:
    tiny_case(tmp_path, limits=[{**STOCK, "site": "PLANT"}])
    with pytest.raises(DataError, match="a limit that counts stock is about all sites"):
        answer(write_question(tmp_path, YEARS))


def test_goods_that_fall_back_before_the_stage_when_they_can_be_lifted_again_then_the_process_is_named(
    tmp_path: Path,
) -> None:
    slurry = {"material": "slurry", "name": "Slurry", "stage": "concentrate"}
    grinds = [{"process": "grind", "material": "oxide", "quantity": -1}]
    grinds.append({"process": "grind", "material": "slurry", "quantity": 1})
    washes = [{**row, "process": "wash", "quantity": -row["quantity"]} for row in grinds]
    here = {"site": "PLANT"}
    processes = [{"process": "grind", **here}, {"process": "wash", **here}]
    for stage, recipes, named in (("oxide", [*grinds, *washes], 1), ("", [*grinds, *washes], 0), ("oxide", washes, 0)):
        made = [row for row in processes if any(line["process"] == row["process"] for line in recipes)]
        limit = {**CHINA, "stage": stage}
        changes = {"materials": [*TINY["materials"], slurry], "processes": made, "recipes": recipes}
        tiny_case(tmp_path, limits=[limit], **changes)
        found = check(write_question(tmp_path, YEARS)).findings
        assert [each.code for each in found].count("SCREEN-396") == named
