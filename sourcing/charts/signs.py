"""Label placement on a map: beside points, on no other label and on as few lines as can be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.charts.labels import width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

_DISTANCES = (9, 16, 26, 40, 58, 80, 105, 135, 170)
_DIRECTIONS = 20
_CROSSED = 1.5
"""Pixels that a label is rather farther away than on one more point of a line."""

_AGAIN = 2
"""Rounds in which each sign is put once more, with all others where they are."""

_THROUGH, _NEAR, _STEPS = 400.0, 7.0, 25
"""The same for a line to its point that runs through another label, or so near to another point; its steps."""


class Sign(NamedTuple):
    """A label of several lines: its box in pixels (from the left and from the top), and the point it belongs to."""

    left: float
    top: float
    width: float
    height: float
    anchor: tuple[float, float]

    def meets(self, other: Sign, gap: float = 4.0) -> bool:
        """Return whether two boxes are nearer than the gap."""
        across = self.left < other.left + other.width + gap and other.left < self.left + self.width + gap
        return across and self.top < other.top + other.height + gap and other.top < self.top + self.height + gap

    @property
    def nearest(self) -> tuple[float, float]:
        """Return the point of the box that is nearest to what it belongs to."""
        x, y = self.anchor
        return min(max(x, self.left), self.left + self.width), min(max(y, self.top), self.top + self.height)


@dataclass(frozen=True, eq=False)
class Field:
    """Where signs may stand: a rectangle in pixels, points to keep clear, points along lines (x, y, pixels wide)."""

    width: float
    height: float
    points: Sequence[tuple[float, float]]
    lines: Reals


def placed(
    texts: Sequence[Sequence[str]], anchors: Sequence[tuple[float, float]], size: float, field: Field
) -> list[Sign]:
    """Return where each text of several lines stands, the most important first."""
    sizes = [
        (max(width_of(line, size, bold=at == 0) for at, line in enumerate(lines)), len(lines) * (size + 3))
        for lines in texts
    ]
    signs: list[Sign] = []
    for box, anchor in zip(sizes, anchors, strict=True):
        signs.append(_best(box, anchor, signs, field))
    for _ in range(_AGAIN):
        for at, (box, anchor) in enumerate(zip(sizes, anchors, strict=True)):
            signs[at] = _best(box, anchor, [*signs[:at], *signs[at + 1 :]], field)
    return signs


def _best(box: tuple[float, float], anchor: tuple[float, float], others: Sequence[Sign], field: Field) -> Sign:
    """Return where one sign stands best beside the others; on them only if there is no room anywhere."""
    tried = list(_tried(anchor, *box))
    free = [sign for sign in tried if _fits(sign, others, field)]
    leads = np.concatenate([np.empty((0, 2)), *(_lead(other) for other in others)])
    return min(free or tried, key=lambda sign: _cost(sign, others, leads, field))


def _lead(sign: Sign) -> Reals:
    """Return points from a sign to what it belongs to, rows of x, y."""
    along = np.linspace(0.0, 1.0, _STEPS)[:, None]
    return np.array(sign.nearest) * (1 - along) + np.array(sign.anchor) * along


def _tried(anchor: tuple[float, float], wide: float, tall: float) -> Iterator[Sign]:
    x, y = anchor
    for distance in _DISTANCES:
        for at in range(_DIRECTIONS):
            angle = 2 * math.pi * at / _DIRECTIONS
            across, down = math.cos(angle), math.sin(angle)
            left = x + distance * across - wide * (1 - across) / 2
            top = y + distance * down - tall * (1 - down) / 2
            yield Sign(left, top, wide, tall, anchor)


def _fits(sign: Sign, others: Sequence[Sign], field: Field) -> bool:
    inside = sign.left >= 0 and sign.top >= 0
    inside = inside and sign.left + sign.width <= field.width and sign.top + sign.height <= field.height
    on_points = any(sign.meets(Sign(x - 5, y - 5, 10, 10, (x, y)), 0.0) for x, y in field.points)
    return inside and not on_points and not any(sign.meets(other) for other in others)


def _cost(sign: Sign, others: Sequence[Sign], leads: Reals, field: Field) -> float:
    """Return how far away a sign is, with what it covers and what lines to points run through, in pixels."""
    half = field.lines[:, 2] / 2
    covered = _CROSSED * float((1 + half[_inside(sign, field.lines, half)]).sum())
    own = _lead(sign)
    through = sum(bool(_inside(other, own).any()) for other in others) + bool(_inside(sign, leads).any())
    points = np.array(field.points).reshape(-1, 1, 2)
    passed = int((np.hypot(*(points - own).transpose(2, 0, 1)) < _NEAR).any(axis=1).sum())
    return math.dist(sign.nearest, sign.anchor) + covered + _THROUGH * (through + max(passed - 1, 0))


def _inside(sign: Sign, points: Reals, around: Reals | float = 0.0) -> NDArray[np.bool_]:
    """Return which points (x, y in the first two columns) lie in a box, or that near to it."""
    x, y = points[:, 0], points[:, 1]
    across: NDArray[np.bool_] = (x > sign.left - around) & (x < sign.left + sign.width + around)
    return across & (y > sign.top - around) & (y < sign.top + sign.height + around)
