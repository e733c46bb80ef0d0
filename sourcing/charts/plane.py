"""A rectangle to draw in, in pixels and in what they stand for."""

from __future__ import annotations

from typing import NamedTuple

import altair as alt


class Plane(NamedTuple):
    """Pixels of a drawing, the values at its four sides (``left`` may be more than ``right``), and its axes, if any."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    top: float
    x_axis: alt.Axis | None = None
    y_axis: alt.Axis | None = None

    @property
    def per_x(self) -> float:
        """Return what a pixel to the right stands for."""
        return (self.right - self.left) / self.width

    @property
    def per_y(self) -> float:
        """Return what a pixel upwards stands for."""
        return (self.top - self.bottom) / self.height

    def x(self, field: str = "x") -> alt.X:
        """Return the encoding of a column along the lower side, by these values and no others."""
        sides = alt.Scale(domain=[self.left, self.right], nice=False, zero=False)
        return alt.X(f"{field}:Q", axis=self.x_axis, scale=sides)

    def y(self, field: str = "y") -> alt.Y:
        """Return the encoding of a column along the left side, by these values and no others."""
        sides = alt.Scale(domain=[self.bottom, self.top], nice=False, zero=False)
        return alt.Y(f"{field}:Q", axis=self.y_axis, scale=sides)
