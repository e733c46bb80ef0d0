"""One loaded program, solved again: what is asked for stays, what a solve holds is undone or kept."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from sourcing.engine.highs import SolverOptions
from sourcing.engine.program import Program
from sourcing.engine.session import Session

NEAR, FAR = np.array([1.0, 2.0]), np.array([2.0, 1.0])
"""Costs of a tonne from either of two suppliers."""


def loaded(*, lot: float = 0.0) -> Session:
    """Return a program that buys 3 t from two suppliers with 2 t each; a lot of the first is whole, if it has one."""
    matrix = sparse.csr_array(np.array([[lot or 1.0, 1.0]]))
    columns, rows = (np.zeros(2), np.full(2, 2.0)), (np.array([3.0]), np.array([np.inf]))
    return Session(Program(matrix, columns, rows, np.array([lot > 0, False])), SolverOptions(interruptible=False))


def test_face_when_a_solve_holds_it_then_a_later_objective_stays_on_it_until_it_is_restored() -> None:
    session = loaded()
    assert session.settle(NEAR).x.tolist() == [2.0, 1.0]
    assert session.settle(FAR).x.tolist() == [2.0, 1.0]
    session.restore()
    assert session.settle(FAR).x.tolist() == [1.0, 2.0]


def test_face_when_it_is_kept_then_restoring_stays_on_it() -> None:
    session = loaded()
    session.ask_least(NEAR)
    session.restore()
    assert session.settle(FAR).x.tolist() == [2.0, 1.0]


def test_least_when_it_is_looked_for_then_nothing_is_held() -> None:
    session = loaded()
    assert session.least(NEAR).objective == pytest.approx(4.0)
    assert session.least(FAR).objective == pytest.approx(4.0)


@pytest.mark.parametrize("fails", [False, True])
def test_coefficients_when_they_are_others_for_a_while_then_are_as_before(*, fails: bool) -> None:
    session, row = loaded(), np.array([0])
    before = session.highs.matrix.toarray().tolist()
    try:
        with session.with_entries(row, np.array([1]), np.array([2.0])):
            assert session.least(NEAR).objective == pytest.approx(3.0)
            assert not fails or 1 / 0
    except ZeroDivisionError:
        pass
    assert session.highs.matrix.toarray().tolist() == before
    assert session.least(NEAR).objective == pytest.approx(4.0)


def test_rows_when_one_is_dropped_then_the_others_stay_as_they_were_asked_for() -> None:
    session = loaded()
    session.add_rows(sparse.csr_array(np.array([[1.0], [1.0]])), np.array([1.5, 1.0]))  # the last column is left out
    assert session.settle(NEAR).x.tolist() == [1.0, 2.0]
    session.restore()
    session.drop_rows(np.array([1]))  # it holds nothing beside the other
    assert session.rows[1].tolist() == [np.inf, 1.0]
    assert session.least(NEAR).x.tolist() == [1.0, 2.0]


def test_whole_numbers_when_minimised_then_prices_are_those_beside_them() -> None:
    session = loaded(lot=2.0)
    found = session.minimise(np.array([3.0, 2.0]))
    assert found.x.tolist() == [1.0, 1.0]
    assert found.row_dual.tolist() == [2.0]
    assert found.bound == pytest.approx(5.0)
    session.restore()
    assert session.least(np.array([3.0, 4.0])).x.tolist() == [2.0, 0.0]


def test_whole_numbers_when_their_least_is_asked_for_then_a_later_search_keeps_it() -> None:
    session = loaded(lot=2.0)
    lots = np.array([1.0, 0.0])
    assert session.ask_least(lots).objective == pytest.approx(1.0)
    session.restore()
    assert session.minimise(np.array([0.0, 1.0])).x.tolist() == [1.0, 1.0]
