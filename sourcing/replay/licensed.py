"""Extraterritorial export controls, replayed: own shipments by how long a licence that follows their goods takes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.customs import ANY_OTHER, Border, alike, makers, together, untold
from sourcing.replay.licence import licence_lag
from sourcing.replay.looks import UNTOLD
from sourcing.replay.windows import Way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.replay.case import Records
    from sourcing.replay.dates import Calendar
    from sourcing.replay.facts import Facts
    from sourcing.replay.points import ShipKey
    from sourcing.replay.records import Lane

Waits = tuple[float, ...]
"""Days of waiting for a licence, in each stretch of the horizon in which no licence begins or ends."""


class OwnWays(NamedTuple):
    """The own shipments possible, each with its lane.

    A lane on which goods wait for licences by where they were made is there once for each wait, with its countries in
    the mode ("sea, made in CHN"); ``made`` has whose goods such a way takes. ``anybody`` stands for where all others
    were made: it is blank where no licence follows goods.
    """

    lanes: Mapping[ShipKey, Lane]
    made: Mapping[ShipKey, frozenset[str]]
    anybody: str


def own_ways(records: Records, calendar: Calendar, lanes: Mapping[ShipKey, Lane]) -> OwnWays:
    """Return the ways of own shipments, of all that lanes carry."""
    if not records.following:
        return OwnWays(lanes, {}, "")
    anybody = _makers(records)
    found: dict[ShipKey, Lane] = {}
    made: dict[ShipKey, frozenset[str]] = {}
    for ship, lane in lanes.items():
        groups = defaultdict[Waits, list[str]](list)
        for country in anybody:
            groups[_waits(records, calendar, Way(*ship[:3], made=country))].append(country)
        plain = _waits(records, calendar, Way(*ship[:3]))
        for wait, countries in groups.items():
            key = ship if wait == plain or len(groups) == 1 else (*ship[:3], _mode(ship[3], countries))
            found[key] = lane
            if len(groups) > 1:
                made[key] = frozenset(countries)
    return OwnWays(found, made, anybody[0])


def _makers(records: Records) -> list[str]:
    """Return where anything may have been made, what nobody tells last."""
    return [*(records.once(makers) or [ANY_OTHER]), *([UNTOLD] if untold(records) else [])]


def _waits(records: Records, calendar: Calendar, way: Way) -> Waits:
    start, end = calendar.starts[0], calendar.ends[-1]
    days = [start, *(day for day in records.licence_changes if start < day < end)]
    return tuple(licence_lag(records, way, day) for day in days)


def _mode(mode: str, countries: list[str]) -> str:
    words = f"made in {together(countries)}"
    return f"{mode}, {words}" if mode else words


def licences(facts: Facts) -> Border | None:
    """Return how licences tell goods apart by where they were made, for ``facts.once``; None if no shipment does."""
    ways = sorted({ship[:3] for ship in facts.made})
    if not ways:
        return None
    made = facts.records.once(makers)
    waits = {
        country: [_waits(facts.records, facts.calendar, Way(*way, made=country)) for way in ways] for country in made
    }
    return Border(facts, "licence", set(), {(origin, what) for origin, _, what in ways}, alike(made, waits))
