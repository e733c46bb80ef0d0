"""Lots: who can only be used in lots, who uses whom, and what one lot of each may bring to a point."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.records import LaneKey

Owner = tuple[str, str]
JOINT = ">"  # between the parts of the key of a lane or a delivery
OF_DELIVERY = "delivery"
_DUST = 1e-9  # of a lot: what rounding may add to a whole number of them


@dataclass(frozen=True)
class Terms:
    """What an offer, delivery, process, line, lane or service asks of whoever uses it: t, t and USD per period used."""

    least: float = 0.0
    multiple: float = 0.0
    cost: float = 0.0

    @property
    def size(self) -> float:
        """Tonnes that cannot be divided: the least lot, in whole multiples."""
        if not self.multiple:
            return self.least
        return self.multiple * max(math.ceil(self.least / self.multiple - _DUST), 1)


@dataclass(frozen=True)
class _Offer:
    offer: str
    min_lot: float = 0.0
    lot_multiple: float = 0.0
    lot_of: str = OF_DELIVERY
    order_cost: float = 0.0


@dataclass(frozen=True)
class _Process:
    process: str
    min_run: float = 0.0
    run_cost: float = 0.0


@dataclass(frozen=True)
class _Line:
    line: str
    min_run: float = 0.0
    run_cost: float = 0.0


@dataclass(frozen=True)
class _Lane:
    origin: str
    destination: str
    material: str = ""
    mode: str = ""
    min_lot: float = 0.0
    order_cost: float = 0.0
    service: str = ""

    @property
    def key(self) -> LaneKey:
        """The key of the lane's row."""
        return (self.origin, self.destination, self.material, self.mode)


@dataclass(frozen=True)
class _Service:
    service: str
    min_lot: float = 0.0
    order_cost: float = 0.0


@dataclass(frozen=True)
class _Condition:
    """What a condition asks of whether it is used."""

    kind: str
    cause: str


@dataclass(frozen=True)
class Lots:
    """Owners that have terms, by (kind, code), the lanes of each service, and the owners whom each lane uses.

    Lots and least lots of an offer that goes several ways are of its deliveries, unless it says that they are of the
    period; ``stated`` has the least lots and runs as the tables state them.
    """

    terms: dict[Owner, Terms]
    stated: dict[Owner, float]
    lanes_of: dict[str, list[LaneKey]]
    along: dict[LaneKey, list[Owner]]

    @classmethod
    def of(cls, facts: Facts) -> Lots:
        """Return the owners of a case."""
        return facts.once(cls._read)

    @classmethod
    def _read(cls, facts: Facts) -> Lots:
        """Read the owners from the tables."""
        tables = facts.records.table
        found: dict[Owner, Terms] = {}
        for offer in tables("offers", _Offer):
            found["offer", offer.offer] = Terms(offer.min_lot, offer.lot_multiple, offer.order_cost)
        for process in tables("processes", _Process):
            found["process", process.process] = Terms(process.min_run, 0.0, process.run_cost)
        for line in tables("lines", _Line):
            found["line", line.line] = Terms(line.min_run, 0.0, line.run_cost)
        lanes = {lane.key: lane for lane in facts.records.told("lanes", _Lane, ("min_lot", "order_cost", "service"))}
        for key, lane in lanes.items():
            found["lane", JOINT.join(key)] = Terms(lane.min_lot, 0.0, lane.order_cost)
        for row in tables("services", _Service):
            found["service", row.service] = Terms(row.min_lot, 0.0, row.order_cost)
        stated = {owner: terms.least for owner, terms in found.items()}
        of_delivery = [offer.offer for offer in tables("offers", _Offer) if offer.lot_of == OF_DELIVERY]
        found |= _by_delivery(facts, {code: found["offer", code] for code in of_delivery})
        named = {(row.kind, row.cause) for row in tables("conditions", _Condition)}
        kept = {owner: terms for owner, terms in found.items() if terms != Terms() or owner in named}
        lanes_of: dict[str, list[LaneKey]] = defaultdict(list)
        for key, lane in lanes.items():
            lanes_of[lane.service].append(key)
        owners = {key: (("lane", JOINT.join(key)), ("service", lane.service)) for key, lane in lanes.items()}
        along = {key: [owner for owner in both if owner in kept] for key, both in owners.items()}
        return cls(kept, stated, lanes_of, along)

    def buying(self, facts: Facts, route: tuple[str, str, str]) -> list[Owner]:
        """Return the owners that an order by a route uses."""
        lane = facts.routes[route].lane
        own = self._known(("offer", route[0]), (OF_DELIVERY, JOINT.join(route)))
        return [*own, *(() if lane is None else self.along.get(lane, ()))]

    def shipping(self, facts: Facts, ship: tuple[str, str, str, str]) -> list[Owner]:
        """Return the owners that an own shipment uses."""
        return self.along.get(facts.ships[ship].key, [])

    def making(self, facts: Facts, process: str) -> list[Owner]:
        """Return the owners that a process uses: itself and its line."""
        return self._known(("process", process), ("line", facts.records.processes[process].line))

    def is_switched(self, owner: Owner) -> bool:
        """Say whether somebody is used or not; a delivery only if its least lot is more than a multiple."""
        return owner[0] != OF_DELIVERY or self.terms[owner].least > 0

    def _known(self, *owners: Owner) -> list[Owner]:
        return [owner for owner in owners if owner in self.terms]


def _by_delivery(facts: Facts, offers: dict[str, Terms]) -> dict[Owner, Terms]:
    """Return the terms of offers that go several ways, without lots, and of their deliveries, with them."""
    ways: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for route in facts.routes:
        ways[route[0]].append(route)
    found: dict[Owner, Terms] = {}
    for code, terms in offers.items():
        if len(ways[code]) > 1 and terms.size:
            least = terms.size if terms.size > terms.multiple else 0.0
            found["offer", code] = Terms(cost=terms.cost)
            found |= {(OF_DELIVERY, JOINT.join(way)): Terms(least, terms.multiple) for way in ways[code]}
    return found


def lane_key(code: str) -> LaneKey:
    """Return the key of a lane from its code as an owner."""
    origin, destination, material, mode = code.split(JOINT)
    return origin, destination, material, mode
