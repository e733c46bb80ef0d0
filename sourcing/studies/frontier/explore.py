"""Cells of the objective space, where to look next: the one that hides most is divided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.studies.frontier.best import SAME, Spans, best_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sourcing.studies.frontier.solver import Mark

    Most = tuple[float, ...]
    Find = Callable[[Most], Mark | None]
    Gap = Callable[["Cell", Sequence[Mark]], "Place"]

FINE = 1e-5
"""What a cell may hide, as a part of all, before it is divided no more."""
NARROW = 1e-4
"""A side no longer than this part of its measure's span is not divided."""
UNKNOWN = 0.1
"""How far, as a part of its span, the first measure is taken to rise at least towards where no plan was found."""
TRIES = 8
"""Cells divided for each point that is wanted, before it is enough."""


class Place(NamedTuple):
    """How much a cell hides (0: nothing worth a look), and where to divide it: which measure, at which value."""

    gap: float
    side: int = 0
    at: float = 0.0


@dataclass(frozen=True, eq=False)
class Cell:
    """What the other measures may be: from ``low`` to ``high`` each; ``loose`` is the best at high, ``tight`` at low.

    There may be no plan at ``low``. ``vain`` says that dividing it has found nothing new so far.
    """

    low: Most
    high: Most
    tight: Mark | None
    loose: Mark
    vain: bool = False


class Known:
    """What was found, asked before anything is solved: a bound that is between another and what was reached there.

    Where no plan is at some bounds, none is at tighter ones.
    """

    def __init__(self, find: Find, spans: Spans) -> None:
        self._find, self._slack = find, spans.slack[1:]
        self._marks: list[Mark | None] = []
        self._bounds = self._reached = np.empty((0, len(spans.low) - 1))

    def learn(self, most: Most, mark: Mark | None) -> None:
        """Take in what is best where the other measures may be at most so much."""
        self._marks.append(mark)
        self._bounds = np.vstack([self._bounds, most])
        self._reached = np.vstack([self._reached, np.full(len(most), -np.inf) if mark is None else mark.values[1:]])

    def at(self, most: Most) -> Mark | None:
        """Return the best where the other measures may be at most so much; None where there is no plan."""
        asked = np.array(most)
        alike = (asked <= self._bounds + self._slack) & (self._reached <= asked + self._slack)
        known = np.flatnonzero(alike.all(axis=1))
        if len(known):
            return self._marks[int(known[0])]
        mark = self._find(most)
        self.learn(most, mark)
        return mark

    @property
    def marks(self) -> list[Mark]:
        """Every point found, more than once if it was."""
        return [mark for mark in self._marks if mark is not None]


def explore(find: Find, ends: Sequence[Mark], count: int, gap: Gap) -> list[Mark]:
    """Return points that no plan beats, at most ``count`` or the ends, found where most is hidden between them.

    Parameters
    ----------
    find : returns the best first measure where the others may be at most so much.
    ends : for each measure the point at which it is least (then the first, then the others in order).
    gap : says how much a cell hides, and where to divide it.
    """
    spans = Spans.of(ends)
    known, open_ = Known(find, spans), (np.inf,) * (len(ends) - 1)
    for side, end in enumerate(ends):
        held = end.values[side]
        known.learn(tuple(held if at == side - 1 else most for at, most in enumerate(open_)), end)
    low, high = tuple(spans.low[1:].tolist()), tuple(spans.high[1:].tolist())
    cells = [Cell(low, high, known.at(low), ends[0])]
    places = [gap(cells[0], known.marks)]
    best = best_of(known.marks, spans)
    for _ in range(TRIES * count):
        at = _most_hidden(cells, places, lambda cell: gap(cell, known.marks))
        if at < 0 or len(best) >= count:
            break
        seen = len(known.marks)
        parts = divided(cells[at], places[at], known)
        cells[at : at + 1], places[at : at + 1] = parts, [gap(part, known.marks) for part in parts]
        best = best if len(known.marks) == seen else best_of(known.marks, spans)
    for kept in range(len(known.marks), len(ends), -1):  # dividing a cell may have found one too many
        if len(best) <= count:
            break
        best = best_of(known.marks[: kept - 1], spans)
    return best


def _most_hidden(cells: Sequence[Cell], places: list[Place], gap: Callable[[Cell], Place]) -> int:
    """Return the cell that hides most, -1 if none hides enough; what a cell hides can only have become less."""
    while places:
        at = max(range(len(places)), key=lambda each: places[each].gap)
        if places[at].gap <= FINE:
            break
        now = gap(cells[at])
        if now.gap >= places[at].gap:
            return at
        places[at] = now
    return -1


def divided(cell: Cell, place: Place, known: Known) -> list[Cell]:
    """Return the two parts of a cell; a part in which there is no plan is left out."""

    def moved(corner: Most) -> Most:
        return tuple(place.at if side == place.side else value for side, value in enumerate(corner))

    loose, tight = known.at(moved(cell.high)), known.at(moved(cell.low))
    parts = [replace(cell, low=moved(cell.low), tight=tight, vain=_same(tight, cell.tight))]
    return parts if loose is None else [replace(cell, high=moved(cell.high), loose=loose, vain=False), *parts]


def _same(one: Mark | None, other: Mark | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.allclose(one.values, other.values, rtol=SAME, atol=0.0))


def by_area(spans: Spans) -> Gap:
    """Return how much a cell hides for all that is known of it: by how much the first measure rises, times its size.

    It is divided halfway, on its longest side; of one held measure from where the loose end reaches, and just below
    that once halfway was in vain: so a gap is seen to be empty in one solve more.
    """
    length = np.where(spans.length > 0, spans.length, np.inf)

    def gap(cell: Cell, _marks: Sequence[Mark]) -> Place:
        low, high = np.array(cell.low), np.array(cell.high)
        if len(low) == 1:
            high = np.minimum(high, cell.loose.values[1:])
        top = spans.high[0] if cell.tight is None else cell.tight.values[0]
        rise = (top - cell.loose.values[0]) / length[0]
        rise = max(rise, UNKNOWN) if cell.tight is None else rise
        sides = np.maximum(high - low, 0.0) / length[1:]
        side = int(sides.argmax())
        if rise <= SAME or sides[side] <= NARROW:
            return Place(0.0)
        size = float(np.prod(sides[np.isfinite(length[1:])]))
        middle = float(low[side] + high[side]) / 2.0
        if cell.vain and len(low) == 1:
            middle = float(high[0] - NARROW * length[1] / 2.0)
        return Place(rise * size, side, middle)

    return gap
