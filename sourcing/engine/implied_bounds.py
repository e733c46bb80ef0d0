"""Implied bounds of columns without an end, each with the row it follows from: anybody can redo them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sourcing.engine.dyadic import Dyadic, dyadic
from sourcing.engine.ray import beside, product

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]
    Pair = tuple[Dyadic, Dyadic]

LOWER, UPPER = 0, 1
_ROUNDS, _APART = 50, 1
"""How far a bound may travel from row to row, and how many rounds are of the first rows alone: what an objective leaves
room for is wide, but follows from given bounds, where others follow from thousands of others."""


class Implied(NamedTuple):
    """A bound that follows from a row: which end (0 lower, 1 upper) of which column, and its value."""

    end: int
    column: int
    value: float
    row: int


class Closed(NamedTuple):
    """Bounds of all columns, those that rows imply among them.

    All are pairs: of lower ends, and of upper ends. ``row`` and ``entry`` say what each follows from, -1 for a given
    one; ``turn`` counts the rounds: what follows in one uses what followed before it.
    """

    bounds: Bounds
    row: tuple[Ints, Ints]
    entry: tuple[Ints, Ints]
    turn: tuple[Ints, Ints]


def closed(matrix: sparse.csr_array, columns: Bounds, rows: Bounds, last: int) -> Closed:
    """Return bounds for as many columns without an end as the rows imply, each a little wider than computed.

    Parameters
    ----------
    last : how many of the rows, at the end of the matrix, are asked after the others.
    """
    count, ends = matrix.shape[1], (columns[0].copy(), columns[1].copy())
    source, turn = (np.full(count, -1), np.full(count, -1)), (np.zeros(count, np.int64), np.zeros(count, np.int64))
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    first = np.arange(matrix.shape[0]) < matrix.shape[0] - last
    for number in range(1, _ROUNDS + 1):
        here = first | (number > _APART)
        sides = np.where(here, rows[0], -np.inf), np.where(here, rows[1], np.inf)
        fresh = [_take(found, end) for found, end in zip(_implied(matrix, row, ends, sides), ends, strict=True)]
        for end, (at, entry) in enumerate(fresh):
            source[end][at], turn[end][at] = entry, number
        if number > _APART and not any(len(at) for at, _ in fresh):
            break
    last_row = np.append(row, -1)
    return Closed(ends, (last_row[source[LOWER]], last_row[source[UPPER]]), source, turn)


def _take(found: tuple[Reals, Ints], end: Reals) -> tuple[Ints, Ints]:
    """Put what was found where an end is missing; return these columns, and the entries that say so."""
    at = np.flatnonzero(np.isinf(end) & np.isfinite(found[0]))
    end[at] = found[0][at]
    return at, found[1][at]


def needed(matrix: sparse.csr_array, closing: Closed, wanted: tuple[Ints, Ints]) -> list[Implied]:
    """Return the implied bounds that are wanted, and those that they follow from, in the order in which they follow.

    Parameters
    ----------
    wanted : columns whose lower, and whose upper end is asked for; given ends among them are passed over.
    """
    left = [(end, int(at)) for end in (LOWER, UPPER) for at in wanted[end] if closing.row[end][at] >= 0]
    seen, rows = set(left), dict[tuple[int, bool], list[tuple[int, int]]]()
    while left:
        end, column = left.pop()
        entry = closing.entry[end][column]
        asked = int(closing.row[end][column]), bool((matrix.data[entry] > 0) == (end == UPPER))
        if asked not in rows:
            rows[asked] = _implied_of(matrix, closing, *asked)
        before = {each for each in rows[asked] if each[1] != column} - seen
        seen |= before
        left += before
    order = sorted((closing.turn[end][at], end, at) for end, at in seen)
    return [Implied(end, at, float(closing.bounds[end][at]), int(closing.row[end][at])) for _, end, at in order]


def _implied_of(matrix: sparse.csr_array, closing: Closed, row: int, above: bool) -> list[tuple[int, int]]:
    """Return the implied bounds at which a row is least (or most, where not ``above``)."""
    span = slice(matrix.indptr[row], matrix.indptr[row + 1])
    column, upper = matrix.indices[span], (matrix.data[span] > 0) != above
    follows = np.where(upper, closing.row[UPPER][column], closing.row[LOWER][column]) >= 0
    return [*zip(upper[follows].astype(int).tolist(), column[follows].tolist(), strict=True)]


def follow(matrix: sparse.csr_array, closing: Closed, rows: Pair, found: list[Implied]) -> bool:
    """Say whether implied bounds follow from their rows, turn by turn, without any rounding.

    Parameters
    ----------
    rows : both sides of all rows, exactly; those that are not there are of no rows that are named.
    """
    turns = np.array([closing.turn[each.end][each.column] for each in found])
    at = np.array([(each.row, each.column, each.end) for each in found], np.int64)
    value = np.array([each.value for each in found])
    return all(
        _follows(matrix, closing, rows, (turn, at[turns == turn], value[turns == turn])) for turn in np.unique(turns)
    )


def _follows(matrix: sparse.csr_array, closing: Closed, rows: Pair, found: tuple[int, Ints, Reals]) -> bool:
    """Say whether the bounds of one turn follow from those of earlier ones.

    Where a x <= side - (the least that the other columns of a row come to), a bound b of x follows if a b is no less;
    with the other side of a row, and the most, no more.
    """
    turn, (row, column, end), value = found[0], found[1].T, found[2]
    entry = np.where(end == UPPER, closing.entry[UPPER][column], closing.entry[LOWER][column])
    own = matrix.data[entry]
    above = (own > 0) == (end == UPPER)
    asked, of = np.unique(2 * row + above, return_inverse=True)
    count = np.diff(matrix.indptr)[asked // 2]
    starts = np.append(0, np.cumsum(count))
    entries = np.repeat(matrix.indptr[asked // 2] - starts[:-1], count) + np.arange(starts[-1])
    spoken = _spoken(matrix, closing, entries, np.repeat(asked % 2, count), turn)
    missing = np.add.reduceat(np.isnan(spoken), starts[:-1])[of]
    total = dyadic(matrix.data[entries]).times(dyadic(np.where(np.isnan(spoken), 0.0, spoken))).sums(starts).at(of)
    mine = _spoken(matrix, closing, entry, above, turn)
    if not (missing == np.isnan(mine)).all():
        return False
    others = total.plus(dyadic(own).times(dyadic(np.where(np.isnan(mine), 0.0, mine))).negative())
    side = rows[1].at(row).where(above, rows[0].at(row)).plus(others.negative())
    spare = dyadic(own).times(dyadic(value)).plus(side.negative())
    return bool((np.where(above, spare.digits, -spare.digits) >= 0).all())


def _spoken(matrix: sparse.csr_array, closing: Closed, entries: Ints, above: Ints, turn: int) -> Reals:
    """Return the ends at which entries are least (or most, where not ``above``); NaN where not known before a turn."""
    column, upper = matrix.indices[entries], (matrix.data[entries] > 0) != (above > 0)
    ends = np.where(upper, closing.bounds[UPPER][column], closing.bounds[LOWER][column])
    known = np.where(upper, closing.turn[UPPER][column], closing.turn[LOWER][column]) < turn
    return np.where(known & np.isfinite(ends), ends, np.nan)


def _implied(matrix: sparse.csr_array, row: Ints, ends: Bounds, rows: Bounds) -> tuple[tuple[Reals, Ints], ...]:
    """Return for both ends of each column the nearest that one row implies, and the entry of that row."""
    column, a = matrix.indices, matrix.data
    least, most = np.where(a > 0, ends[0][column], ends[1][column]), np.where(a > 0, ends[1][column], ends[0][column])
    below = beside(product(a, least), row, rows[1], outward=1.0)
    above = beside(product(a, most), row, rows[0], outward=-1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = below / a, above / a
    low, high = np.where(a > 0, other, one), np.where(a > 0, one, other)
    lower, entry = _nearest(-low, column, ends[0])
    return (-lower, entry), _nearest(high, column, ends[1])


def _nearest(value: Reals, column: NDArray[np.signedinteger[Any]], end: Reals) -> tuple[Reals, Ints]:
    """Return the smallest value of each column that has no end yet, and the first entry it stands at."""
    entries = np.flatnonzero(np.isfinite(value) & np.isinf(end)[column])
    found, entry = np.full(len(end), np.inf), np.zeros(len(end), np.int64)
    np.minimum.at(found, column[entries], value[entries])
    first = entries[value[entries] == found[column[entries]]][::-1]
    entry[column[first]] = first
    return found, entry
