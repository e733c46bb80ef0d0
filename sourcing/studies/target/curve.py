"""Adaptive sampling of a cost curve: the cheapest plan at a few values, so that all others are known nearly as well."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sourcing.studies.target.band import Band, between, by_group, fixed_totals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.studies.target.parametric_limit import Dial
    from sourcing.studies.target.swept_model import Dialled, Point

    Reals = NDArray[np.float64]

OF_THE_RISE = 10.0
"""How much wider the band may be as a part of the whole rise of the curve than as a part of the cost."""
FINE_WHOLE = 1 / 16
"""The same with whole numbers, where the curve is a stair."""
MOST = 60
"""Points that are solved at most."""
FINE = 1 / 400
"""Pieces that are no longer than this part of the curve are not divided: near the end it may go straight up."""
LEAP = 0.5
"""A price at the loose end below this part of the one at the tight end has leapt."""
_STEPS = 32
_ZOOMS = 3
_AT_AN_END = 1 / 4096
"""Part of a piece: bounds that are furthest apart so near to an end are apart from there on, all over."""


@dataclass(frozen=True, eq=False)
class Piece:
    """Two neighbouring points, the tight one first."""

    dial: Dial
    ends: tuple[Point, Point]

    @property
    def length(self) -> float:
        """From the one value to the other."""
        return abs(self.ends[1].value - self.ends[0].value)

    @property
    def open(self) -> float:
        """How much of it another point may say more of: with whole numbers, what the looser plan does not keep."""
        if not self.dial.whole:
            return self.length
        tight, loose = self.ends
        return max(self.dial.sign * (loose.reached - tight.value), 0.0) if self.length > 0 else 0.0

    @cached_property
    def band(self) -> Band:
        """The bounds at evenly spread values, the loosest first."""
        return self._at(self.ends[1].value, self.ends[0].value)

    @cached_property
    def widest(self) -> tuple[float, float]:
        """How far apart the bounds are at most (discounted USD), and at which value."""
        band = self.band
        for _ in range(_ZOOMS):
            at = int((band.upper - band.lower).argmax())
            around = band.value[max(at - 1, 0)], band.value[min(at + 1, _STEPS)]
            band = self._at(*around)
        gap = band.upper - band.lower
        return float(gap.max()), float(band.value[gap.argmax()])

    def _at(self, first: float, last: float) -> Band:
        return between(self.dial, self.ends, np.linspace(first, last, _STEPS + 1))


def pieces_of(dialled: Dialled, loose: Point, tight: Point, tolerance: float) -> list[Piece]:
    """Return the curve between two points, the loosest piece first, every cost on it known to ``tolerance``.

    The next point is where the bounds are furthest apart: of a curve with bends, where two straight parts would meet.
    """
    dial = dialled.dial
    rise = abs(tight.cost - loose.cost)
    allowed = max(min(tolerance * abs(loose.cost), OF_THE_RISE * tolerance * rise), 1.0)
    pieces = [Piece(dial, (tight, loose))]
    least = finest(dial) * pieces[0].length
    while len(pieces) < MOST:
        at = max(range(len(pieces)), key=lambda each: pieces[each].widest[0] if pieces[each].open > least else 0.0)
        wide = pieces[at]
        if wide.widest[0] <= allowed or wide.open <= least:
            break
        middle = dialled.at(_next(wide, allowed))
        if middle is None:
            break
        pieces[at : at + 1] = [Piece(dial, ends) for ends in ((middle, wide.ends[1]), (wide.ends[0], middle))]
    return pieces


def finest(dial: Dial) -> float:
    """Return the part of the curve down to which it is divided."""
    return FINE_WHOLE if dial.whole else FINE


def _next(piece: Piece, allowed: float) -> float:
    """Return the value to solve next.

    Where a price begins or leaps, or nothing is counted at an end, the bounds are apart all over and say nothing of
    where: then it is halfway, or where the cost has hardly risen if the loose end has no price at all.
    """
    if piece.dial.whole:
        return (piece.ends[0].value + piece.ends[1].reached) / 2.0
    halfway, peak = (piece.ends[0].value + piece.ends[1].value) / 2.0, piece.widest[1]
    tight, loose = (by_group(piece.dial, end.price) for end in piece.ends)
    leaps = (loose < LEAP * tight) & ~fixed_totals(piece.dial, piece.ends)
    if not leaps.any():
        at_an_end = min(abs(peak - end.value) for end in piece.ends) <= _AT_AN_END * piece.length
        return halfway if at_an_end else peak
    if loose.any():
        return halfway
    band = piece.band
    risen = np.interp(piece.ends[1].cost + allowed / 2.0, band.upper, np.arange(len(band.value)))
    return float(np.interp(risen, np.arange(len(band.value)), band.value))
