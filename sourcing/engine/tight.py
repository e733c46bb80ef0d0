"""The tight relaxation of a large program: rows that make it tight are handed over as they are broken.

A location case has a tight row for every way from a site to a customer; few of them ever bind. All of them at once
take a solver minutes. Without them the relaxation takes a second, and each round with those that its plan breaks
proves more: what was proven stands whenever the time is up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from sourcing import families
from sourcing.engine.highs import Highs
from sourcing.engine.rounds import FEASIBILITY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]

GAIN = 1e-6
"""Part by which a round has to raise the bound for another one to follow."""


class Program(NamedTuple):
    """What is searched: matrix, bounds of rows and of columns, which are whole, and costs."""

    matrix: sparse.csr_array
    rows: tuple[Reals, Reals]
    columns: tuple[Reals, Reals]
    whole: Flags
    costs: Reals

    def only(self, rows: Flags) -> Program:
        """Return the program with some of its rows."""
        sides = self.rows[0][rows], self.rows[1][rows]
        return self._replace(matrix=sparse.csr_array(self.matrix[rows]), rows=sides)


class Relaxed(NamedTuple):
    """The last plan of the relaxation and what it costs, which no plan can be below; and the duals that prove it.

    ``status`` is "optimal" where there is such a plan, otherwise how the first round ended. ``dual`` is by row of the
    program, 0 of rows that were never handed over.
    """

    status: str
    x: Reals
    bound: float
    dual: Reals


def tight_rows(formulation: Formulation, count: int) -> Flags:
    """Return which of ``count`` rows are there to make the relaxation tight."""
    tight = np.zeros(count, bool)
    for rule in (rule for card in families.cards().values() for rule in card.rules if rule.tight):
        if rule.name in formulation.rows:
            tight[formulation.rows[rule.name].ids] = True
    return tight


def relax(program: Program, tight: Flags, options: SolverOptions) -> Relaxed:
    """Solve the program without whole numbers, and with the tight rows that are broken round by round.

    What tight rows say already, a sum of them, is left out for them: such rows keep the simplex method busy.
    """
    said, saying = implied(program, tight)
    on = (~tight & ~said) | saying
    started = np.flatnonzero(on)
    highs = Highs(replace(options, watch=None))
    begin = program.only(on)
    highs.load(begin.matrix, begin.columns, begin.rows, np.zeros(len(program.whole), bool))
    highs.set_costs(program.costs)
    order, best, before = [started], None, -np.inf
    while True:
        found = highs.run()
        if found.status != "optimal" or abs(found.objective - program.costs @ found.x) > FEASIBILITY * (
            1.0 + abs(found.objective)
        ):
            break
        best = found
        broken = np.flatnonzero(tight & ~on & _broken(program, found.x))
        if not len(broken) or found.objective - before <= GAIN * abs(found.objective):
            break
        before = found.objective
        on[broken] = True
        order.append(broken)
        own = sparse.csr_array(program.matrix[broken])
        units = abs(own @ sparse.diags_array(highs.units.column)).max(axis=1).toarray().ravel()
        highs.add_rows(own, program.rows[1][broken], units)
    if best is None:
        return Relaxed(found.status, np.empty(0), -np.inf, np.zeros(len(tight)))
    dual = np.zeros(len(tight))
    dual[np.concatenate(order)[: len(best.row_dual)]] = best.row_dual
    return Relaxed("optimal", best.x, best.objective, dual)


def _broken(program: Program, x: Reals) -> Flags:
    """Return which rows a plan breaks, by more than what is rounding beside the terms that meet in them."""
    room = FEASIBILITY * (abs(program.matrix) @ np.abs(x)) + FEASIBILITY**2
    broken: Flags = program.matrix @ x > program.rows[1] + room
    return broken


def implied(program: Program, tight: Flags) -> tuple[Flags, Flags]:
    """Return the rows that are a sum of tight rows, or weaker than one, and those tight rows.

    That is Σ a x <= C o where tight rows say x <= U o of each x, and Σ a U <= C.
    """
    by_flag = np.isneginf(program.rows[0]) & (program.rows[1] == 0)
    entries = sparse.coo_array(program.matrix)
    flag, room = np.full(len(tight), -1), np.zeros(len(tight))
    down = entries.data < 0
    flag[entries.row[down]], room[entries.row[down]] = entries.col[down], -entries.data[down]
    by_flag &= (np.bincount(entries.row[down], minlength=len(tight)) == 1) & program.whole[flag]
    alone = by_flag & tight & (np.bincount(entries.row, minlength=len(tight)) == 2)
    row, column, value = entries.row[~down], entries.col[~down], entries.data[~down]
    most = alone[row]
    says = np.full(len(program.costs), -1)
    says[column[most]] = row[most]
    each = np.zeros(len(tight))
    each[row[most]] = room[row[most]] / value[most]
    way = says[column]
    same = (way >= 0) & (flag[way] == flag[row])
    total = np.bincount(row, np.where(same, value * each[way], np.inf), minlength=len(tight))
    said: Flags = by_flag & ~tight & (total > 0) & (total <= room * (1.0 + 1e-12))
    saying = np.zeros(len(tight), bool)
    saying[way[said[row]]] = True
    return said, saying
