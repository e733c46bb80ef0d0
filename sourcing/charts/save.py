"""A picture as the bytes of a file: SVG and HTML that name what they show, or PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import vl_convert

from sourcing.charts.extent import roomy
from sourcing.charts.files import put, refuse_picture
from sourcing.charts.markup import escaped, legible_throughout
from sourcing.charts.page import page
from sourcing.charts.theme import specification

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.charts.theme import Picture

VEGA_LITE = "6.4"
_FINE = 2.0
"""Pixels of a PNG for each pixel of the picture."""


def save(picture: Picture, path: Path) -> None:
    """Write a picture to a file of the kind its name says.

    Raises
    ------
    QuestionError, SolverError : as ``refuse_picture`` and ``put``.
    """
    refuse_picture(path)
    put(path, rendered(picture, path.suffix.lower()))


def rendered(picture: Picture, kind: str) -> bytes:
    """Return the content of a file of a kind (.svg, .png, .html); of equal pictures SVG and HTML are equal."""
    drawn = legible_throughout(specification(picture))
    if kind == ".png":
        return bytes(vl_convert.vegalite_to_png(drawn, vl_version=VEGA_LITE, scale=_FINE))
    svg = named(roomy(vl_convert.vegalite_to_svg(drawn, vl_version=VEGA_LITE)), picture)
    return (svg if kind == ".svg" else page(picture, svg, drawn, VEGA_LITE)).encode()


def named(svg: str, picture: Picture) -> str:
    """Return a drawing with a title and a description, for those who hear it."""
    opened, rest = svg.split(">", 1)
    words = f"<title>{escaped(picture.headline)}</title><desc>{escaped(picture.description)}</desc>"
    return f'{opened} role="img" xml:lang="en" aria-label="{escaped(picture.headline)}">{words}{rest}'
