"""Service, checked: nothing is short beyond what is due, nor at all where the question does not allow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.rows import Charge, Residual, at_least, at_most
from sourcing.replay.shortage import allowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield "short" <= demand (0 where none may be short) and "short_sign" >= 0, by (site, material, node), in t."""
    for site, material, n in sorted({*facts.due, *(key for key, tonnes in plan.short.items() if tonnes != 0)}):
        key, place = (site, material, n), words.at_point(facts, site, material, n)
        short = plan.short.get(key, 0.0)
        bound = facts.demand(site, material, n) if allowed(facts, key) else 0.0
        yield at_most("short", key, short, bound, place)
        yield at_least("short_sign", key, short, 0.0, place)


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield what shortage costs, where the question prices it."""
    if facts.shortage != "priced":
        return
    for key, tonnes in plan.short.items():
        due = facts.due.get(key)
        if due is not None:
            yield Charge("shortage", key[2], due.shortage_cost * tonnes, key)
