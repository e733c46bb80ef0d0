"""The relaxation of large programs: rows are handed over as they are broken, and what is proven is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import sparse

from benchmarks.stages import draw, write
from sourcing.answer.setting import ask
from sourcing.audit.check_certificate import Certificate
from sourcing.engine import large_search
from sourcing.engine import relaxed as certifying
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.large_search import search_large
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.engine.tight_relaxation import Program, implied, relax
from sourcing.outcome import Values
from sourcing.outcome.certificate import certificate_of

if TYPE_CHECKING:
    from pathlib import Path

QUIET = SolverOptions(threads=1, interruptible=False)
SITES, CUSTOMERS = 12, 30


def location(seed: int, capacity: float = np.inf) -> tuple[Program, np.ndarray]:
    """Return a location case [t, thousand USD]: x by (site, customer), then one flag per site; and its tight rows.

    Rows are the demand of each customer, what each open site can send in all, and what it can send to each customer.
    """
    random = np.random.default_rng(seed)
    places = random.random((SITES, 2)), random.random((CUSTOMERS, 2))
    demand = random.integers(5, 40, CUSTOMERS).astype(float)
    freight = np.linalg.norm(places[0][:, None] - places[1][None], axis=2)
    each, all_, one = np.eye(SITES), np.ones((1, CUSTOMERS)), np.eye(CUSTOMERS)
    most = np.full(SITES, min(demand.sum(), capacity))
    matrix = sparse.vstack(
        [
            np.hstack([np.kron(np.ones((1, SITES)), one), np.zeros((CUSTOMERS, SITES))]),
            np.hstack([np.kron(each, all_), -np.diag(most)]),
            np.hstack([np.eye(SITES * CUSTOMERS), -np.kron(each, demand[:, None])]),
        ]
    )
    rows, count = matrix.shape
    whole = np.arange(count) >= SITES * CUSTOMERS
    upper = np.concatenate([demand, np.zeros(rows - CUSTOMERS)])
    lower = np.concatenate([demand, np.full(rows - CUSTOMERS, -np.inf)])
    costs = np.concatenate([freight.ravel(), random.uniform(10, 60, SITES)])
    columns = np.zeros(count), np.where(whole, 1.0, np.inf)
    tight = np.arange(rows) >= CUSTOMERS + SITES
    return Program(sparse.csr_array(matrix), (lower, upper), columns, whole, costs), tight


def solved(program: Program, whole: np.ndarray) -> float:
    highs = Highs(QUIET)
    highs.load(program.matrix, program.columns, program.rows, whole)
    highs.set_costs(program.costs)
    return highs.run().objective


@pytest.mark.parametrize("capacity", [np.inf, 90.0])
def test_relaxation_when_rows_come_as_they_are_broken_then_it_proves_what_all_of_them_do(capacity: float) -> None:
    for seed in range(5):
        program, tight = location(seed, capacity)
        everything = solved(program, np.zeros(len(program.whole), bool))
        relaxed = relax(program, tight, QUIET)
        assert relaxed.status == "optimal"
        assert relaxed.bound == pytest.approx(everything, rel=1e-5)
        assert relaxed.bound <= everything * (1 + 1e-7)
        few = program.only(~tight | (relaxed.dual != 0))
        assert solved(few, np.zeros(len(program.whole), bool)) == pytest.approx(relaxed.bound, rel=1e-6)


def test_row_when_tight_rows_say_it_already_then_it_is_known() -> None:
    program, tight = location(1)
    said, saying = implied(program, tight)
    assert np.flatnonzero(said).tolist() == list(range(CUSTOMERS, CUSTOMERS + SITES))
    assert (saying == tight).all()


def test_row_when_it_asks_for_more_than_tight_rows_then_it_stays() -> None:
    said, saying = implied(*location(1, capacity=90.0))
    assert not said.any()
    assert not saying.any()


def test_row_when_a_tight_row_hangs_on_another_flag_then_it_stays() -> None:
    program, tight = location(1)
    matrix = program.matrix.tolil()
    row, flags = CUSTOMERS + SITES, SITES * CUSTOMERS
    matrix[row, flags], matrix[row, flags + 1] = 0.0, -40.0
    said, _ = implied(program._replace(matrix=sparse.csr_array(matrix)), tight)
    assert not said[CUSTOMERS]
    assert said[CUSTOMERS + 1 : CUSTOMERS + SITES].all()


@pytest.mark.parametrize("capacity", [np.inf, 90.0])
def test_large_search_when_it_ends_then_its_plan_and_bound_are_those_of_the_whole_program(capacity: float) -> None:
    for seed in range(3):
        program, tight = location(seed, capacity)
        found = search_large(program, tight, QUIET)
        assert found is not None
        assert found.status == "optimal"
        best = solved(program, program.whole)
        assert found.objective == pytest.approx(best, rel=1e-6)
        assert found.bound <= best * (1 + 1e-6)
        assert large_search.keeps(program, found.x)


def test_large_search_when_there_is_no_time_then_it_claims_nothing() -> None:
    program, tight = location(2, capacity=90.0)
    relaxed = relax(program, tight, SolverOptions(threads=1, interruptible=False, deadline=0.0))
    assert relaxed.status == "stopped"
    assert relaxed.bound == -np.inf


def test_large_search_when_nothing_meets_the_rows_then_it_is_left_to_the_program_as_it_is() -> None:
    program, tight = location(2, capacity=10.0)
    assert search_large(program, tight, QUIET) is None


@pytest.mark.parametrize("minimize", [("cost",), ("shortage", "cost")])
def test_certificate_when_tight_rows_come_as_they_are_broken_then_proves_what_all_of_them_do(
    minimize: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = formulate(ask(write(draw(5, 8, 12, 2), tmp_path), None).network)
    solution = solve(ArrayModel(form), minimize, QUIET)
    values, bounds, rounds = Values(form, solution), [], list[str]()
    monkeypatch.setattr(certifying, "relax", lambda *given: rounds.append("asked") or relax(*given))
    for large in (10**9, 1):
        monkeypatch.setattr(certifying, "LARGE", large)
        found = Certificate(certificate_of(values, QUIET))
        assert found.findings == []
        assert len(rounds) == (len(minimize) if large == 1 else 0)
        bounds.append([float(level.bound) for level in found.levels])
    assert bounds[0] == pytest.approx(bounds[1], rel=1e-5, abs=1e-6)
    assert bounds[1][-1] > 0.9 * solution.level("cost").value
