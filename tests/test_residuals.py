"""What is left of a balance: a tenth of a gram is nobody's, a gram is found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from sourcing.audit.run import broken
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.replay import Residual
from sourcing.run import optimize

SURVIVE = Path(__file__).parent / "regressions" / "germanium-survive" / "survive.toml"


@pytest.mark.parametrize(
    ("grams", "scale", "found"),
    [(0.09, 0.2, []), (0.09, 1e-5, []), (0.3, 0.2, ["0.3 g"]), (1.0, 0.5, ["1 g"]), (1.0, 1e-5, ["1 g"])],
)
def test_balance_when_it_misses_grams_then_is_found_from_more_than_a_tenth_on(
    grams: float, scale: float, found: list[str]
) -> None:
    row = Residual("balance", ("P", "x", 0), "==", -grams * 1e-6, scale, "x at P, 2027")
    assert list(broken([row])) == [f"x at P, 2027: rule balance: the plan is {each} out of balance" for each in found]


def test_rule_that_is_no_balance_when_it_misses_less_than_a_tenth_of_a_gram_then_is_found_on_its_scale() -> None:
    row = Residual("offer", ("a", 0), "<=", -9e-8, 1e-5, "a, 2027")
    assert list(broken([row])) == ["a, 2027: rule offer: the plan is 0.09 g above what is allowed"]


def test_stock_when_a_maker_lives_on_it_then_the_plan_loses_nothing() -> None:
    plan = optimize(SURVIVE)
    assert plan.manifest["audit"]["clean"]
    assert plan.manifest["audit"]["worst"]["balance"] < 1e-9


def test_solve_when_it_follows_a_search_then_is_as_exact_as_any_other() -> None:
    highs = Highs(SolverOptions(interruptible=False))
    columns = np.zeros(2), np.full(2, 9.0)
    highs.load(sparse.csr_array(np.array([[2.0, 3.0]])), columns, (np.array([5.0]), np.array([9.0])), np.full(2, True))
    exact = highs._tolerance
    highs.set_costs(np.ones(2))
    highs.run()
    highs.settle_whole()
    highs.run()
    assert highs._highs.getOptionValue("primal_feasibility_tolerance")[1] == exact
