"""Limits on carbon, checked: no more is emitted in a window than the limit says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.carbon.records import emitted
from sourcing.replay.rows import Residual, at_most
from sourcing.replay.words import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay
    from sourcing.replay.limits import Counted


def limits(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield what every limit on carbon counts (t CO2e)."""
    yield from emitted(facts, plan)


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "carbon" (limit, member, site, node) of every window, in t CO2e."""
    for row in emitted(facts, plan):
        yield at_most("carbon", row.key, row.counted, row.limit.value, limited(facts, row))
