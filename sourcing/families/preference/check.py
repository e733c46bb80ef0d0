"""Preference, checked: what is ordered from favoured and penalised offers counts, and costs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.rows import Charge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay
    from sourcing.replay.rows import Residual


@dataclass(frozen=True)
class _Liked:
    offer: str
    preference: float = 0.0


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield nothing: a preference is no rule."""
    yield from ()


def weights(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield the preference for every order, when ordered."""
    liked = {row.offer: row.preference for row in facts.records.table("offers", _Liked) if row.preference}
    for (offer, destination, mode, n), tonnes in plan.buy.items() if liked else ():
        if offer in liked:
            yield Charge("preference", n, liked[offer] * tonnes, (offer, destination, mode, n))
