"""Words in a picture: how wide they are, how they are broken, and how they are kept from standing on one another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASCII = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
"""Thousandths of the size that the letters from the blank to the tilde take in Arial, Helvetica and Liberation Sans."""

_OTHERS = {"·": 333, "…": 1000, "≤": 549, "≥": 549, "■": 604}
_UNLISTED, _BOLD = 620, 1.08
_FULL = {"W", "F"}
"""East Asian widths of letters that are as wide as they are high."""

WIDER = 1.2
"""How much wider a text is than in Arial where the fonts at hand are as wide as DejaVu Sans or Verdana."""

_JOINED = "\u00a0"
_TOGETHER = re.compile(r"(?<=USD) (?=\S)|(?<=\d) (?=[Mt]\b|%)")
"""Blanks at which no line is broken: "USD 0.7 M", "35 %"."""


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how many pixels a text of this size takes.

    >>> round(width_of("China 35 %", 12)), round(width_of("China 35 %", 12, bold=True))
    (62, 67)
    """
    return size * sum(map(_thousandths, text)) / 1000 * (_BOLD if bold else 1.0)


def _thousandths(letter: str) -> int:
    if " " <= letter <= "~":
        return _ASCII[ord(letter) - 32]
    return _OTHERS.get(letter, 1000 if east_asian_width(letter) in _FULL else _UNLISTED)


def broken(text: str, pixels: float, size: float, *, bold: bool = False) -> list[str]:
    """Return a text in lines of at most so many pixels in any font, where its words are short enough.

    Figures keep their units.
    """
    lines = [""]
    for word in _TOGETHER.sub(_JOINED, text).split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if lines[-1] and WIDER * width_of(longer, size, bold=bold) > pixels:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line.replace(_JOINED, " ") for line in lines]


def shortened(text: str, pixels: float, size: float) -> str:
    """Return a text in at most so many pixels, with an ellipsis where something is left out."""
    if width_of(text, size) <= pixels:
        return text
    while text and width_of(f"{text}…", size) > pixels:
        text = text[:-1]
    return f"{text.rstrip()}…"


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions in the given order, a gap apart, as near to the wanted ones as that goes, between two ends.

    Where there is no room for all of them they go on beyond ``high``.

    >>> spread([10, 11, 50], 10, 0, 60)
    [5.5, 15.5, 50.0]
    """
    groups: list[tuple[float, int]] = []  # mean of what is wanted less what stands before it, and how many
    for at, want in enumerate(wanted):
        mean, count = want - at * gap, 1
        while groups and groups[-1][0] > mean:
            before, many = groups.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        groups.append((mean, count))
    last = max(low, high - (len(wanted) - 1) * gap)
    firsts = [min(max(mean, low), last) for mean, count in groups for _ in range(count)]
    return [float(first + at * gap) for at, first in enumerate(firsts)]
