"""Where material may lie and the ways it may legally move there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sourcing.replay.case import Records
    from sourcing.replay.records import Lane, LaneKey, Offer, Point

RouteKey = tuple[str, str, str]
ShipKey = tuple[str, str, str, str]


@dataclass(frozen=True)
class Points:
    """Stock points by what may happen there: asked for at the site itself, or (``usable``) if only to be sent on.

    Nothing is kept at those of ``transit``, where goods only pass through.
    """

    wanted: frozenset[Point]
    usable: frozenset[Point]
    known: frozenset[Point]
    sources: frozenset[Point]
    transit: frozenset[Point]


class Route(NamedTuple):
    """A way to buy an offer: to ``destination``, over a lane of ``lanes`` or (``lane`` is None) without one."""

    offer: str
    destination: str
    mode: str
    material: str
    freight: float = 0.0
    transit_days: float = 0.0
    lane: LaneKey | None = None

    @property
    def key(self) -> RouteKey:
        """What names the route in a plan."""
        return (self.offer, self.destination, self.mode)


def points(records: Records) -> Points:
    """Return the stock points of a case."""
    demanded = {(row.site, row.material) for row in records.demand}
    taken = {(row.site, m) for code, row in records.processes.items() for m in records.intake(code)}
    made = {(row.site, m) for code, row in records.processes.items() for m in records.output(code)}
    stocked = set(records.stocks)
    usable = demanded | taken | stocked
    awaited = {(row.site, row.material) for row in records.open_orders}
    passed = _landing(records, made | stocked | awaited) & _leading_on(records, usable)
    return Points(
        wanted=frozenset(usable),
        usable=frozenset(usable | passed),
        known=frozenset(usable | made | awaited | passed),
        sources=frozenset(made | stocked | passed),
        transit=frozenset(passed - usable - made - awaited),
    )


def _landing(records: Records, there: set[Point]) -> set[Point]:
    """Return where goods can come to lie: made, stocked or awaited, delivered by an offer, or brought by lanes."""
    ends = _neighbours((lane.origin, lane.destination, lane.material) for lane in records.lanes.values())
    start = set(there)
    for offer in records.offers.values():
        start.update([(offer.destination, offer.material)] if offer.destination else ends(offer.site, offer.material))
    return _closure(start, ends)


def _leading_on(records: Records, usable: set[Point]) -> set[Point]:
    """Return the points from which lanes, one or more, lead to where a material is of use."""
    starts = _neighbours((lane.destination, lane.origin, lane.material) for lane in records.lanes.values())
    return _closure({point for end in usable for point in starts(*end)}, starts)


def _neighbours(lanes: Iterable[tuple[str, str, str]]) -> Callable[[str, str], list[Point]]:
    """Return what tells the points one lane (from, to, material or blank) away from a point."""
    ways: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for site, other, carries in lanes:
        if site != other:
            ways[site].append((other, carries))
    return lambda site, material: [(other, material) for other, carries in ways[site] if carries in ("", material)]


def _closure(start: set[Point], beyond: Callable[[str, str], list[Point]]) -> set[Point]:
    """Return the points that any number of steps lead to, the first ones included."""
    found, fresh = set(start), list(start)
    while fresh:
        new = set(beyond(*fresh.pop())) - found
        found |= new
        fresh += new
    return found


def serves(records: Records, lane: Lane, material: str) -> bool:
    """Say whether a lane carries a material; a lane that names the material replaces one for any material."""
    if lane.material:
        return lane.material == material
    return (lane.origin, lane.destination, material, lane.mode) not in records.lanes


def _offer_routes(records: Records, known: Points, offer: Offer, lanes: Iterable[Lane]) -> Iterator[Route]:
    """Yield the routes of one offer; ``lanes`` are those that lead away from its site."""
    usable = known.usable
    if offer.destination:
        if (offer.destination, offer.material) in usable:
            yield Route(offer.offer, offer.destination, "", offer.material)
        return
    if (offer.site, offer.material) in known.wanted:
        yield Route(offer.offer, offer.site, "", offer.material)
    for lane in lanes:
        if (lane.destination, offer.material) in usable and serves(records, lane, offer.material):
            yield Route(
                offer.offer, lane.destination, lane.mode, offer.material, lane.freight, lane.transit_days, lane.key
            )


def routes(records: Records, known: Points) -> dict[RouteKey, Route]:
    """Return every way to buy every offer."""
    away: dict[str, list[Lane]] = defaultdict(list)
    for lane in records.lanes.values():
        if lane.origin != lane.destination:
            away[lane.origin].append(lane)
    offers = records.offers.values()
    return {route.key: route for offer in offers for route in _offer_routes(records, known, offer, away[offer.site])}


def ships(records: Records, known: Points) -> dict[ShipKey, Lane]:
    """Return every own shipment possible, (origin, destination, material, mode), with its lane."""
    found = {}
    there: dict[str, list[str]] = defaultdict(list)
    for site, material in known.sources:
        there[site].append(material)
    for lane in records.lanes.values() if there else ():
        for material in there.get(lane.origin, ()) if lane.origin != lane.destination else ():
            if serves(records, lane, material) and (lane.destination, material) in known.usable:
                found[(lane.origin, lane.destination, material, lane.mode)] = lane
    return found
