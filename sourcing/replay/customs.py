"""Rules of origin, replayed: in which country goods are made to customs, and what own shipments of them owe."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.looks import UNTOLD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.replay.case import Records
    from sourcing.replay.facts import Facts
    from sourcing.replay.looks import Whose
    from sourcing.replay.origins import Source
    from sourcing.replay.points import ShipKey
    from sourcing.replay.records import Point, Tariff

HEADING, DIGITS, MOST_NAMED = 4, 9, 3
ANY_OTHER = "any other"
"""A country that no row of the tariffs names."""


@dataclass(frozen=True)
class Worth:
    """A row of `materials`: USD/t, none where the table does not say it."""

    material: str
    value: float | None = None


def customs_values(records: Records) -> dict[str, float]:
    """Return the USD that a tonne of each own material is worth to customs, for ``records.once``.

    What the table says; else the highest price of its offers; else what it costs to make it; else 1.
    """
    found = {row.material: row.value for row in records.table("materials", Worth) if row.value is not None}
    prices = defaultdict[str, list[float]](list)
    for offer in records.offers.values():
        prices[offer.material].append(offer.price)
    found = {what: max(*own, 0.0) for what, own in prices.items()} | found
    while new := {what: max(*costs, 0.0) for what, costs in _costs_of_making(records, found).items()}:
        found |= new
    return {what: found.get(what, 1.0) for what in records.materials}


def _costs_of_making(records: Records, known: Mapping[str, float]) -> dict[str, list[float]]:
    """Return by material of unknown worth what a tonne costs by each process of which all inputs have a known one."""
    found = defaultdict[str, list[float]](list)
    for code, process in records.processes.items():
        intake, output = records.intake(code), records.output(code)
        if intake and all(what in known for what in intake):
            cost = sum(quantity * known[what] for what, quantity in intake.items()) + process.cost
            for what in output.keys() - known.keys():
                found[what].append(cost / sum(output.values()))
    return found


def kept_input(records: Records, process: str, output: str) -> str | None:
    """Return the input whose country of making an output keeps; none where the heading changes from all inputs."""
    own = _heading(records, output)
    same = [
        (-quantity, what) for what, quantity in records.intake(process).items() if _alike(own, _heading(records, what))
    ]
    return min(same)[1] if same else None


def _heading(records: Records, material: str) -> str:
    return "".join(sign for sign in records.materials[material].tariff_code if sign != "." and not sign.isspace())[
        :HEADING
    ]


def _alike(one: str, other: str) -> bool:
    """Say whether two headings are the same as far as both are written."""
    known = min(len(one), len(other))
    return one[:known] == other[:known]


def own_tariffs(records: Records, leaves: str, enters: str, origin: str, code: str) -> list[Tariff]:
    """Return the rows that fall on own goods made in ``origin`` that go from one country to another.

    None within a country, nor within the group that levies it; none on what was made where it enters.
    """
    if enters in (leaves, origin):
        return []
    before, there, made = (records.known_as(country) for country in (leaves, enters, origin))
    return [
        row
        for row in records.tariffs
        if row.importer in there
        and (not row.importer or row.importer not in before)
        and row.origin in made
        and row.tariff_code in ("", code)
    ]


def named_origins(records: Records) -> list[str]:
    """Return the countries of making that rows of the tariffs name, by themselves or in a group, and any other."""
    named = {row.origin for row in records.tariffs} - {""}
    return [*sorted(frozenset().union(*(records.groups.get(name, frozenset({name})) for name in named))), ANY_OTHER]


class Border(NamedTuple):
    """A country that levies different duties on own goods of one tariff code by where they were made.

    It does so on what comes from the countries ``told``. Licences that follow goods are another (see ``licensed``).
    ``names`` has the words for each country of making, shared by those of which the duty, or the wait, is the same.
    """

    facts: Facts
    title: str
    told: set[str]
    counted: set[Point]
    names: Mapping[str, str]

    def holds(self, _material: str) -> bool:
        """Say that all goods matter."""
        return True

    def whose(self, source: Source | None) -> Whose:
        """Return where what a source brings was made, in words; of None nobody tells."""
        if source is None:
            return ((UNTOLD, 1.0),)
        records = self.facts.records
        made = self.facts.origin_country(source.code) if source.kind == "offer" else records.country(source.site)
        return ((self.names[made], 1.0),)

    def maker(self, words: str) -> str:
        """Return a country of making that some words stand for."""
        return next(country for country, own in self.names.items() if own == words)

    def brings(self, records: Records, process: str, output: str) -> dict[str, float]:
        """Return the input whose origin an output keeps, as all of it; nothing where it is the process's own."""
        kept = kept_input(records, process, output)
        return {} if kept is None else {kept: 1.0}


def makers(records: Records) -> list[str]:
    """Return the countries in which anything of a case is made, for ``records.once``."""
    bought = {offer.made_in or records.country(offer.site) for offer in records.offers.values()}
    return sorted(bought | {records.country(process.site) for process in records.processes.values()})


def borders(facts: Facts) -> dict[tuple[str, str], Border]:
    """Return the borders of a case by country and tariff code, in order, for ``facts.once``."""
    records, ways = facts.records, defaultdict[tuple[str, str], list["ShipKey"]](list)
    for ship in facts.ships if records.tariffs and facts.duty_follows else ():
        origin, destination, what, _ = ship
        if records.country(origin) != records.country(destination):
            ways[records.country(destination), records.materials[what].tariff_code].append(ship)
    made = records.once(makers)
    further = named_origins(records) if untold(records) else []
    found = {}
    for (enters, code), ships in sorted(ways.items()):
        leaves = sorted({records.country(ship[0]) for ship in ships})
        owed = {
            country: [_owed(facts, (place, enters), country, code) for place in leaves] for country in [*made, *further]
        }
        told = {
            place for place, *rates in zip(leaves, *owed.values(), strict=True) if any(r != rates[0] for r in rates)
        }
        points = {(ship[0], ship[2]) for ship in ships if records.country(ship[0]) in told}
        if points:
            found[enters, code] = Border(facts, f"duty {enters} {code}".rstrip(), told, points, alike(made, owed))
    return found


def together(countries: list[str]) -> str:
    """Return countries in a few words."""
    few = countries if len(countries) <= MOST_NAMED else [*countries[: MOST_NAMED - 1], f"+{len(countries) - 2}"]
    return "/".join(few)


def alike(made: list[str], owed: Mapping[str, object]) -> dict[str, str]:
    """Return the words for each country: all those of which as much is owed."""
    names = {}
    for country in made:
        names[country] = together([other for other in made if owed[other] == owed[country]])
    return names


def untold(records: Records) -> bool:
    """Say whether nobody tells of anything that is there, or on its way, who made it."""
    opening = any(stock.opening > 0 and not stock.offer for stock in records.stocks.values())
    return opening or any(not order.offer for order in records.open_orders)


def _owed(facts: Facts, way: tuple[str, str], origin: str, code: str) -> list[tuple[float, float]]:
    """Return the rates by cif and by fob in each stretch of the horizon on which no tariff changes."""
    rows = own_tariffs(facts.records, *way, origin, code)
    days = stretches(facts, 0.0, float(facts.length))
    return [tuple(round(rate, DIGITS) for rate in rates_in(facts, rows, each)) for each in days]  # type: ignore[misc]


def stretches(facts: Facts, first: float, end: float) -> list[tuple[float, float]]:
    """Cut the days from ``first`` until ``end`` since the start of the horizon where any tariff begins or ends."""
    start = facts.calendar.starts[0]
    changes = {(day - start).days for row in facts.records.tariffs for day in (row.since, row.until) if day is not None}
    edges = [first, *sorted(day for day in changes if first < day < end), end]
    return list(itertools.pairwise(edges))


def rates_in(facts: Facts, rows: list[Tariff], days: tuple[float, float]) -> tuple[float, float]:
    """Return the rates of some rows by cif and by fob on days on which none begins or ends."""
    start, found = facts.calendar.starts[0], {"cif": 0.0, "fob": 0.0}
    for row in rows:
        since = -math.inf if row.since is None else (row.since - start).days
        until = math.inf if row.until is None else (row.until - start).days
        if since <= days[0] and days[1] <= until:
            found[row.basis] += row.rate
    return found["cif"], found["fob"]
