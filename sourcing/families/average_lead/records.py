"""How long purchases were under way: tonnes that arrive, and tonnes times days since their order."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay.lead import mean_days
from sourcing.replay.limits import Counted, amount_in, limits_on, members, present_in, tally, windows
from sourcing.replay.origins import Source
from sourcing.replay.plan import Replay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay.facts import Facts
    from sourcing.replay.origins import Streams
    from sourcing.replay.records import Limit


def waited(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield every row of the limits on the average lead time: t times days (``counted``), and t (``total``)."""
    asked = limits_on(facts, "lead_days")
    if not asked:
        return
    arriving, possible = _arriving(facts, plan), _arriving(facts, Replay.everything(facts))[0]
    for limit in asked:
        yield from _rows(facts, limit, arriving, possible)


def _arriving(facts: Facts, plan: Replay) -> tuple[Streams, Streams]:
    """Return t, and t times days, of what arrives of each purchase."""
    tonnes: Streams = defaultdict(lambda: defaultdict(float))
    days: Streams = defaultdict(lambda: defaultdict(float))
    for (offer, destination, mode, m), amount in plan.buy.items():
        route = facts.routes[(offer, destination, mode)]
        source = Source("offer", offer, route.material, destination)
        for n, share, waited_for in mean_days(facts.calendar, facts.ordering(route, m)):
            tonnes[source][n] += amount * share
            days[source][n] += amount * share * waited_for
    return tonnes, days


def _rows(facts: Facts, limit: Limit, arriving: tuple[Streams, Streams], possible: Streams) -> Iterator[Counted]:
    """Yield the rows of one limit, each an average over what its own member receives."""
    tonnes, days = (tally(facts, limit, found) for found in arriving)
    occurring = tally(facts, limit, possible)
    for window in windows(facts.calendar, limit):
        for name, of in members(facts, limit, present_in(window, occurring)):
            counted, total = (amount_in(window, found, of) for found in (days, tonnes))
            yield Counted(limit, name, window, counted, total, limit.site, "average")
