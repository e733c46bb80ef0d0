"""The case as plain records: one frozen record per table row, blanks as ``None`` or the column's default."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

Point = tuple[str, str]
LaneKey = tuple[str, str, str, str]


@dataclass(frozen=True)
class Material:
    """A row of `materials`; ``value`` in USD/t."""

    material: str
    name: str = ""
    stage: str = ""
    tariff_code: str = ""
    value: float = 1.0
    shortage_cost: float | None = None


@dataclass(frozen=True)
class Property:
    """A row of `properties`, in the property's own unit."""

    material: str
    property: str
    value: float


@dataclass(frozen=True)
class Content:
    """A row of `contents`: t of the element per t of the material."""

    material: str
    element: str
    share: float


@dataclass(frozen=True)
class Site:
    """A row of `sites`."""

    site: str
    name: str = ""
    country: str = ""
    owner: str = ""
    owner_country: str = ""


@dataclass(frozen=True)
class Offer:
    """A row of `offers`; orders are dated in [start, end)."""

    offer: str
    supplier: str
    site: str
    material: str
    price: float
    destination: str = ""
    capacity: float | None = None
    lead_days: float = 0.0
    start: date | None = None
    end: date | None = None
    made_in: str = ""
    recycled: float = 0.0
    days: str = "calendar"


@dataclass(frozen=True)
class Origin:
    """A row of `origins`: the part of an offer's material that is of a country, and of an owner, at a stage."""

    offer: str
    stage: str
    country: str
    share: float
    owner_country: str = ""


@dataclass(frozen=True)
class Ramp:
    """A row of `ramps`: t/year from a date on."""

    capacity: float
    since: date
    offer: str = ""
    process: str = ""
    line: str = ""
    interpolate: bool = False


@dataclass(frozen=True)
class Lane:
    """A row of `lanes`; a blank material is any material."""

    origin: str
    destination: str
    material: str = ""
    mode: str = ""
    freight: float = 0.0
    transit_days: float = 0.0
    capacity: float | None = None

    @property
    def key(self) -> LaneKey:
        """The key of the lane's row."""
        return (self.origin, self.destination, self.material, self.mode)


@dataclass(frozen=True)
class Tariff:
    """A row of `tariffs`; blank names match anything, blank dates mean always."""

    rate: float
    importer: str = ""
    origin: str = ""
    tariff_code: str = ""
    since: date | None = None
    until: date | None = None
    basis: str = "cif"


@dataclass(frozen=True)
class Licence:
    """A row of `licences`: days of waiting for an export licence; ``follows`` is shipment or origin."""

    country: str
    lag_days: float
    material: str = ""
    destination: str = ""
    since: date | None = None
    until: date | None = None
    follows: str = "shipment"


@dataclass(frozen=True)
class Process:
    """A row of `processes`; capacity and cost per t of activity."""

    process: str
    site: str
    capacity: float | None = None
    cost: float = 0.0
    days: float = 0.0
    recycled: float = 0.0
    line: str = ""


@dataclass(frozen=True)
class Line:
    """A row of `lines`; capacity per t of activity of all its processes."""

    line: str
    name: str = ""
    capacity: float | None = None


@dataclass(frozen=True)
class Recipe:
    """A row of `recipes`: inputs negative, outputs positive."""

    process: str
    material: str
    quantity: float


@dataclass(frozen=True)
class DemandRow:
    """A row of `demand`, as written."""

    site: str
    material: str
    period: str
    quantity: float
    priority: float = 1.0
    shortage_cost: float | None = None


@dataclass(frozen=True)
class Stock:
    """A row of `stocks`; a blank closing is the safety level, a blank offer means the origin is unknown."""

    site: str
    material: str
    opening: float = 0.0
    safety: float = 0.0
    maximum: float | None = None
    closing: float | None = None
    holding_cost: float = 0.0
    disposal_cost: float | None = None
    disposal_maximum: float | None = None
    offer: str = ""
    cover_days: float | None = None
    safety_days: float | None = None

    @property
    def final(self) -> float:
        """Tonnes asked for at the end of the horizon."""
        return self.safety if self.closing is None else self.closing

    @property
    def most_disposed(self) -> float:
        """Tonnes a year that may be disposed of: 0 where it has no price, infinite where there is no maximum."""
        if self.disposal_cost is None:
            return 0.0
        return math.inf if self.disposal_maximum is None else self.disposal_maximum


@dataclass(frozen=True)
class OpenOrder:
    """A row of `open_orders`; a blank offer means the origin is unknown."""

    order: str
    site: str
    material: str
    arrives: date
    quantity: float
    offer: str = ""


@dataclass(frozen=True)
class Limit:
    """A row of `limits`."""

    limit: str
    measure: str
    value: float
    sense: str = "max"
    by: str = ""
    member: str = ""
    site: str = ""
    stage: str = ""
    material: str = ""
    element: str = ""
    property: str = ""
    line: str = ""
    counted_in: str = ""
    counts: str = ""
    per: str = "year"
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Member:
    """A row of `groups`."""

    group: str
    member: str
