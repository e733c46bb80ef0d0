"""A plan in its folder: prices agree with the solver's duals, plan.json with the tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import TINY, tiny_case, write_question

from sourcing import run
from sourcing.audit.verdict import MOST_SHOWN, Verdict

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A plan in which the cheap offer is full in two periods."""
    tiny_case(tmp_path, capacity={"B": 80})
    plan = run.optimize(write_question(tmp_path), out=tmp_path / "plan")
    assert (plan.tables["binding"]["rule"] == "offer").sum() > 1
    return tmp_path / "plan"


def edit(path: Path, row: int, **cells: Any) -> None:
    table = pd.read_csv(path, keep_default_na=False)
    table.loc[row, list(cells)] = list(cells.values())
    table.to_csv(path, index=False)


def findings_of(folder: Path) -> list[str]:
    """Return what the audit says of the tables; that plan.json no longer repeats them is another matter."""
    return [each for each in run.audit_plan(folder).findings if not each.startswith("plan.json")]


def test_saved_plan_when_nothing_was_changed_then_is_clean(saved: Path) -> None:
    assert run.audit_plan(saved).findings == []


def test_price_when_changed_with_its_words_then_the_duals_say_what_it_is(saved: Path) -> None:
    table = pd.read_csv(saved / "binding.csv")
    at = int(table.index[table["rule"] == "offer"][0])
    words = table["words"][at].rpartition("USD ")[0] + "USD 77"
    edit(saved / "binding.csv", at, price=77.0, worth=77.0, words=words)
    (found,) = findings_of(saved)
    assert found.startswith(
        f"binding, rule offer, key {table['key'][at]}, node {table['node'][at]}: the plan says price 77,"
    )


def test_binding_row_when_taken_out_then_the_duals_miss_it(saved: Path) -> None:
    table = pd.read_csv(saved / "binding.csv")
    table.drop(index=0).to_csv(saved / "binding.csv", index=False)
    (found,) = findings_of(saved)
    assert found.startswith(
        f"binding, rule {table['rule'][0]}, key {table['key'][0]}|{table['node'][0]}: the plan has no row"
    )


def test_binding_rows_when_two_places_have_one_name_then_both_are_there(tmp_path: Path) -> None:
    twin = {"site": "PLANT2", "name": "Our plant", "kind": "plant", "country": "USA"}
    lane = {"origin": "FAR", "destination": "PLANT2", "mode": "sea", "freight": 200, "transit_days": 45}
    stock = {"material": "oxide", "opening": 20, "safety": 20, "holding_cost": 9_000}
    tiny_case(
        tmp_path,
        sites=[*TINY["sites"], twin],
        lanes=[*TINY["lanes"], lane],
        stocks=[{"site": "PLANT", **stock}, {"site": "PLANT2", **stock}],
        demand=[*TINY["demand"], *({**row, "site": "PLANT2"} for row in TINY["demand"])],
    )
    plan = run.optimize(write_question(tmp_path), out=tmp_path / "plan")
    rows = plan.tables["binding"].query("rule == 'safety' and node == 4")
    assert sorted(rows["key"]) == ["PLANT2|oxide", "PLANT|oxide"]
    assert run.audit_plan(tmp_path / "plan").is_clean


def test_sentence_when_it_speaks_of_another_objective_then_the_duals_object(saved: Path) -> None:
    table = pd.read_csv(saved / "binding.csv")
    row = table[table["rule"] == "offer"].iloc[0]
    edit(saved / "binding.csv", row.name, words=f"{row['subject']} keeps demand short in {row['period']}")
    assert any(each.endswith("the solver's duals give that row no price") for each in findings_of(saved))


@pytest.mark.parametrize("spoil", ["", "row,lower\n", "row,lower,activity,upper,dual_cost\nx,a,b,c,d\n"])
def test_duals_when_they_cannot_be_read_then_the_prices_are_not_believed(saved: Path, spoil: str) -> None:
    (saved / "analyst" / "duals.csv").write_text(spoil, "utf-8")
    assert findings_of(saved) == [
        "analyst/duals.csv: cannot be read, and the prices in the binding table come from there"
    ]


def test_cell_of_plan_json_when_changed_then_is_named(saved: Path) -> None:
    content = json.loads((saved / "plan.json").read_text("utf-8"))
    content["tables"]["purchases"][1]["tonnes"] = 5
    (saved / "plan.json").write_text(json.dumps(content), "utf-8")
    (found,) = run.audit_plan(saved).findings
    assert found.startswith("plan.json: purchases, row 2: tonnes is 5, row 3 of purchases.csv says ")


@pytest.mark.parametrize(("text", "said"), [("{}", "cannot be read"), ('{"tables": {}}', "has no rows of purchases")])
def test_plan_json_when_it_is_not_the_plan_then_says_so(saved: Path, text: str, said: str) -> None:
    (saved / "plan.json").write_text(text, "utf-8")
    assert said in run.audit_plan(saved).findings[0]


def test_verdict_when_more_is_found_than_shown_then_counts_all_of_it() -> None:
    full = Verdict(findings=["x"] * MOST_SHOWN + ["3 more"], found=MOST_SHOWN + 3)
    both = full.also(["y", "z"])
    assert both.found == MOST_SHOWN + 5
    assert both.findings[-1].startswith("5 more findings are left out")
    assert Verdict().also(["y"]).findings == ["y"]
    assert Verdict().also([]).is_clean


def test_price_when_demand_stays_short_then_is_what_shortage_says_of_it(tmp_path: Path) -> None:
    tiny_case(tmp_path, capacity={"A": 20, "B": 40})
    plan = run.optimize(write_question(tmp_path), out=tmp_path / "plan")
    table = plan.tables["binding"]
    short = table[table["words"].str.contains("keeps demand short")]
    assert len(short) > 1
    assert run.audit_plan(tmp_path / "plan").is_clean
    edit(tmp_path / "plan" / "binding.csv", short.index[0], price=short["price"].iloc[0] * 1.001)
    (found,) = findings_of(tmp_path / "plan")
    assert "the solver's duals say" in found


def test_price_when_written_with_nine_digits_then_is_still_the_dual(saved: Path) -> None:
    table = pd.read_csv(saved / "binding.csv")
    edit(saved / "binding.csv", 0, price=table["price"][0] * (1 + 1e-9))
    assert findings_of(saved) == []


@pytest.mark.parametrize(("measure", "value"), [("share", 0.5), ("tonnes", 50), ("spend", 1e7)])
def test_price_of_a_limit_when_it_binds_then_is_its_dual(tmp_path: Path, measure: str, value: float) -> None:
    far = {"limit": "far", "measure": measure, "by": "supplier", "member": "Far Co", "per": "year", "value": value}
    tiny_case(tmp_path, limits=[far])
    plan = run.optimize(write_question(tmp_path), out=tmp_path / "plan")
    at = plan.tables["binding"].index[plan.tables["binding"]["rule"] == measure][0]
    assert run.audit_plan(tmp_path / "plan").findings == []
    row = plan.tables["binding"].loc[at]
    edit(tmp_path / "plan" / "binding.csv", at, price=row["price"] * 1.01)
    assert any(f"rule {measure}, key {row['key']}, node {row['node']}: the plan says price" in each
               for each in findings_of(tmp_path / "plan"))  # fmt: skip


@pytest.mark.parametrize(("name", "subject"), [("", "Our plant line furnace"), ("Furnace", "Furnace (furnace)")])
def test_binding_row_of_a_line_when_read_then_names_it(tmp_path: Path, name: str, subject: str) -> None:
    tiny_case(
        tmp_path,
        demand=[{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20}],
        recipes=[
            {"process": "melt", "material": "oxide", "quantity": -1.25},
            {"process": "melt", "material": "metal", "quantity": 1},
        ],
        processes=[{"process": "melt", "site": "PLANT", "line": "furnace"}],
        lines=[{"line": "furnace", "name": name, "capacity": 5}],
    )
    plan = run.optimize(write_question(tmp_path), out=tmp_path / "plan")
    rows = plan.tables["binding"].query("rule == 'line'")
    assert set(rows["subject"]) == {f"{subject} capacity"}
    assert run.audit_plan(tmp_path / "plan").findings == []


def test_prices_when_stock_is_a_burden_then_those_of_balances_are_not_asked_for(tmp_path: Path) -> None:
    tiny_case(tmp_path, stocks=[{"site": "PLANT", "material": "oxide", "opening": 900, "holding_cost": 1_000}])
    run.optimize(write_question(tmp_path), out=tmp_path / "plan")
    duals = pd.read_csv(tmp_path / "plan" / "analyst" / "duals.csv")
    assert (duals.loc[duals["row"].str.startswith("balance"), "dual_cost"] < -1).any()
    assert run.audit_plan(tmp_path / "plan").is_clean


def test_price_when_a_code_has_a_comma_then_is_found_all_the_same(tmp_path: Path) -> None:
    tiny_case(tmp_path, offers=[TINY["offers"][0], {**TINY["offers"][1], "offer": "B, spot", "capacity": 80}])
    plan = run.optimize(write_question(tmp_path), out=tmp_path / "plan")
    assert "B, spot" in set(plan.tables["binding"]["key"])
    assert run.audit_plan(tmp_path / "plan").is_clean


def test_share_of_nothing_when_in_the_limits_table_then_is_blank_or_0(tmp_path: Path) -> None:
    far = {"limit": "far", "measure": "share", "by": "supplier", "member": "Far Co", "per": "year", "value": 0.5}
    tiny_case(tmp_path, limits=[{**far, "counts": "arrivals"}], demand=TINY["demand"][:1])
    plan = run.optimize(write_question(tmp_path), out=tmp_path / "plan")
    (at,) = plan.tables["limits"].index[plan.tables["limits"]["window"] == "2028"]
    assert plan.tables["limits"]["total"][at] == 0
    for figure, said in (("", []), ("0.0", []), ("0.3", ["0.3"]), ("1.0", ["1"])):
        table = pd.read_csv(tmp_path / "plan" / "limits.csv", dtype=str, keep_default_na=False)
        table.loc[at, "actual"] = figure
        table.to_csv(tmp_path / "plan" / "limits.csv", index=False)
        place = "limit far, Far Co, 2028"
        expected = [f"{place}: the plan says actual {each}, the arithmetic says blank" for each in said]
        assert findings_of(tmp_path / "plan") == expected


def test_shortage_when_it_is_less_than_a_tonne_then_is_audited_like_any_other(tmp_path: Path) -> None:
    little = [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 0.4}]
    tiny_case(tmp_path, demand=little, stocks=None, capacity={"A": 0, "B": 0})
    plan = run.optimize(write_question(tmp_path), out=tmp_path / "plan")
    assert plan.tables["shortage"]["short"].sum() == pytest.approx(0.4)
    assert run.audit_plan(tmp_path / "plan").findings == []
