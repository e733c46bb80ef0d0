"""Streams by the day: of each order, shipment and run what comes to a point, or leaves it, between which days."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sourcing.replay import Replay
from sourcing.replay.lead import DUST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sourcing.replay import Facts
    from sourcing.replay.lead import Passage
    from sourcing.replay.records import Point

    Cell = tuple[str, str, int]

MONTH, WEEK = 31, 7
"""Days of the longest period that is not looked into, and of a stretch of which the last worst day stands for all."""


class Stream(NamedTuple):
    """Of a decision (``kind``, ``key``) t per t, even between two days since the start; below 0 what is taken."""

    kind: str
    key: tuple[Any, ...]
    tonnes: float
    since: float
    until_day: float

    def until(self, day: float) -> float:
        """Return the t per t that have come, or gone, before a day."""
        part = (day - self.since) / (self.until_day - self.since)
        return self.tonnes * min(max(part, 0.0), 1.0)


def streams(facts: Facts) -> dict[Cell, list[Stream]]:
    """Return all streams of the points and periods in which anything is due, if the period is longer than a month."""
    found: dict[Cell, list[Stream]] = defaultdict(list)
    for way in (_bought(facts), _shipped(facts), _made(facts)):
        for point, n, stream in way:
            if _is_long(facts, point, n):
                found[*point, n].append(stream)
    return found


def days(facts: Facts) -> dict[Cell, list[int]]:
    """Return the days to look at: before which more comes, or after which less is due; of a week the last."""
    found: dict[Cell, set[int]] = defaultdict(set)
    for cell, each in facts.once(streams).items():
        found[cell] |= {math.floor(day + DUST) for day in _begins(each)}
    start = facts.calendar.starts[0]
    ordered = (((row.site, row.material), row.arrives) for row in facts.records.open_orders)
    ended = (((row.site, row.material), row.end) for row in facts.dated)
    for point, date in (*ordered, *ended):
        n = facts.calendar.holding(date)
        if n is not None and _is_long(facts, point, n):
            found[*point, n].add((date - start).days)
    return {cell: kept for cell, on in found.items() if (kept := _of_each_week(facts, cell[-1], on))}


def _begins(each: Iterable[Stream]) -> Iterator[float]:
    """Yield the days from which more comes of a decision than did right before."""
    more: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    for stream in each:
        if stream.tonnes > 0:
            pace = stream.tonnes / (stream.until_day - stream.since)
            more[stream.kind, stream.key, round(stream.since, 9)].append(pace)
            more[stream.kind, stream.key, round(stream.until_day, 9)].append(-pace)
    yield from (day for (_, _, day), turns in more.items() if sum(turns) > DUST * sum(map(abs, turns)))


def _of_each_week(facts: Facts, n: int, on: Iterable[int]) -> list[int]:
    since, until = facts.calendar.offsets[0][n], facts.calendar.offsets[1][n]
    last = {(day - since) // WEEK: day for day in sorted(on) if since < day < until}
    return sorted(last.values())


def _is_long(facts: Facts, point: Point, n: int) -> bool:
    return facts.calendar.days(n) > MONTH and facts.demand(*point, n) > 0


def _landing(facts: Facts, passage: Passage) -> Iterator[tuple[int, float, float, float]]:
    """Yield period, share, and the days between which it lands, of what comes within the horizon."""
    for n, share, (low, high) in passage.arriving:
        if low < facts.length - DUST:
            yield n, share, low, high


def _bought(facts: Facts) -> Iterator[tuple[Point, int, Stream]]:
    for key, nodes in facts.buying.items():
        point = (key[1], facts.routes[key].material)
        for m in nodes:
            for n, share, low, high in _landing(facts, facts.orders[key][m]):
                yield point, n, Stream("buy", (*key, m), share, low, high)


def _shipped(facts: Facts) -> Iterator[tuple[Point, int, Stream]]:
    for key in Replay.everything(facts).ship:
        origin, destination, material, *_, m = key
        passage = facts.shipped(key[:4], m)
        for n, share, low, high in _landing(facts, passage):
            yield (destination, material), n, Stream("ship", key, share, low, high)
        for part, low, high in _taken(passage):
            yield (origin, material), m, Stream("ship", key, -part, low, high)


def _made(facts: Facts) -> Iterator[tuple[Point, int, Stream]]:
    for key in Replay.everything(facts).make:
        code, m = key
        site, passage = facts.records.processes[code].site, facts.run(code, m)
        for n, share, low, high in _landing(facts, passage):
            for material, quantity in facts.records.output(code).items():
                yield (site, material), n, Stream("make", key, share * quantity, low, high)
        for part, low, high in _taken(passage):
            for material, quantity in facts.records.intake(code).items():
                yield (site, material), m, Stream("make", key, -part * quantity, low, high)


def _taken(passage: Passage) -> Iterator[tuple[float, float, float]]:
    """Yield the parts in which something is placed, with their days."""
    placed = sum(each.until - each.since for each in passage.stretches)
    for since, until, _ in passage.stretches:
        yield (until - since) / placed, since, until
