"""A run from question to folder: what is kept, what is refused, what nobody may lose."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import TINY, tiny_case, write_question
from scipy import sparse

from sourcing import families, run
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.solve import minimise
from sourcing.errors import AuditFailure, InfeasiblePlan, QuestionError, SolverError, StoppedEarly
from sourcing.plan.drafts import new_folder

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan

METAL = {
    "offers": [
        {"offer": "A", "supplier": "Near", "site": "NEAR", "material": "oxide", "price": 300, "capacity": 9_999},
        {"offer": "M", "supplier": "Far", "site": "FAR", "material": "metal", "price": 100, "capacity": 0},
    ],
    "demand": [
        {"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 20_000},
        {"site": "PLANT", "material": "metal", "period": "2027", "quantity": 8},
    ],
    "materials": [{"material": "oxide", "value": 500_000}, {"material": "metal"}],
}


def answer(tmp_path: Path, text: str = "", out: str | None = None, **changes: Any) -> Plan:
    tiny_case(tmp_path, **changes)
    return run.optimize(write_question(tmp_path, text), out=tmp_path / out if out else None)


def test_cheap_material_without_a_source_when_a_dear_one_is_plenty_then_is_short_and_not_impossible(
    tmp_path: Path,
) -> None:
    plan = answer(tmp_path, **METAL)
    short = plan.tables["shortage"].groupby("material")["short"].sum()
    assert short["metal"] == pytest.approx(8)


def test_cheap_material_when_a_dear_one_is_short_then_is_delivered_all_the_same(tmp_path: Path) -> None:
    offers = [METAL["offers"][0] | {"capacity": 9_000}, METAL["offers"][1] | {"capacity": 100}]
    at_once = [{**lane, "transit_days": 0} for lane in TINY["lanes"]]
    plan = answer(tmp_path, **METAL | {"offers": offers, "stocks": None, "lanes": at_once})
    short = plan.tables["shortage"].groupby("material")["short"].sum()
    assert short.get("metal", 0.0) == pytest.approx(0)
    assert short["oxide"] == pytest.approx(11_000)


@pytest.mark.parametrize("name", families.packages())
def test_question_without_a_family_when_asked_then_is_answered_cleanly_or_refused(tmp_path: Path, name: str) -> None:
    text = f'without = ["{name}"]\n'
    if families.cards()[name].optional or families.cards()[name].blanked:
        plan = answer(tmp_path, text, limits=[{"limit": "far", "measure": "tonnes", "value": 400}])
        assert plan.manifest["audit"]["clean"]
        assert name not in plan.manifest["families"]
    else:
        with pytest.raises(QuestionError, match=f"no question can do without {name}"):
            answer(tmp_path, text)


def test_question_without_lines_when_asked_then_processes_run_as_if_by_themselves(tmp_path: Path) -> None:
    melt = {
        "demand": [{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20}],
        "processes": [{"process": "melt", "site": "PLANT", "line": "furnace"}],
        "recipes": [
            {"process": "melt", "material": "oxide", "quantity": -1.25},
            {"process": "melt", "material": "metal", "quantity": 1},
        ],
        "lines": [{"line": "furnace", "capacity": 5}],
        "ramps": [{"line": "furnace", "from": "2028-07-01", "capacity": 6}],
    }
    assert answer(tmp_path, **melt).tables["shortage"]["short"].sum() == pytest.approx(20 - 5 * 1.5 - 6 * 0.5, rel=0.01)
    assert answer(tmp_path, 'without = ["lines"]\n', "run", **melt).tables["shortage"].empty
    assert run.audit_plan(tmp_path / "run").is_clean


def test_line_too_small_when_all_must_be_met_then_the_explanation_says_how_much_more_it_takes(tmp_path: Path) -> None:
    text = '[objective]\nshortage = "none"\n'
    tiny_case(
        tmp_path,
        demand=[{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20}],
        processes=[{"process": "melt", "site": "PLANT", "line": "furnace"}],
        recipes=[{"process": "melt", "material": "metal", "quantity": 1}],
        lines=[{"line": "furnace", "name": "The big furnace", "capacity": 5}],
    )
    words = run.explain(write_question(tmp_path, text)).words
    assert words[-1].startswith("Seen before solving: demand.csv row 2: at most 10 t of Dy metal can be had")
    (gives,) = [each for each in words if each.startswith("The big furnace (furnace) capacity")]
    assert "10.0 t above the capacity" in gives
    assert gives.endswith("(lines.csv row 2)")


def test_ban_when_it_costs_money_then_binds_with_a_price(tmp_path: Path) -> None:
    ban = {"limit": "no-far", "measure": "tonnes", "by": "country", "member": "CHN", "per": "horizon", "value": 0}
    offers = {"A": {"capacity": 400}}
    binding = answer(tmp_path, limits=[ban], offers=offers).tables["binding"]
    row = binding[binding["rule"] == "tonnes"].iloc[0]
    assert row["value"] == 0
    assert row["price"] > 50_000
    assert "China (CHN)" in row["words"]


def test_limit_with_an_open_order_when_it_binds_then_says_what_was_asked(tmp_path: Path) -> None:
    order = {"order": "1", "site": "PLANT", "material": "oxide", "arrives": "2027-02-01", "quantity": 40, "offer": "B"}
    limit = {"limit": "few-far", "measure": "tonnes", "by": "country", "member": "CHN", "per": "horizon", "value": 50}
    plan = answer(tmp_path, limits=[limit], open_orders=[order], offers={"A": {"capacity": 400}})
    binding = plan.tables["binding"]
    assert binding.loc[binding["rule"] == "tonnes", "value"].tolist() == [50]


def test_open_order_that_nobody_uses_when_it_arrives_then_is_kept(tmp_path: Path) -> None:
    order = {"order": "1", "site": "PLANT", "material": "metal", "arrives": "2027-02-01", "quantity": 5}
    stock = answer(tmp_path, open_orders=[order]).tables["stock"]
    assert stock[stock["material"] == "metal"]["end"].iloc[-1] == pytest.approx(5)


def test_choice_among_equal_plans_when_columns_are_permuted_then_is_the_same(tmp_path: Path) -> None:
    twins = {"A": {"price": 200_000, "capacity": 100}, "B": {"capacity": 100}}
    tiny_case(
        tmp_path, offers=twins, lanes={0: {"freight": 1, "transit_days": 30}, 1: {"freight": 1, "transit_days": 30}}
    )
    model = run.model_of(write_question(tmp_path))
    form = model.formulation
    order = np.random.default_rng(5).permutation(form.shape[1])
    mixed = sparse.csr_array(form.matrix[:, order])
    plain = _solved(form, form.matrix, np.arange(form.shape[1]))
    assert _solved(form, mixed, order)[np.argsort(order)] == pytest.approx(plain, abs=1e-7)


def _solved(form: Any, matrix: Any, order: Any) -> Any:
    """Return the plan of a program whose columns stand in another order, weights moving with their columns."""
    highs = Highs(SolverOptions(interruptible=False))
    columns = (form.column_lower[order], form.column_upper[order])
    highs.load(matrix, columns, (form.row_lower, form.row_upper), np.zeros(len(order), bool))
    moved = replace(form, objectives={name: costs[order] for name, costs in form.objectives.items()})
    from sourcing.engine import solve_linear

    weights = solve_linear.tie_weights(form)[order]
    before, solve_linear.tie_weights = solve_linear.tie_weights, lambda _form: weights
    try:
        return minimise(highs, moved, ("shortage", "cost"), columns).x
    finally:
        solve_linear.tie_weights = before


def test_folder_when_taken_by_a_run_then_is_refused_to_the_next_before_it_solves(tmp_path: Path) -> None:
    with (
        new_folder(tmp_path / "plan"),
        pytest.raises(SolverError, match="another run is writing there"),
        new_folder(tmp_path / "plan"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_folder_when_the_run_fails_then_nothing_is_left(tmp_path: Path) -> None:
    def half() -> None:
        with new_folder(tmp_path / "plan") as draft:
            (draft.path / "half.csv").write_text("a")
            raise StoppedEarly("no time")

    with pytest.raises(StoppedEarly):
        half()
    assert list(tmp_path.iterdir()) == []


def test_folder_when_it_cannot_be_made_then_the_message_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SolverError, match="choose another folder with --out"), new_folder(tmp_path / "file" / "plan"):
        pass


def test_stored_plan_when_read_back_then_audits_clean_and_knows_its_places(tmp_path: Path) -> None:
    limit = "[[limits]]\nlimit = 'few'\nmeasure = 'tonnes'\nvalue = 150\nper = 'horizon'\n"
    plan = answer(tmp_path, limit, out="plan")
    again = run.load_plan(tmp_path / "plan")
    assert run.audit_plan(tmp_path / "plan").is_clean
    assert again.case.name == plan.case.name
    assert again.case.place("limits", int(again.case["limits"]["row"].iloc[0])) == "ask.toml limits #1"
    assert again.case.place("offers", int(again.case["offers"]["row"].iloc[1])) == "offers.csv row 3"
    content = json.loads((tmp_path / "plan" / "plan.json").read_text("utf-8"))
    assert len(content["tables"]["purchases"]) == len(plan.tables["purchases"])
    assert sorted(path.name for path in (tmp_path / "plan" / "analyst").iterdir()) == [
        *("duals.csv", "reduced_costs.csv", "solver.log")
    ]


def test_plan_that_the_audit_refuses_when_written_then_is_kept_under_a_name_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("sourcing.answer.optimize")
    real = module.plan_tables

    def spoilt(*values: Any) -> Any:
        tables = real(*values)
        tables["purchases"].loc[0, "tonnes"] += 1
        return tables

    monkeypatch.setattr(module, "plan_tables", spoilt)
    for _ in range(2):
        with pytest.raises(AuditFailure):
            answer(tmp_path, out="plan")
    names = sorted(path.name for path in tmp_path.iterdir() if path.is_dir())
    assert names == ["plan-audit-failed", "plan-audit-failed-2", "tiny"]


def test_question_when_impossible_then_the_row_to_blame_is_named(tmp_path: Path) -> None:
    with pytest.raises(InfeasiblePlan) as refusal:
        answer(
            tmp_path,
            "[objective]\nshortage = 'none'\n",
            offers={"B": {"end": "2027-07-01"}},
            stocks={0: {"maximum": 30}},
        )
    words = "\n".join(refusal.value.explanation.words)
    assert "Short:" in words
    assert "(offers.csv row" in words


def test_time_limit_when_it_is_endless_then_the_plan_is_written(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    options = run.RunOptions(time_limit=float("inf"))
    plan = run.optimize(write_question(tmp_path), out=tmp_path / "plan", options=options)
    assert plan.manifest["options"]["time_limit"] is None
