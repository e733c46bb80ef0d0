"""Farkas rays: combinations of rows that no values of the columns can meet, checked by arithmetic of their own.

A ray y proves that a program has no plan where what its rows ask for together, y · sides, is more than y · matrix · x
can be for any x within the columns' bounds. Sums are taken with a bound on their rounding, and in exact fractions where
rounding could decide. A ray that only rounding keeps from proving it is shifted off the edge (project and shift: Steffy
and Wolter, "Valid linear programming bounds for exact mixed-integer programming", 2013).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from sourcing.engine.dyadic import dyadic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.scaling import Units

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

WIDENED = 1e-9
"""Units by which every row and bound may be missed: a proof holds for the program that is so much wider too."""
_DUST = 1e-12, 1e-8
"""Parts of a ray's largest entry up to which an entry is taken as nothing, the least first."""
_SPECK = 1e-9
"""Part of the terms of a price up to which it is a speck: a column without an end has the bound that the rows imply."""
_SHIFT = 1e-11
"""Part of the terms of a price by which a price at a column without an end is moved to the side that costs nothing."""
_SHIFTS = 4
"""How often: prices that were on the right side may leave it with the others."""
_EPS = float(np.finfo(float).eps)
_OUTWARD = 1e-9
"""Part by which a bound that follows from a row is taken wider than it was computed."""
_ROUNDS = 50
"""How far a bound may travel from row to row: over the legs and stages of a chain, and what limits count of them."""


class Ruled(NamedTuple):
    """What is asked of x: ``rows`` are the sides of matrix · x, ``columns`` the bounds of x; ``units`` of both."""

    matrix: sparse.csr_array
    columns: Bounds
    rows: Bounds
    units: Units


def proving(program: Ruled, ray: Reals) -> Reals | None:
    """Return a ray, cleaned and with its sign put right, if it proves that the program has no plan, else None.

    Parameters
    ----------
    ray : one entry per row, in units of 1 over those of the row; what a solver says, which need not be true.
    """
    if not np.isfinite(ray).all():
        return None
    size = np.abs(ray * program.units.row)
    for dust in _DUST:
        kept = np.where(size > dust * size.max(initial=0.0), ray, 0.0)
        for y in (_on_sides(program, kept), _on_sides(program, -kept)):
            if y.any() and _proves(program, y):
                return y
            shifted = _shifted(program, y)
            if shifted is not y and shifted.any() and _proves(program, shifted):
                return shifted
    return None


def proves(program: Ruled, ray: Reals) -> bool:
    """Say whether a ray that proved another program to have no plan proves it of this one, as it is."""
    return len(ray) == len(program.rows[0]) and _proves(program, _on_sides(program, ray))


def lonely(program: Ruled) -> Reals | None:
    """Return a ray of the one row that is furthest from what the columns' bounds let it be; None if each can be met."""
    low, high = _activities(program.matrix, program.columns)
    below, above = program.rows[0] - high, low - program.rows[1]
    with np.errstate(invalid="ignore"):
        missed = np.where(np.isnan(below), -np.inf, below), np.where(np.isnan(above), -np.inf, above)
    most = np.maximum(*missed) / program.units.row
    if not len(most) or most.max() <= 0:
        return None
    at = int(np.argmax(most))
    ray = np.zeros(len(most))
    ray[at] = 1.0 if missed[0][at] >= missed[1][at] else -1.0
    return ray


def crossed(program: Ruled) -> bool:
    """Whether a column's, or a row's, lower bound is above its upper one by more than rounding."""
    pairs = ((program.columns, program.units.column), (program.rows, program.units.row))
    return any(bool((lower - upper > 2.0 * WIDENED * unit).any()) for (lower, upper), unit in pairs)


def _on_sides(program: Ruled, y: Reals) -> Reals:
    """Return a ray without what it takes of sides that rows do not have."""
    side = np.where(y > 0, program.rows[0], program.rows[1])
    return np.where(np.isfinite(side), y, 0.0)


def _shifted(program: Ruled, y: Reals) -> Reals:
    """Return a ray moved as little as it takes, so that what it asks of columns without an end is clear of rounding.

    Entries move in proportion to their size, least squares of the changes: what is 0 stays 0, signs stay.
    """
    lower, upper = program.columns
    from scipy.sparse.linalg import lsqr  # loads slowly, and only what has no plan needs it

    by_column = sparse.csr_array(program.matrix.T)
    for _ in range(_SHIFTS):
        price, room = by_column @ y, _SHIFT * (abs(by_column) @ np.abs(y))
        above, below = (price > -room / 2) & np.isinf(upper), (price < room / 2) & np.isinf(lower)
        at = np.flatnonzero((above ^ below) & (room > 0))
        if not len(at) or (np.abs(price[at]) > _SPECK * room[at] / _SHIFT).any():
            return y
        asked = np.where(above[at], -room[at], room[at]) - price[at]
        weight = sparse.diags_array(1.0 / room[at])
        system = sparse.csr_array(weight @ by_column[at] @ sparse.diags_array(np.abs(y)))
        moved = lsqr(system, asked / room[at], atol=1e-10, btol=1e-10)[0]
        y = _on_sides(program, y + np.abs(y) * moved)
    return y


def _proves(program: Ruled, y: Reals) -> bool:
    matrix, (lower, upper) = program.matrix, program.columns
    sides = product(y, np.where(y > 0, program.rows[0], program.rows[1]))
    price, size = matrix.T @ y, abs(matrix).T @ np.abs(y)
    count = np.diff(matrix.tocsc().indptr)
    noise = (count + 2) * _EPS * size
    low, high = price - noise, price + noise
    doubtful = np.flatnonzero(((high > 0) & np.isinf(upper)) | ((low < 0) & np.isinf(lower)))
    low[doubtful] = high[doubtful] = _exactly(matrix, y, doubtful)
    open_ = doubtful[((high > 0) & np.isinf(upper))[doubtful] | ((low < 0) & np.isinf(lower))[doubtful]]
    if len(open_):
        if (np.abs(low[open_]) > _SPECK * size[open_]).any():
            return False
        reached = implied(program)
        lower, upper = lower.copy(), upper.copy()
        lower[open_], upper[open_] = reached[0][open_], reached[1][open_]
    most = np.maximum(product(high, np.where(high > 0, upper, lower)), product(low, np.where(low > 0, upper, lower)))
    if not np.isfinite(most).all():
        return False
    terms = np.concatenate([sides, -most])
    rounding = (len(terms) + 2) * _EPS * float(np.abs(terms).sum())
    margin = WIDENED * float(np.abs(y) @ program.units.row + np.abs(price) @ program.units.column)
    return float(terms.sum()) > rounding + margin


def product(price: Reals, bound: Reals) -> Reals:
    """Return price times bound, 0 where the price is 0 and the bound infinite."""
    found: Reals = price * np.where(price == 0, 0.0, bound)
    return found


def _exactly(matrix: sparse.csr_array, y: Reals, columns: Ints) -> Reals:
    """Return y · matrix of some columns, summed in fractions: its sign is exact."""
    by_column = matrix.tocsc()[:, columns]
    sums = dyadic(by_column.data).times(dyadic(y[by_column.indices])).sums(by_column.indptr)
    found, filled = np.zeros(len(columns)), np.flatnonzero(sums.digits != 0)
    found[filled] = [float(sums.fraction(digits)) for digits in sums.digits[filled].tolist()]
    return found


def implied(program: Ruled) -> Bounds:
    """Return bounds of the columns that follow from their own and from the rows, a little wider than computed."""
    lower, upper = (side.copy() for side in program.columns)
    matrix = program.matrix
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    column, a = matrix.indices, matrix.data
    for _ in range(_ROUNDS):
        before = np.isinf(lower).sum() + np.isinf(upper).sum()
        least, most = np.where(a > 0, lower[column], upper[column]), np.where(a > 0, upper[column], lower[column])
        below = beside(product(a, least), row, program.rows[1], outward=1.0)
        above = beside(product(a, most), row, program.rows[0], outward=-1.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            one, other = below / a, above / a
        np.minimum.at(upper, column, np.where(np.isnan(one) | (a <= 0), np.inf, one))
        np.minimum.at(upper, column, np.where(np.isnan(other) | (a >= 0), np.inf, other))
        np.maximum.at(lower, column, np.where(np.isnan(other) | (a <= 0), -np.inf, other))
        np.maximum.at(lower, column, np.where(np.isnan(one) | (a >= 0), -np.inf, one))
        if np.isinf(lower).sum() + np.isinf(upper).sum() == before:
            break
    return lower, upper


def beside(term: Reals, row: Ints, side: Reals, *, outward: float) -> Reals:
    """Return what the side of each entry's row leaves for it beside the others; NaN where that is without end."""
    endless = np.isinf(term)
    finite = np.where(endless, 0.0, term)
    total, size = (np.bincount(row, terms, len(side))[row] for terms in (finite, np.abs(finite)))
    others = np.bincount(row, endless, len(side))[row] - endless
    own = side[row]
    known = (others == 0) & np.isfinite(own)
    own = np.where(known, own, 0.0)
    return np.where(known, own - (total - finite) + outward * _OUTWARD * (size + np.abs(own)), np.nan)


def _activities(matrix: sparse.csr_array, columns: Bounds) -> Bounds:
    """Return the least and the most that each row can come to within the columns' bounds."""
    lower, upper = columns
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    a, at = matrix.data, matrix.indices
    least = product(a, np.where(a > 0, lower[at], upper[at]))
    most = product(a, np.where(a > 0, upper[at], lower[at]))
    low, high = (np.asarray(np.bincount(row, terms, matrix.shape[0]), np.float64) for terms in (least, most))
    return low, high
