"""The parts a screen is made of: headings, hanging paragraphs and columns, all as lines of styled text."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from sourcing.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

MARGIN = 8
"""Width of the words in capitals that open a paragraph ("COST    ")."""


def heading(title: str, rest: str = "") -> Text:
    """Return a line that opens a block: the title in bold, the rest plain."""
    return Text.assemble((one_line(title), "bold"), f"  {one_line(rest)}" if rest else "")


def paragraph(title: str, body: str, width: int, style: str = "bold") -> list[Text]:
    """Return ``body`` wrapped to ``width`` and hung behind a title in the margin."""
    parts = textwrap.wrap(body, max(width - MARGIN, 20), break_long_words=False, break_on_hyphens=False) or [""]
    first = Text.assemble((title.ljust(MARGIN), style), parts[0])
    return [first, *(Text(" " * MARGIN + part) for part in parts[1:])]


def wrapped(body: str, width: int, indent: str = "", hang: str = "", style: str = "") -> list[Text]:
    """Return ``body`` wrapped to ``width``; lines after the first are indented by ``hang`` more."""
    parts = textwrap.wrap(
        body,
        max(width, 20),
        initial_indent=indent,
        subsequent_indent=indent + hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [Text(part, style=style) for part in parts]


def cut(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` cells, with an ellipsis where something is left out.

    >>> cut("Mountain Pass", 8), cut("Kuantan", 8)
    ('Mountai…', 'Kuantan')
    """
    text = one_line(text)
    if cell_len(text) <= width:
        return text
    kept = Text(text)
    kept.truncate(max(width, 1), overflow="ellipsis")
    return kept.plain


def columns(rows: Sequence[Sequence[str]], align: str, width: int, indent: str = "  ") -> list[str]:
    """Return rows set in columns two spaces apart, left (l) or right (r) as in ``align``.

    A column without any words is left out. Where the rest does not fit, the widest left-aligned ones give way.
    """
    if not rows:
        return []
    used = [at for at in range(len(align)) if any(row[at] for row in rows)]
    rows, align = [[one_line(row[at]) for at in used] for row in rows], "".join(align[at] for at in used)
    sizes = [max(cell_len(row[at]) for row in rows) for at in range(len(align))]
    over = sum(sizes) + 2 * (len(sizes) - 1) + len(indent) - width
    while over > 0:
        widest = max((at for at, side in enumerate(align) if side == "l"), key=lambda at: sizes[at])
        if sizes[widest] <= 8:
            break
        sizes[widest] -= 1
        over -= 1
    return [_row(row, align, sizes, indent) for row in rows]


def _row(row: Sequence[str], align: str, sizes: list[int], indent: str) -> str:
    cells = []
    for text, side, size in zip(row, align, sizes, strict=True):
        shown = cut(text, size)
        gap = " " * (size - cell_len(shown))
        cells.append(gap + shown if side == "r" else shown + gap)
    return (indent + "  ".join(cells)).rstrip()
