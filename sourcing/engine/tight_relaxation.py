"""Cutting planes of a large program: rows that make its relaxation tight are handed over as they are broken.

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
from sourcing.engine.solver_result import Relaxed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]

GAIN = 1e-6
"""Part by which a round has to raise the bound for another one to follow."""
SOON = 10
"""Rows for ways that are cheap, not broken yet, that come with each row that is: fewer rounds, and no slower ones."""


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


def tight_rows(formulation: Formulation, count: int) -> Flags:
    """Return which of ``count`` rows are there to make the relaxation tight."""
    tight = np.zeros(count, bool)
    for rule in (rule for card in families.cards().values() for rule in card.rules if rule.tight):
        if rule.name in formulation.rows:
            tight[formulation.rows[rule.name].ids] = True
    return tight


def relax(program: Program, tight: Flags, options: SolverOptions) -> Relaxed:
    """Solve the program without whole numbers, and with the tight rows that are broken round by round.

    What tight rows say already, a sum of them, is left out for them: such rows keep the simplex method busy. They are
    there from the beginning only where there is no least cost without them.
    """
    said, saying = implied(program, tight)
    first = ~tight & ~said
    relaxed = _in_rounds(program, tight, first, options)
    return _in_rounds(program, tight, first | saying, options) if relaxed.status == "unbounded" else relaxed


def _in_rounds(program: Program, tight: Flags, on: Flags, options: SolverOptions) -> Relaxed:
    """Begin with the rows that are ``on``, and go on with those that are broken and those that soon would be."""
    way = _way_held(program, tight)
    highs, order = Highs(replace(options, watch=None), alone=True), [np.flatnonzero(on)]
    begin = program.only(on)
    highs.load(begin.matrix, begin.columns, begin.rows, np.zeros(len(program.whole), bool))
    highs.set_costs(program.costs)
    best, before = None, -np.inf
    while True:
        found = highs.run()
        if found.status != "optimal" or abs(found.objective - program.costs @ found.x) > FEASIBILITY * (
            1.0 + abs(found.objective)
        ):
            break
        best, open_ = found, tight & ~on
        broken = np.flatnonzero(open_ & _broken(program, found.x))
        if not len(broken) or found.objective - before <= GAIN * abs(found.objective):
            break
        before, open_[broken] = found.objective, False
        taken = np.append(broken, _next(np.flatnonzero(open_), found.column_dual[way], SOON * len(broken)))
        on = on | np.isin(np.arange(len(on)), taken)
        order.append(taken)
        own = sparse.csr_array(program.matrix[taken])
        units = abs(own @ sparse.diags_array(highs.units.column)).max(axis=1).toarray().ravel()
        highs.add_rows(own, program.rows[1][taken], units)
    if best is None:
        return Relaxed(found.status, np.empty(0), -np.inf, np.zeros(len(tight)))
    dual = np.zeros(len(tight))
    dual[np.concatenate(order)[: len(best.row_dual)]] = best.row_dual
    return Relaxed("optimal", best.x, best.objective, dual)


def _way_held(program: Program, tight: Flags) -> Ints:
    """Return by row the column that it holds, one of them; that of other than tight rows means nothing."""
    entries = sparse.coo_array(program.matrix)
    held, way = (entries.data > 0) & tight[entries.row], np.zeros(len(tight), np.int64)
    way[entries.row[held]] = entries.col[held]
    return way


def _next(rows: Ints, reduced: Reals, count: int) -> Ints:
    """Return those of some rows whose ways cost least beyond what they are worth: plans to come take these next."""
    if count >= len(rows):
        return rows
    return rows[np.argpartition(reduced[rows], count)[:count]]


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
