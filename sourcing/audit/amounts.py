"""The tonnes that a difference of the inputs comes to, counted from the records, apart from the plan's own."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sourcing.families.contracts.records import Contract
from sourcing.measures import measures_that
from sourcing.replay.dates import interval, overlap, year_fraction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.audit.changes import Difference
    from sourcing.replay import Facts

_LOTS = ("min_lot", "lot_multiple", "min_run", "order_cost", "run_cost", "opening_cost", "fixed_cost")


def decides_in_whole_numbers(facts: Facts) -> bool:
    """Say whether anything is decided by yes and no, or by number: a little more may then move a lot."""
    frames = facts.records.frames
    wholly = measures_that(lambda measure: measure.kind == "number")
    counted = [limit for limit in facts.records.limits.values() if limit.measure in wholly]
    decided = [name for name in ("conditions", "contracts", "qualifications", "tiers") if len(frames.get(name, ()))]
    terms = (
        cell
        for name in ("lanes", "lines", "offers", "processes", "services", "sites")
        for column in _LOTS
        if name in frames and column in frames[name]
        for cell in frames[name][column]
    )
    return bool(counted or decided) or any(cell > 0 for cell in terms)


def comes_to(facts: Facts, each: Difference, *, is_alone: bool) -> float | None:
    """Return the t of a difference from the first day to the last, ``None`` where no tonnes are said.

    ``is_alone``: its row differs in nothing else.
    """
    size, times = _size(each), _times(facts, each, is_alone=is_alone)
    return None if size is None or times is None else size * times


def _times(facts: Facts, each: Difference, *, is_alone: bool) -> float | None:
    """Return how many t there are for each t, or t a year, by which two inputs differ."""
    times: float | None = None
    match (each.table, each.column):
        case ("stocks", "opening" | "safety" | "closing") | ("open_orders", "" | "quantity"):
            times = 1.0
        case ("stocks", "maximum"):
            times = len(facts.calendar.nodes)
        case ("stocks", "disposal_maximum") | ("lanes" | "sites", "capacity"):
            times = sum(facts.calendar.years(n) for n in facts.calendar.nodes)
        case ("demand", "" | "quantity"):
            since, until = interval(each.record.split("|")[-1])
            times = sum(overlap(since, until, *days) for days in _periods(facts)) / (until - since).days
        case ("offers", "" | "capacity"):
            times = _open(facts, each)
        case ("ramps", "capacity") if each.offer:
            times = _step(facts, each)
        case ("contracts", "minimum" | "maximum") | ("limits", "value") if is_alone:
            times = _windows(facts, each)
    return times


def _size(each: Difference) -> float | None:
    if not each.column:
        return each.amount
    with suppress(ValueError):
        return abs(float(each.before) - float(each.after))
    return None


def _periods(facts: Facts) -> Iterator[tuple[date, date]]:
    return zip(facts.calendar.starts, facts.calendar.ends, strict=True)


def _step(facts: Facts, each: Difference) -> float:
    """Return the years of a step of an offer's capacity, with those of the straight line that leads to it."""
    steps, day = facts.records.ramps.get(("offer", each.offer), ()), date.fromisoformat(each.record.split("|")[-1])
    earlier, later = ([step.since for step in steps if way(step.since)] for way in (day.__gt__, day.__lt__))
    is_line = any(step.interpolate for step in steps if step.since == day)
    return _years(facts, max(earlier, default=date.min) if is_line else day, min(later, default=date.max))


def _open(facts: Facts, each: Difference) -> float | None:
    """Return the years in which an offer is open before its first step, ``None`` if it is new and has steps."""
    steps, offer = facts.records.ramps.get(("offer", each.offer), ()), facts.records.offers.get(each.offer)
    if steps and not each.column:
        return None
    opens, closes = (None, None) if offer is None else (offer.start, offer.end)
    return _years(facts, opens or date.min, min([closes or date.max, *(step.since for step in steps)]))


def _years(facts: Facts, since: date, until: date) -> float:
    first, last = max(since, facts.calendar.starts[0]), min(until, facts.calendar.ends[-1])
    return year_fraction(first, last) if first < last else 0.0


def _windows(facts: Facts, each: Difference) -> int | None:
    """Return how many windows a quantity holds in, ``None`` if a limit counts each member, or something else."""
    years = (facts.calendar.ends[-1] - timedelta(days=1)).year - facts.calendar.starts[0].year + 1
    if each.table == "contracts":
        terms = {row.contract: row.per for row in facts.records.table("contracts", Contract)}
        return years if terms.get(each.record) == "year" else 1
    limit = facts.records.limits.get(each.record)
    if limit is None or (limit.measure, limit.stage, limit.element) != ("tonnes", "", ""):
        return None
    if limit.counted_in not in ("", "tonnes") or (limit.by and not limit.member):
        return None
    return {"period": len(facts.calendar.nodes), "year": years}.get(limit.per, 1)
