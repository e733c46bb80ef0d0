"""Sizes far apart in one program: nothing is lost on the way to the solver."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from sourcing.answer.setting import ask, network_of
from sourcing.engine import scaling
from sourcing.engine.formulation import formulate
from sourcing.engine.hand_over import Hidden
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.scaling import LEAST, units_of
from sourcing.engine.solve_linear import load
from sourcing.errors import SolverError
from sourcing.run import optimize
from tests.builders import write_question, write_tables

OPTIONS = SolverOptions(interruptible=False)
HUGE = Path(__file__).parent / "regressions" / "huge-balance" / "question.toml"


def handed(matrix: sparse.csr_array, most: np.ndarray, sides: tuple[np.ndarray, np.ndarray]) -> Highs:
    highs = Highs(OPTIONS)
    highs.load(matrix, (np.zeros(len(most)), most), sides, np.zeros(len(most), bool))
    return highs


@pytest.mark.parametrize("seed", range(40))
def test_program_of_any_sizes_when_handed_over_then_has_every_entry(seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows, columns = draw.integers(1, 8, 2)
    filled = draw.random((rows, columns)) < 0.7
    size = 10.0 ** draw.uniform(-6, 3, (rows, columns)) * np.where(draw.random((rows, columns)) < 0.5, -1, 1)
    matrix = sparse.csr_array(np.where(filled, size, 0.0))
    most = np.where(draw.random(columns) < 0.2, np.inf, 10.0 ** draw.uniform(-6, 9, columns))
    asked = 10.0 ** draw.uniform(-6, 9, rows)
    highs = handed(matrix, most, (np.where(draw.random(rows) < 0.5, -np.inf, 0.0), asked))
    own = highs._highs.getLp().a_matrix_
    assert len(own.value_) == matrix.nnz
    assert np.abs(own.value_).min(initial=1.0) >= LEAST
    highs.add_rows(sparse.csr_array(np.abs(10.0 ** draw.uniform(-3, 3, (1, columns)))), np.array([1e12]))
    assert highs._highs.getNumNz() == matrix.nnz + columns


@pytest.mark.parametrize("seed", range(20))
def test_units_when_rows_are_worked_on_in_stretches_then_are_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(seed)
    rows, columns = draw.integers(1, 60, 2)
    size = 10.0 ** draw.uniform(-6, 3, (rows, columns)) * np.where(draw.random((rows, columns)) < 0.4, -1, 1)
    matrix = sparse.csr_array(np.where(draw.random((rows, columns)) < 0.3, size, 0.0))
    most = np.where(draw.random(columns) < 0.6, np.inf, 10.0 ** draw.uniform(-6, 9, columns))
    sides = np.full(rows, -np.inf), 10.0 ** draw.uniform(-6, 9, rows)
    found = []
    for entries in (10_000, 7):
        monkeypatch.setattr(scaling, "_BLOCK", entries)
        units = units_of(matrix, (np.zeros(columns), most), sides, np.arange(columns) % 5 == 0)
        found.append((units.column, units.row, units.matrix(matrix)))
    assert all(map(np.array_equal, *found))


APART = ([1e-7, 1e7], [1e-12, 1e13])
"""Coefficients and bounds of two columns that no unit of a row brings before the solver together."""


def test_row_when_no_unit_brings_all_of_it_before_the_solver_then_is_refused() -> None:
    matrix = sparse.csr_array(np.array([[1.0, 1.0], APART[0]]))
    with pytest.raises(Hidden) as refused:
        handed(matrix, np.array(APART[1]), (np.array([0.0, 0.0]), np.array([np.inf, np.inf])))
    assert refused.value.rows.tolist() == [1]
    assert "slip" in str(refused.value)


def test_row_when_it_is_refused_then_is_named_by_what_it_is_about() -> None:
    setting = ask(HUGE, None)
    formulation = formulate(network_of(setting.question, setting.case))
    row = formulation.matrix.indptr[formulation.rows["balance"].ids[0]]
    columns = formulation.matrix.indices[row : row + 2]
    formulation.matrix.data[row : row + 2], formulation.column_upper[columns] = APART
    with pytest.raises(SolverError, match=r"balance\[W,x,0\]"):
        load(to_pyomo(formulation), OPTIONS)


def test_entry_when_rounding_left_it_of_a_difference_then_is_not_handed_over() -> None:
    matrix = sparse.csr_array(np.array([[1.0, 0.1 + 0.2 - 0.3]]))
    highs = handed(matrix, np.array([1.0, 1.0]), (np.array([0.0]), np.array([1.0])))
    assert highs._highs.getNumNz() == 1
    assert highs.units.row.tolist() == [1.0]


def test_small_supplier_when_beside_one_of_gigatonnes_then_its_goods_arrive() -> None:
    plan = optimize(HUGE)
    assert plan.tables["shortage"].empty
    assert plan.manifest["objective"]["cost"] == pytest.approx(900_100_000, abs=0.01)
    assert dict(plan.tables["purchases"][["offer", "tonnes"]].to_numpy().tolist()) == {"a": 9e8, "b": 1e5}


@pytest.mark.parametrize(
    ("large", "small", "price"),
    [(1e8, 1e-3, 1.0), (1e8, 1e-3, 1e-3), (1e6, 1e-6, 1e9), (1e8, 1.0, 1e9)],
    ids=["a kilogram", "a kilogram for nothing", "a gram that is dear", "a tonne that is dear"],
)
def test_small_supplier_when_beside_a_large_one_then_sells_what_the_large_one_cannot(
    tmp_path: Path, large: float, small: float, price: float
) -> None:
    offers = [("a", "A", 1.0, large), ("b", "B", price, small)]
    tables = {
        "materials": [{"material": "x", "shortage_cost": 1e10}],
        "sites": [{"site": site, "kind": "supplier", "country": "AUS"} for site in "AB"]
        + [{"site": "W", "kind": "plant", "country": "USA"}],
        "offers": [
            {"offer": offer, "supplier": site, "site": site, "material": "x", "destination": "W", "price": price}
            | {"capacity": capacity}
            for offer, site, price, capacity in offers
        ],
        "demand": [{"site": "W", "material": "x", "period": "2027", "quantity": large + small}],
    }
    write_tables(tmp_path / "tiny", tables)
    text = '[objective]\nminimize = ["cost"]\nshortage = "priced"\ndiscount_rate = 0.0\n'
    horizon = '[horizon]\nstart = "2027-01"\nperiods = 1\nlength = "year"\n'
    plan = optimize(write_question(tmp_path, text + horizon))
    bought = plan.tables["purchases"].set_index("offer")["tonnes"]
    assert bought["b"] == pytest.approx(small, rel=1e-3)
    assert plan.tables["shortage"].empty
