"""A question's model, answered stage by stage with other solvers that Pyomo knows: CBC and SCIP."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo
import pytest
from builders import tiny_case, write_question

from sourcing import optimize
from sourcing.errors import SolverError
from sourcing.run import model_of, solve_in_stages

if TYPE_CHECKING:
    from pathlib import Path


def cbc() -> Any:
    carried = pytest.importorskip("pulp.apis.coin_api", reason="PuLP carries the CBC that is run")
    return pyo.SolverFactory("cbc", executable=carried.pulp_cbc_path)


def scip() -> Any:
    pytest.importorskip("pyscipopt", reason="PySCIPOpt carries the SCIP that is run")
    solver = pyo.SolverFactory("scip_direct")
    if not solver.available():
        pytest.skip("this Pyomo does not know PySCIPOpt")
    return solver


SOLVERS = pytest.mark.parametrize("solver", [cbc, scip])


@SOLVERS
@pytest.mark.parametrize("lots", [{}, {"order_cost": {"A": 5_000, "B": 5_000}, "min_lot": {"A": 20}}])
def test_question_when_answered_in_stages_by_another_solver_then_comes_to_the_same(
    tmp_path: Path, solver: Any, lots: dict[str, Any]
) -> None:
    tiny_case(tmp_path, **lots)
    ask = write_question(tmp_path)
    plan, model = optimize(ask), model_of(ask)
    shortage, cost = solve_in_stages(model, solver())
    assert (shortage.name, cost.name) == ("shortage", "cost")
    assert shortage.value == pytest.approx(plan.manifest["objective"]["shortage"], rel=1e-6, abs=1e-3)
    assert cost.value == pytest.approx(plan.manifest["objective"]["cost"], rel=1e-6)
    bought = sum(pyo.value(column) for column in model.buy.values())
    assert bought == pytest.approx(plan.tables["purchases"]["tonnes"].sum(), rel=1e-5)


def test_model_when_solved_once_then_is_its_first_stage_and_says_so(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    ask = write_question(tmp_path)
    model = model_of(ask)
    assert model.doc == "Stage 1 of 2: minimise shortage, then cost"
    (active,) = model.component_data_objects(pyo.Objective, active=True)
    assert active is model.stages["shortage"]
    cbc().solve(model)
    assert pyo.value(active) == pytest.approx(optimize(ask).manifest["objective"]["shortage"], rel=1e-6)


def test_model_when_only_cost_is_minimised_then_has_one_stage(tmp_path: Path) -> None:
    tiny_case(tmp_path, offers={"A": {"capacity": 500}})
    demand = '[objective]\nshortage = "none"\n'
    model = model_of(write_question(tmp_path, demand, name="none"))
    assert list(model.stages) == ["cost"]
    assert model.stages["cost"] is model.objective
    assert model.objective.active


def test_rule_added_to_the_model_when_answered_in_stages_then_holds(tmp_path: Path) -> None:
    tiny_case(tmp_path, offers={"A": {"capacity": 500}})
    model = model_of(write_question(tmp_path))
    model.little_from_far = pyo.Constraint(expr=sum(model.buy[1, node] for node in range(8)) <= 60)
    solve_in_stages(model, cbc())
    assert sum(pyo.value(model.buy[1, node]) for node in range(8)) <= 60 + 1e-6
    again = solve_in_stages(model, cbc())  # what was held before is held no more
    assert len(again) == 2
    assert len(model.held_stages) == 1


def test_stages_when_the_solver_finds_none_then_say_so(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    model = model_of(write_question(tmp_path))
    model.never = pyo.Constraint(expr=model.buy[1, 0] <= -1)
    with pytest.raises(SolverError, match="the solver ends without a plan of least shortage"):
        solve_in_stages(model, cbc())


def test_stages_when_a_rule_may_give_way_then_say_what_they_do_not(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    text = "[[limits]]\nlimit = 'few'\nmeasure = 'tonnes'\nvalue = 10\nper = 'horizon'\npriority = 1\n"
    with pytest.raises(SolverError, match=r"rules with a priority \(few\) would give way, which stages do not"):
        solve_in_stages(model_of(write_question(tmp_path, text)), cbc())


def test_stages_when_a_limit_is_on_concentration_then_are_refused(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    text = "[[limits]]\nlimit = 'mixed'\nmeasure = 'hhi'\nby = 'country'\nmaterial = 'oxide'\nvalue = 0.6\n"
    with pytest.raises(SolverError, match="a limit on concentration is no row of the model"):
        solve_in_stages(model_of(write_question(tmp_path, text)), cbc())


@SOLVERS
def test_ready_question_when_answered_in_stages_by_another_solver_then_nothing_is_short(solver: Any) -> None:
    if solver is scip and not os.environ.get("FUZZ"):
        pytest.skip("takes SCIP half a minute; FUZZ=1 asks it too")
    shortage, cost = solve_in_stages(model_of("cheapest"), solver())
    assert shortage.value == pytest.approx(0, abs=1e-3)
    (own,) = [each for each in optimize("cheapest").manifest["claims"] if each["of"] == "cost"]
    assert cost.value == pytest.approx(own["least"], rel=1e-6)
