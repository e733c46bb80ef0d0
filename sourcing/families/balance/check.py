"""The balance, checked: at every point and in every period what comes in goes out or is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.movements import movements, start_stock
from sourcing.replay.rows import Residual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "balance" (site, material, node) of every point: what is available less what goes, in t."""
    moved = movements(facts, plan)
    for site, material in sorted(facts.points.known):
        for n in facts.calendar.nodes:
            key = (site, material, n)
            coming = [
                start_stock(facts, plan, site, material, n),
                moved.bought.get(key, 0.0),
                moved.shipped_in.get(key, 0.0),
                moved.made.get(key, 0.0),
                moved.open_orders.get(key, 0.0),
                plan.short.get(key, 0.0),
            ]
            going = [
                moved.used.get(key, 0.0),
                moved.shipped_out.get(key, 0.0),
                plan.disposed.get(key, 0.0),
                plan.hold.get(key, 0.0),
                facts.demand(*key),
            ]
            scale = sum(abs(tonnes) for tonnes in (*coming, *going))
            yield Residual(
                "balance", key, "==", sum(coming) - sum(going), scale, words.at_point(facts, site, material, n)
            )
