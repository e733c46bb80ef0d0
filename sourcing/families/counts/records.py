"""Limits on numbers: who brings how much where and when, who is counted for it, and what each could bring at most."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sourcing.measures import measures_that
from sourcing.replay.limits import Counted, Window, limits_on, tallied, weight, windows
from sourcing.replay.looks import counts_use
from sourcing.replay.lots_used import most_used, used_groups
from sourcing.replay.origins import UNKNOWN, Source, groups
from sourcing.replay.plan import Replay
from sourcing.replay.rows import GRAM
from sourcing.replay.useful import useful

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sourcing.replay.facts import Facts
    from sourcing.replay.limits import Tallied, Tally
    from sourcing.replay.records import Limit, Point
    from sourcing.replay.useful import Uses


COUNTS = ("suppliers", "destinations")
"""Measures that count members instead of tonnes."""


@dataclass(frozen=True)
class _Row:
    limit: str
    at_least: float = 0.0


class Presence(NamedTuple):
    """A member that a limit on a number may count in a window, at a site if sites are counted: t, and the most t."""

    limit: Limit
    member: str
    site: str
    window: Window
    tonnes: float
    most: float
    threshold: float

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """The key of the decision, and of the row that ties it to what arrives."""
        return (self.limit.limit, self.member, self.site, self.window.label, self.window.nodes[-1])

    @property
    def group(self) -> tuple[str, str, str, str, int]:
        """The key of the row that adds it up."""
        each = self.member if self.limit.measure == "destinations" else self.limit.member
        return (self.limit.limit, each, self.limit.site, self.window.label, self.window.nodes[-1])

    @property
    def counts(self) -> bool:
        """Whether the tonnes make it one of those counted."""
        if self.limit.sense == "min":
            return self.tonnes >= self.threshold - GRAM
        return self.tonnes > self.threshold + GRAM


def presences(facts: Facts, plan: Replay) -> Iterator[Presence]:
    """Yield every member that a limit on a number may count, with what the plan makes of it."""
    asked = limits_on(facts, *COUNTS)
    if not asked:
        return
    thresholds = {row.limit: row.at_least for row in facts.records.table("limits", _Row)}
    own, full = plan.once(facts, tallied), facts.once(_fullest)
    all_use = facts.once(_fullest_use) if any(map(counts_use, asked)) else Replay()
    for limit in asked:
        spans = windows(facts.calendar, limit)
        for site in full.sites if limit.measure == "destinations" else [""]:
            if counts_use(limit):
                found = [used_groups(facts, each, limit) for each in (plan, all_use)]
            else:
                found = [each.of(facts, limit, site) for each in (own, full)]
            amounts, most = (_groups(facts, limit, each) for each in found)
            for window in spans:
                for member in sorted(most):
                    if not set(window.nodes).isdisjoint(most[member]):
                        mine, all_ = (window.of(each.get(member, {})) for each in (amounts, most))
                        named = site if limit.measure == "destinations" else limit.site
                        yield Presence(limit, member, named, window, mine, all_, thresholds[limit.limit])


def numbers(facts: Facts, found: Iterable[Presence]) -> dict[tuple[str, str, str, str, int], Counted]:
    """Return what each limit on a number counts, by the key of its row; a minimum has a row even with nobody."""
    rows: dict[tuple[str, str, str, str, int], Counted] = {}
    for limit in limits_on(facts, *COUNTS):
        if limit.sense == "min":
            for window in windows(facts.calendar, limit):
                row = Counted(limit, limit.member, window, 0.0, 0.0, limit.site)
                rows[row.key] = row
    for one in found:
        row = rows.get(one.group, Counted(one.limit, one.group[1], one.window, 0.0, 0.0, one.limit.site))
        rows[one.group] = row._replace(counted=row.counted + one.counts)
    return rows


def most_of_all(facts: Facts) -> Replay:
    """Return every order and every run at its most: its capacity, or what could be used from its period on."""
    possible, use = Replay.everything(facts), useful(facts)
    buy = {}
    for (offer, destination, mode, n), _ in possible.buy.items():
        room = facts.offer_capacity(offer, n)
        buy[offer, destination, mode, n] = min(use.order(facts, (offer, destination, mode), n), room)
    make = {(code, n): _most_run(facts, use, code, n) for code, n in possible.make}
    return Replay(buy=buy, make=make)


def _most_run(facts: Facts, use: Uses, code: str, n: int) -> float:
    """Return the most activity of a process: a run of whose outputs none could be used is no use."""
    process = facts.records.processes[code]
    most = max(use.runs(facts, code, n), default=0.0)
    line = facts.line_capacity(process.line, n) if process.line else math.inf
    return min(most, facts.process_capacity(code, n), line)


def _fullest(facts: Facts) -> Tallied:
    """Return what arrives where every order and every run is at its most."""
    found = most_of_all(facts)
    return tallied(facts, found)


def _fullest_use(facts: Facts) -> Replay:
    """Return a plan in which each lot is all that is delivered, and all that processes at their most take in."""
    return most_used(facts, most_of_all(facts).make)


def _groups(facts: Facts, limit: Limit, tonnes: Tally) -> Tally:
    """Return the tonnes of each member: of suppliers each of a group by itself, of destinations a group together."""
    if not limit.member:
        return tonnes
    inside = facts.records.groups.get(limit.member, frozenset({limit.member}))
    chosen: Tally = defaultdict(lambda: defaultdict(float))
    for group, nodes in tonnes.items():
        if group in inside:
            name = limit.member if limit.measure == "destinations" else group
            for n, amount in nodes.items():
                chosen[name][n] += amount
    return chosen


def must_take(facts: Facts) -> dict[Point, float]:
    """Return t by point that minimum numbers may bring there beyond what is asked for: none by those on use."""
    found: dict[Point, float] = defaultdict(float)
    numbers = measures_that(lambda measure: measure.kind == "number" and measure.is_of_arrivals)
    minimum = [one for one in limits_on(facts, *numbers) if one.sense == "min" and not counts_use(one)]
    thresholds = {row.limit: row.at_least for row in facts.records.table("limits", _Row)} if minimum else {}
    for limit in minimum:
        times = thresholds[limit.limit] * limit.value * sum(1 / min(w.parts) for w in windows(facts.calendar, limit))
        for point, part in _brought(facts, limit).items():
            found[point] += times / part
    return found


def _brought(facts: Facts, limit: Limit) -> dict[Point, float]:
    """Return the least t of a member per t that arrives at each point, where a limit counts anything."""
    found: dict[Point, float] = {}
    for source in _sources(facts):
        part = weight(facts, limit, source)
        if part:
            part *= _least_part(facts, limit, source)
            point = (source.site, source.material)
            found[point] = min(part, found.get(point, part))
    return found


def _least_part(facts: Facts, limit: Limit, source: Source) -> float:
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
