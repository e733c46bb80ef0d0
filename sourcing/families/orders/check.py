"""Open orders, checked: they decide nothing, so there is no row; they arrive on their date and are paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay, Residual


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield nothing: open orders are constants of the balance and of the limits."""
    return iter(())
