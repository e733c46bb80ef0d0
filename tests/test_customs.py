"""Customs: own shipments owe duty by where their goods were made, whichever way they take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from builders import findings, write_question, write_tables
from cases.by_a_plant import AUSTRALIAN, CHINESE, MATERIALS, SITES, lane
from cases.chain import Answer, answer

from sourcing.answer.audit import verdict_on
from sourcing.testing.points import disagreements

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Ask = Callable[..., Answer]
    Row = dict[str, Any]

HORIZON = 'horizon = { start = "2027-01", periods = 4, length = "quarter", tail = 0 }\n'
DUTY: Row = {"importer": "USA", "origin": "CHN", "tariff_code": "2846", "rate": 1.0}


ROUND: dict[str, list[Row]] = {
    "sites": SITES,
    "materials": MATERIALS,
    "offers": [CHINESE, {**AUSTRALIAN, "capacity": 40}],
    "lanes": [lane("A", "EU"), lane("B", "EU"), lane("EU", "US")],
    "stocks": [{"site": "EU", "material": "ox", "opening": 0}],
    "demand": [{"site": "US", "material": "ox", "period": "2027", "quantity": 100}],
    "tariffs": [{**DUTY, "tariff_code": "2846.90"}],
}
"""A plant in Germany by which all goods come to one in America: 40 t at most from Australia, which owe no duty."""
STORE = {"site": "W", "country": "NLD", "kind": "warehouse"}


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return a function that plans the way round: algebra and check agree, and the audit is clean."""

    def solved(**changes: list[Row]) -> Answer:
        tables = {name: rows for name, rows in {**ROUND, **changes}.items() if rows}
        write_tables(tmp_path / "round", tables)
        own = answer(write_question(tmp_path, HORIZON, case="round"))
        assert own.solution.status == "optimal"
        assert disagreements(own.facts, own.formulation, 1) == []
        assert own.verdict.findings == []
        return own

    return solved


def paid(own: Answer) -> float:
    """Return the duty of a plan, which its shipments, its purchases and its table of cost say alike."""
    tables, head = own.plan.tables, own.plan.tables["cost"].query("head == 'duty'")["amount"].sum()
    assert head == pytest.approx(tables["shipments"]["duty"].sum() + tables["purchases"]["duty"].sum())
    return float(head)


def by_origin(own: Answer, figure: str = "duty") -> dict[str, float]:
    rows = own.plan.tables["customs"]
    return {str(made): float(total) for made, total in rows.groupby("made_in")[figure].sum().items()}


def test_duty_when_goods_come_by_an_own_plant_then_is_due_by_where_they_were_made(ask: Ask) -> None:
    own = ask()
    assert by_origin(own, "tonnes") == pytest.approx({"AUS": 40, "CHN": 60})
    assert by_origin(own) == pytest.approx({"AUS": 0, "CHN": 60 * (14 + 1)})  # worth what the dearest offer asks
    assert paid(own) == pytest.approx(900)
    assert set(own.plan.tables["customs"]["value"]) == {14}


@pytest.mark.parametrize("country", ["CAN", "AUS", "CHN"])
def test_duty_when_the_plant_is_elsewhere_then_is_the_same(ask: Ask, country: str) -> None:
    sites = [{**row, "country": country} if row["site"] == "EU" else row for row in ROUND["sites"]]
    assert paid(ask(sites=sites)) == pytest.approx(900)


def test_duty_when_goods_go_by_two_own_sites_then_is_due_at_the_last_border(ask: Ask) -> None:
    lanes = [lane("A", "EU"), lane("B", "EU"), lane("EU", "W"), lane("W", "US")]
    own = ask(sites=[*ROUND["sites"], STORE], lanes=lanes)
    assert paid(own) == pytest.approx(900)
    assert set(own.plan.tables["customs"]["origin"]) == {"W"}


def test_duty_when_a_group_levies_it_then_is_due_where_goods_enter_it(ask: Ask) -> None:
    groups = [{"group": "UNION", "member": country} for country in ("DEU", "NLD")]
    sites = [*ROUND["sites"], STORE, {"site": "C", "country": "CAN", "kind": "warehouse"}]
    tariffs = [{**ROUND["tariffs"][0], "importer": "UNION"}]
    demand = [{**ROUND["demand"][0], "site": "W"}]
    inside = ask(sites=sites, groups=groups, tariffs=tariffs, demand=demand, lanes=[*ROUND["lanes"], lane("EU", "W")])
    assert inside.plan.tables["shipments"]["duty"].sum() == 0
    assert inside.plan.tables["purchases"]["duty"].sum() == pytest.approx(60 * 11)
    lanes = [lane("A", "C"), lane("B", "C"), lane("C", "W")]
    outside = ask(sites=sites, groups=groups, tariffs=tariffs, demand=demand, lanes=lanes, stocks=[])
    assert outside.plan.tables["shipments"]["duty"].sum() == pytest.approx(900)


def worked(code: str, taken: float = 1.0) -> dict[str, list[Row]]:
    """Return changes in which the plant in Germany works ox up to fine, which America wants."""
    return {
        "materials": [*ROUND["materials"], {"material": "fine", "stage": "oxide", "tariff_code": code}],
        "processes": [{"process": "refine", "site": "EU", "cost": 3}],
        "recipes": [
            {"process": "refine", "material": "ox", "quantity": -taken},
            {"process": "refine", "material": "fine", "quantity": 1},
        ],
        "demand": [{**ROUND["demand"][0], "material": "fine"}],
    }


@pytest.mark.parametrize(
    ("code", "due"), [("2846.10", 60), ("28 46", 60), ("2846", 60), ("28", 60), ("", 60), ("2805.30", 0)]
)
def test_duty_when_a_process_lies_in_the_way_then_its_heading_decides_whose_they_are(
    ask: Ask, code: str, due: float
) -> None:
    own = ask(**worked(code), tariffs=[{**DUTY, "tariff_code": ""}])
    each = 14 + 3 + 1  # worth what it costs to make it of the dearest oxide, and the freight
    assert own.plan.tables["shipments"]["duty"].sum() == pytest.approx(due * each)


def test_duty_when_a_value_is_written_then_it_counts(ask: Ask) -> None:
    own = ask(materials=[{**ROUND["materials"][0], "value": 99}])
    assert paid(own) == pytest.approx(60 * 100)


def test_duty_when_a_process_mixes_then_goods_are_of_what_it_takes_most_of(ask: Ask) -> None:
    changes = worked("2846.30")
    more = {"material": "salt", "tariff_code": "2846.20", "value": 5}
    changes["materials"] = [*changes["materials"], more]
    changes["recipes"] = [
        {"process": "refine", "material": "ox", "quantity": -0.4},
        {"process": "refine", "material": "salt", "quantity": -0.6},
        {"process": "refine", "material": "fine", "quantity": 1},
    ]
    salt = {"offer": "S", "supplier": "B", "site": "B", "material": "salt", "price": 5}
    own = ask(**changes, offers=[*ROUND["offers"], salt], tariffs=[{**DUTY, "tariff_code": ""}])
    assert by_origin(own, "tonnes") == pytest.approx({"AUS/DEU": 100})
    salt["made_in"] = "CHN"
    own = ask(**changes, offers=[*ROUND["offers"], salt], tariffs=[{**DUTY, "tariff_code": ""}])
    assert paid(own) == pytest.approx(100 * (0.4 * 14 + 0.6 * 5 + 3 + 1))


def test_duty_when_nobody_tells_where_stock_was_made_then_the_dearest_is_due(ask: Ask, tmp_path: Path) -> None:
    stock: Row = {"site": "EU", "material": "ox", "opening": 10}
    dear = [*ROUND["tariffs"], {**DUTY, "tariff_code": "", "origin": "RUS", "rate": 0.5}]
    own = ask(stocks=[stock], tariffs=dear)
    assert by_origin(own)["(not told)"] == pytest.approx(10 * 15)
    (said,) = [each for each in findings(tmp_path / "ask.toml") if each.code == "SCREEN-399"]
    assert said.fact == "nobody tells where the opening stock of ox at EU was made: over a border it owes the most"
    own = ask(stocks=[{**stock, "offer": "B"}], tariffs=dear)
    assert by_origin(own, "tonnes") == pytest.approx({"AUS": 50, "CHN": 50})
    own = ask(stocks=[{**stock, "offer": "B"}], tariffs=[{**DUTY, "tariff_code": "", "origin": "RUS"}])
    assert paid(own) == 0


def test_duty_when_nobody_tells_and_tariffs_change_then_the_dearest_of_each_day_is_due(ask: Ask) -> None:
    tariffs = [
        {**DUTY, "tariff_code": "", "until": "2027-02-15"},
        {**DUTY, "tariff_code": "", "origin": "RUS", "rate": 0.5, "from": "2027-02-10"},
    ]
    stock: Row = {"site": "EU", "material": "ox", "opening": 25}
    demand = [{**ROUND["demand"][0], "period": "2027-Q1", "quantity": 25}]
    own = ask(stocks=[stock], tariffs=tariffs, demand=demand, offers=ROUND["offers"])
    mean = (45 * 1.0 + 45 * 0.5) / 90  # 14 February is the last day of the dearest
    assert by_origin(own)["(not told)"] <= 25 * 15 * mean + 1e-6
    rows = own.plan.tables["customs"].query("made_in == '(not told)'")
    assert rows["duty"].sum() == pytest.approx(rows["tonnes"].sum() * 15 * mean)


def test_duty_when_an_order_runs_then_is_of_its_offer_or_the_dearest(ask: Ask) -> None:
    order: Row = {"order": "O", "site": "EU", "material": "ox", "quantity": 20, "arrives": "2027-01-01", "offer": "B"}
    assert by_origin(ask(open_orders=[order]), "tonnes") == pytest.approx({"AUS": 60, "CHN": 40})
    own = ask(open_orders=[{**order, "offer": ""}])
    assert by_origin(own) == pytest.approx({"AUS": 0, "(not told)": 20 * 15, "CHN": 40 * 15})


def test_duty_when_goods_come_home_then_nothing_is_due(ask: Ask) -> None:
    home = {"offer": "H", "supplier": "B", "site": "B", "material": "ox", "price": 11, "made_in": "USA"}
    own = ask(offers=[ROUND["offers"][0], home], tariffs=[{**DUTY, "tariff_code": "", "origin": ""}])
    assert paid(own) == 0


def test_matrix_when_no_duty_depends_on_where_goods_were_made_then_is_as_before(ask: Ask) -> None:
    before = ask(tariffs=[]).formulation
    for tariffs in ([{**DUTY, "origin": "", "tariff_code": ""}], [{**DUTY, "rate": 0}], [{**DUTY, "importer": "CAN"}]):
        own = ask(tariffs=tariffs).formulation
        assert [(name, len(block)) for name, block in own.columns.items()] == [
            (name, len(block)) for name, block in before.columns.items()
        ]
        assert {name: len(block) for name, block in own.rows.items()} == {
            name: len(block) for name, block in before.rows.items()
        }
    one = ask(offers=ROUND["offers"][:1]).formulation  # all of it is Chinese
    assert "ship_of" not in one.columns or not len(one.columns["ship_of"])


@pytest.mark.parametrize(("column", "value"), [("duty", 0.0), ("made_in", "CAN"), ("tonnes", 1.0), ("value", 1.0)])
def test_audit_when_the_table_of_customs_is_spoiled_then_says_so(ask: Ask, column: str, value: object) -> None:
    plan = ask().plan
    table = plan.tables["customs"].copy()
    row = table.index[table["made_in"] == "CHN"][0]
    table.loc[row, column] = value
    spoiled = replace(plan, tables={**plan.tables, "customs": table})
    assert any(finding.startswith("customs") for finding in verdict_on(spoiled).findings)
    shorter = replace(plan, tables={**plan.tables, "customs": plan.tables["customs"].drop(index=row)})
    assert any(finding.startswith("customs.csv: it has no row") for finding in verdict_on(shorter).findings)
    without = replace(plan, tables={name: each for name, each in plan.tables.items() if name != "customs"})
    assert any(finding.startswith("customs.csv: it has no row") for finding in verdict_on(without).findings)


def test_audit_when_lots_sent_are_told_as_others_then_the_duty_is_another(ask: Ask) -> None:
    plan = ask().plan
    told = plan.tables["decisions"].copy()
    sent = told["decision"] == "ship_of"
    swapped = {"CHN": "AUS", "AUS": "CHN"}
    told.loc[sent, "key"] = [
        key.rsplit("|", 1)[0] + "|" + swapped[key.rsplit("|", 1)[1]] for key in told.loc[sent, "key"]
    ]
    found = verdict_on(replace(plan, tables={**plan.tables, "decisions": told})).findings
    assert any("lot" in finding for finding in found)
    assert any("duty" in finding for finding in found)


def test_worth_when_nothing_says_it_then_check_does(ask: Ask, tmp_path: Path) -> None:
    opening: Row = {"site": "EU", "material": "ox", "opening": 100}
    offer = {"offer": "Z", "supplier": "A", "site": "A", "material": "dust", "price": 1, "made_in": "CHN"}
    ask(materials=[*ROUND["materials"], {"material": "dust"}], offers=[offer], stocks=[opening])
    (_, worth) = [each for each in findings(tmp_path / "ask.toml") if each.code == "SCREEN-399"]
    assert worth.fact == "nothing says what ox is worth to customs: own shipments of it owe a duty on USD 1 a tonne"
