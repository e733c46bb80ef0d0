"""Combinatorial group testing of coefficient changes: whose each changed cell is, told from a few programs.

Every input is in its own choice of the programs, always the same number of them. A cell that one input alone changes is
then changed in exactly that input's programs, always to the same value; a cell that several change is changed in more.
What cannot be told apart is said, never guessed.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.common_index import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.engine.common_index import Cells

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


_SAME = 1e-12
"""Part by which a cell may be off what was foreseen, as a rounding error."""


def choices(count: int) -> list[tuple[int, ...]]:
    """Return for each input in which programs it is changed: as few programs as tell them all apart."""
    programs = next(number for number in range(1, count + 2) if comb(number, number // 2) >= count)
    if programs >= count:
        return [(at,) for at in range(count)]
    chosen = next(size for size in range(1, programs + 1) if comb(programs, size) >= count)
    return list(combinations(range(programs), chosen))[:count]


def apart(
    base: Cells, count: int, together: Callable[[list[int]], Cells | None], *, alone: bool = False
) -> list[Change | None]:
    """Return what each input changes; None where it cannot be told from others, or leads out of the space.

    Parameters
    ----------
    together : returns the program with some inputs changed, all others as they are.
    alone : give each input a program of its own, for inputs that are known to share cells.
    """
    if alone:
        own = [together([at]) for at in range(count)]
        return [None if cells is None else base.change_to(cells) for cells in own]
    if not count:
        return []
    chosen = choices(count)
    programs = 1 + max((program for each in chosen for program in each), default=-1)
    found: list[Change] = []
    lost = np.zeros(count, bool)
    for program in range(programs):
        inputs = [at for at, each in enumerate(chosen) if program in each]
        cells = together(inputs)
        lost[inputs] |= cells is None
        found.append(base.change_to(cells) if cells is not None else Change(np.empty(0, np.int64), np.empty(0)))
    marks = np.array([sum(1 << program for program in each) for each in chosen], np.int64)
    return _attributed(found, marks, lost)


def _attributed(found: list[Change], marks: Ints, lost: NDArray[np.bool_]) -> list[Change | None]:
    cell = np.concatenate([change.cell for change in found])
    value = np.concatenate([change.value for change in found])
    program = np.repeat(np.arange(len(found)), [len(change.cell) for change in found])
    order = np.lexsort((program, cell))
    cell, value, program = cell[order], value[order], program[order]
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    if not len(starts):
        return [None if gone else Change(cell, value) for gone in lost]
    seen = np.bitwise_or.reduceat(np.int64(1) << program, starts)
    same = np.minimum.reduceat(value, starts) == np.maximum.reduceat(value, starts)
    ranked = np.argsort(marks)
    at = np.minimum(np.searchsorted(marks[ranked], seen), len(marks) - 1)
    sole = (marks[ranked][at] == seen) & same
    shared = np.unique(seen[~sole])
    lost = lost | ((marks[:, None] & ~shared[None, :]) == 0).any(axis=1)
    owner = np.where(sole, ranked[at], -1)
    first = {"cell": cell[starts], "value": value[starts]}
    return [
        None if lost[input_] else Change(first["cell"][owner == input_], first["value"][owner == input_])
        for input_ in range(len(marks))
    ]


def in_proportion(base: Cells, changes: list[Change | None], ratios: Reals, other: Cells | None) -> list[Change | None]:
    """Return what each input changes at its other end, where every cell follows in proportion.

    Parameters
    ----------
    ratios : of each input, how far its other end is from the value as it stands, beside the end of ``changes``.
    other : the program with all inputs that have a change at their other ends: what it does not bear out is None.
    """
    if other is None:
        return [None] * len(changes)
    known = [at for at, change in enumerate(changes) if change is not None]
    parts = [changes[at] for at in known]
    cell = np.concatenate([part.cell for part in parts if part is not None] or [np.empty(0, np.int64)])
    value = np.concatenate([part.value for part in parts if part is not None] or [np.empty(0)])
    owner = np.repeat(known, [len(part.cell) for part in parts if part is not None])
    before = base.at(cell)
    with np.errstate(invalid="ignore"):
        step = (value - before) * ratios[owner]
    places, at = np.unique(cell, return_inverse=True)
    sum_ = base.at(places) + np.bincount(at, weights=step, minlength=len(places))
    actual = other.at(places)
    wrong = ~np.isclose(sum_, actual, rtol=_SAME, atol=_SAME)
    elsewhere = np.setdiff1d(base.change_to(other).cell, places)
    if len(elsewhere):
        return [None] * len(changes)
    bad = np.unique(owner[wrong[at]])
    return [
        None if changes[each] is None or each in bad else Change(cell[owner == each], (before + step)[owner == each])
        for each in range(len(changes))
    ]
