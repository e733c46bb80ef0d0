"""Screens: what they find is true, and what has a plan they let pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import SCRAP, tiny_case, write_question
from cases.random_cases import seeded_cases, write_case
from twin.solving import solve_twin

from sourcing import families
from sourcing.answer.setting import ask
from sourcing.errors import FaultyInput
from sourcing.question import apply, load_question
from sourcing.tables import Finding, read_case, screen
from sourcing.tables.screens import CODES
from sourcing.tables.screens.capacity import capacity

MUST = "[objective]\nshortage = 'none'\n"
METAL = {"processes": [{"process": "M", "site": "PLANT", "capacity": 100, "days": 10}]}
RECIPES = [
    {"process": "M", "material": "oxide", "quantity": -1.25},
    {"process": "M", "material": "metal", "quantity": 1},
]
NEEDS_METAL = [{"site": "PLANT", "material": "metal", "period": "2027", "quantity": 50}]
SHARE = {"limit": "one-country", "measure": "share", "by": "country"}


def found(tmp_path: Path, text: str = "", **changes: Any) -> list[Finding]:
    case = read_case(tiny_case(tmp_path, **changes))
    question = load_question(write_question(tmp_path, text))
    return screen(apply(question, case), question)


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.severity, finding.code) for finding in findings]


def test_a_sound_case_passes_without_a_word(tmp_path: Path) -> None:
    assert found(tmp_path) == found(tmp_path, MUST) == []


def test_demand_nothing_reaches_is_an_error_only_where_it_must_be_met(tmp_path: Path) -> None:
    (warning,) = found(tmp_path, lanes=None)
    (error,) = found(tmp_path, MUST, lanes=None)
    assert codes([warning, error]) == [("warning", "SCREEN-301"), ("error", "SCREEN-301")]
    assert str(error) == (
        "demand.csv row 2: nothing can bring Dy oxide to Our plant, where 220 t are asked for and 20 t are in stock; "
        "add an offer delivered there, a lane from a site that sells it, or a process that makes it"
    )
    assert "a likely cause of shortage" in warning.fact


@pytest.mark.parametrize(
    "changes",
    [
        {"lanes": None, "stocks": {0: {"opening": 220}}},
        {"lanes": None, "destination": {"B": "PLANT"}},
        {"lanes": [{"origin": "FAR", "destination": "PLANT", "material": "oxide"}]},
        {
            "lanes": None,
            "open_orders": [
                {"order": "P", "site": "PLANT", "material": "oxide", "arrives": "2027-01-01", "quantity": 200}
            ],
        },
        {"offers": {"A": {"site": "PLANT", "capacity": ""}}, "lanes": None},
    ],
    ids=["stock", "delivered", "lane", "open order", "own site"],
)
def test_demand_that_something_reaches_passes(tmp_path: Path, changes: dict[str, Any]) -> None:
    if "open_orders" in changes:
        assert found(tmp_path, MUST, **changes, offers={"A": {"destination": "PLANT"}}) == []
        return
    assert not [finding for finding in found(tmp_path, MUST, **changes) if finding.code == "SCREEN-301"]


def test_a_lane_for_another_material_does_not_reach(tmp_path: Path) -> None:
    lanes = [{"origin": "FAR", "destination": "PLANT", "material": "metal"}]
    assert codes(found(tmp_path, MUST, lanes=lanes)) == [("error", "SCREEN-301")]


def test_an_offer_without_capacity_does_not_reach(tmp_path: Path) -> None:
    assert ("error", "SCREEN-301") in codes(found(tmp_path, MUST, capacity={"A": 0, "B": 0}))
    ramps = [{"offer": "B", "from": "2029-01-01", "capacity": 900}]
    assert ("error", "SCREEN-301") in codes(found(tmp_path, MUST, capacity={"A": 0, "B": ""}, ramps=ramps))


def test_what_comes_after_the_horizon_is_told_from_what_never_comes(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, MUST, lead_days={"A": 900, "B": 900})
    assert finding.code == "SCREEN-301"
    assert "the first Dy oxide can come to Our plant on 2029-07-19, after the horizon" in finding.fact


def test_processes_reach_where_their_inputs_do(tmp_path: Path) -> None:
    passes = found(tmp_path, MUST, **METAL, recipes=RECIPES, demand=NEEDS_METAL)
    assert "SCREEN-301" not in [finding.code for finding in passes]
    (finding,) = found(tmp_path, MUST, **METAL, recipes=RECIPES, demand=NEEDS_METAL, lanes=None, stocks=None)
    assert (finding.code, "Dy metal" in finding.fact) == ("SCREEN-301", True)


def test_goods_are_reached_over_a_warehouse_whether_it_keeps_stock_or_not(tmp_path: Path) -> None:
    sites = [
        {"site": "FAR", "country": "CHN"},
        {"site": "NEAR", "country": "AUS"},
        {"site": "HUB", "country": "NLD", "kind": "warehouse"},
        {"site": "PLANT", "country": "USA"},
    ]
    lanes = [{"origin": "FAR", "destination": "HUB"}, {"origin": "HUB", "destination": "PLANT"}]
    hub = [{"site": "HUB", "material": "oxide"}]
    assert found(tmp_path, MUST, sites=sites, lanes=lanes, stocks=hub) == []
    assert found(tmp_path, MUST, sites=sites, lanes=lanes, stocks=None) == []
    assert codes(found(tmp_path, MUST, sites=sites, lanes=lanes[:1], stocks=None)) == [("error", "SCREEN-301")]


def test_less_capacity_than_demand_is_found_by_material(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, MUST, capacity={"B": 30})
    assert codes([finding]) == [("error", "SCREEN-302")]
    assert finding.fact == "at most 200 t of Dy oxide can be had over the horizon, and 220 t are asked for"
    assert found(tmp_path, MUST, capacity={"B": 41}) == []
    assert found(tmp_path, MUST, capacity={"B": ""}) == []


def test_capacity_after_an_offer_ends_does_not_count(tmp_path: Path) -> None:
    assert "SCREEN-302" in [f.code for f in found(tmp_path, end={"B": "2027-03-01"}, capacity={"A": 60, "B": 300})]
    assert "SCREEN-302" in [f.code for f in found(tmp_path, start={"B": "2028-12-01"}, capacity={"A": 60, "B": 300})]


def test_processes_add_to_a_material_what_their_inputs_allow(tmp_path: Path) -> None:
    demand = [{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 190}]
    assert found(tmp_path, MUST, **METAL, recipes=RECIPES, demand=demand) == []
    over = [{**demand[0], "quantity": 300}]
    assert codes(found(tmp_path, MUST, **METAL, recipes=RECIPES, demand=over)) == [("error", "SCREEN-302")]
    starved = found(tmp_path, MUST, **METAL, recipes=RECIPES, demand=demand, capacity={"A": 60, "B": 0})
    assert ("error", "SCREEN-302") in codes(starved)


def test_processes_of_a_line_make_no_more_than_it_takes(tmp_path: Path) -> None:
    line = {**METAL, "processes": [{"process": name, "site": "PLANT", "line": "L"} for name in ("M", "N")]}
    line["recipes"] = [*RECIPES, *({**row, "process": "N", "quantity": row["quantity"] / 2} for row in RECIPES)]
    demand = [{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 190}]
    assert found(tmp_path, MUST, **line, demand=demand, lines=[{"line": "L", "capacity": 95}]) == []
    (finding,) = found(tmp_path, MUST, **line, demand=demand, lines=[{"line": "L", "capacity": 94}])
    assert codes([finding]) == [("error", "SCREEN-302")]
    assert "at most 188 t of Dy metal" in finding.fact


def test_process_on_a_line_that_is_shut_reaches_nothing_until_it_opens(tmp_path: Path) -> None:
    line = {**METAL, "recipes": RECIPES, "processes": [{"process": "M", "site": "PLANT", "line": "L"}]}
    ramps = [{"line": "L", "from": "2028-06-01", "capacity": 9000}]
    demand = [{"site": "PLANT", "material": "metal", "period": "2028-Q1", "quantity": 5}]
    late = found(tmp_path, MUST, **line, demand=demand, lines=[{"line": "L"}], ramps=ramps)
    assert codes(late) == [("error", "SCREEN-303")]
    shut = found(tmp_path, MUST, **line, demand=demand, lines=[{"line": "L", "capacity": 0}])
    assert ("error", "SCREEN-301") in codes(shut)


def test_line_that_no_process_names_is_said_to_be_idle(tmp_path: Path) -> None:
    lines = [{"line": "L", "capacity": 5}]
    (finding,) = found(tmp_path, lines=lines)
    assert codes([finding]) == [("warning", "SCREEN-310")]
    assert str(finding).startswith("lines.csv row 2: no process runs on line L; write the line into processes.csv")
    assert found(tmp_path, 'without = ["conversion"]\n', lines=lines) == []


def test_a_loop_of_processes_without_capacity_is_given_the_benefit_of_the_doubt(tmp_path: Path) -> None:
    loop = [
        *RECIPES,
        {"process": "R", "material": "metal", "quantity": -1},
        {"process": "R", "material": "oxide", "quantity": 0.5},
    ]
    processes = [{"process": "M", "site": "PLANT"}, {"process": "R", "site": "PLANT"}]
    demand = [{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 5000}]
    findings = found(tmp_path, MUST, processes=processes, recipes=loop, demand=demand)
    assert findings == []
    processes = [{**process, "capacity": 1000} for process in processes]
    findings = found(tmp_path, MUST, processes=processes, recipes=loop, demand=demand)
    assert codes(findings) == [("error", "SCREEN-302")]


@pytest.mark.parametrize(("opening", "is_late"), [(24, True), (25, False), (26, False)])
def test_demand_in_periods_before_the_first_delivery_has_to_come_from_stock(
    tmp_path: Path, opening: float, is_late: bool
) -> None:
    demand = [{"site": "PLANT", "material": "oxide", "period": "2027-Q1", "quantity": 25}]
    findings = found(tmp_path, MUST, demand=demand, lead_days={"A": 65, "B": 65}, stocks={0: {"opening": opening}})
    assert codes(findings) == ([("error", "SCREEN-303")] if is_late else [])
    if is_late:
        assert (
            "25 t of Dy oxide are due at Our plant before the first delivery can arrive on 2027-04-06"
            in findings[0].fact
        )


def test_within_a_period_what_arrives_late_may_serve_early_demand(tmp_path: Path) -> None:
    demand = [{"site": "PLANT", "material": "oxide", "period": "2027-01", "quantity": 25}]
    assert found(tmp_path, MUST, demand=demand, lead_days={"A": 50}, stocks=None) == []


def test_a_licence_delays_the_first_delivery_unless_it_is_left_out(tmp_path: Path) -> None:
    demand = [{"site": "PLANT", "material": "oxide", "period": "2027-Q1", "quantity": 25}]
    licences = [{"country": country, "lag_days": 80} for country in ("CHN", "AUS")]
    assert codes(found(tmp_path, MUST, demand=demand, licences=licences)) == [("error", "SCREEN-303")]
    assert found(tmp_path, f"without = ['lead_time']\n{MUST}", demand=demand, licences=licences) == []
    short = [{**licence, "until": "2026-12-31"} for licence in licences]
    assert found(tmp_path, MUST, demand=demand, licences=short) == []


def test_a_share_limit_with_too_few_sources_is_found(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, limits=[{**SHARE, "value": 0.4}])
    assert codes([finding]) == [("warning", "SCREEN-304")]
    assert finding.place == "limits.csv row 2, column value"
    assert finding.fact == (
        "one-country allows 0.4 for each country, which takes at least 3 sources, and there are 2: "
        "so nothing it counts may be bought"
    )


def test_a_limit_on_concentration_with_too_few_sources_is_found(tmp_path: Path) -> None:
    limits = [{"limit": "mix", "measure": "hhi", "by": "country", "value": 0.4}]
    (finding,) = found(tmp_path, MUST, limits=limits)
    assert codes([finding]) == [("error", "SCREEN-304")]
    assert finding.fact == (
        "mix allows an HHI of 0.4 by country, which takes at least 3 sources, and there are 2: "
        "so nothing it counts may be bought"
    )
    assert found(tmp_path, f"without = ['hhi']\n{MUST}", limits=limits) == []
    assert found(tmp_path, MUST, limits=[{**limits[0], "value": 0.5}]) == []


@pytest.mark.parametrize("value", [0.5, 0.6, 1])
def test_a_share_limit_with_enough_sources_passes(tmp_path: Path, value: float) -> None:
    assert found(tmp_path, MUST, limits=[{**SHARE, "value": value}]) == []


def test_three_thirds_are_enough(tmp_path: Path) -> None:
    offers = [
        {"offer": name, "supplier": name, "site": "FAR", "material": "oxide", "price": 1, "made_in": country}
        for name, country in (("A", "CHN"), ("B", "AUS"), ("C", "CAN"))
    ]
    assert found(tmp_path, offers=offers, limits=[{**SHARE, "value": 0.333333}], demand={0: {"quantity": 1}})
    assert found(tmp_path, offers=offers, limits=[{**SHARE, "value": 1 / 3}]) == []


def test_a_share_limit_is_an_error_only_where_something_has_to_be_bought(tmp_path: Path) -> None:
    tight = [{**SHARE, "value": 0.4}]
    assert codes(found(tmp_path, MUST, limits=tight)) == [("error", "SCREEN-304")]
    assert codes(found(tmp_path, MUST, limits=tight, stocks={0: {"opening": 500}})) == [("warning", "SCREEN-304")]
    later = [{**SHARE, "value": 0.4, "from": "2028-01-01"}]
    assert codes(found(tmp_path, MUST, limits=later)) == [("warning", "SCREEN-304")]
    never = [{**SHARE, "value": 0.4, "from": "2035-01-01"}]
    assert found(tmp_path, MUST, limits=never) == []
    assert found(tmp_path, f"without = ['shares']\n{MUST}", limits=tight) == []


def test_a_limit_on_a_bloc_outside_which_there_is_nothing_is_found(tmp_path: Path) -> None:
    groups = [{"group": "all", "member": country} for country in ("CHN", "AUS")]
    limits = [{**SHARE, "member": "all", "value": 0.9}]
    assert codes(found(tmp_path, limits=limits, groups=groups)) == [("warning", "SCREEN-304")]
    assert found(tmp_path, limits=limits, groups=groups[:1]) == []


IRON = {"limit": "pure", "measure": "grade", "material": "metal", "property": "iron"}


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"value": 0.9}, "pure asks for at most 0.9 iron, and the best that Our plant can take in has 1"),
        ({"value": 6, "sense": "min"}, "pure asks for at least 6 iron, and the best that Our plant can take in has 5"),
    ],
)
def test_a_grade_that_nothing_taken_in_can_reach_is_found(tmp_path: Path, cells: dict[str, Any], says: str) -> None:
    (finding,) = found(tmp_path, **SCRAP | {"limits": [{**IRON, **cells}]})
    assert codes([finding]) == [("warning", "SCREEN-312")]
    assert finding.fact == f"{says}: nothing may be blended there"
    assert found(tmp_path, "without = ['grade']\n", **SCRAP | {"limits": [{**IRON, **cells}]}) == []


@pytest.mark.parametrize("cells", [{"value": 1}, {"value": 5, "sense": "min"}, {"value": 0.1, "from": "2035-01-01"}])
def test_a_grade_that_something_reaches_or_that_never_holds_passes(tmp_path: Path, cells: dict[str, Any]) -> None:
    assert found(tmp_path, **SCRAP | {"limits": [{**IRON, **cells}]}) == []


def test_a_grade_of_nothing_that_is_taken_in_is_found(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, **SCRAP | {"limits": [{**IRON, "material": "oxide", "value": 2}]})
    assert codes([finding]) == [("warning", "SCREEN-311")]
    assert finding.place == "limits.csv row 2"
    assert finding.fact == "pure averages nothing: no process that it is about takes in anything with iron"


def test_an_input_that_a_grade_leaves_out_is_noted(tmp_path: Path) -> None:
    case = SCRAP | {"limits": [{**IRON, "value": 2}], "properties": SCRAP["properties"][:1]}
    (finding,) = found(tmp_path, **case)
    assert codes([finding]) == [("note", "SCREEN-313")]
    assert finding.fact == "pure leaves scrap out of the average: properties.csv has no row for its iron"


CO2 = {"limit": "co2", "measure": "carbon", "value": 900}


def test_carbon_that_is_nowhere_filled_in_is_found(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, limits=[CO2])
    assert codes([finding]) == [("warning", "SCREEN-321")]
    assert finding.fact == "co2 counts nothing: carbon is nowhere filled in"
    assert finding.repair == "fill in carbon in offers.csv or lanes.csv or processes.csv"
    assert found(tmp_path, "without = ['carbon']\n", limits=[CO2]) == []
    assert found(tmp_path, limits=[{**CO2, "from": "2035-01-01"}]) == []


def test_an_offer_that_a_limit_on_carbon_counts_as_0_is_noted(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, limits=[CO2], carbon={"B": 20})
    assert codes([finding]) == [("note", "SCREEN-322")]
    assert finding.fact == "co2 counts 1 offer as 0, where carbon is blank: A"
    assert found(tmp_path, limits=[CO2], carbon={"A": 0, "B": 20}) == []
    assert found(tmp_path, limits=[{**CO2, "material": "metal"}], carbon={"B": 20}) == []


def test_open_orders_outside_the_horizon_are_found(tmp_path: Path) -> None:
    orders = [
        {"order": code, "site": "PLANT", "material": "oxide", "arrives": day, "quantity": 1}
        for code, day in (("early", "2026-12-31"), ("first", "2027-01-01"), ("late", "2029-01-01"))
    ]
    findings = found(tmp_path, open_orders=orders)
    assert [(f.severity, f.code, f.place) for f in findings] == [
        ("error", "SCREEN-305", "open_orders.csv row 2, column arrives"),
        ("warning", "SCREEN-306", "open_orders.csv row 4, column arrives"),
    ]


def test_demand_outside_the_horizon_is_one_warning(tmp_path: Path) -> None:
    demand = [
        {"site": "PLANT", "material": "oxide", "period": period, "quantity": 5}
        for period in ("2026", "2027", "2029-01")
    ]
    (finding,) = found(tmp_path, MUST, demand=demand)
    assert codes([finding]) == [("warning", "SCREEN-307")]
    assert finding.fact == (
        "2 rows of demand lie wholly outside the horizon (2027-01-01 to 2028-12-31) and are not used"
    )


@pytest.mark.parametrize("column", ["safety", "closing"])
def test_stock_asked_for_above_the_maximum_is_an_error(tmp_path: Path, column: str) -> None:
    (finding,) = found(tmp_path, stocks={0: {column: 30, "maximum": 25}})
    assert codes([finding]) == [("error", "SCREEN-308")]
    assert finding.fact == f"{column} stock of 30 t is above the maximum of 25 t"


def test_cover_above_the_maximum_is_a_warning_where_something_can_have_come(tmp_path: Path) -> None:
    stocks = {0: {"cover_days": 61, "maximum": 19}}  # 120 t in the 366 days of 2028
    (finding,) = found(tmp_path, stocks=stocks)
    assert codes([finding]) == [("warning", "SCREEN-308")]
    assert finding.fact == "cover of 61 days is 20 t on 2028-12-31, above the maximum of 19 t"
    assert found(tmp_path, stocks={0: {"cover_days": 61, "maximum": 20.5}}) == []
    late = {"A": {"start": "2028-11-15"}, "B": {"start": "2028-11-15"}}
    assert "SCREEN-308" not in {each.code for each in found(tmp_path, stocks=stocks, offers=late)}
    tiny_case(tmp_path, stocks=stocks)
    assert ask(write_question(tmp_path, 'without = ["cover"]\n')).findings == []


def test_a_lot_of_what_is_sold_without_end_is_an_error(tmp_path: Path) -> None:
    tiny_case(tmp_path, stocks={0: {"disposal_cost": -10}}, min_lot={"B": 5}, capacity={"B": None})
    (finding,) = ask(write_question(tmp_path)).findings
    assert codes([finding]) == [("error", "SCREEN-314")]
    assert finding.place == "offers.csv row 3"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"qualifications": [{"offer": "B", "days": 1}]}, "SCREEN-315"),
        ({"tiers": [{"offer": "B", "above": 10, "price": 1, "kind": "all_units"}]}, "SCREEN-330"),
    ],
)
def test_a_decision_about_what_is_sold_without_end_is_an_error(
    tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    tiny_case(tmp_path, stocks={0: {"disposal_cost": -10}}, capacity={"B": None}, **changes)
    assert codes(ask(write_question(tmp_path)).findings) == [("error", code)]


def test_an_approval_after_the_horizon_is_a_warning(tmp_path: Path) -> None:
    tiny_case(tmp_path, qualifications=[{"offer": "B", "days": 900}])
    assert ("warning", "SCREEN-316") in codes(ask(write_question(tmp_path)).findings)


def test_a_hard_minimum_beyond_what_the_offer_can_give_is_an_error(tmp_path: Path) -> None:
    deal = {"contract": "deal", "offer": "B", "price": 1, "signed": "yes", "minimum": 90}
    tiny_case(tmp_path, contracts=[deal], capacity={"B": 40})
    (finding,) = [each for each in ask(write_question(tmp_path)).findings if each.place.startswith("contracts")]
    assert codes([finding]) == [("error", "SCREEN-340")]
    assert finding.place == "contracts.csv row 2, column minimum"


def test_every_code_of_a_finding_is_triggered_in_a_test() -> None:
    text = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    every = CODES | {code: what for code, what in families.codes().items() if code.startswith("SCREEN")}
    assert [code for code in every if f'"{code}"' not in text] == []


def test_capacity_is_never_less_than_what_the_ramp_gives() -> None:
    steps = [(100.0, 10.0, False), (200.0, 50.0, True)]
    ramp = capacity(float("nan"), steps, float("-inf"), float("inf"))
    assert ramp.first(1000) == 100
    assert ramp.most(100) == 0
    assert ramp.most(200) == pytest.approx(50 * 100 / 365)
    assert capacity(float("nan"), [], 0, 50).most(365) == float("inf")
    assert capacity(365, [], 10, 50).most(365) == pytest.approx(40)


def test_no_case_that_has_a_plan_is_refused(tmp_path: Path) -> None:
    met = 0
    for number, drawn in enumerate(seeded_cases(20, seed=11)):
        drawn.question["objective"] = {"shortage": "none", "minimize": ["cost"]}
        path = write_case(tmp_path / str(number), drawn)
        try:
            question = load_question(path)
            case = apply(question, read_case(path.parent))
        except FaultyInput:
            continue
        if solve_twin(path.parent, path).status == "optimal":
            met += 1
            assert [str(finding) for finding in screen(case, question) if finding.severity == "error"] == []
    assert met > 5


def test_a_by_product_without_a_way_out_is_said_to_block_its_process(tmp_path: Path) -> None:
    recipes = [*RECIPES, {"process": "M", "material": "slag", "quantity": 0.2}]
    materials = [{"material": name} for name in ("oxide", "metal", "slag")]
    asked = {**METAL, "recipes": recipes, "materials": materials, "demand": NEEDS_METAL}
    [finding] = [each for each in found(tmp_path, **asked) if each.code == "SCREEN-309"]
    assert finding.fact == "M cannot run: nothing uses the slag it makes at Our plant, and it cannot leave"
    disposed = [{"site": "PLANT", "material": "slag", "disposal_cost": 5}]
    assert "SCREEN-309" not in [each.code for each in found(tmp_path, **asked, stocks=disposed)]
