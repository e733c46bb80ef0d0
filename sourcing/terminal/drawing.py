"""The picture of a curve that was just found, beside its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from sourcing.terminal.output import tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sourcing.charts.theme import Picture


class Foldered(Protocol):
    """What is kept in a folder already, if it was to be."""

    @property
    def folder(self) -> Path | None:
        """The folder."""


Found = TypeVar("Found", bound=Foldered)


def refuse_drawing(file: Path | None) -> None:
    """Refuse a file that no picture can be drawn in, before anything is found."""
    if file is not None:
        from sourcing.charts.files import refuse_picture

        refuse_picture(file)


def draw_found(found: Found, draw: Callable[[Found], Picture], file: Path) -> None:
    """Draw a curve that is kept already; an interrupt ends the drawing alone."""
    from sourcing.charts.save import save

    try:
        save(draw(found), file)
    except KeyboardInterrupt:
        tell(f"The curve is complete in {found.folder}; only its drawing was interrupted.")
    else:
        tell(f"The curve is drawn in {file}.")
