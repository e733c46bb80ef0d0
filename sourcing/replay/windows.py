"""Days on which things are placed: orders while their offer is open, each day with the licence in force on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise, product
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.capacity import open_days
from sourcing.replay.closures import no_work, without
from sourcing.replay.lead import DUST, Stretch
from sourcing.replay.licence import licence_lag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcing.replay.case import Records
    from sourcing.replay.dates import Calendar


class Way(NamedTuple):
    """What a licence looks at: the site goods leave, the site they go to, the material, and where they were made.

    ``made`` is a country, or (not told); it is blank where it makes no difference.
    """

    origin: str
    destination: str
    material: str
    made: str = ""


@dataclass(frozen=True)
class Promised:
    """A row that names an offer."""

    offer: str = ""


Span = tuple["date", "date"]


def ordering(calendar: Calendar, opened: Sequence[Span], m: int) -> list[Span]:
    """Return the days of period m on which an offer is open and has capacity; all of them where there is none."""
    first, after = calendar.starts[m], calendar.ends[m]
    spans = [(max(low, first), min(high, after)) for low, high in opened]
    return [(low, high) for low, high in spans if low < high] or [(first, after)]


def running(records: Records, calendar: Calendar, process: str, m: int) -> list[Stretch]:
    """Return the days of period m on which a process has capacity, and the line that it runs on, and does not stop."""
    row, origin = records.processes[process], calendar.starts[0]
    line = records.once(open_days, ("line", row.line)) if row.line else [(date.min, date.max)]
    spans = [
        (max(own[0], shared[0], calendar.starts[m]), min(own[1], shared[1], calendar.ends[m]))
        for own, shared in product(records.once(open_days, ("process", process)), line)
    ]
    worked = without([(low, high) for low, high in spans if low < high], no_work(records, process))
    return [Stretch((low - origin).days, (high - origin).days, 0.0) for low, high in worked]


def within(stretch: Stretch, first: float, after: float) -> Stretch | None:
    """Return the part of a stretch from a first day up to a last one; None where there is none."""
    since, until = max(stretch.since, first), min(stretch.until, after)
    return stretch._replace(since=since, until=until) if until - since > DUST else None


def waiting(records: Records, calendar: Calendar, way: Way, spans: Sequence[Span], more: float) -> list[Stretch]:
    """Cut spans of days where licences change: each stretch with its licence's days and ``more``."""
    first = calendar.starts[0]
    if records.country(way.origin) not in records.licences_of and not (way.made and records.following):
        found = [Stretch((low - first).days, (high - first).days, more) for low, high in spans]
        return found if len(found) == 1 else list(_joined(found))
    found = []
    for low, high in spans:
        days = [low, *(day for day in records.licence_changes if low < day < high), high]
        for since, until in pairwise(days):
            lag = licence_lag(records, way, since)
            found.append(Stretch((since - first).days, (until - first).days, lag + more))
    return list(_joined(found))


def _joined(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Join stretches that follow each other and take as many days."""
    last: Stretch | None = None
    for each in stretches:
        if last is not None and last.until == each.since and last.days == each.days:
            last = last._replace(until=each.until)
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last
