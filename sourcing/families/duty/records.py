"""Duty: every matching tariff row adds its rate, weighted by the days of arrival on which it is in force."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from sourcing.replay.case import Records
    from sourcing.replay.records import Tariff


class Consignment(NamedTuple):
    """What customs looks at: country of the destination, country of making, the material, USD/t and freight USD/t."""

    importer: str
    origin: str
    material: str
    price: float
    freight: float


def duty_per_tonne(records: Records, goods: Consignment, first: date, days: tuple[float, float]) -> float:
    """Return the duty in USD on one tonne that arrives evenly between two days, counted from the ``first`` of all.

    A row falls on the part of the days of arrival on which it is in force; goods made in the importing country pay
    none.
    """
    if goods.importer == goods.origin:
        return 0.0
    total = 0.0
    for row in records.once(_tariffs, goods.importer, goods.origin, records.materials[goods.material].tariff_code):
        value = goods.price + goods.freight if row.basis == "cif" else goods.price
        since = -math.inf if row.since is None else (row.since - first).days
        until = math.inf if row.until is None else (row.until - first).days
        inside = max(min(days[1], until) - max(days[0], since), 0.0) / (days[1] - days[0])
        total += row.rate * inside * value
    return total


def _tariffs(records: Records, importer: str, origin: str, code: str) -> list[Tariff]:
    """Return the rows that fall on goods with a tariff code that a country imports from another."""
    importers, origins = records.known_as(importer), records.known_as(origin)
    return [
        row
        for row in records.tariffs
        if row.importer in importers and row.origin in origins and row.tariff_code in ("", code)
    ]
