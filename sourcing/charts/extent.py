"""Bounding box of the words in a drawing, as wide as they are where no font as narrow as Arial is installed."""

from __future__ import annotations

import math
import re
from html import unescape
from typing import TYPE_CHECKING

from sourcing.charts.labels import WIDER, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLEAR = 4.0
"""Pixels between the words and the edge."""

_ATTRIBUTES = r'((?:[^<>"]|"[^"]*")*)'
_TAG = re.compile(rf"<(/?)(g|text)\b{_ATTRIBUTES}>")
_INNER = re.compile(r"<[^>]*>")
_MOVED = re.compile(r'transform="translate\(\s*([-\d.e]+)')
_SIZE = re.compile(r'font-size="([\d.]+)px"')
_ROOT = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="0 0 [\d.]+ [\d.]+"')
_PAPER = re.compile(r'<rect width="[\d.]+" height="([\d.]+)"')


def roomy(svg: str) -> str:
    """Return a drawing of Vega's whose view, and paper, reach as far to the left and right as its words may.

    One whose words have room enough is returned as it is.
    """
    found = _ROOT.search(svg)
    if found is None:
        raise ValueError("a drawing without a view")
    width, ends = float(found[1]), list(_ends(svg))
    left = min([0.0, *(first - _CLEAR for first, _ in ends)])
    right = max([width, *(last + _CLEAR for _, last in ends)])
    if (left, right) == (0.0, width):
        return svg
    first, wide = math.floor(left), math.ceil(right) - math.floor(left)
    view = f'width="{wide}" height="{found[2]}" viewBox="{first} 0 {wide} {found[2]}"'
    opened = svg[: found.start()] + view + svg[found.end() :]
    return _PAPER.sub(rf'<rect x="{first}" width="{wide}" height="\1"', opened, count=1)


def _ends(svg: str) -> Iterator[tuple[float, float]]:
    """Yield where each line of words begins and ends, in pixels from the left; words that run upwards have no width."""
    moved = [0.0]
    for tag in _TAG.finditer(svg):
        closes, name, attributes = tag.groups()
        if closes:
            moved = moved[:-1] if name == "g" else moved
            continue
        at = moved[-1] + float(found[1] if (found := _MOVED.search(attributes)) else 0.0)
        if name == "g":
            moved += [] if attributes.endswith("/") else [at]
        elif not attributes.endswith("/") and "rotate(" not in attributes:
            yield from _lines(attributes, svg[tag.end() : svg.index("</text>", tag.end())], at)


def _lines(attributes: str, inside: str, at: float) -> Iterator[tuple[float, float]]:
    size = float(found[1] if (found := _SIZE.search(attributes)) else 0.0)
    bold = 'font-weight="bold"' in attributes
    before = 1.0 if 'text-anchor="end"' in attributes else 0.5 if 'text-anchor="middle"' in attributes else 0.0
    for line in inside.split("</tspan>"):
        wide = WIDER * width_of(unescape(_INNER.sub("", line)), size, bold=bold)
        yield at - before * wide, at + (1.0 - before) * wide
