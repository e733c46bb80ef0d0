"""Limits on numbers, checked: whoever is not counted brings no more than the threshold, and the count is kept."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.families.counts.records import numbers, presences
from sourcing.replay import Replay
from sourcing.replay.rows import GRAM, Residual, at_least, at_most, unless
from sourcing.replay.words import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.families.counts.records import Presence
    from sourcing.replay import Facts
    from sourcing.replay.limits import Counted


def limits(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield what every limit on a number counts."""
    yield from numbers(facts, presences(facts, plan)).values()


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "absent" and "enough" (t), "suppliers" and "destinations", all (limit, member, site, node)."""
    found = list(presences(facts, plan))
    counted: dict[tuple[str, str, str, str, int], float] = defaultdict(float)
    for one in found:
        present = plan.decision("present", *one.key)
        counted[one.group] += present
        yield _tied(one, present)
    for key, row in numbers(facts, found).items():
        side = at_least if row.limit.sense == "min" else at_most
        yield side(row.limit.measure, key, counted[key], row.limit.value, limited(facts, row))


def decides(facts: Facts) -> Iterator[tuple[str, tuple[object, ...], float]]:
    """Yield whom a limit may count."""
    for one in presences(facts, Replay()):
        yield "present", one.key, 1.0


def _tied(one: Presence, present: float) -> Residual:
    """Return the row that ties a member that is counted, or is not, to what it brings."""
    place = f"limit {one.limit.limit}, {one.member}{f' at {one.site}' if one.site else ''}, {one.window.label}"
    if one.limit.sense == "min":
        scale = one.tonnes + one.threshold
        return Residual("enough", one.key, ">=", one.tonnes - one.threshold * present, scale, place, grain=GRAM)
    bound = one.threshold + max(one.most - one.threshold, 0.0) * present
    scale = one.tonnes + one.most + one.threshold
    return Residual("absent", one.key, "<=", bound - one.tonnes, scale, place, grain=unless(present))
