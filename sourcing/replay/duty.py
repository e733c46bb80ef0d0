"""Duty: every matching tariff row adds its rate, weighted by the days of the period on which it is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sourcing.replay.case import Records
    from sourcing.replay.dates import Calendar


class Consignment(NamedTuple):
    """What customs looks at: country of the destination, country of making, the material, USD/t and freight USD/t."""

    importer: str
    origin: str
    material: str
    price: float
    freight: float


def duty_per_tonne(records: Records, calendar: Calendar, goods: Consignment, n: int) -> float:
    """Return the duty in USD on one tonne that arrives in period n; goods made in the importing country pay none."""
    if goods.importer == goods.origin:
        return 0.0
    importers, origins = records.known_as(goods.importer), records.known_as(goods.origin)
    codes = ("", records.materials[goods.material].tariff_code)
    total = 0.0
    for row in records.tariffs:
        if row.importer in importers and row.origin in origins and row.tariff_code in codes:
            value = goods.price + goods.freight if row.basis == "cif" else goods.price
            total += row.rate * calendar.inside(n, row.since, row.until) * value
    return total
