"""One colour for each country, the same in every picture, and inks that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.charts.places import numeric_codes

if TYPE_CHECKING:
    from collections.abc import Iterable

INK, SOFT, RULE, PAPER = "#222222", "#595959", "#D0D0D0", "#FFFFFF"
ALARM = "#B00020"
"""Of words about shortage: 7 to 1 on white."""

MAIN, SECOND = "#44546A", "#C2185B"
"""Of what is no country, and of what is told apart from it."""

UNKNOWN, RECYCLED, OTHER = "#BFBFBF", "#117733", "#E2E2E2"
OWN = {"unknown": UNKNOWN, "recycled": RECYCLED, "other": OTHER}

COUNTRIES = {
    "CHN": "#D55E00",
    "USA": "#0072B2",
    "AUS": "#E69F00",
    "MYS": "#009E73",
    "VNM": "#F0E442",
    "BRA": "#CC79A7",
    "JPN": "#56B4E9",
    "FRA": "#332288",
    "GBR": "#882255",
    "ZAF": "#999933",
    "CAN": "#A587FF",
    "DEU": "#006978",
    "EST": "#A5E15A",
    "IND": "#FFC387",
    "THA": "#F02D5A",
    "KOR": "#96C396",
    "BEL": "#1E4B2D",
    "NOR": "#B42DA5",
    "MMR": "#A50F0F",
    "LAO": "#B43C87",
    "TJK": "#7800A5",
    "RUS": "#A54B2D",
    "MEX": "#00D269",
    "BOL": "#3C4BD2",
    "OMN": "#F0965A",
    "NLD": "#965AFF",
    "CHL": "#A51E4B",
    "KAZ": "#D2B4E1",
    "IDN": "#00B4C3",
    "CHE": "#FFC3B4",
}
"""Okabe and Ito's palette for the countries that trade most in these minerals; the others are as far from those and
from one another as they go, also for the colour-blind."""

REST = (
    *("#5AA569", "#A569A5", "#7A6A4F", "#5F7F95", "#B59A6A", "#6B8E23"),
    *("#8B5F65", "#4F6D7A", "#C08497", "#7D7ABC", "#3B7D6E", "#A47551"),
)
"""Of every other country, by its ISO 3166-1 number; two of them may share one."""


def colour_of(group: str) -> str:
    """Return the colour of a country by its alpha-3 code, of ``unknown``, ``recycled`` and ``other``."""
    found = OWN.get(group) or COUNTRIES.get(group)
    number = numeric_codes().get(group) or sum(group.encode())
    return found or REST[number % len(REST)]


def told_apart(ranked: Iterable[str], most: int) -> list[str]:
    """Return the groups that get a colour of their own in a picture, at most so many; the others are one: ``other``.

    Of two that share a colour the first one has it. One that would be the only other keeps its name.
    """
    named: list[str] = []
    colours: set[str] = set()
    left: list[str] = []
    for group in ranked:
        colour = colour_of(group)
        if len(named) < most and colour not in colours:
            named.append(group)
            colours.add(colour)
        else:
            left.append(group)
    if len(left) == 1 and colour_of(left[0]) not in colours:
        named += left
    return named


def contrast(first: str, second: str) -> float:
    """Return how well one colour is read on another, 1 to 21.

    Source: Web Content Accessibility Guidelines 2.2, contrast ratio.

    >>> round(contrast("#FFFFFF", "#000000"), 6)
    21.0
    """
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: str) -> str:
    """Return the ink that is read best on a colour; never below 4.5 to 1."""
    return max(("#000000", PAPER), key=lambda ink: contrast(ink, colour))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def paler(colour: str, part: float = 0.3) -> str:
    """Return a colour mixed with white, of which this part is left."""
    mixed = (round(int(colour[at : at + 2], 16) * part + 255 * (1 - part)) for at in (1, 3, 5))
    return "#" + "".join(f"{value:02X}" for value in mixed)
