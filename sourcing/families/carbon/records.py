"""What a plan emits: by purchases with the lanes that bring them, by own shipments and by own processes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay import origins
from sourcing.replay.lead import split
from sourcing.replay.limits import Counted, amount_in, members, present_in, windows
from sourcing.replay.origins import Source
from sourcing.replay.plan import Replay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay.facts import Facts
    from sourcing.replay.limits import Tally
    from sourcing.replay.records import LaneKey, Limit


@dataclass(frozen=True)
class _Offer:
    offer: str
    carbon: float = 0.0


@dataclass(frozen=True)
class _Process:
    process: str
    carbon: float = 0.0


@dataclass(frozen=True)
class _Lane:
    origin: str
    destination: str
    material: str = ""
    mode: str = ""
    carbon: float = 0.0


class _Rates(NamedTuple):
    """t CO2e per t by offer, by lane and by process."""

    offer: dict[str, float]
    lane: dict[LaneKey, float]
    process: dict[str, float]

    @classmethod
    def of(cls, facts: Facts) -> _Rates:
        table = facts.records.table
        lanes = {(row.origin, row.destination, row.material, row.mode): row.carbon for row in table("lanes", _Lane)}
        return cls(
            {row.offer: row.carbon for row in table("offers", _Offer)},
            lanes,
            {row.process: row.carbon for row in table("processes", _Process)},
        )


class Emission(NamedTuple):
    """t CO2e in a period: of the purchase ``source``, or of own doing (None) with some materials at a site."""

    source: Source | None
    materials: frozenset[str]
    site: str
    node: int
    carbon: float


def emitted(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield every row of the limits on carbon, in t CO2e."""
    asked = [limit for limit in facts.records.limits.values() if limit.measure == "carbon"]
    if not asked:
        return
    found = list(_emissions(facts, plan))
    possible = [each for each in _emissions(facts, Replay.everything(facts)) if each.carbon]
    for limit in asked:
        amounts, occurring = (_by_group(facts, limit, each) for each in (found, possible))
        for window in windows(facts.calendar, limit):
            for name, of in members(facts, limit, present_in(window, occurring)):
                carbon = amount_in(window, amounts, of)
                yield Counted(limit, name, window, carbon, carbon, limit.site)


def _emissions(facts: Facts, plan: Replay) -> Iterator[Emission]:
    """Yield what is emitted: goods where they arrive, processes where they run."""
    rates = _Rates.of(facts)
    for (offer, destination, mode, m), tonnes in plan.buy.items():
        route = facts.routes[(offer, destination, mode)]
        source, rate = Source("offer", offer, route.material, destination), rates.offer[offer]
        rate += 0.0 if route.lane is None else rates.lane[route.lane]
        for n, share in split(facts.calendar, facts.ordering(route, m)).parts:
            yield _bought(source, n, tonnes * share * rate)
    for source, nodes in origins.awaited(facts).items():
        for n, tonnes in nodes.items():
            yield _bought(source, n, tonnes * rates.offer.get(source.code, 0.0))
    for (*ship, m), tonnes in plan.ship.items():
        origin, destination, material, mode = ship
        key = (origin, destination, material, mode)
        rate = rates.lane[facts.ships[key].key]
        for n, share in split(facts.calendar, facts.shipping(key, m)).parts:
            yield Emission(None, frozenset({material}), destination, n, tonnes * share * rate)
    for (code, m), activity in plan.make.items():
        made = frozenset(facts.records.output(code))
        yield Emission(None, made, facts.records.processes[code].site, m, activity * rates.process[code])


def _bought(source: Source, n: int, carbon: float) -> Emission:
    return Emission(source, frozenset({source.material}), source.site, n, carbon)


def _by_group(facts: Facts, limit: Limit, found: list[Emission]) -> Tally:
    """Return what each group emits, by node; own doing belongs to no group but that of all together."""
    result: Tally = defaultdict(lambda: defaultdict(float))
    for each in found:
        elsewhere = limit.site not in ("", each.site)
        if elsewhere or (limit.material and limit.material not in each.materials):
            continue
        if each.source is None and limit.by:
            continue
        groups = [("", 1.0)] if each.source is None else origins.groups(facts, each.source, limit.by)
        for group, part in groups:
            result[group][each.node] += part * each.carbon
    return result
