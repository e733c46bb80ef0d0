"""Facilities, checked: nothing is done at what is closed, sites keep to capacity, what is open is paid for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.families.facilities.records import arriving, capacities, done, facilities, open_facilities, reached
from sourcing.replay import words
from sourcing.replay.movements import expected
from sourcing.replay.rows import Charge, Residual, at_least, at_most, unless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay
    from sourcing.replay.limits import Counted


def limits(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield what every limit on facilities counts."""
    yield from open_facilities(facts, plan)


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield every rule of the card, with the keys it has there; all but "opens", "opened_once" and limits in t."""
    known = facilities(facts)
    yield from _throughput(facts, plan)
    for counted in open_facilities(facts, plan):
        side = at_least if counted.limit.sense == "min" else at_most
        yield side("facilities", counted.key, counted.counted, counted.limit.value, words.limited(facts, counted))
    if not known:
        return
    yield from _opens(facts, plan)
    places: dict[tuple[object, ...], str] = {}
    open_in = plan.decided.get("open", {})
    for rule, key, tonnes, most, owner in done(facts, plan, known):
        at = (*owner, key[-1])
        if at not in places:
            places[at] = f"{words.user(facts, owner)}, {facts.calendar.label(int(str(key[-1])))}"
        open_ = open_in.get(at, 0.0)
        yield Residual(rule, key, "<=", most * open_ - tonnes, tonnes + most, places[at], None, unless(open_))


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield what is paid to open a facility, and while it is open."""
    for owner, facility in facilities(facts).items():
        for n in facts.calendar.nodes:
            key = (*owner, n)
            fixed = facility.fixed * facts.calendar.years(n)
            yield Charge("fixed", n, fixed * plan.decision("open", *key), key)
            yield Charge("opening", n, facility.opening * plan.decision("opened", *key), key)


def decides(facts: Facts) -> Iterator[tuple[str, tuple[object, ...], float]]:
    """Yield every decision that may be made, with the most that it can be."""
    for owner, facility in facilities(facts).items():
        for n in facts.calendar.nodes:
            yield "open", (*owner, n), 1.0
            if not facility.there:
                yield "opened", (*owner, n), 1.0


def _opens(facts: Facts, plan: Replay) -> Iterator[Residual]:
    for owner, facility in facilities(facts).items():
        place = words.user(facts, owner)
        for n in facts.calendar.nodes:
            before = plan.decision("open", *owner, n - 1) if n else float(facility.there)
            now, opened = plan.decision("open", *owner, n), plan.decision("opened", *owner, n)
            if n or not facility.there:
                label = f"{place}, {facts.calendar.label(n)}"
                yield Residual("opens", (*owner, n), "<=", before + opened - now, before + opened + now, label)
        if not facility.there:
            times = sum(plan.decision("opened", *owner, n) for n in facts.calendar.nodes)
            yield Residual("opened_once", (*owner, facts.calendar.last), "<=", 1.0 - times, 1.0 + times, place)


def _throughput(facts: Facts, plan: Replay) -> Iterator[Residual]:
    room, known = capacities(facts), facilities(facts)
    if not room:
        return
    came: dict[tuple[str, int], float] = defaultdict(float)
    for (site, _, n), amount in arriving(facts, plan).items():
        came[site, n] += amount
    given: dict[tuple[str, int], float] = defaultdict(float)
    for (site, _, n), tonnes in expected(facts).items():
        given[site, n] += tonnes
    for site, n in sorted({(site, n) for site, _, n in reached(facts) if site in room}):
        tonnes = came[site, n]
        open_ = plan.decision("open", "site", site, n) if ("site", site) in known else 1.0
        place = f"{words.site(facts, site)}, {facts.calendar.label(n)}"
        left, bound = room[site][n] * open_ - tonnes, room[site][n] * open_ - given[site, n]
        yield Residual("throughput", (site, n), "<=", left, tonnes + room[site][n], place, bound, unless(open_))
