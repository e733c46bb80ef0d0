"""Numbers that two programs share if they are the same up to the order of their rows and columns."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

TOLERANCE = 1e-7


class Linear(NamedTuple):
    """A linear program over columns that are at least 0."""

    cost: Any
    upper: Any
    low: Any
    high: Any
    matrix: sparse.csr_array

    @property
    def size(self) -> tuple[int, int, int]:
        """Rows, columns and nonzeros."""
        return (*self.matrix.shape, self.matrix.nnz)


def read_back(highs: Any) -> Linear:
    """Return the program that an instance of HiGHS holds."""
    lp = highs.getLp()
    sides = (np.array(side) for side in (lp.col_cost_, lp.col_upper_, lp.row_lower_, lp.row_upper_))
    return Linear(*sides, _matrix(lp))


def fingerprint(program: Linear) -> list[float]:
    """Return sums over a program, the costs taken relative to the largest.

    No sum depends on the order of rows or columns, nor on the side of its row on which a term stands. They mix costs,
    bounds and coefficients through the matrix, so one coefficient in the wrong place changes several of them.
    """
    matrix, low, high = program.matrix, program.low, program.high
    cost, upper = program.cost / np.abs(program.cost).max(), _finite(program.upper)
    side = np.where(np.isfinite(high), _finite(high), _finite(low))
    ones, charged, bounded = matrix @ np.ones(len(cost)), matrix @ cost, matrix @ upper
    fit = [charged @ charged, charged @ side, bounded @ bounded, bounded @ side, bounded @ charged, ones @ charged]
    back = matrix.T @ charged
    return [
        *(float(value) for value in (cost.sum(), cost @ cost, upper.sum(), upper @ cost, side @ side, ones @ side)),
        *(float(value) for value in (ones @ ones, *fit, back @ back, back @ cost)),
    ]


def _finite(values: Any) -> Any:
    return np.where(np.isfinite(values), values, 0.0)


def _matrix(lp: Any) -> sparse.csr_array:
    parts = (np.array(lp.a_matrix_.value_), np.array(lp.a_matrix_.index_), np.array(lp.a_matrix_.start_))
    shape = (lp.num_row_, lp.num_col_)
    if "Row" in lp.a_matrix_.format_.name:
        return sparse.csr_array(parts, shape=shape)
    return sparse.csr_array(sparse.csc_array(parts, shape=shape))


def agree(one: list[float], other: list[float]) -> bool:
    """Return whether two fingerprints are the same, rounding apart."""
    return all(math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE) for a, b in zip(one, other, strict=True))
