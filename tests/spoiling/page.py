"""docs/mutants.md: each command writes its own section, between two marks, and leaves the rest alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PAGE = Path(__file__).parents[2] / "docs" / "mutants.md"


def put(section: str, lines: Iterable[str], page: Path = PAGE) -> None:
    """Replace the lines between ``<!-- section -->`` and ``<!-- end of section -->``."""
    opening, closing = f"<!-- {section} -->\n", f"<!-- end of {section} -->\n"
    head, _, rest = page.read_text("utf-8").partition(opening)
    _, mark, tail = rest.partition(closing)
    if not mark:
        raise ValueError(f"{page}: the marks {opening.strip()} and {closing.strip()} cannot be found; put them back")
    page.write_text("".join([head, opening, *(f"{line}\n" for line in lines), closing, tail]), "utf-8")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return ["| " + " | ".join(header) + " |", "|---" * len(header) + "|", *lines]
