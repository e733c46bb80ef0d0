"""Rows of tables that match nothing, or mean something else than they seem to: what ``check`` says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import TINY, findings, tiny_case, write_question

from sourcing.answer.setting import ask
from sourcing.run import optimize

REGRESSIONS = Path(__file__).parent / "regressions"
DUTY = {"importer": "USA", "origin": "CHN", "tariff_code": "2846", "rate": 0.25}
LICENCE = {"country": "CHN", "material": "oxide", "destination": "USA", "lag_days": 30}
LIMIT = {"limit": "cap", "measure": "tonnes", "by": "country", "member": "CHN", "value": 500}
PORT = {"site": "PORT", "kind": "port", "country": "NLD"}


def said(tmp_path: Path, code: str, **changes: Any) -> list[str]:
    tiny_case(tmp_path, **changes)
    return [str(finding) for finding in ask(write_question(tmp_path)).findings if finding.code == code]


@pytest.mark.parametrize(
    ("table", "row", "words"),
    [
        ("tariffs", {**DUTY, "importer": "DEU"}, "no goods under 2846 made in CHN can enter DEU"),
        ("tariffs", {**DUTY, "tariff_code": "2846.90"}, "no goods under 2846.90 made in CHN can enter USA"),
        ("tariffs", {**DUTY, "until": "2026-06-01"}, "this duty is never charged"),
        ("licences", {**LICENCE, "material": "metal"}, "no Dy metal can leave CHN for USA"),
        ("licences", {**LICENCE, "country": "AUS", "destination": "DEU"}, "nothing waits for this licence"),
        ("licences", {**LICENCE, "from": "2029-01-01"}, "in the horizon"),
        ("limits", {**LIMIT, "member": "USA"}, "cap counts nothing: no goods of USA that it looks at"),
        ("limits", {**LIMIT, "material": "metal"}, "cap counts nothing"),
        ("limits", {**LIMIT, "from": "2029-01-01"}, "can arrive in its time"),
        ("limits", {**LIMIT, "measure": "suppliers", "by": "supplier", "member": "", "material": "metal", "value": 2},
         "cap counts nothing"),
        ("ramps", {"offer": "A", "from": "2029-06-01", "capacity": 9}, "the step of A on 2029-06-01 comes after"),
    ],
)  # fmt: skip
def test_row_when_it_matches_nothing_then_is_said(tmp_path: Path, table: str, row: dict[str, Any], words: str) -> None:
    (finding,) = said(tmp_path, "SCREEN-380", **{table: [row]})
    assert finding.startswith(f"{table}.csv row 2: ")
    assert words in finding


def test_lane_or_stock_when_nothing_comes_there_then_is_said_once_for_the_table(tmp_path: Path) -> None:
    idle = [
        {"origin": "PLANT", "destination": "PORT", "mode": "sea"},
        {"origin": "NEAR", "destination": "PLANT", "material": "metal", "mode": "air"},
    ]
    stock = {"site": "PORT", "material": "metal", "opening": 0}
    lanes, stocks = said(
        tmp_path,
        "SCREEN-380",
        sites=[*TINY["sites"], PORT],
        lanes=[*TINY["lanes"], *idle],
        stocks=[*TINY["stocks"], stock],
    )
    assert lanes.startswith("lanes.csv row 4: the lane from PLANT to PORT matches nothing that is sold, made, held or")
    assert "(the same of row 5)" in lanes
    assert stocks.startswith("stocks.csv row 3: nothing can bring Dy metal to PORT, and none is there")


def test_rows_when_each_matches_something_then_nothing_is_said(tmp_path: Path) -> None:
    ramp = {"offer": "A", "from": "2027-06-01", "capacity": 9}
    changes = {"tariffs": [DUTY], "licences": [LICENCE], "limits": [LIMIT], "ramps": [ramp]}
    assert said(tmp_path, "SCREEN-380", **changes) == []
    nothing = {"tariffs": [{**DUTY, "importer": "DEU", "rate": 0}]}  # a rate of 0 says what is so anyway
    assert said(tmp_path, "SCREEN-380", **nothing) == []


def test_demand_when_periods_share_days_then_both_count_and_it_is_said() -> None:
    finding, *_ = findings(REGRESSIONS / "B22-demand-overlap" / "question.toml")
    assert (finding.code, finding.place) == ("SCREEN-381", "demand.csv row 3, column period")
    assert "asked for in 2027 (100 t) and in 2027-Q1 (50 t)" in finding.fact
    assert "150 t in all" in finding.fact


def test_demand_when_periods_only_touch_then_nothing_is_said(tmp_path: Path) -> None:
    rows = [{**TINY["demand"][0], "period": period} for period in ("2027-Q1", "2027-04", "2027-05", "2028")]
    assert said(tmp_path, "SCREEN-381", demand=rows) == []
    shared = [{**TINY["demand"][0], "period": period} for period in ("2027", "2027-02", "2027-02-03", "2028-02-03")]
    (finding,) = said(tmp_path, "SCREEN-381", demand=shared)
    assert "(and 1 more)" in finding


def test_process_when_it_makes_more_of_an_element_than_it_takes_then_is_said() -> None:
    finding, *_ = findings(REGRESSIONS / "B24-element-gain" / "question.toml")
    assert finding.code == "SCREEN-382"
    assert finding.fact == "p1 makes 1 t of Nd out of 0.857 t, for each tonne of activity"


@pytest.mark.parametrize(("taken", "found"), [(1.1, 1), (1.148, 0), (1.15, 0)])
def test_process_when_rounded_figures_explain_the_gain_then_nothing_is_said(
    tmp_path: Path, taken: float, found: int
) -> None:
    recipe = [
        {"process": "melt", "material": "oxide", "quantity": -taken},
        {"process": "melt", "material": "metal", "quantity": 1},
    ]
    contents = [
        {"material": "oxide", "element": "Dy", "share": 0.8713},
        {"material": "metal", "element": "Dy", "share": 1},
    ]
    changes = {"processes": [{"process": "melt", "site": "PLANT"}], "recipes": recipe}
    assert len(said(tmp_path, "SCREEN-382", **changes, contents=contents)) == found
    assert said(tmp_path, "SCREEN-382", **changes, contents=contents[1:]) == []  # nothing is known of the oxide


def test_duty_when_a_way_round_by_an_own_plant_is_there_then_nobody_takes_it() -> None:
    question = REGRESSIONS / "D1-duty-evaded-via-EU" / "question.toml"
    assert findings(question) == []
    plan = optimize(question)
    assert plan.manifest["objective"]["cost"] == pytest.approx(100 * 15 + 11)  # all from Australia but what the EU uses
    assert plan.tables["shipments"].empty


def test_origin_when_passed_on_twice_or_licensed_or_limited_at_a_site_then_is_said(tmp_path: Path) -> None:
    sites = [*TINY["sites"], PORT, {"site": "DEPOT", "kind": "warehouse", "country": "CAN"}]
    hops = [("FAR", "PORT"), ("PORT", "DEPOT"), ("DEPOT", "PLANT")]
    lanes = [{"origin": start, "destination": end, "mode": "sea"} for start, end in hops]
    changes = {"sites": sites, "lanes": lanes, "limits": [{**LIMIT, "site": "PLANT"}]}
    (limit,) = said(tmp_path, "SCREEN-383", **changes, tariffs=[DUTY])
    assert limit.startswith(
        "limits.csv row 2, column site: cap counts what is bought to PLANT, not what is sent on to it"
    )
    licence, _ = said(tmp_path, "SCREEN-383", **changes, licences=[LICENCE])
    assert licence.startswith(
        "lanes.csv row 4: Dy oxide made in CHN and sent on from DEPOT to PLANT counts as goods of CAN"
    )
    assert "they wait 0 days for licences instead of 30" in licence


def test_offer_or_contract_when_it_ended_before_the_horizon_then_is_said(tmp_path: Path) -> None:
    offers = [TINY["offers"][0], {**TINY["offers"][1], "end": "2026-12-01"}]
    deal = {"contract": "K", "offer": "A", "price": 9, "minimum": 5, "signed": "yes", "until": "2027-01-01"}
    offer, contract = said(tmp_path, "SCREEN-380", offers=offers, contracts=[deal])
    assert offer.startswith("offers.csv row 3: the offer B ended on 2026-12-01, before the horizon")
    assert contract.startswith("contracts.csv row 2: the contract K has no day in the horizon")
    goes_on = {"offers": [TINY["offers"][0], {**TINY["offers"][1], "end": "2027-01-02"}]}
    assert said(tmp_path, "SCREEN-380", **goes_on, contracts=[{**deal, "until": "2027-01-02"}]) == []
