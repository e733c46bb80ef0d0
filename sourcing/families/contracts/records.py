"""Contracts: their windows, what each asks for there, and what hard minimums may bring to a point."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.dates import days_in_year, overlap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point


TERM = "term"


class Window(NamedTuple):
    """A calendar year, or the whole term, of a contract, and the periods that have days of it."""

    name: str
    nodes: tuple[int, ...]

    def share_of(self, days: tuple[date, date]) -> int:
        """Return how many days of a stretch are the window's."""
        if self.name == TERM:
            return (days[1] - days[0]).days
        return overlap(*days, date(int(self.name), 1, 1), date(int(self.name) + 1, 1, 1))


@dataclass(frozen=True)
class Contract:
    """A row of `contracts`; tonnes per window, price in USD/t, fee in USD."""

    contract: str
    offer: str
    price: float = 0.0
    index: str = ""
    multiple: float = 1.0
    floor_price: float | None = None
    since: date | None = None
    until: date | None = None
    per: str = "contract"
    minimum: float | None = None
    maximum: float | None = None
    take_or_pay: float | None = None
    fee: float = 0.0
    prepayment: float = 0.0
    payment_days: float = 0.0
    exit_cost: float | None = None
    signed: bool = False

    @property
    def may_be_left(self) -> bool:
        """Say whether it is signed already and can be left on the first day."""
        return self.signed and self.exit_cost is not None

    def inside(self, facts: Facts, n: int) -> tuple[date, date] | None:
        """Return the days [first, last) of period n that are the contract's, None if there are none."""
        first = max(facts.calendar.starts[n], self.since or facts.calendar.starts[n])
        last = min(facts.calendar.ends[n], self.until or facts.calendar.ends[n])
        return (first, last) if first < last else None

    def selling(self, facts: Facts, n: int) -> tuple[date, date] | None:
        """Return the days [first, last) of period n on which something can be called off: the offer is open, too."""
        offer, days = facts.records.offers[self.offer], self.inside(facts, n)
        if days is None:
            return None
        first, last = max(days[0], offer.start or days[0]), min(days[1], offer.end or days[1])
        return (first, last) if first < last else None

    def windows(self, facts: Facts) -> list[Window]:
        """Return the windows that have a day in the horizon, in order."""
        found: dict[str, list[int]] = defaultdict(list)
        for n in facts.calendar.nodes:
            days = self.inside(facts, n)
            if days is not None:
                last_year = (days[1] - timedelta(days=1)).year
                for name in map(str, range(days[0].year, last_year + 1)) if self.per == "year" else (TERM,):
                    found[name].append(n)
        return [Window(name, tuple(nodes)) for name, nodes in found.items()]

    def part(self, facts: Facts, window: Window) -> float:
        """Return the part of its quantities that a window has in the horizon, by days."""
        days = [self.inside(facts, n) for n in window.nodes]
        total = sum(window.share_of(each) for each in days if each is not None)
        if window.name != TERM:
            return total / days_in_year(int(window.name))
        starts, ends = facts.calendar.starts, facts.calendar.ends
        return total / ((self.until or ends[-1]) - (self.since or starts[0])).days

    def counted(self, facts: Facts, window: Window, n: int) -> float:
        """Return the part of what is called off in period n that is called off in a window."""
        days = self.selling(facts, n)
        return 0.0 if days is None else window.share_of(days) / (days[1] - days[0]).days

    def least(self, facts: Facts, window: Window) -> float:
        """Return the t that a window asks for."""
        return (self.minimum or 0.0) * self.part(facts, window)

    def price_in(self, facts: Facts, n: int) -> float:
        """Return USD/t in period n."""
        if not self.index:
            return self.price
        path = sorted((row for row in facts.records.table("prices", _Price) if row.index == self.index), key=_begins)
        past = [row for row in path if row.since <= facts.calendar.starts[n]]
        follows = (past[-1] if past else path[0]).value * self.multiple
        return follows if self.floor_price is None else max(follows, self.floor_price)

    def later(self, facts: Facts) -> float:
        """Return what a dollar less is worth because it is paid the payment days later; at most 0."""
        return float((1 + facts.discount_rate) ** -(self.payment_days / 365)) - 1


@dataclass(frozen=True)
class _Price:
    index: str
    since: date
    value: float


def _begins(row: _Price) -> date:
    return row.since


@dataclass(frozen=True)
class _Exclusion:
    contract: str
    site: str


def may_serve(facts: Facts, contract: Contract, destination: str) -> bool:
    """Say whether nothing called off to a site could go on to one that the contract excludes, or is there already."""
    shut = {row.site for row in facts.records.table("exclusions", _Exclusion) if row.contract == contract.contract}
    if not shut:
        return True
    start = destination, facts.records.offers[contract.offer].material
    reached, waiting = {start}, [start]
    while waiting:
        new = set(_onward(facts, waiting.pop())) - reached
        reached |= new
        waiting += sorted(new)
    return shut.isdisjoint(site for site, _ in reached)


def _onward(facts: Facts, point: Point) -> Iterator[Point]:
    """Yield where a lane or a process takes material from a point."""
    for origin, destination, material, _ in facts.ships:
        if (origin, material) == point:
            yield destination, material
    for code, process in facts.records.processes.items():
        if process.site == point[0] and point[1] in facts.records.intake(code):
            yield from ((process.site, made) for made in facts.records.output(code))


def contracts(facts: Facts) -> list[Contract]:
    """Return the contracts of a case."""
    return facts.records.table("contracts", Contract)


def must_take(facts: Facts) -> dict[Point, float]:
    """Return t by point that hard minimums may bring there beyond what is asked for."""
    found: dict[Point, float] = defaultdict(float)
    for contract in contracts(facts):
        if contract.take_or_pay is None:
            routes = [route for (offer, _, _), route in facts.routes.items() if offer == contract.offer]
            served = [route for route in routes if may_serve(facts, contract, route.destination)]
            for point in {(route.destination, route.material) for route in served}:
                found[point] += sum(contract.least(facts, window) for window in contract.windows(facts))
    return found
