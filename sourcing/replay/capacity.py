"""Capacity of an offer, a process, a line or a lane in a period: t/year times the part of the year that counts."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.closures import no_orders, without
from sourcing.replay.dates import by_year
from sourcing.replay.records import Offer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sourcing.replay.case import Records
    from sourcing.replay.dates import Calendar
    from sourcing.replay.records import Line, Process, Ramp


class Piece(NamedTuple):
    """A stretch of dates over which t/year runs in a straight line."""

    since: date
    until: date
    first: float
    final: float

    def at(self, day: date) -> float:
        """Return t/year at the start of a day inside the stretch (or at its very end)."""
        if self.first == self.final:
            return self.first
        return self.first + (self.final - self.first) * (day - self.since).days / (self.until - self.since).days


def pieces(base: float, ramps: Sequence[Ramp]) -> Iterator[Piece]:
    """Yield the stretches of a capacity: the base, then each ramp row from its date.

    A row with ``interpolate`` draws a line from the row before it; the first row has none before it and is a step.
    """
    since, level = date.min, base
    for i, ramp in enumerate(ramps):
        yield Piece(since, ramp.since, level, ramp.capacity if ramp.interpolate and i > 0 else level)
        since, level = ramp.since, ramp.capacity
    yield Piece(since, date.max, level, level)


def tonnes_between(base: float, ramps: Sequence[Ramp], a: date, b: date) -> float:
    """Return the integral of t/year over [a, b), each day being 1/365 or 1/366 of its own calendar year."""
    total = 0.0
    if not ramps:
        for low, high, days in by_year(a, b) if a < b else ():
            total += base * (high - low).days / days
        return total
    for piece in pieces(base, ramps):
        first, after = max(a, piece.since), min(b, piece.until)
        for low, high, days in by_year(first, after) if first < after else ():
            total += (piece.at(low) + piece.at(high)) / 2 * (high - low).days / days
    return total


def offer_capacity(records: Records, calendar: Calendar, offer: str, n: int) -> float:
    """Return the t that may be ordered in period n: infinite without a capacity, 0 without active days."""
    row = records.offers[offer]
    low, high = max(calendar.starts[n], row.start or date.min), min(calendar.ends[n], row.end or date.max)
    if low >= high:
        return 0.0
    ramps = records.ramps.get(("offer", offer), ())
    spans = without([(low, high)], no_orders(records, offer))
    return _activity(row.capacity, ramps, spans)


def offer_capacities(records: Records, calendar: Calendar, offer: str) -> list[float]:
    """Return the same of every period."""
    row = records.offers[offer]
    dated = row.start is not None or row.end is not None or no_orders(records, offer)
    if row.capacity is None or dated or ("offer", offer) in records.ramps:
        return [offer_capacity(records, calendar, offer, n) for n in calendar.nodes]
    return [sum([row.capacity * days / whole for days, whole in parts]) for parts in calendar.parts_of_years]


def open_days(records: Records, owner: tuple[str, str]) -> list[tuple[date, date]]:
    """Return the stretches of days on which an "offer", a "process" or a "line" has capacity (and an offer is open)."""
    kind, code = owner
    rows: dict[str, Mapping[str, Offer | Process | Line]] = {
        "offer": records.offers,
        "process": records.processes,
        "line": records.lines,
    }
    row, ramps = rows[kind][code], records.ramps.get(owner, ())
    first, after = (row.start, row.end) if isinstance(row, Offer) else (None, None)
    base = (math.inf if not ramps else 0.0) if row.capacity is None else row.capacity
    giving = [piece for piece in pieces(base, ramps) if max(piece.first, piece.final) > 0]
    spans = [(max(piece.since, first or date.min), min(piece.until, after or date.max)) for piece in giving]
    return [(low, high) for low, high in spans if low < high]


def process_capacity(records: Records, process: str, days: Sequence[tuple[date, date]]) -> float:
    """Return the t of activity possible on some stretches of days [first, after), infinite without a capacity."""
    return _activity(records.processes[process].capacity, records.ramps.get(("process", process), ()), days)


def line_capacity(records: Records, line: str, days: Sequence[tuple[date, date]]) -> float:
    """Return the t of activity possible on a line on some stretches of days, infinite without a capacity."""
    return _activity(records.lines[line].capacity, records.ramps.get(("line", line), ()), days)


def _activity(base: float | None, ramps: Sequence[Ramp], days: Sequence[tuple[date, date]]) -> float:
    """Return the t possible on some days: none without a day, no end without a capacity or a ramp."""
    if not days:
        return 0.0
    if base is None and not ramps:
        return math.inf
    return sum(tonnes_between(base or 0.0, ramps, first, after) for first, after in days)
