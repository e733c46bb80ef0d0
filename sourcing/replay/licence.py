"""Waiting for export licences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.replay.case import Records


def licence_lag(records: Records, origin: str, destination: str, material: str, day: date) -> float:
    """Return the days an export licence takes for goods of ``origin`` site ordered on ``day``.

    The longest lag of all matching rows counts; goods that stay in one country need none.
    """
    country, importer = records.country(origin), records.country(destination)
    if country == importer:
        return 0.0
    asked = records.licences_of.get(country)
    if asked is None:
        return 0.0
    names = records.known_as(importer)
    lags = [
        row.lag_days
        for row in asked
        if row.material in ("", material)
        and row.destination in names
        and (row.since or date.min) <= day < (row.until or date.max)
    ]
    return max(lags, default=0.0)
