"""What all pictures have in common: the frame of words around them, fonts, inks and sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from sourcing.charts.colours import ALARM, INK, PAPER, RULE, SOFT
from sourcing.charts.labels import broken

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first is the one vl-convert brings along; the others have the same widths."""

WIDTH = 860
"""Pixels of a picture without its margins."""

TITLE, WORDS, LABEL, NOTE = 19, 14, 12, 11
"""Sizes of letters: titles, sentences, labels in the picture, and what stands below it."""

View = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart | alt.ConcatChart


@dataclass(frozen=True, eq=False)
class Picture:
    """A drawing, the words around it, and the table it was drawn from.

    ``title`` is the finding, ``said`` stands below it, ``notes`` below the drawing. With an ``alarm`` (who goes short)
    that is the title, and the finding comes after it.
    """

    kind: str
    title: str
    drawing: View
    table: pd.DataFrame
    said: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    alarm: str = ""

    @property
    def headline(self) -> str:
        """Return the words in the largest letters."""
        return self.alarm or self.title

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the words below the headline."""
        return (self.title, *self.said) if self.alarm else self.said

    @property
    def description(self) -> str:
        """Return all words around the drawing, for those who cannot see it."""
        return " ".join(map(_ended, (self.headline, *self.sentences, *self.notes)))


def specification(picture: Picture) -> dict[str, Any]:
    """Return a picture as Vega-Lite, words included; equal pictures are equal."""
    below = alt.TitleParams(
        [line for note in picture.notes for line in broken(note, WIDTH, NOTE)],
        anchor="start",
        frame="bounds",
        orient="bottom",
        color=SOFT,
        fontSize=NOTE,
        fontWeight="normal",
        lineHeight=NOTE + 4,
        offset=14,
    )
    above = alt.TitleParams(
        broken(picture.headline, WIDTH, TITLE, bold=True),
        subtitle=[line for sentence in picture.sentences for line in broken(sentence, WIDTH, WORDS)],
        anchor="start",
        frame="bounds",
        color=ALARM if picture.alarm else INK,
        fontSize=TITLE,
        lineHeight=TITLE + 6,
        subtitleColor=INK,
        subtitleFontSize=WORDS,
        subtitleLineHeight=WORDS + 5,
        subtitlePadding=8,
        offset=18,
    )
    drawing = picture.drawing.to_dict()
    shared = {name: drawing.pop(name, {}) for name in ("$schema", "datasets", "config")}
    config = alt.Config(font=FONT, view=alt.ViewConfig(stroke=None), axis=alt.AxisConfig(**_AXES))
    return {
        "$schema": shared["$schema"],
        "background": PAPER,
        "padding": 20,
        "config": config.to_dict(),
        "title": above.to_dict(),
        "datasets": shared["datasets"],
        "vconcat": [{"title": below.to_dict(), "vconcat": [drawing]}],
    }


_AXES: dict[str, Any] = {
    "labelColor": SOFT,
    "labelFontSize": LABEL,
    "titleColor": SOFT,
    "titleFontSize": LABEL,
    "titleFontWeight": "normal",
    "domainColor": RULE,
    "tickColor": RULE,
    "gridColor": RULE,
    "labelOverlap": True,
}


def heading(title: str, said: Sequence[str] = (), pixels: float = WIDTH) -> alt.TitleParams:
    """Return the title of one panel among several."""
    return alt.TitleParams(
        broken(title, pixels, WORDS, bold=True),
        subtitle=[line for sentence in said for line in broken(sentence, pixels, LABEL)],
        anchor="start",
        frame="bounds",
        color=INK,
        fontSize=WORDS,
        lineHeight=WORDS + 5,
        subtitleColor=SOFT,
        subtitleFontSize=LABEL,
        subtitlePadding=4,
        offset=10,
    )


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
