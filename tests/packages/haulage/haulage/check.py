"""Limits on haulage, checked: purchases are hauled over no more tonne-kilometres than the limit says."""

from collections import defaultdict
from dataclasses import dataclass, replace

from sourcing.replay import Replay
from sourcing.replay.limits import Counted, amount_in, limits_on, members, present_in, tally, windows
from sourcing.replay.origins import bought
from sourcing.replay.rows import at_least, at_most
from sourcing.replay.words import limited


@dataclass(frozen=True)
class Hauled:
    """The columns of a lane that this rule reads."""

    origin: str
    destination: str
    material: str = ""
    mode: str = ""
    km: float | None = None


def limits(facts, plan):
    """Yield what every limit on haulage counts (t km)."""
    asked = limits_on(facts, "tonne_km")
    own, possible = (_hauled(facts, each) if asked else {} for each in (plan, Replay.everything(facts)))
    for limit in asked:
        amounts, occurring = tally(facts, limit, own), tally(facts, limit, possible)
        for window in windows(facts.calendar, limit):
            for member, of in members(facts, limit, present_in(window, occurring)):
                amount = amount_in(window, amounts, of)
                yield Counted(limit, member, window, amount, amount, limit.site)


def residuals(facts, plan):
    """Yield the row "tonne_km" (limit, member, site, window, node), in t km."""
    for row in limits(facts, plan):
        side = at_least if row.limit.sense == "min" else at_most
        yield side("tonne_km", row.key, row.counted, row.limit.value, limited(facts, row))


def _lengths(facts):
    """Return km by the key of a route, of those whose lane has any."""
    lanes = facts.records.table("lanes", Hauled)
    km = {(lane.origin, lane.destination, lane.material, lane.mode): lane.km or 0.0 for lane in lanes}
    found = {key: km[route.lane] for key, route in facts.routes.items() if route.lane is not None}
    return {key: length for key, length in found.items() if length > 0}


def _hauled(facts, plan):
    """Return the t km of purchases by source and node: a source does not know its route, so one length at a time."""
    by_length = defaultdict(set)
    for route, length in _lengths(facts).items():
        by_length[length].add(route)
    hauled = defaultdict(lambda: defaultdict(float))
    for length, routes in by_length.items():
        part = replace(plan, buy={key: tonnes for key, tonnes in plan.buy.items() if key[:3] in routes})
        for source, nodes in bought(facts, part).items():
            for n, tonnes in nodes.items():
                hauled[source][n] += length * tonnes
    return {source: dict(nodes) for source, nodes in hauled.items()}
