"""Waiting for export licences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sourcing.replay.looks import UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay.case import Records
    from sourcing.replay.records import Licence
    from sourcing.replay.windows import Way


def licence_lag(records: Records, way: Way, day: date) -> float:
    """Return the days an export licence takes for goods that are ordered, or released, on ``day`` for a way.

    The longest lag of all matching rows counts; goods that stay in one country need none.
    """
    importer = records.country(way.destination)
    if importer == records.country(way.origin):
        return 0.0
    names = records.known_as(importer)
    lags = [
        row.lag_days
        for row in _asked(records, way, importer)
        if row.material in ("", way.material)
        and row.destination in names
        and (row.since or date.min) <= day < (row.until or date.max)
    ]
    return max(lags, default=0.0)


def _asked(records: Records, way: Way, importer: str) -> Iterator[Licence]:
    """Yield the licences of the country that goods leave, and those that follow them from where they were made.

    What nobody tells the making of needs all of these; none is asked for of goods that come home.
    """
    yield from records.licences_of.get(records.country(way.origin), ())
    for row in records.following if way.made else ():
        if way.made in (row.country, UNTOLD) and row.country != importer:
            yield row
