"""Facilities: what is opened and closed, when and at what cost, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import Answer, answer

from benchmarks.stages import by_textbook, draw, write
from sourcing.answer.audit import verdict_on
from sourcing.engine import large_search, mixed_integer
from sourcing.engine.tight_relaxation import Relaxed, relax
from sourcing.errors import DataError, QuestionError
from sourcing.run import RunOptions, check, explain, optimize

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.tight_relaxation import Program

NO_MAXIMUM = "SCREEN-390"
"""Code of the note on places without a maximum of stock."""
KNOWN = Path(__file__).parent / "known"
MELT = {"process": "melt", "site": "PLANT", "capacity": 100}
METAL: dict[str, Any] = {
    "demand": [{"site": "PLANT", "material": "metal", "period": year, "quantity": 20} for year in ("2027", "2028")],
    "stocks": [{"site": "PLANT", "material": what, "opening": t} for what, t in (("oxide", 60), ("metal", 6))],
    "recipes": [
        {"process": process, "material": what, "quantity": t}
        for process in ("melt", "old")
        for what, t in (("oxide", -1.25), ("metal", 1))
    ],
}


def ask(tmp_path: Path, text: str = "", **changes: Any) -> Answer:
    tiny_case(tmp_path, **changes)
    own = answer(write_question(tmp_path, text))
    assert own.solution.status == "optimal"
    assert own.verdict.is_clean
    return own


def melts(*terms: dict[str, Any]) -> dict[str, Any]:
    """Return changes by which metal is made by a process "melt" and a process "old", with these terms."""
    return {**METAL, "processes": [{**MELT, **terms[0]}, {**MELT, "process": "old", **terms[1]}]}


def when(own: Answer, decision: str) -> dict[str, list[int]]:
    """Return the periods in which a decision is yes, by the code of the facility."""
    rows = own.plan.tables["decisions"].query("decision == @decision")
    found: dict[str, list[int]] = {}
    for key, node in zip(rows["key"], rows["node"], strict=True):
        found.setdefault(key.partition("|")[2], []).append(node)
    return found


def paid(own: Answer, head: str) -> list[float]:
    return own.plan.tables["cost"].query("head == @head")["amount"].tolist()


def test_case_without_facilities_when_planned_then_has_nothing_of_them(tmp_path: Path) -> None:
    own = ask(tmp_path)
    assert not {"opens", "run", "throughput", "arrival"} & set(own.formulation.rows)
    assert "open" not in own.formulation.accounts


def test_site_with_a_capacity_alone_when_planned_then_needs_no_whole_numbers(tmp_path: Path) -> None:
    own = ask(tmp_path, sites={"PLANT": {"capacity": 200}})
    assert not own.formulation.whole.any()
    assert len(own.formulation.rows["throughput"])


def test_new_process_when_it_saves_more_than_it_costs_then_is_opened_once_and_the_old_one_closed_for_good(
    tmp_path: Path,
) -> None:
    terms = {"opening_cost": 50_000, "fixed_cost": 4_000}, {"cost": 20_000, "fixed_cost": 1}
    own = ask(tmp_path, **melts(*terms))
    assert [(code, len(nodes)) for code, nodes in when(own, "opened").items()] == [("melt", 1)]
    assert paid(own, "opening") == [50_000]
    assert "old" not in when(own, "open")
    (words,) = own.plan.tables["decisions"].query("decision == 'opened'")["words"]
    assert words.startswith("Open Our plant (melt) in 202")


def test_new_process_when_it_saves_too_little_then_is_never_opened(tmp_path: Path) -> None:
    own = ask(tmp_path, **melts({"opening_cost": 2e6}, {"cost": 20_000, "fixed_cost": 1}))
    assert when(own, "opened") == {}
    assert set(own.plan.tables["conversions"]["process"]) == {"old"}


def test_process_when_closed_between_then_pays_to_stay_open_or_works_ahead(tmp_path: Path) -> None:
    demand = [{"site": "PLANT", "material": "metal", "period": p, "quantity": 4} for p in ("2027-Q2", "2028-Q4")]
    held = [{**row, "opening": 10, "holding_cost": 1e6} for row in METAL["stocks"]]
    own = ask(tmp_path, **{**melts({"fixed_cost": 365}, {"capacity": 0}), "demand": demand, "stocks": held})
    first, *_, last = when(own, "open")["melt"]
    assert when(own, "open")["melt"] == list(range(first, last + 1))


def test_two_processes_when_they_are_fed_over_one_site_then_share_its_throughput(tmp_path: Path) -> None:
    terms = {"cost": 10}, {"cost": 20}
    short = ask(tmp_path, **{**melts(*terms), "stocks": None}, sites={"PLANT": {"capacity": 10}})
    arrived = short.plan.tables["stock"].groupby("node")["bought"].sum()
    assert arrived.max() == pytest.approx(10 * 92 / 365, rel=1e-3)
    assert not short.plan.tables["shortage"].empty


def test_open_order_when_its_site_could_be_closed_then_keeps_it_open(tmp_path: Path) -> None:
    depot = {"site": "DEPOT", "kind": "warehouse", "country": "USA", "fixed_cost": 1e6, "capacity": 100}
    order = {"order": "PO", "site": "DEPOT", "material": "oxide", "arrives": "2027-05-01", "quantity": 7}
    own = ask(tmp_path, sites=[*TINY["sites"], depot], open_orders=[order])
    assert when(own, "open") == {"DEPOT": [0, 1]}


def test_question_without_facilities_when_planned_then_everything_is_open(tmp_path: Path) -> None:
    tiny_case(tmp_path, **melts({"opening_cost": 2e6}, {"cost": 20_000, "fixed_cost": 1}))
    plan = optimize(write_question(tmp_path, 'without = ["facilities"]\n'))
    assert set(plan.tables["conversions"]["process"]) == {"melt"}
    assert plan.tables["decisions"].empty


def test_number_of_facilities_when_too_small_for_the_demand_then_the_explanation_says_so(tmp_path: Path) -> None:
    few = [{"limit": "few", "measure": "facilities", "by": "site", "member": "PLANT", "value": 0}]
    tiny_case(tmp_path, **melts({"opening_cost": 9}, {"fixed_cost": 9}), limits=few)
    found = explain(write_question(tmp_path, '[objective]\nshortage = "none"\n'))
    assert any("1 facility above the limit (limits.csv row 2)" in words for words in found.words), found.words


@pytest.mark.parametrize("sites", [{}, {"FAR": {"fixed_cost": 0}}])
def test_least_number_of_facilities_when_there_are_fewer_then_no_plan_meets_it(tmp_path: Path, sites: Any) -> None:
    limits = [{"limit": "many", "measure": "facilities", "by": "country", "member": "USA", "value": 1, "sense": "min"}]
    tiny_case(tmp_path, limits=limits, sites=sites)

    own = answer(write_question(tmp_path))

    assert own.solution.status == "infeasible"
    assert any("limit many: value 0 instead of 1" in words for words in explain(tmp_path / "ask.toml").words)


def test_least_number_of_facilities_when_it_is_none_and_there_are_none_then_the_audit_agrees(tmp_path: Path) -> None:
    limits = [{"limit": "none", "measure": "facilities", "by": "country", "member": "USA", "value": 0, "sense": "min"}]
    tiny_case(tmp_path, limits=limits)
    counted = optimize(write_question(tmp_path)).tables["limits"]
    assert set(counted.loc[counted["limit"] == "none", "counted"]) == {0.0}


def test_site_too_small_for_the_demand_then_the_explanation_says_so(tmp_path: Path) -> None:
    tiny_case(tmp_path, sites={"PLANT": {"capacity": 50, "fixed_cost": 9}})
    found = explain(write_question(tmp_path, '[objective]\nshortage = "none"\n'))
    assert any("t above the capacity (sites.csv row 4)" in words for words in found.words), found.words


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every case with facilities be searched as a large one; return how each solve ended."""
    ended: list[str] = []

    def listening(solve_one: Callable[..., Any]) -> Callable[..., Any]:
        def solved(*given: Any) -> Any:
            outcome = solve_one(*given)
            ended.append("none" if outcome is None else outcome.status)
            return outcome

        return solved

    monkeypatch.setattr(mixed_integer, "LARGE", 1)
    for name in ("relax", "_solve"):
        monkeypatch.setattr(large_search, name, listening(getattr(large_search, name)))
    return ended


@pytest.mark.parametrize(("name", "cost"), [("cap41", 1_040_444.375), ("distribution2", 189_000)])
def test_large_search_when_the_relaxation_is_whole_then_needs_no_search_of_all_flags(
    large: list[str], name: str, cost: float
) -> None:
    own = answer(KNOWN / name / "question.toml")
    assert own.solution.status == "optimal"
    assert own.total("cost") == pytest.approx(cost)
    assert own.solution.level("cost").bound == pytest.approx(cost)
    assert large == ["optimal"] * 2


def test_large_search_when_the_relaxation_is_not_near_enough_then_searches_all_flags_and_finds_the_textbooks_plan(
    large: list[str], tmp_path: Path
) -> None:
    drawn = draw(6, 8, 12, 2)
    question = write(drawn, tmp_path)
    textbook, own = by_textbook(drawn, 0.0, 60.0), answer(question)
    assert own.total("cost") == pytest.approx(textbook.plan, rel=1e-6)
    assert own.solution.level("cost").bound == pytest.approx(textbook.plan, rel=1e-6)
    assert large == ["optimal"] * 3


def test_large_search_when_the_relaxation_is_near_enough_then_ends_there(large: list[str], tmp_path: Path) -> None:
    text = (KNOWN / "cap41" / "question.toml").read_text("utf-8").replace("gap = 0.0", "gap = 0.02")
    path = tmp_path / "ask.toml"
    path.write_text(text.replace('case = "."', f"case = '{KNOWN / 'cap41'}'"), encoding="utf-8")
    plan = optimize(path)
    cost = plan.manifest["objective"]["cost"]
    assert 1_040_444 < cost < 1_040_445 * 1.02
    assert large[:2] == ["optimal"] * 2
    assert len(large) == 2


def test_large_search_when_it_is_stopped_then_keeps_the_plan_it_had(
    large: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve_one = large_search._solve

    def stopped(*given: Any) -> Any:
        outcome = solve_one(*given)
        return outcome if len(large) < 3 else replace(outcome, status="stopped", found=False, objective=-np.inf)

    monkeypatch.setattr(large_search, "_solve", stopped)
    own = answer(write(draw(6, 8, 12, 2), tmp_path))
    level = own.solution.level("cost")
    assert own.solution.status == "stopped"
    assert level.bound < own.total("cost") < 1.1 * level.bound


def test_large_search_when_its_relaxation_takes_too_long_then_finds_a_plan_without_it(
    large: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve_one, left = large_search._solve, list[float]()

    def slow(program: Program, tight: Any, options: SolverOptions) -> Relaxed:
        left.append(options.seconds)
        return relax(program, tight, replace(options, deadline=0.0))

    def searched(program: Program, options: SolverOptions, *given: Any) -> Any:
        left.append(options.seconds)
        return solve_one(program, options, *given)

    monkeypatch.setattr(large_search, "relax", slow)
    monkeypatch.setattr(large_search, "_solve", searched)
    drawn = draw(6, 8, 12, 2)
    plan = optimize(write(drawn, tmp_path), options=RunOptions(time_limit=600.0))
    assert plan.manifest["status"] == "optimal"
    assert plan.manifest["objective"]["cost"] == pytest.approx(by_textbook(drawn, 0.0, 60.0).plan, rel=1e-6)
    assert large == ["optimal"]
    assert left[0] <= 150 < left[1] <= 600


def test_large_search_when_it_leaves_out_a_row_that_matters_then_searches_with_it(
    large: list[str], tmp_path: Path
) -> None:
    depot = {"site": "DEPOT", "kind": "warehouse", "country": "USA", "opening_cost": 1_000}
    lane = {"origin": "DEPOT", "destination": "PLANT", "freight": 1}
    own = ask(
        tmp_path,
        sites=[*TINY["sites"], depot],
        lanes=[*TINY["lanes"], lane],
        stocks=[*TINY["stocks"], {"site": "DEPOT", "material": "oxide", "opening": 50}],
    )
    assert len(when(own, "opened")["DEPOT"]) == 1
    assert paid(own, "opening") == [1_000]
    assert large


def limited(**cells: Any) -> dict[str, Any]:
    return {"limits": [{"limit": "few", "measure": "facilities", "value": 1, **cells}]}


@pytest.mark.parametrize(
    ("changes", "place", "fact"),
    [
        (limited(material="oxide"), "limits.csv row 2, column material", "facilities are counted"),
        (limited(site="PLANT"), "limits.csv row 2, column site", "facilities are counted"),
        (limited(per="year"), "limits.csv row 2, column per", "counted at every time"),
        (limited(by="supplier"), "limits.csv row 2, column by", "a facility has no supplier"),
        (limited(member="PLANT"), "limits.csv row 2, column by", "member is filled in but by is blank"),
        (limited(by="site", sense="min"), "limits.csv row 2, column member", "a least number needs a member"),
        (limited(value=1.5), "limits.csv row 2, column value", "1.5 is no number of facilities"),
        ({"sites": {"PLANT": {"opening_cost": -1}}}, "sites.csv row 4, column opening_cost", "-1 is below 0"),
        ({"sites": {"PLANT": {"capacity": -1}}}, "sites.csv row 4, column capacity", "-1 is below 0"),
    ],
)
def test_facility_that_contradicts_itself_when_read_then_is_refused_with_its_cell(
    tmp_path: Path, changes: dict[str, Any], place: str, fact: str
) -> None:
    tiny_case(tmp_path, **changes)
    with pytest.raises(DataError) as refused:
        optimize(write_question(tmp_path))
    (fault,) = refused.value.faults
    assert (fault.place, fact in fault.fact) == (place, True), fault


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sites": {"FAR": {"fixed_cost": 1}}, "capacity": {"B": None}}, "SCREEN-370"),
        ({"sites": {"PLANT": {"fixed_cost": 1}}, "capacity": {"A": None, "B": None}}, "SCREEN-370"),
    ],
)
def test_facility_of_what_is_sold_without_end_when_checked_then_is_refused(
    tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    tiny_case(tmp_path, stocks={0: {"disposal_cost": -10}}, **changes)
    (fault,) = check(write_question(tmp_path)).faults
    assert (fault.code, "or a disposal_maximum where goods are sold" in fault.repair) == (code, True)
    with pytest.raises(QuestionError, match="nothing says how much could arrive, leave or run there at most"):
        optimize(tmp_path / "ask.toml")


@pytest.mark.parametrize(
    ("changes", "severity", "code"),
    [
        ({**limited(sense="min", value=2), "sites": {"PLANT": {"fixed_cost": 1}}}, "error", "SCREEN-371"),
        (limited(by="country", member="USA"), "warning", "SCREEN-372"),
        ({"sites": {"FAR": {"capacity": 9}}}, "warning", "SCREEN-373"),
    ],
)
def test_limit_or_capacity_that_says_nothing_when_screened_then_is_said(
    tmp_path: Path, changes: dict[str, Any], severity: str, code: str
) -> None:
    tiny_case(tmp_path, **changes)
    found = check(write_question(tmp_path))
    codes = [("error", fault.code) for fault in found.faults]
    codes += [(finding.severity, finding.code) for finding in found.findings if finding.code != NO_MAXIMUM]
    assert codes == [(severity, code)]


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("value", 0.5, "which is no whole number"),
        ("key", "site|NEAR", "leave nothing of that kind to be decided"),
        ("words", "All is well", "the plan says words 'All is well'"),
    ],
)
def test_audit_of_an_opening_that_is_wrong_says_so(tmp_path: Path, column: str, value: Any, found: str) -> None:
    own = ask(tmp_path, **melts({"opening_cost": 9}, {"capacity": 0}))
    own.plan.tables["decisions"].loc[0, column] = value
    assert any(found in finding for finding in verdict_on(own.plan).findings)
