"""Least total variation as a last level: of the plans within a sliver of the least cost, the one that moves least.

Columns and rows for what moves are added for this level alone, in an instance of the solver of its own: what is proven
of the levels before it is proven without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import highspy
import numpy as np
from scipy import sparse

from sourcing.engine.adjustable import Adjustable
from sourcing.engine.cones import broken, rows_of
from sourcing.engine.rounds import scale_of, settle
from sourcing.engine.ties import break_ties, tie_weights
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import Highs

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Bounds = tuple[Reals, Reals]

ROUNDS = 100
"""Solves after which a plan that still breaks a square is given up."""
NEAR = 1e-9
"""Part of what was found before by which a plan may move, or cost, more and still be no worse."""


class Steady(NamedTuple):
    """What is to move little: each row of ``rates`` · x less ``before`` is the change of one rate, t/day.

    ``value`` is what a tonne of it is worth, USD/t; ``sliver`` the part of the least cost that a plan may cost more.
    """

    rates: sparse.csr_array
    before: Reals
    value: Reals
    sliver: float

    def moved(self, x: Reals) -> float:
        """Return by how much the rates of a plan move, USD/day."""
        return float(self.value @ np.abs(self.rates @ x[: self.rates.shape[1]] - self.before))


class Face(NamedTuple):
    """The plans that are as good as can be in all objectives before the last: sides of the rows, bounds of columns."""

    rows: Bounds
    columns: Bounds

    @classmethod
    def of(cls, highs: Highs, bounds: Bounds) -> Face:
        """Return what the solver holds now, with these bounds of the columns."""
        return cls((highs.rows[0].copy(), highs.rows[1].copy()), bounds)


def smoothest(highs: Highs, formulation: Formulation, steady: Steady, least: Reals, face: Face) -> Reals | None:
    """Return the plan that moves least of those that cost a sliver more than the least, and leave nobody shorter.

    None where there is none that moves less, or the solver cannot say. Ties are broken as they are among the cheapest.

    Parameters
    ----------
    least : a plan of the least cost.
    face : what its earlier objectives leave.
    """
    if not steady.sliver or not steady.moved(least):
        return None
    try:
        x = _Moving(highs, formulation, (steady, least), face).least()
    except SolverError:
        return None
    if x is None or steady.moved(x) >= steady.moved(least) * (1.0 - NEAR):
        return None
    return x


def most(costs: Reals, steady: Steady, least: Reals) -> float:
    """Return what a plan may cost, USD."""
    cheapest = float(costs @ least)
    return cheapest + steady.sliver * abs(cheapest)


class _Moving:
    """The program with columns for what rates rise and fall by, and the last objective as a row."""

    def __init__(self, highs: Highs, formulation: Formulation, of: tuple[Steady, Reals], face: Face) -> None:
        (self._steady, least), self._formulation = of, formulation
        count, moves = len(face.columns[0]), len(self._steady.before)
        costs = formulation.objectives["cost"]
        scale = scale_of(costs * highs.units.column[: len(costs)])
        rates = _wider(self._steady.rates, count)
        apart = sparse.eye_array(moves)
        matrix = sparse.block_array(
            [
                [highs.matrix, None, None],
                [rates, -apart, apart],
                [_wider(sparse.csr_array(costs[None, :] * scale), count), None, None],
            ],
            format="csr",
        )
        before = self._steady.before
        self._upper = np.concatenate([face.rows[1], before, [most(costs, self._steady, least[: len(costs)]) * scale]])
        lower = np.concatenate([face.rows[0], before, [-np.inf]])
        none, free = np.zeros(2 * moves), np.full(2 * moves, np.inf)
        kept = self._nobody_shorter(face.columns, least)
        self._bounds = np.append(kept[0], none), np.append(kept[1], free)
        self._count, self._costs = count, np.concatenate([np.zeros(count), np.tile(self._steady.value, 2)])
        self._highs = Adjustable(highs.another().options)
        self._highs.load(matrix, self._bounds, (lower, self._upper), np.zeros(count + 2 * moves, bool))
        self._begin_at(highs.found, least)

    def _begin_at(self, cheapest: highspy.HighsBasis | None, least: Reals) -> None:
        """Start from a cheapest plan, where every rate that rises or falls is what its row is solved for."""
        own = self._highs.matrix.shape[0] - len(self._steady.before) - 1
        if cheapest is None or (len(cheapest.col_status), len(cheapest.row_status)) != (self._count, own):
            self._highs.by_barrier(on=True)
            return
        basis, moves = highspy.HighsBasis(), self._steady.rates @ least[: self._steady.rates.shape[1]]
        rises = (moves > self._steady.before).tolist()
        basic, at = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kLower
        up, down = [basic if each else at for each in rises], [at if each else basic for each in rises]
        basis.col_status = [*cheapest.col_status, *up, *down]
        basis.row_status = [*cheapest.row_status, *[at] * len(rises), basic]
        basis.valid = True
        self._highs.start_at(basis)
        self._highs.go_on(primal=True)

    def _nobody_shorter(self, bounds: Bounds, least: Reals) -> Bounds:
        """Return the bounds of the columns under which nothing is shorter than in the cheapest plan."""
        block, upper = self._formulation.columns.get("short"), bounds[1].copy()
        if block is not None:
            upper[block.ids] = np.clip(least[block.ids], bounds[0][block.ids], upper[block.ids])
        return bounds[0], upper

    def least(self) -> Reals | None:
        """Return the plan that moves least; None where the solver finds none that keeps every square."""
        if not self._squared():
            return None
        found, bounds = settle(self._highs, self._costs, self._bounds)
        self._highs.by_barrier(on=False)
        if found.status != "optimal":
            return None
        weights = np.zeros(len(self._costs))
        own = tie_weights(self._formulation)
        weights[: len(own)] = own
        final = break_ties(self._highs, weights, found, bounds)
        kept = final if self._breaks(final.x) is None else found
        return kept.x[: self._count]

    def _squared(self) -> bool:
        """Add the tangents that plans which move least break; say whether there is one that breaks none."""
        self._highs.set_costs(self._costs * scale_of(self._costs))
        for _ in range(ROUNDS if self._formulation.cones else 0):
            found = self._highs.run()
            if found.status != "optimal":
                return False
            rows = self._breaks(found.x)
            if rows is None:
                return True
            self._highs.go_on(primal=False)
            self._highs.add_rows(rows, np.zeros(rows.shape[0]), self._highs.units.column[rows.indices[::3]])
        return not self._formulation.cones

    def _breaks(self, x: Reals) -> sparse.csr_array | None:
        """Return the tangents at a plan that breaks a square, None if it breaks none."""
        tangents = broken(self._formulation, x[: self._formulation.shape[1]], self._upper)
        return _wider(rows_of(self._formulation, tangents), len(self._costs)) if len(tangents.share) else None


def _wider(rows: sparse.csr_array, columns: int) -> sparse.csr_array:
    """Return rows of more columns, nothing in those behind."""
    return sparse.csr_array((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], columns))
