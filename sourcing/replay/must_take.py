"""What terms may force to be bought beyond what is asked for: lots, numbers, conditions, contracts, frozen orders."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.measures import measures_that
from sourcing.replay import contracts
from sourcing.replay.conditions import conditions
from sourcing.replay.limits import limits_on, weight, windows
from sourcing.replay.lots import Lots, indivisible
from sourcing.replay.origins import UNKNOWN, Source, groups
from sourcing.replay.stability import standing

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
    lots = Lots.of(facts)
    found = indivisible(facts, lots)
    numbers = measures_that(lambda measure: measure.kind == "number" and measure.is_of_arrivals)
    minimum = [one for one in limits_on(facts, *numbers) if one.sense == "min"]
    thresholds = {row.limit: row.at_least for row in facts.records.table("limits", _Row)} if minimum else {}
    for limit in minimum:
        times = thresholds[limit.limit] * limit.value * sum(1 / min(w.parts) for w in windows(facts.calendar, limit))
        for point, part in _counted(facts, limit).items():
            found[point] += times / part
    for point, tonnes in conditional(facts, lots).items():
        found[point] += tonnes
    for point, tonnes in contracts.forced(facts).items():
        found[point] += tonnes
    for point, tonnes in standing(facts).items():
        found[point] += tonnes
    return found


def conditional(facts: Facts, lots: Lots) -> dict[Point, float]:
    """Return t by point that conditions may ask for: enough of what they name, in every period or once."""
    found: dict[Point, float] = defaultdict(float)
    for row in conditions(facts):
        owner = lots.terms.get((row.kind, row.then))
        enough = row.at_least if row.at_least is not None else 0.0 if owner is None else owner.least
        enough *= 1 if row.per == "horizon" else len(facts.calendar.nodes)
        if row.kind == "offer":
            for route in facts.routes.values():
                if route.offer == row.then:
                    found[route.destination, route.material] += enough
        else:
            site = facts.records.processes[row.then].site
            for material, quantity in facts.records.recipes.get(row.then, {}).items():
                found[site, material] += enough * abs(quantity)
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
