"""Postsolve of forcing constraints: what columns held for want of room are worth is a price of the rows that left none.

A program min c · x, L <= A x <= U, l <= x <= u is solved with columns held where rows leave them no room
(``engine.forcing_rows``). Its duals y and reduced costs d = c - Aᵀ y prove the best plan of that program: the reduced
cost of a held column may have any sign, since it speaks for bounds that are one. Of the program as asked it has to be
>= 0 at l and <= 0 at u. Where it is not, a row that holds the column takes the difference:

- Say row i is to be no more than U_i, and its least activity is U_i. Each of its columns k then lies where that is
  least: at l_k where a_ik > 0, at u_k where a_ik < 0. With y_i - t for y_i, t >= 0, its reduced cost is d_k + a_ik t:
  it rises at l_k and falls at u_k. So t makes no column of the row wrong that is where the row holds it, and
  t = max of -d_k / a_ik over the columns that are wrong is the least that puts all of them right. The row is at its
  side, so it may have a price. A row that leaves no room downwards is the same with all signs turned.
- A column that several rows hold is put right by one of them; ``order`` says which is asked first.
- A row may leave no room only because an earlier one has held some of its columns. Its price may make those wrong, and
  never a column that is held later, as all its columns are held once it is looked at. So what was held last is put
  right first, and an earlier row puts right what a later one did.
- A column that an earlier objective holds where it is (its reduced cost there is not 0, and right) may have any reduced
  cost in a later one. So the objectives are gone through in order.

What results is feasible for the dual of the program as asked, and complementary to the plan: it proves the same value
without the bounds that were not asked for. Whole columns are held by the search, and their reduced costs are free.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sourcing import families
from sourcing.engine.rounds import FEASIBILITY, scale_of
from sourcing.engine.tight_relaxation import tight_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from sourcing.engine.forcing_rows import Entries, Forced
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import Highs
    from sourcing.engine.solve_linear import Level

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]


class Duals(NamedTuple):
    """Duals by row and reduced costs by column, in the unit of the costs."""

    row: Reals
    column: Reals


class Postsolve:
    """Duals of programs that were solved with columns held, objective after objective, made those of what was asked.

    Parameters
    ----------
    held : which rows held what, rows and columns as the solver has them.
    order : by row, which of several that hold a column is asked first: that with the lowest figure. Rows that came
        later hold none.
    """

    def __init__(self, held: Forced, order: Ints) -> None:
        self._held, self._order, self._free = held, order, np.zeros(len(held.bounds[0]), bool)

    def afresh(self) -> Postsolve:
        """Return the same before the first objective."""
        return Postsolve(self._held, self._order)

    def duals(self, matrix: sparse.csr_array, costs: Reals, unit: Reals, found: Duals) -> Duals:
        """Return the duals of the next objective, by which the rows that held a column pay for what it would save.

        Parameters
        ----------
        costs, found : by column, and the duals as solved, per unit of the costs.
        unit : of the columns, as handed over.
        """
        least = FEASIBILITY / (scale_of(costs * unit) * unit)
        asked = handed_back(self._held.steps, matrix, found, np.where(self._free, np.inf, least), self._order)
        self._free |= np.abs(asked.column) > least
        return asked


def handed_back(steps: Sequence[Entries], matrix: sparse.csr_array, duals: Duals, least: Reals, order: Ints) -> Duals:
    """Return duals of the program as asked, from those of the program with columns held step by step.

    Parameters
    ----------
    least : by column, the reduced cost up to which it is nothing; infinite where any is right.
    order : as in ``Postsolve``.
    """
    row, column = duals.row.copy(), duals.column.copy()
    for step in reversed(steps):
        wrong = step.at(column[step.column] * np.sign(step.value) < -least[step.column])
        if len(wrong.row):
            taken = _taken(wrong, column, order, matrix.shape[0])
            row -= step.sign * taken
            column += matrix.T @ (step.sign * taken)
    return Duals(row, column)


def _taken(wrong: Entries, column: Reals, order: Ints, rows: int) -> Reals:
    """Return by row, of so many rows, the price that it takes, t above."""
    by_order = np.lexsort((wrong.row, order[wrong.row], wrong.column))
    first = by_order[np.unique(wrong.column[by_order], return_index=True)[1]]
    taken = np.zeros(rows)
    np.maximum.at(taken, wrong.row[first], -column[wrong.column[first]] / wrong.value[first])
    return taken


def with_prices(held: Forced, highs: Highs, formulation: Formulation, levels: Sequence[Level]) -> tuple[Level, ...]:
    """Return the levels of a plan that was settled with columns held, their duals as those of the program as asked."""
    matrix, unit = highs.matrix, highs.units.column
    postsolve = Postsolve(held, sayable_first(formulation, matrix, formulation.whole))
    asked = (
        postsolve.duals(matrix, formulation.objectives[each.name], unit, Duals(each.row_dual, each.column_dual))
        for each in levels
    )
    return tuple(
        replace(level, row_dual=duals.row, column_dual=duals.column) for level, duals in zip(levels, asked, strict=True)
    )


def sayable_first(formulation: Formulation, matrix: sparse.csr_array, whole: Flags) -> Ints:
    """Order rows: those whose price a card has a sentence for, then others, and last what others say of whole numbers.

    Among these, rows without a decision in them first: they would leave no room whatever was decided. The first rows of
    ``matrix`` are the formulation's.
    """
    said = np.ones(matrix.shape[0], int)
    for rule in (rule for card in families.cards().values() for rule in card.rules if rule.worth):
        if rule.name in formulation.rows:
            said[formulation.rows[rule.name].ids] = 0
    said[tight_rows(formulation, matrix.shape[0])] = 2
    return 2 * said + undecided_first(matrix, whole)


def undecided_first(matrix: sparse.csr_array, whole: Flags) -> Ints:
    """Order rows: those without whole numbers in them before others."""
    order: Ints = (abs(matrix) @ whole.astype(float) > 0).astype(int)
    return order
