"""A certificate of a plan: duals and implied bounds from which anybody can add up what no plan costs less than.

For any duals y of the rows, costs · x = y · (matrix x) + (costs - y matrix) · x, and each term is no less than at the
better one of its two bounds (weak duality). All of it is added up without rounding, so that a solver is believed in
nothing but where to look (Neumaier and Shcherbina, "Safe bounds in linear and mixed-integer linear programming", 2004).
Rows are taken wider by what the plan misses of them: then the plan itself is one of those that are spoken of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from sourcing.engine.dyadic import Dyadic, dyadic
from sourcing.engine.implied_bounds import closed, follow, needed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sourcing.engine.implied_bounds import Implied

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

_WEIGHTS = (0.0, *(2.0**power for power in range(-12, 57, 4)))
"""How much of an earlier objective's duals is tried in a later one's."""
_GRID = 2.0**-40
"""Part of the largest dual to whose multiples duals are rounded where they prove nothing as they are."""


class Posed(NamedTuple):
    """What is asked of x: sides of matrix · x, and bounds of x."""

    matrix: sparse.csr_array
    columns: Bounds
    rows: Bounds


class Aim(NamedTuple):
    """An objective as it was solved: its name, its costs, and the solver's duals of the rows.

    ``held`` are those of the objectives before it, if they were rows of what was solved; ``bound`` is what the solver
    takes them to prove.
    """

    name: str
    costs: Reals
    dual: Reals
    held: tuple[float, ...] | None = None
    bound: float = -math.inf


@dataclass(frozen=True, eq=False)
class Step:
    """What is certified of one objective among the plans that have no more of those before it than this one has.

    ``held`` are the duals of these, 0 or less. ``value`` is the plan's, to the nearest float; no plan is below
    ``bound``, -inf where the duals prove none. ``implied`` are the bounds that this takes.
    """

    name: str
    costs: Reals
    dual: Reals
    held: tuple[float, ...]
    value: Fraction
    bound: float
    implied: tuple[Implied, ...]


@dataclass(frozen=True, eq=False)
class Certificate:
    """Everything that it takes to check a plan with a pencil: program, plan, duals, and bounds that rows imply.

    ``room`` is by how much the plan misses each row, in its own unit.
    """

    posed: Posed
    x: Reals
    room: Reals
    steps: tuple[Step, ...]


def certify(posed: Posed, x: Reals, aims: Sequence[Aim]) -> Certificate:
    """Certify a plan, objective by objective.

    Parameters
    ----------
    x : the plan, within the bounds of the columns.
    aims : the objectives in order, with duals of all rows of ``posed``; what they are worth is found out here.
    """
    exactly, steps = _Exactly(posed, x), list[Step]()
    for aim in aims:
        steps.append(_step(exactly, aim, steps))
    return Certificate(posed, x, exactly.room, tuple(steps))


def refutes(posed: Posed, ray: Reals) -> bool:
    """Say whether the rows, each times its entry of a ray, ask together for what no x within its bounds can be.

    It is a bound on costs of nothing: where that is more than nothing, there is no x.
    """
    none = np.zeros(posed.matrix.shape[1])
    exactly = _Exactly(posed, none, np.zeros(posed.matrix.shape[0]))
    return exactly.bound(none, _sided(posed, ray), [], Fraction(0))[0] > 0


def up(value: Fraction) -> float:
    """Return the nearest float that is not below a fraction."""
    near = float(value)
    return near if Fraction(near) >= value else math.nextafter(near, math.inf)


def down(value: Fraction) -> float:
    """Return the nearest float that is not above a fraction."""
    return 0.0 - up(-value)


def _step(exactly: _Exactly, aim: Aim, before: Sequence[Step]) -> Step:
    """Certify one objective, with the duals as they are and, where these prove nothing, a little rounded."""
    value, best = exactly.value(aim.costs), None
    aim = aim._replace(dual=np.where(np.isfinite(aim.dual), aim.dual, 0.0))
    top = np.abs(aim.dual).max(initial=0.0)
    grid = _GRID * 2.0 ** math.ceil(math.log2(top)) if top > 0 else 1.0
    for dual in (aim.dual, np.round(aim.dual / grid) * grid):
        y, held = exactly.combined(aim._replace(dual=dual), before)
        bound, implied = exactly.bound(aim.costs, y, list(zip(held, before, strict=True)), value)
        found = Step(aim.name, aim.costs, y, tuple(held), value, bound, tuple(implied))
        best = found if best is None or found.bound > best.bound else best
        if math.isfinite(best.bound):
            break
    assert best is not None
    return best


class _Exactly:
    """A program and a plan without rounding: what the plan costs and misses, and what duals prove."""

    def __init__(self, posed: Posed, x: Reals, room: Reals | None = None) -> None:
        self._posed, self._x, matrix = posed, dyadic(x), posed.matrix
        self._a = dyadic(matrix.data)
        row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        places = sparse.csr_array((np.arange(matrix.nnz), matrix.indices, matrix.indptr), matrix.shape).tocsc()
        self._row, self._starts = row[places.data], places.indptr
        self._by_column = self._a.at(places.data)
        self.room = self._missed() if room is None else room
        spread = -self.room, self.room
        self._wide = [_finite(side).plus(dyadic(room)) for side, room in zip(posed.rows, spread, strict=True)]

    def value(self, costs: Reals) -> Fraction:
        """Return what the plan comes to."""
        return dyadic(costs).times(self._x).total()

    def _missed(self) -> Reals:
        """Return by how much the plan misses each row, rounded up."""
        matrix, room = self._posed.matrix, np.zeros(self._posed.matrix.shape[0])
        activity = self._a.times(self._x.at(matrix.indices)).sums(matrix.indptr)
        for side, sign in zip(self._posed.rows, (1, -1), strict=True):
            lacks = _finite(side).plus(activity.negative())
            missed = np.isfinite(side) & (sign * lacks.digits > 0).astype(bool)
            for at in np.flatnonzero(missed).tolist():
                room[at] = max(room[at], up(lacks.fraction(sign * lacks.digits[at])))
        return room

    def combined(self, aim: Aim, before: Sequence[Step]) -> tuple[Reals, list[float]]:
        """Return duals of an objective and of those before it, by which most is proven.

        A solver holds an earlier objective on its face: rows and columns where its duals put them. Duals that belong
        to that are put right by a multiple of the earlier ones, and then speak for the earlier objective as a row.
        """
        dual, held = aim.dual, np.zeros(len(before)) if aim.held is None else np.array(aim.held)
        costs, at_most = [step.costs for step in before], np.array([float(step.value) for step in before])
        for at in reversed(range(len(before))):
            step, taken = before[at], np.zeros(len(before))
            taken[: len(step.held)], taken[at] = step.held, -1.0
            own = step.dual if aim.held is None else np.zeros(len(dual))
            tried = [(dual + weight * own, held + weight * taken) for weight in _WEIGHTS]
            worth = [self._roughly(aim.costs - prices @ np.array(costs), y) + prices @ at_most for y, prices in tried]
            dual, held = tried[int(np.argmax(worth))]
        return _sided(self._posed, dual), held.tolist()

    def _roughly(self, costs: Reals, dual: Reals) -> float:
        """Return about what duals surely prove of costs, not asking for bounds that are not there.

        What rounding may take off is taken off: large duals prove no more than small ones, and lose more of it.
        """
        y, (lower, upper) = _sided(self._posed, dual), self._posed.rows
        matrix = self._posed.matrix
        left, size = costs - matrix.T @ y, np.abs(costs) + abs(matrix).T @ np.abs(y)
        sides, spoken = np.where(y == 0, 0.0, np.where(y > 0, lower, upper)), np.where(left > 0, *self._posed.columns)
        spoken = np.where(np.isfinite(spoken), spoken, np.where(left < 0, 1.0, -1.0) * _FAR)
        noise = np.abs(left) <= _NOISE * np.abs(costs).max(initial=1.0)
        left[noise & (np.abs(spoken) == _FAR)] = 0.0
        rounding = _ROUNDING * (np.abs(sides) @ np.abs(y) + np.where(left == 0, 0.0, np.abs(spoken)) @ size)
        return float(sides @ y + spoken @ left - rounding)

    def bound(
        self, costs: Reals, dual: Reals, held: Sequence[tuple[float, Step]], value: Fraction
    ) -> tuple[float, list[Implied]]:
        """Return what no plan is below, and the implied bounds that this takes; -inf if some are missing."""
        y, total = dyadic(dual), Fraction(0)
        left = dyadic(costs).plus(self._by_column.times(y.at(self._row)).sums(self._starts).negative())
        for price, step in held:
            left = left.plus(dyadic(step.costs).times(dyadic(np.array([-price]))))
            total += Fraction(price) * Fraction(up(step.value))
        for side, sign in zip(self._wide, (1, -1), strict=True):
            at = np.flatnonzero(sign * dual > 0)
            total += y.at(at).times(side.at(at)).total()
        places = [np.flatnonzero((sign * left.digits > 0).astype(bool)) for sign in (1, -1)]
        ends, implied = self._closed(places, [(step.costs, step.value) for _, step in held] + [(costs, value)])
        if ends is None:
            return -math.inf, []
        for at, end in zip(places, ends, strict=True):
            total += left.at(at).times(dyadic(end[at])).total()
        return down(total), implied

    def _closed(
        self, places: Sequence[Ints], aims: Sequence[tuple[Reals, Fraction]]
    ) -> tuple[Bounds | None, list[Implied]]:
        """Return bounds of columns, with those that rows and objectives imply; None if some of ``places`` have none."""
        given = self._posed.columns
        if not any(np.isinf(side[at]).any() for side, at in zip(given, places, strict=True)):
            return given, []
        objectives = sparse.csr_array(np.array([costs for costs, _ in aims]))
        matrix = sparse.csr_array(sparse.vstack([self._posed.matrix, objectives]))
        most = [up(value) for _, value in aims]
        lower, upper = self._posed.rows
        wide = np.append(lower - self.room, np.full(len(most), -np.inf)), np.append(upper + self.room, most)
        closing = closed(matrix, given, wide, len(most))
        wanted = [at[np.isinf(side[at])] for side, at in zip(given, places, strict=True)]
        if any(np.isinf(side[at]).any() for side, at in zip(closing.bounds, wanted, strict=True)):
            return None, []
        implied = needed(matrix, closing, (wanted[0], wanted[1]))
        sides = tuple(
            side.joined(dyadic(np.array(end))) for side, end in zip(self._wide, ([0.0] * len(most), most), strict=True)
        )
        return (closing.bounds if follow(matrix, closing, (sides[0], sides[1]), implied) else None), implied


_FAR, _NOISE, _ROUNDING = 1e9, 1e-12, 2.0**-52
"""What a bound that is missing is taken for in an estimate, the part of the costs that is nothing there, and the part
of a term that rounding may take off it."""


def _sided(posed: Posed, dual: Reals) -> Reals:
    """Return duals without those that speak for a side that is not there."""
    side = np.where(dual > 0, posed.rows[0], posed.rows[1])
    return np.where(np.isfinite(side), dual, 0.0)


def _finite(side: Reals) -> Dyadic:
    """Return sides as they are, 0 for those that are not there."""
    return dyadic(np.where(np.isfinite(side), side, 0.0))
