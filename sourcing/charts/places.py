"""Where countries are: the shapes of the world, the centre of each country, and both on a flat map."""

from __future__ import annotations

import csv
import json
import math
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

_EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)
"""Šavrič, Patterson, Jenny, "The Equal Earth map projection", 2018."""


class Place(NamedTuple):
    """A country's ISO 3166-1 number, and its centre in degrees."""

    number: str
    longitude: float
    latitude: float


class Flat(NamedTuple):
    """An equal-area map of the whole world: which meridian is its middle, and how large it is in pixels."""

    middle: float
    width: float

    @property
    def scale(self) -> float:
        """Return pixels per unit of the projection."""
        return self.width / (2 * _raw(math.pi, 0.0)[0])

    @property
    def height(self) -> float:
        """Return the pixels from 84° north to 57° south, which is where the picture ends."""
        return (_raw(0.0, math.radians(84))[1] - _raw(0.0, math.radians(-57))[1]) * self.scale

    @property
    def origin(self) -> tuple[float, float]:
        """Return where the middle of the map is, in pixels from the left and from the top."""
        return self.width / 2, _raw(0.0, math.radians(84))[1] * self.scale

    def at(self, place: Place) -> tuple[float, float]:
        """Return a place in pixels."""
        turned = (place.longitude - self.middle + 180) % 360 - 180
        x, y = _raw(math.radians(turned), math.radians(place.latitude))
        return self.origin[0] + x * self.scale, self.origin[1] - y * self.scale


def _raw(longitude: float, latitude: float) -> tuple[float, float]:
    a, b, c, d = _EQUAL_EARTH
    slope = math.sqrt(3) / 2
    t = math.asin(slope * math.sin(latitude))
    six = t**6
    across = longitude * math.cos(t) / (slope * (a + 3 * b * t**2 + six * (7 * c + 9 * d * t**2)))
    return across, t * (a + b * t**2 + six * (c + d * t**2))


@cache
def places() -> Mapping[str, Place]:
    """Return every country's centre by its alpha-3 code; world/README.txt says how they were found."""
    rows = csv.DictReader(_file("centres.csv").read_text("utf-8").splitlines())
    return {row["alpha3"]: Place(row["numeric"], float(row["longitude"]), float(row["latitude"])) for row in rows}


@cache
def numeric_codes() -> Mapping[str, int]:
    """Return every country's ISO 3166-1 number by its alpha-3 code."""
    return {code: int(place.number) for code, place in places().items()}


@cache
def world() -> dict[str, Any]:
    """Return the countries' shapes as TopoJSON, without Antarctica; their ids are ISO 3166-1 numbers."""
    shapes: dict[str, Any] = json.loads(_file("countries-110m.json").read_text("utf-8"))
    countries = shapes["objects"]["countries"]
    countries["geometries"] = [shape for shape in countries["geometries"] if shape.get("id") != "010"]
    return shapes | {"objects": {"countries": countries}}


def _file(name: str) -> Traversable:
    return files("sourcing").joinpath("charts", "world", name)
