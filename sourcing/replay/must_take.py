"""What terms may force to be bought beyond what is asked for: lots, numbers, conditions, contracts, frozen orders."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.measures import measures_that
from sourcing.replay.limits import limits_on, weight, windows
from sourcing.replay.origins import UNKNOWN, Source, groups
from sourcing.tables.folders import registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Limit, Point


@dataclass(frozen=True)
class _Row:
    limit: str
    at_least: float = 0.0


def more_than_asked(facts: Facts) -> Mapping[Point, float]:
    """Return t by point that terms may bring, or ask for, there beyond what is asked for; 0 elsewhere. It is shared."""
    return facts.once(_more_than_asked)


def _more_than_asked(facts: Facts) -> Mapping[Point, float]:
    found: dict[Point, float] = defaultdict(float)
    numbers = measures_that(lambda measure: measure.kind == "number" and measure.is_of_arrivals)
    minimum = [one for one in limits_on(facts, *numbers) if one.sense == "min"]
    thresholds = {row.limit: row.at_least for row in facts.records.table("limits", _Row)} if minimum else {}
    for limit in minimum:
        times = thresholds[limit.limit] * limit.value * sum(1 / min(w.parts) for w in windows(facts.calendar, limit))
        for point, part in _counted(facts, limit).items():
            found[point] += times / part
    for must_take in registry().must_takes("records"):
        for point, tonnes in must_take(facts).items():
            found[point] += tonnes
    return found


def _counted(facts: Facts, limit: Limit) -> dict[Point, float]:
    """Return the least t of a member per t that arrives at each point, where a limit counts anything."""
    found: dict[Point, float] = {}
    for source in _sources(facts):
        part = weight(facts, limit, source)
        if part:
            part *= _smallest(facts, limit, source)
            point = (source.site, source.material)
            found[point] = min(part, found.get(point, part))
    return found


def _smallest(facts: Facts, limit: Limit, source: Source) -> float:
    """Return the smallest part of a source that counts for anybody, 1 if none does: that takes the most of it."""
    inside = facts.records.groups.get(limit.member, frozenset({limit.member}))
    parts = [
        part for group, part in groups(facts, source, limit.by, limit.stage) if not limit.member or group in inside
    ]
    if limit.measure == "destinations" and limit.member:
        parts = [sum(parts)]
    return min((part for part in parts if part > 0), default=1.0)


def _sources(facts: Facts) -> Iterator[Source]:
    """Yield whatever could ever arrive: by a route, out of a process, of an open order."""
    for offer, destination, _ in facts.routes:
        yield Source("offer", offer, facts.records.offers[offer].material, destination)
    for code, process in facts.records.processes.items():
        for material in facts.records.output(code):
            yield Source("process", code, material, process.site)
    for order in facts.records.open_orders:
        yield Source("offer" if order.offer else UNKNOWN, order.offer, order.material, order.site)
