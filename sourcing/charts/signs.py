"""Labels beside points of a map, put where they stand on no other label and on as few lines as can be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sourcing.charts.labels import width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

_DISTANCES = (9, 16, 26, 40, 58, 80, 105, 135, 170)
_DIRECTIONS = 20
_CROSSED = 1.5
"""Pixels that a label is rather farther away than on one more point of a line."""

_THROUGH = 150.0
"""The same for a line to its point that runs through another label or point."""


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
    lines: NDArray[np.float64]


def placed(
    texts: Sequence[Sequence[str]], anchors: Sequence[tuple[float, float]], size: float, field: Field
) -> list[Sign]:
    """Return where each text of several lines stands, the most important first."""
    signs: list[Sign] = []
    for lines, anchor in zip(texts, anchors, strict=True):
        wide, tall = max(width_of(line, size, bold=line is lines[0]) for line in lines), len(lines) * (size + 3)
        free = [sign for sign in _tried(anchor, wide, tall) if _fits(sign, signs, field)]
        tried = free or list(_tried(anchor, wide, tall))
        signs.append(min(tried, key=lambda sign: _cost(sign, signs, field)))
    return signs


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


def _cost(sign: Sign, others: Sequence[Sign], field: Field) -> float:
    """Return how far away a sign is, with what it covers and what the line to its point crosses, in pixels."""
    (x, y), (to_x, to_y) = sign.nearest, sign.anchor
    far = math.dist(sign.nearest, sign.anchor)
    half = field.lines[:, 2] / 2
    under = (field.lines[:, 0] > sign.left - half) & (field.lines[:, 0] < sign.left + sign.width + half)
    under &= (field.lines[:, 1] > sign.top - half) & (field.lines[:, 1] < sign.top + sign.height + half)
    covered = _CROSSED * float((1 + half[under]).sum())
    steps = [Sign(x + (to_x - x) * at / 12, y + (to_y - y) * at / 12, 0, 0, sign.anchor) for at in range(13)]
    cut = sum(any(step.meets(other, 0.0) for step in steps) for other in others)
    passed = sum(any(math.dist((step.left, step.top), point) < 7 for step in steps) for point in field.points)
    return far + covered + _THROUGH * (cut + max(passed - 1, 0))
