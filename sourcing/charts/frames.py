"""A part of a map: where it is, how much it is enlarged, and where so many countries stand close that one is needed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sourcing.charts.plane import Plane

if TYPE_CHECKING:
    from collections.abc import Mapping

CLOSE = 30.0
"""Pixels from one country to the next below which their labels are in each other's way."""

CROWD = 3
"""Countries that have to stand close before they are enlarged."""

_WIDE, _TALL, _AROUND, _MOST = 620.0, 260.0, 14.0, 4.0
"""Pixels of the enlarged part, and of the map around its countries; how many times as large it is at most."""


class Frame(NamedTuple):
    """A rectangle of a map, its corner in the map's pixels; ``width`` and ``height`` are those it has when enlarged."""

    left: float
    top: float
    zoom: float
    width: float
    height: float

    @property
    def plane(self) -> Plane:
        """Return the rectangle to draw in: pixels from the left and from the top."""
        return Plane(self.width, self.height, 0.0, self.width, self.height, 0.0)

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return a point of the map in this frame."""
        return (point[0] - self.left) * self.zoom, (point[1] - self.top) * self.zoom

    def holds(self, point: tuple[float, float]) -> bool:
        """Return whether a point of the map is within."""
        x, y = self.at(point)
        return 0.0 <= x <= self.width and 0.0 <= y <= self.height


def enlarged(where: Mapping[str, tuple[float, float]]) -> Frame | None:
    """Return a frame around the largest crowd of countries (code: pixels), None if nowhere stand so many so close.

    >>> enlarged({"FRA": (10.0, 50.0), "GBR": (20.0, 40.0), "DEU": (40.0, 45.0), "CHN": (300.0, 90.0)}).zoom > 3
    True
    >>> enlarged({"FRA": (10.0, 50.0), "DEU": (40.0, 45.0), "CHN": (300.0, 90.0)}) is None
    True
    """
    crowd = max(_crowds(where), key=len, default=[])
    if len(crowd) < CROWD:
        return None
    xs, ys = zip(*(where[code] for code in crowd), strict=True)
    across, down = max(xs) - min(xs) + 2 * _AROUND, max(ys) - min(ys) + 2 * _AROUND
    zoom = min(_WIDE / across, _TALL / down, _MOST)
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return Frame(middle[0] - _WIDE / zoom / 2, middle[1] - _TALL / zoom / 2, zoom, _WIDE, _TALL)


def _crowds(where: Mapping[str, tuple[float, float]]) -> list[list[str]]:
    """Return groups of countries in which each stands close to another one."""
    crowds: list[list[str]] = []
    for code, point in where.items():
        near = [crowd for crowd in crowds if any(math.dist(point, where[other]) < CLOSE for other in crowd)]
        crowds = [crowd for crowd in crowds if crowd not in near]
        crowds.append([code, *(other for crowd in near for other in crowd)])
    return crowds
