"""The exact search: what leaks, contradicts itself or cannot be proven is searched again and never called best."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import write_question, write_tables
from scipy import sparse
from scipy.optimize import linprog

from sourcing.engine.exact import Searching, proven, search_exactly
from sourcing.engine.forcing_rows import no_room
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.search_settings import WAYS
from sourcing.errors import SolverError
from sourcing.run import optimize

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.engine.solver_result import Outcome

    Reals = NDArray[np.float64]

REGRESSIONS = Path(__file__).parent / "regressions"
INF = np.inf
ROW = sparse.csr_array(np.array([[1.0, 0.0, -1000.0], [1.0, 1.0, 0.0]]))
"""Columns x, y and used; x <= 1000 used, and x + y == 1000."""
SIDES = np.array([-INF, 1000.0]), np.array([0.0, 1000.0])
WHOLE = np.array([False, False, True])
COSTS = np.array([1.0, 1.0, 100.0])
FINE = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10, "presolve": False}


def box(most_y: float = 999.9995, used: tuple[float, float] = (0.0, 1.0)) -> tuple[Reals, Reals]:
    return np.array([0.0, 0.0, used[0]]), np.array([1000.0, most_y, used[1]])


def searched(run: Callable[[Highs, Outcome], Outcome], gap: float = 0.0, most_y: float = 999.9995) -> Outcome:
    """Search for the cheapest of x and y, with every outcome of a search looked at by ``run``."""
    highs = Highs(SolverOptions(gap=gap, interruptible=False))
    highs.load(ROW, box(most_y), SIDES, WHOLE)
    highs.set_costs(COSTS)
    own = Searching(highs, WHOLE, COSTS, box(most_y), lambda _: run(highs, highs.run()), highs.run)
    return search_exactly(own)


def test_column_when_its_switch_is_off_then_is_held_at_0_and_the_other_at_what_is_left() -> None:
    held = no_room(ROW, SIDES, box(1000.0, (0.0, 0.0)))
    assert held is not None
    assert [side.tolist() for side in held] == [[0.0, 1000.0, 0.0], [0.0, 1000.0, 0.0]]


def test_columns_when_the_switch_is_open_then_keep_their_room() -> None:
    held = no_room(ROW, SIDES, box())
    assert held is not None
    assert [side.tolist() for side in held] == [side.tolist() for side in box()]


def test_bounds_when_no_values_keep_a_row_then_are_none() -> None:
    assert no_room(ROW, SIDES, box(999.0, (0.0, 0.0))) is None


def test_search_when_the_solver_is_right_then_is_optimal_at_its_bound() -> None:
    found = searched(lambda _, outcome: outcome)
    assert found.status == "optimal"
    assert found.x[2] == 1
    assert found.objective == pytest.approx(1100.0, rel=1e-12)
    assert found.bound == pytest.approx(1100.0, rel=1e-12)


def test_search_when_the_plan_leaks_through_its_switch_then_parts_at_the_switch() -> None:
    def leaky(highs: Highs, outcome: Outcome) -> Outcome:
        lower, upper = highs.ruled().columns
        if lower[2] == upper[2]:
            return outcome
        return replace(outcome, x=np.array([5e-4, 999.9995, 5e-7]), objective=1000.00005, bound=1000.00005)

    found = searched(leaky)
    assert found.status == "optimal"
    assert found.objective == pytest.approx(1100.0, rel=1e-12)
    assert found.x[2] == 1


@pytest.mark.parametrize("wrong", [1.05, 0.5])
def test_search_when_only_presolve_contradicts_the_plan_then_searches_without_it(wrong: float) -> None:
    def presolved(highs: Highs, outcome: Outcome) -> Outcome:
        return replace(outcome, bound=outcome.bound * wrong) if highs.way == 0 else outcome

    found = searched(presolved)
    assert found.status == "optimal"
    assert found.bound == pytest.approx(1100.0, rel=1e-9)


def test_search_when_every_way_contradicts_the_plan_then_is_not_optimal_and_tells_the_bound() -> None:
    ways: set[int] = set()

    def astray(highs: Highs, outcome: Outcome) -> Outcome:
        ways.add(highs.way)
        return replace(outcome, bound=outcome.bound * 0.75)

    found = searched(astray)
    assert found.status == "stopped"
    assert ways == set(range(len(WAYS)))
    assert found.bound == pytest.approx(825.0)
    assert found.objective == pytest.approx(1100.0)
    with pytest.raises(SolverError, match="contradicts itself"):
        proven(Highs(SolverOptions(interruptible=False)), found)


def test_search_when_the_gap_allows_what_is_missing_then_is_optimal() -> None:
    found = searched(lambda _, outcome: replace(outcome, bound=outcome.bound * 0.9), gap=0.3)
    assert found.status == "optimal"
    assert found.bound <= 990.0


def test_search_when_a_decision_was_overlooked_then_tries_without_it() -> None:
    def blind(highs: Highs, outcome: Outcome) -> Outcome:
        if highs.way > 0:
            return outcome
        return replace(outcome, x=np.array([1000.0, 0.0, 1.0]), objective=1100.0, bound=1100.0)

    found = searched(blind, most_y=1000.0)
    assert found.status == "optimal"
    assert found.objective == pytest.approx(1000.0)
    assert found.x[2] == 0


def test_plan_when_it_is_not_proven_then_says_so_with_the_figures_and_is_no_optimum(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = Highs.run

    def astray(highs: Highs) -> Outcome:
        found = run(highs)
        return replace(found, bound=found.bound * 0.74) if highs.searches else found

    monkeypatch.setattr(Highs, "run", astray)
    plan = optimize(REGRESSIONS / "B01-order-cost-dropped" / "question.toml")
    assert plan.manifest["status"] == "stopped"
    assert plan.manifest["gap"] == pytest.approx(0.26, rel=1e-6)
    assert any(
        note.startswith("Not proven, however the solver searched: cost may be") for note in plan.manifest["notes"]
    )


def drawn(seed: int) -> dict[str, Any]:
    """Draw sellers of which the cheapest lacks very little, by sizes from a kilogram to 10^8 t."""
    rng = np.random.default_rng(seed)
    size = float(10.0 ** rng.integers(-3, 9)) * float(rng.choice([1.0, 0.45359237]))
    need = float(rng.integers(1, 9)) * size
    sellers = []
    for each in range(int(rng.integers(2, 5))):
        capacity = need * (1 - float(rng.choice([2e-8, 1e-7, 5e-7, 1e-5]))) if not each else INF
        if each and rng.random() < 0.6:
            capacity = need * float(np.round(rng.uniform(0.1, 1.2), 3))
        kind = rng.choice(["cost", "lot", "both", "none"]) if each else "none"
        cost = float(rng.choice([0.01, 1.0, 100.0])) * size if kind in {"cost", "both"} else 0.0
        lot = float(rng.choice([1e-6, 1e-3, 0.1, 0.5])) * need if kind in {"lot", "both"} else 0.0
        sellers.append((10.0 + each + float(rng.integers(0, 3)), capacity, cost, lot))
    return {"need": need, "sellers": sellers, "most": int(rng.choice([0, 1, 2])), "penalty": 1000.0}


def enumerated(case: dict[str, Any]) -> float:
    """Return the least cost: a linear program for each choice of whom to order from."""
    need, best = case["need"], INF
    price = np.array([*(seller[0] for seller in case["sellers"]), case["penalty"]])
    for used in itertools.product([False, True], repeat=len(case["sellers"])):
        if case["most"] and sum(used) > case["most"]:
            continue
        bounds = [
            (lot / need, None if capacity == INF else capacity / need) if one else (0.0, 0.0)
            for one, (_, capacity, _, lot) in zip(used, case["sellers"], strict=True)
        ]
        if any(high is not None and low > high for low, high in bounds):
            continue
        found = linprog(price, A_eq=np.ones((1, len(price))), b_eq=[1.0], bounds=[*bounds, (0.0, 1.0)], options=FINE)
        fixed = sum(seller[2] for one, seller in zip(used, case["sellers"], strict=True) if one)
        best = min(best, found.fun * need + fixed) if found.status == 0 else best
    return best


def written(folder: Path, case: dict[str, Any]) -> Path:
    blank = lambda value: "" if value in (0.0, INF) else repr(value)  # noqa: E731
    codes = [f"S{each}" for each in range(len(case["sellers"]))]
    write_tables(
        folder / "tiny",
        {
            "materials": [{"material": "nd", "name": "Nd", "stage": "oxide"}],
            "sites": [
                {"site": "P", "kind": "plant", "country": "DEU"},
                *({"site": code, "kind": "supplier", "country": "AUS"} for code in codes),
            ],
            "demand": [
                {"site": "P", "material": "nd", "period": "2027", "quantity": case["need"], "shortage_cost": 1000}
            ],
            "stocks": [{"site": "P", "material": "nd", "opening": 0, "maximum": 0}],
            "offers": [
                {"offer": code, "supplier": code, "site": code, "material": "nd", "destination": "P", "price": price}
                | {"capacity": blank(capacity), "order_cost": blank(cost), "min_lot": blank(lot)}
                for code, (price, capacity, cost, lot) in zip(codes, case["sellers"], strict=True)
            ],
        },
    )
    limit = f'[[limits]]\nlimit = "n"\nmeasure = "suppliers"\nby = "supplier"\nvalue = {case["most"]}\n'
    priced = '[objective]\nminimize = ["cost"]\nshortage = "priced"\ndiscount_rate = 0.0\n'
    horizon = '[horizon]\nstart = "2027-01"\nperiods = 1\nlength = "year"\n'
    return write_question(folder, horizon + priced + (limit if case["most"] else ""))


@pytest.mark.parametrize("seed", range(12))
def test_plan_when_drawn_in_any_size_then_costs_what_enumeration_finds(seed: int, tmp_path: Path) -> None:
    case = drawn(seed)
    plan = optimize(written(tmp_path, case))
    assert plan.tables["cost"]["discounted"].sum() == pytest.approx(enumerated(case), rel=1e-7)
    assert plan.manifest["status"] == "optimal"
    assert plan.manifest["audit"]["clean"]
