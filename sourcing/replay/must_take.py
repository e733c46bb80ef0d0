"""What terms may force to be bought beyond what is asked for: each family says it of its own."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.tables.folders import registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point


def more_than_asked(facts: Facts) -> Mapping[Point, float]:
    """Return t by point that terms may bring, or ask for, there beyond what is asked for; 0 elsewhere. It is shared."""
    return facts.once(_more_than_asked)


def _more_than_asked(facts: Facts) -> Mapping[Point, float]:
    found: dict[Point, float] = defaultdict(float)
    for must_take in registry().must_takes("records"):
        for point, tonnes in must_take(facts).items():
            found[point] += tonnes
    return found
