"""The picture of a curve that was just found, beside its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.cli.output import tell

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.targets import Target
    from sourcing.targets.frontier import Frontier


def draw_found(found: Target | Frontier, file: Path) -> None:
    """Draw a curve that is kept already; an interrupt ends the drawing alone."""
    from sourcing.charts.pictures import draw_curve
    from sourcing.charts.save import save

    try:
        save(draw_curve(found), file)
    except KeyboardInterrupt:
        tell(f"The curve is complete in {found.folder}; only its drawing was interrupted.")
    else:
        tell(f"The curve is drawn in {file}.")
