"""Chain of custody, replayed: whose the goods at a point can be, kept apart from entry to use."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, NamedTuple
from weakref import proxy

from sourcing.replay.customs import Border, borders
from sourcing.replay.licensed import licences
from sourcing.replay.looks import Looks, Whose, counts_use, parts_of
from sourcing.replay.origins import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.replay.case import Records
    from sourcing.replay.facts import Facts
    from sourcing.replay.points import ShipKey
    from sourcing.replay.records import Point

Lot = tuple[Whose | None, ...]
"""Whose goods are, to each look; None where that does not matter."""


class Run(NamedTuple):
    """A process taking in goods of certain lots, by material, and of which lot each of its outputs is."""

    process: str
    lot: str
    taken: dict[str, Lot]
    given: dict[str, Lot]


class _OfLimits(NamedTuple):
    """One of the looks that limits have at goods, as ``Border`` is one that customs have."""

    looks: Looks
    at: int

    @property
    def title(self) -> str:
        return self.looks.all[self.at].title

    @property
    def counted(self) -> set[Point]:
        return self.looks.counted[self.at] | self.looks.taken[self.at]

    def holds(self, material: str) -> bool:
        return self.looks.holds(self.at, material) > 0

    def whose(self, source: Source | None) -> Whose:
        return self.looks.whose(self.at, source)

    def brings(self, records: Records, process: str, _output: str) -> dict[str, float]:
        intake = records.intake(process).items()
        return {what: quantity * self.looks.content(self.at, what) for what, quantity in intake}


class Custody:
    """All that can be kept apart in a case: ``lots`` has the lots of each point, by their words.

    Goods are told apart by the ``looks`` of limits on use, then by the ``borders`` at which their origin matters.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts, self.records = proxy(facts), facts.records  # facts keep this: no ring
        self.looks = Looks(facts, [limit for limit in self.records.limits.values() if counts_use(limit)])
        self.borders, self.licences = facts.once(borders), facts.once(licences)
        self._seen: list[_OfLimits | Border] = [_OfLimits(self.looks, at) for at in range(len(self.looks.all))]
        self._seen += [each for each in (self.licences, *self.borders.values()) if each is not None]
        self.lots: dict[Point, dict[str, Lot]] = defaultdict(dict)
        self._matters = [self._back(seen) for seen in self._seen]
        if self._matters:
            self._enter()
            while self._move():
                pass

    def _back(self, seen: _OfLimits | Border) -> set[Point]:
        """Return from where goods can come to where it matters whose they are."""
        found = set(seen.counted)
        while True:
            ships = self._facts.ships
            more = {(origin, what) for origin, destination, what, _ in ships if (destination, what) in found}
            for code, process in self.records.processes.items():
                for made in self.records.output(code):
                    brings = seen.brings(self.records, code, made) if (process.site, made) in found else {}
                    more |= {(process.site, what) for what, tonnes in brings.items() if tonnes > 0}
            more = {(site, what) for site, what in more if seen.holds(what)} - found
            if not more:
                return found
            found |= more

    def fit(self, lot: Lot, point: Point) -> Lot:
        """Return a lot as it is at a point: only what matters there tells goods apart."""
        return tuple(whose if point in there else None for whose, there in zip(lot, self._matters, strict=True))

    def entering(self, source: Source | None, point: Point) -> Lot:
        """Return as what goods enter at a point."""
        return self.fit(tuple(seen.whose(source) for seen in self._seen), point)

    def matters(self, point: Point) -> bool:
        """Say whether it matters to anybody whose the goods at a point are."""
        return any(point in there for there in self._matters)

    def mixed(self, point: Point) -> bool:
        """Say whether goods of several lots can be at a point."""
        return len(self.lots.get(point, ())) > 1

    @property
    def any_mixed(self) -> bool:
        """Whether goods of several lots can be at any point."""
        return any(map(self.mixed, self.lots))

    def _add(self, point: Point, lot: Lot) -> bool:
        words = self.words(lot)
        if not self.matters(point) or words in self.lots[point]:
            return False
        self.lots[point][words] = lot
        return True

    def _enter(self) -> None:
        for (offer, destination, _), route in self._facts.routes.items():
            point = destination, route.material
            self._add(point, self.entering(Source("offer", offer, route.material, destination), point))
        for order in self.records.open_orders:
            self._add((order.site, order.material), self.before(order.offer, (order.site, order.material)))
        for point, stock in self.records.stocks.items():
            if stock.opening > 0:
                self._add(point, self.before(stock.offer, point))

    def before(self, offer: str, point: Point) -> Lot:
        """Return as what goods are there, or come, that were ordered before the plan."""
        return self.entering(Source("offer", offer, point[1], point[0]) if offer else None, point)

    def _move(self) -> bool:
        """Let every lot go where it can go in one step; say whether any was new there."""
        new = False
        for ship in self._facts.ships:
            _, destination, what, _ = ship
            for lot in self.sending(ship).values():
                new |= self._add((destination, what), self.fit(lot, (destination, what)))
        for code, process in self.records.processes.items():
            for run in self.runs(code):
                for what, lot in run.given.items():
                    new |= self._add((process.site, what), lot)
        return new

    def runs(self, code: str) -> Iterator[Run]:
        """Yield a run of a process for every choice of the lots that it takes in, where it matters whose they are."""
        site, intake = self.records.processes[code].site, self.records.intake(code)
        asked = [what for what in intake if self.matters((site, what))]
        made = [what for what in self.records.output(code) if self.matters((site, what))]
        if not asked and not made:
            return
        for choice in product(*(list(self.lots.get((site, what), {}).values()) for what in asked)):
            taken = dict(zip(asked, choice, strict=True))
            words = {what: self.words(lot) for what, lot in taken.items()}
            named = ", ".join(f"{what} of {words[what]}" for what in sorted(words)) if len(words) > 1 else ""
            given = {what: self._given(code, taken, (site, what)) for what in made}
            yield Run(code, named or "".join(words.values()), taken, given)

    def _given(self, code: str, taken: Mapping[str, Lot], point: Point) -> Lot:
        site, what = point
        own = Source("process", code, what, site)
        return tuple(
            self._blended(at, code, taken, own) if point in there else None for at, there in enumerate(self._matters)
        )

    def _blended(self, at: int, code: str, taken: Mapping[str, Lot], own: Source) -> Whose:
        """Return whose an output is: in the parts taken in; what had not come to the stage is the process's own."""
        parts, mass, seen = defaultdict[str, float](float), 0.0, self._seen[at]
        for what, tonnes in seen.brings(self.records, code, own.material).items():
            whose = taken[what][at] if what in taken else None
            for name, part in seen.whose(own) if whose is None else whose:
                parts[name] += tonnes * part
            mass += tonnes
        return parts_of({name: part / mass for name, part in parts.items()}) if mass > 0 else seen.whose(own)

    def words(self, lot: Lot) -> str:
        """Return a lot in words: whose it is, by each look where they differ."""
        said = [(seen.title, _said(whose)) for seen, whose in zip(self._seen, lot, strict=True) if whose is not None]
        if len({whose for _, whose in said}) == 1:
            return said[0][1]
        return ", ".join(f"{title} {whose}" for title, whose in said)

    def border(self, ship: ShipKey) -> Border | None:
        """Return the border at which it matters where an own shipment was made; None where it does not."""
        origin, destination, what, _ = ship
        found = self.borders.get((self.records.country(destination), self.records.materials[what].tariff_code))
        return found if found is not None and self.records.country(origin) in found.told else None

    def made_in(self, ship: ShipKey, lot: Lot) -> str:
        """Return in words where an own shipment of a lot was made, as its border tells it."""
        whose = lot[next(at for at, seen in enumerate(self._seen) if seen is self.border(ship))]
        return "" if whose is None else whose[0][0]

    def sending(self, ship: ShipKey) -> dict[str, Lot]:
        """Return the lots that an own shipment can be of, by their words; a way of several takes those of its wait."""
        here, made = self.lots.get((ship[0], ship[2]), {}), self._facts.made.get(ship)
        if made is None or self.licences is None:
            return dict(here)
        at, names = self._seen.index(self.licences), self.licences.names
        taken = {names.get(country, country) for country in made}
        return {words: lot for words, lot in here.items() if (whose := lot[at]) is not None and whose[0][0] in taken}


def keeps_apart(facts: Facts) -> bool:
    """Say whether goods at a point may be of little use though others are asked for: of another lot, or forbidden."""
    return any(map(counts_use, facts.records.limits.values())) or facts.once(custody).any_mixed


def custody(facts: Facts) -> Custody:
    """Return the lots of a case, for ``facts.once``."""
    return Custody(facts)


def _said(whose: Whose) -> str:
    if len(whose) == 1:
        return whose[0][0]
    return " + ".join(f"{part:.9g} {name}" for name, part in whose)
