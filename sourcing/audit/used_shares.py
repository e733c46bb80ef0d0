"""Shares of use beside those of arrivals, as the arithmetic has them: what the shares table has to say of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sourcing.measures import measures
from sourcing.replay.limits import windows
from sourcing.replay.looks import counts_use
from sourcing.replay.origins import UNKNOWN
from sourcing.replay.records import Limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.audit.cells import Book
    from sourcing.audit.used import Known
    from sourcing.replay import Facts
    from sourcing.replay.limits import Window

    Group = tuple[str, str, str, str, int, str]


class OfUse(NamedTuple):
    """The part of what is used that somebody has: by lots and as a heap; blank where no share is one of anything.

    ``used`` is the t that are used of all; ``more`` by how much the larger of the two is more than what nobody tells.
    """

    lots: float | None
    heap: float | None
    used: float
    more: float


UNSAID = OfUse(None, None, 0.0, 0.0)
"""Of a share of which no limit on use says anything."""


def shares_of_use(facts: Facts, known: Known, book: Book) -> dict[Group, OfUse]:
    """Return what limits on use say of whole years, by the key of a share; of two limits a maximum, then by name."""
    found: dict[Group, OfUse] = {}
    actual = {(row["limit"], row["member"], row["window"]): row["actual"] for row in book["limits"]}
    for limit in sorted(_asked(facts), key=lambda each: (each.sense, each.limit)):
        labels = set(_whole_years(facts, limit))
        for (name, member, label), (used, figures) in known.items():
            if name == limit.limit and label in labels:
                lots, heap = actual[name, member, label], figures["heap"]
                nobody = (name, UNKNOWN, label)
                rest = (0.0, 0.0)
                if not limit.member and member != UNKNOWN and nobody in known:
                    rest = (actual[nobody] or 0.0, known[nobody][1]["heap"] or 0.0)
                more = max((lots or 0.0) - rest[0], (heap or 0.0) - rest[1])
                found.setdefault((*_subject(limit), int(label), member), OfUse(lots, heap, used, more))
    return found


def _asked(facts: Facts) -> Iterator[Limit]:
    """Yield the limits on use that count, in every year, all that a share in the shares table may be of."""
    for limit in facts.records.limits.values():
        all_of_one = bool(limit.element) != bool(limit.material) and not limit.site
        by_content = not limit.element or limit.counted_in in ("", "element")
        of_use = measures()[limit.measure].kind == "share" and counts_use(limit)
        if of_use and all_of_one and by_content and limit.per == "year":
            yield limit


def _subject(limit: Limit) -> tuple[str, str, str, str]:
    of = ("element", limit.element) if limit.element else ("material", limit.material)
    return *of, limit.stage, limit.by


def _whole_years(facts: Facts, limit: Limit) -> Iterator[str]:
    """Yield the years in which a limit counts all days that the plan reports, and no others."""
    years = windows(facts.calendar, Limit("", "tonnes", 0.0, per="year", until=facts.calendar.reported_end))
    days = {year.label: _days(facts, year) for year in years}
    for window in windows(facts.calendar, limit):
        if round(_days(facts, window)) == round(days.get(window.label, -1.0)):
            yield window.label


def _days(facts: Facts, window: Window) -> float:
    return sum(part * facts.calendar.days(n) for n, part in zip(window.nodes, window.parts, strict=True))
