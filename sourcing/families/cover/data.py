"""What the days of cover may come to: no more than there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import Screen
from sourcing.tables.screens.lasting import lasting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.tables import Finding
    from sourcing.tables.screens.supply import Supply


def days(supply: Supply) -> Iterator[Finding]:
    """Yield a warning for each stock whose cover comes to more than its maximum, or to nothing."""
    yield from lasting(supply, "cover_days", "cover")


SCREENS = (Screen(days, of="supply"),)
