"""The engine: a real Pyomo model, one answer whatever the order of the tables, and every way a solve can end."""

from __future__ import annotations

import csv
import random
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest
from builders import tiny_case, write_question
from cases.chain import QUIET, Answer, answer
from cases.random_cases import seeded_cases, write_case
from scipy import sparse

from sourcing import RunOptions, optimize
from sourcing.calendar import TimeTree, build_path
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import Highs
from sourcing.engine.pyomo_model import program_of, to_pyomo
from sourcing.engine.solve import solve
from sourcing.engine.solve_linear import tie_weights
from sourcing.engine.solver_result import STATUS
from sourcing.errors import InfeasiblePlan, SolverError, StoppedEarly
from sourcing.network import Network
from sourcing.run import model_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sourcing.engine.formulation import Formulation

    Ask = Callable[..., Answer]

COST_ONLY = '[objective]\nminimize = ["cost"]\nshortage = "none"\n'
BOTH = ("shortage", "cost")
QUARTERS = np.array(["2027-01-01", "2027-04-01", "2027-07-01", "2027-10-01", "2028-01-01"], "datetime64[D]")


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return a function that puts a question to the tiny case with changes."""

    def put(text: str = "", **changes: Any) -> Answer:
        tiny_case(tmp_path, **changes)
        return answer(write_question(tmp_path, text))

    return put


# Ties -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{}, {"offers": {"A": {"min_lot": 7}}}], ids=["linear", "whole"])
def test_ties_when_the_solver_cannot_break_them_then_the_plan_that_is_proven_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    tiny_case(tmp_path, **changes)
    path = write_question(tmp_path)
    usual = optimize(path)
    breaking: list[bool] = []

    def unsure(highs: Highs) -> str:
        return "failed" if breaking else STATUS.get(highs._highs.getModelStatus(), "failed")

    def weights(formulation: Formulation) -> np.ndarray:
        breaking.append(True)
        return tie_weights(formulation)

    monkeypatch.setattr(Highs, "_status", unsure)
    monkeypatch.setattr("sourcing.engine.solve_linear.tie_weights", weights)
    plan = optimize(path)
    assert breaking
    assert plan.manifest["status"] == "optimal"
    assert plan.manifest["audit"]["clean"]
    assert plan.manifest["objective"] == pytest.approx(usual.manifest["objective"])


# A real Pyomo model ---------------------------------------------------------------------------------------------------


def test_model_when_handed_to_pyomos_own_solver_then_has_the_same_optimum(ask: Ask) -> None:
    own = ask(COST_ONLY, lanes={1: {"capacity": 80}})
    model = to_pyomo(own.formulation)
    pyo.SolverFactory("appsi_highs").solve(model)
    assert pyo.value(model.objective) == pytest.approx(own.total("cost"), rel=1e-9)
    assert pyo.value(model.objective) > 1e6


def test_model_when_random_and_handed_to_pyomos_own_solver_then_has_the_same_optimum(tmp_path: Path) -> None:
    solver, compared = pyo.SolverFactory("appsi_highs"), 0
    solver.options["primal_feasibility_tolerance"] = 1e-9
    for number, case in enumerate(seeded_cases(24, seed=31)):
        own = answer(write_case(tmp_path / str(number), case))
        if own.setting.question.objective.minimize != ["cost"] or own.solution.status != "optimal":
            continue
        model = to_pyomo(own.formulation)
        solver.solve(model)
        assert pyo.value(model.objective) == pytest.approx(own.total("cost"), rel=1e-6, abs=1e-3)
        compared += 1
    assert compared >= 4


def test_model_when_written_as_lp_then_highs_reads_the_same_program(ask: Ask, tmp_path: Path) -> None:
    own = ask(COST_ONLY)
    to_pyomo(own.formulation).write(str(tmp_path / "model.lp"))
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(tmp_path / "model.lp"))
    highs.run()
    assert highs.getInfo().objective_function_value == pytest.approx(own.total("cost"), rel=1e-9)


def test_model_when_the_command_writes_it_then_rows_bear_their_names(ask: Ask, tmp_path: Path) -> None:
    own = ask(COST_ONLY)
    path = tmp_path / "named.lp"
    optimize(own.setting.question, options=RunOptions(write_model=path))
    text = path.read_text("utf-8")
    assert re.search(r"balance.PLANT.oxide.3", text)
    assert re.search(r"buy.B.PLANT.sea.0", text)


def test_row_when_printed_then_reads_as_algebra(ask: Ask) -> None:
    model = to_pyomo(ask(capacity={"A": 73}).formulation)
    assert str(model.offer[0, 1].expr) == "buy[0,1]  <=  18.2"
    assert pyo.value(model.offer[0, 1].upper) == pytest.approx(18.2)
    assert len(model.balance) == 8


def test_model_when_nobody_looks_then_no_member_is_made(ask: Ask) -> None:
    own = ask(COST_ONLY)
    model = to_pyomo(own.formulation)
    program_of(model)
    parts = [*model.component_objects(pyo.Var), *model.component_objects(pyo.Constraint)]
    assert [part.name for part in parts if part.looked_at] == []
    model.own = pyo.Constraint(expr=model.buy[1, 0] <= 3)
    assert program_of(model).matrix.shape[0] == own.formulation.shape[0] + 1
    assert [part.name for part in parts if part.looked_at] == ["buy"]


def test_model_when_cloned_then_the_clone_stands_alone(ask: Ask) -> None:
    own = ask(COST_ONLY)
    model = to_pyomo(own.formulation)
    twin = model.clone()
    twin.buy[1, 0].fix(3.0)
    first = own.formulation.columns["buy"].at(np.array([1]), np.array([0]))[0]
    assert program_of(twin).columns[0][first] == 3
    assert program_of(model).columns[0][first] == 0
    pyo.SolverFactory("appsi_highs").solve(twin)
    assert pyo.value(twin.objective) > own.total("cost")


def another_expression(model: pyo.ConcreteModel) -> None:
    model.objective.expr = model.buy[1, 0]


def another_sense(model: pyo.ConcreteModel) -> None:
    model.objective.sense = pyo.maximize


def another_objective(model: pyo.ConcreteModel) -> None:
    model.another = pyo.Objective(expr=model.buy[1, 0])


@pytest.mark.parametrize("rules", [another_expression, another_sense, another_objective])
def test_objective_when_an_analyst_changes_it_then_is_refused(
    ask: Ask, rules: Callable[[pyo.ConcreteModel], None]
) -> None:
    with pytest.raises(SolverError, match="the objectives are the question's own"):
        optimize(ask().setting.question, rules=rules)


def test_rule_of_an_analyst_when_added_then_is_honoured(ask: Ask) -> None:
    own = ask(COST_ONLY, capacity={"A": 500})
    model = to_pyomo(own.formulation)
    model.little_from_far = pyo.Constraint(expr=sum(model.buy[1, node] for node in range(8)) + 10 <= 60)
    model.not_at_all = pyo.Constraint(expr=sum(model.buy[1, node] for node in range(8)) <= 0)
    model.not_at_all.deactivate()
    found = solve(model, ("cost",), QUIET)
    assert found.status == "optimal"
    block = own.formulation.columns["buy"]
    assert found.x[block.ids[block.code == 1]].sum() == pytest.approx(50)
    assert float(own.formulation.objectives["cost"] @ found.x) > own.total("cost") * 1.05
    assert len(found.row) == own.formulation.shape[0]


def test_rule_of_an_analyst_when_added_through_the_public_call_then_is_honoured(ask: Ask) -> None:
    def rules(model: pyo.ConcreteModel) -> None:
        model.own = pyo.Constraint(expr=model.buy[1, 0] == 3)

    bought = optimize(ask().setting.question, rules=rules).tables["purchases"]
    assert bought.query("offer == 'B' and node == 0")["tonnes"].tolist() == pytest.approx([3])


def test_rule_of_an_analyst_when_not_linear_then_is_refused(ask: Ask) -> None:
    model = to_pyomo(ask().formulation)
    model.own = pyo.Constraint(expr=model.buy[0, 0] * model.buy[1, 0] <= 1)
    with pytest.raises(SolverError, match="own is not linear"):
        solve(model, BOTH, QUIET)


def test_row_when_rewritten_then_is_refused(ask: Ask) -> None:
    model = to_pyomo(ask().formulation)
    with pytest.raises(SolverError, match="cannot be rewritten"):
        model.balance[0, 0].set_value(model.hold[0, 0] == 1)


def test_row_when_deactivated_then_does_not_hold(ask: Ask) -> None:
    own = ask(capacity={"B": 40})
    model = to_pyomo(own.formulation)
    model.offer.deactivate()
    block = own.formulation.columns["buy"]
    far = block.ids[block.code == 1]
    assert own.solution.x[far].sum() == pytest.approx(80)
    assert solve(model, BOTH, QUIET).x[far].sum() == pytest.approx(200)


def test_column_when_fixed_or_bounded_by_an_analyst_then_stays_there(ask: Ask) -> None:
    own = ask()
    model = to_pyomo(own.formulation)
    model.buy[1, 0].fix(3.0)
    model.buy[1, 1].setub(2.0)
    found = solve(model, BOTH, QUIET)
    first = own.formulation.columns["buy"].at(np.array([1, 1]), np.array([0, 1]))
    assert found.x[first[0]] == pytest.approx(3)
    assert found.x[first[1]] <= 2 + 1e-6


def test_rule_of_an_analyst_when_it_has_a_variable_of_its_own_then_is_refused(ask: Ask) -> None:
    model = to_pyomo(ask().formulation)
    model.extra = pyo.Var(bounds=(0, 5))
    model.own = pyo.Constraint(expr=model.buy[1, 0] <= model.extra)
    with pytest.raises(SolverError, match="own has a variable"):
        solve(model, BOTH, QUIET)


# One answer -----------------------------------------------------------------------------------------------------------


def shuffle(folder: Path, seed: int) -> None:
    """Put the rows of every table of a case folder into another order."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        random.Random(f"{seed}-{path.name}").shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])


def tables_of(own: Answer) -> dict[str, pd.DataFrame]:
    return dict(own.plan.tables)


def test_orders_when_rows_of_the_tables_are_shuffled_then_are_the_same(tmp_path: Path) -> None:
    compared = 0
    for number, case in enumerate(seeded_cases(12, seed=77)):
        question = write_case(tmp_path / str(number), case)
        first = answer(question)
        if first.solution.status != "optimal":
            continue
        before = tables_of(first)
        shuffle(question.parent, seed=number)
        after = tables_of(answer(question))
        for name, table in before.items():
            pd.testing.assert_frame_equal(table, after[name], rtol=1e-9, atol=1e-9, obj=f"case {number}, {name}")
        compared += 1
    assert compared >= 8


def test_orders_when_asked_for_twice_then_are_exactly_the_same(ask: Ask) -> None:
    changes: dict[str, Any] = {"price": {"A": 200_100, "B": 200_000}, "lanes": {1: {"capacity": 50}}}
    before, after = (tables_of(ask(**changes)) for _ in range(2))
    for name, table in before.items():
        pd.testing.assert_frame_equal(table, after[name], check_exact=True)


def test_shortage_when_supply_is_dear_then_is_least_all_the_same(ask: Ask) -> None:
    dear = ask(price={"A": 1e9, "B": 1e9})
    assert [level.name for level in dear.solution.levels] == ["shortage", "cost"]
    assert dear.total("shortage") == pytest.approx(0, abs=1e-6)
    assert dear.total("cost") > 1e11


def test_shortage_when_some_is_bound_to_happen_then_is_held_while_cost_falls(ask: Ask) -> None:
    scarce = ask(capacity={"A": 20, "B": 20}, stocks={0: {"opening": 0}})
    least = scarce.solution.level("shortage").value
    assert least > 250_000
    assert scarce.total("shortage") == pytest.approx(least, rel=1e-6)


# Ways to end ----------------------------------------------------------------------------------------------------------


def test_status_when_demand_cannot_be_met_and_must_then_is_infeasible(ask: Ask) -> None:
    own = ask(COST_ONLY, capacity={"A": 1, "B": 1})
    assert own.solution.status == "infeasible"
    assert own.solution.levels == ()
    with pytest.raises(InfeasiblePlan):
        optimize(own.setting.question)


def test_status_when_buying_is_paid_for_without_end_then_is_unbounded(ask: Ask) -> None:
    own = ask(offers={"B": {"price": -1000, "capacity": ""}}, stocks={0: {"disposal_cost": 0}})
    assert own.solution.status == "unbounded"
    with pytest.raises(SolverError, match="without end"):
        optimize(own.setting.question)


def test_status_when_there_is_no_time_then_is_stopped(ask: Ask) -> None:
    own = ask()
    found = solve(to_pyomo(own.formulation), BOTH, replace(QUIET, deadline=0.0))
    assert found.status == "stopped"
    assert found.levels == ()
    with pytest.raises(StoppedEarly):
        optimize(own.setting.question, options=RunOptions(time_limit=1e-9))


def test_log_of_the_reference_case_when_solved_then_warns_of_nothing(tmp_path: Path) -> None:
    plan = optimize("diversified", out=tmp_path / "plan")
    assert plan.folder is not None
    log = (plan.folder / "analyst" / "solver.log").read_text("utf-8")
    assert "Coefficient ranges" in log
    assert [line for line in log.splitlines() if "warning" in line.lower() or "excessive" in line.lower()] == []


# The tree of time -----------------------------------------------------------------------------------------------------


def star(branch_at: int = 1) -> TimeTree:
    """Return four quarters of 2027 whose last two happen in two ways: 0 - 1 - (2 - 4 | 3 - 5)."""
    quarter = np.array([0, 1, 2, 2, 3, 3])
    parent = np.array([-1, 0, branch_at, branch_at, 2, 3])
    probability = np.array([1.0, 1.0, 0.25, 0.75, 0.25, 0.75])
    return TimeTree(parent, QUARTERS[quarter], QUARTERS[quarter + 1], probability, 0.1)


def test_arrivals_when_the_tree_branches_then_come_in_every_branch() -> None:
    found = star().arrivals(
        star().whole(np.array([1]), np.array([136.5]))
    )  # half a quarter of 91 days and 92 days more
    parts = {
        (int(node), bool(late)): float(share)
        for node, share, late in zip(found.node, found.share, found.late, strict=True)
    }
    assert parts == pytest.approx(
        {(2, False): 46.5 / 91, (3, False): 46.5 / 91, (4, False): 44.5 / 91, (5, False): 44.5 / 91}
    )
    for branch in ((2, 4), (3, 5)):
        assert sum(parts[node, False] for node in branch) == pytest.approx(1)


def test_arrivals_when_ordered_in_a_branch_then_stay_in_it() -> None:
    found = star().arrivals(star().whole(np.array([3]), np.array([46.0])))
    assert sorted(zip(found.node.tolist(), found.late.tolist(), strict=True)) == [(3, False), (5, False)]
    late = star().arrivals(star().whole(np.array([1]), np.array([400.0])))
    assert sorted(zip(late.node.tolist(), late.late.tolist(), strict=True)) == [(4, True), (5, True)]


def test_leaves_and_paths_when_the_tree_branches_then_are_two() -> None:
    assert star().leaves.tolist() == [4, 5]
    assert [path.tolist() for path in star().paths] == [[0, 1, 2, 4], [0, 1, 3, 5]]


def test_solve_when_branches_are_alike_then_costs_what_the_path_costs_and_shares_the_trunk(ask: Ask) -> None:
    share = {"limit": "far", "measure": "share", "by": "supplier", "member": "Far Co", "per": "year", "value": 0.6}
    case = ask(
        stocks={0: {"safety": 5, "closing": 9, "maximum": 60, "holding_cost": 500}},
        limits=[share],
        demand={0: {"quantity": 130}},
    ).setting.case
    solutions = {}
    for name, tree in (("path", build_path(QUARTERS, 0.1)), ("star", star())):
        form = formulate(Network(case, tree, "least"))
        solutions[name] = form, solve(to_pyomo(form), BOTH, QUIET)
    (path_form, path), (form, found) = solutions["path"], solutions["star"]
    assert (path.status, found.status) == ("optimal", "optimal")
    for objective in BOTH:
        assert float(form.objectives[objective] @ found.x) == pytest.approx(
            float(path_form.objectives[objective] @ path.x), rel=1e-6, abs=1e-3
        )
    buy = form.columns["buy"]
    keys = list(zip(buy.code.tolist(), buy.node.tolist(), strict=True))
    assert len(keys) == len(set(keys)) == 2 * 6  # one decision at a node of the trunk, whatever follows
    balance = form.rows["balance"]
    late_order = buy.at(np.array([1]), np.array([1]))[0]  # 45 days: half arrives in each branch's next quarter
    rows = balance.at(np.array([0, 0]), np.array([2, 3]))
    assert form.matrix[rows, [late_order, late_order]].tolist() == pytest.approx([45 / 91, 45 / 91])
    assert {rule: sorted(block.node.tolist()) for rule, block in form.rows.items() if rule in ("closing", "share")} == {
        "closing": [4, 5],
        "share": [4, 5],
    }


def test_threads_when_they_are_other_than_of_the_solve_before_then_are_used(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    model = model_of(write_question(tmp_path))
    for threads in (2, 1):
        assert solve(model, BOTH, replace(QUIET, threads=threads)).status == "optimal"


@pytest.mark.parametrize(("times", "answered"), [(1, True), (3, True), (4, False)])
def test_solve_when_it_has_no_answer_then_is_set_up_in_three_other_ways(
    times: int, answered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """x + y >= 2 at 1 and 3 a unit is 2: HiGHS is made to say nothing for so many solves."""
    asked: list[str] = []

    def silent(highs: Highs) -> str:
        asked.append(status(highs))
        return "failed" if len(asked) <= times else asked[-1]

    status = Highs._status
    monkeypatch.setattr(Highs, "_status", silent)
    highs, free = Highs(QUIET), (np.zeros(2), np.full(2, np.inf))
    highs.load(sparse.csr_array(np.ones((1, 2))), free, (np.array([2.0]), np.array([np.inf])), np.zeros(2, bool))
    highs.set_costs(np.array([1.0, 3.0]))
    if answered:
        assert highs.run().objective == pytest.approx(2)
    else:
        with pytest.raises(SolverError, match="without an answer"):
            highs.run()
    assert len(asked) == min(times + 1, 4)
