"""The causes that an order's change can have: worked out from the records, apart from the plan's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sourcing.audit.amounts import comes_to, decides_in_whole_numbers
from sourcing.replay.dates import interval
from sourcing.replay.records import Lane, Process, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcing.audit.cells import Row
    from sourcing.audit.changes import Difference
    from sourcing.replay import Facts

    Places = set[tuple[str, str]]

_WHOLLY, _TRACE = 0.999, 0.01  # parts of what moved: enough to explain it, and too little to be told


class Cause(NamedTuple):
    """Differences that count together, the largest first, and the t that they come to (``None``: not of tonnes)."""

    first: Difference
    others: int
    tonnes: float | None

    def explains(self, moved: float) -> bool:
        """Say whether it can explain all of what moved."""
        return self.tonnes is None or self.tonnes >= _WHOLLY * moved

    def words(self, moved: float) -> str:
        """Return its sentence, with its t where they are less than what moved."""
        notes = [f"with {self.others} like it"] if self.others else []
        if self.tonnes is not None and (self.others or not self.explains(moved)):
            notes.append(f"{figure(self.tonnes)} t in all")
        return f"{self.first.words} ({' '.join(notes)})" if notes else self.first.words


def comes_to_all(causes: Iterable[Cause], moved: float) -> bool:
    """Say whether causes together can explain all of what moved."""
    tonnes = [each.tonnes for each in causes]
    return None in tonnes or sum(each or 0.0 for each in tonnes) >= _WHOLLY * moved


def figure(tonnes: float) -> str:
    """Return t with four digits, whole ones from 1,000 t on; cut to nine digits first, so that halves stay halves."""
    cut = float(f"{tonnes:.9g}")
    return f"{cut:,.0f}" if cut >= 1000 else f"{cut:.4g}"


class Causes:
    """The differences of a plan's inputs from the last plan's, the largest first, and which can move an order."""

    def __init__(self, facts: Facts, found: Iterable[Difference]) -> None:
        self._facts, self.found = facts, sorted(found, key=lambda each: -each.size)
        self._places: dict[tuple[str, str, str], Places] = {}

    def of(self, row: Row, material: str, moved: float) -> list[Cause]:
        """Return what can have moved an order by the t that went its way, else what can have moved a part of them."""
        found: dict[object, list[Difference]] = defaultdict(list)
        for at, each in enumerate(self._pulling(row, material)):
            due = each.table == "demand" and each.column in ("", "quantity")
            found[(each.site, each.material, _direction(each)) if due else at].append(each)
        causes = [self._cause(alike, row, material) for alike in found.values()]
        causes = [each for each in causes if each.tonnes is None or each.tonnes > 0]
        if able := [each for each in causes if each.explains(moved)]:
            return able
        is_trace = sum(each.tonnes or 0.0 for each in causes) < _TRACE * moved
        return [] if is_trace and not self._whole else causes

    @cached_property
    def _whole(self) -> bool:
        return decides_in_whole_numbers(self._facts)

    @cached_property
    def _rows(self) -> Counter[tuple[str, str]]:
        """How many columns of each row differ."""
        return Counter((each.table, each.record) for each in self.found)

    def _cause(self, alike: list[Difference], row: Row, material: str) -> Cause:
        tonnes = 0.0
        for each in alike:
            is_alone = self._rows[each.table, each.record] == 1
            found = comes_to(self._facts, each, is_alone=is_alone) if self._is_own(each, row, material) else None
            if found is None:
                return Cause(alike[0], len(alike) - 1, None)
            tonnes += found
        return Cause(alike[0], len(alike) - 1, tonnes)

    def _is_own(self, each: Difference, row: Row, material: str) -> bool:
        """Say whether a t of a difference is a t of what was ordered, and of nothing that is made of it."""
        offer = self._facts.records.offers.get(each.offer)
        goods = each.material or ("" if offer is None else offer.material)
        if goods or not material:
            return bool(material) and goods == material
        if each.table == "limits":
            return not self._facts.records.recipes
        return all(met == material for _, met in self._met(row, material))

    def _met(self, row: Row, material: str) -> Places:
        way = (row["offer"], row["destination"], material)
        if way not in self._places:
            self._places[way] = _touching(self._facts, row, material)
        return self._places[way]

    def _pulling(self, row: Row, material: str) -> list[Difference]:
        """Return what is somewhere that touches an order, and calls for what became of it, or may."""
        facts = self._facts
        timely = [each for each in self.found if _in_horizon(facts, each)]
        touching = [each for each in timely if _touches(facts, each, row, self._met(row, material))]
        return [each for each in touching if _calls(facts, each, row, material) * row["change"] >= 0]


def _touching(facts: Facts, row: Row, material: str) -> Places:
    """Walk from an order's two ends along lanes and through processes; return every site and material met.

    From an order whose material is not known nothing leads on.
    """
    offer = facts.records.offers.get(row["offer"])
    todo = [(row["destination"], material), ("" if offer is None else offer.site, material)]
    found, lanes, recipes = set(todo), facts.records.table("lanes", Lane), facts.records.table("recipes", Recipe)
    site_of = {process.process: process.site for process in facts.records.table("processes", Process)}
    while todo and material:
        site, goods = todo.pop()
        ends = {end for lane in lanes if lane.material in ("", goods) for end in _other_end(lane, site)}
        makes = {each.process for each in recipes if each.material == goods and site_of[each.process] == site}
        met = {(end, goods) for end in ends} | {(site, each.material) for each in recipes if each.process in makes}
        todo += met - found
        found |= met
    return found


def _other_end(lane: Lane, site: str) -> list[str]:
    return [lane.destination] * (lane.origin == site) + [lane.origin] * (lane.destination == site)


def _in_horizon(facts: Facts, each: Difference) -> bool:
    """Say whether a difference has a day in the horizon, where its codes end with its day or its period."""
    starts, ends, day = facts.calendar.starts, facts.calendar.ends, each.record.split("|")[-1]
    if each.table == "demand":
        since, until = interval(day)
        return since < ends[-1] and starts[0] < until
    begins = each.table in {"closures", "licences", "prices", "qualifications", "ramps", "tariffs"}
    return not (begins and day) or date.fromisoformat(day) < ends[-1]


def _at_border(facts: Facts, each: Difference, places: Places) -> bool:
    """Say whether what is met can leave and enter the countries of a duty or a licence."""
    one, two, three, _ = each.record.split("|")
    tariff, records = each.table == "tariffs", facts.records
    origin, importer = (two, one) if tariff else (one, three)
    for_code = {material for material, row in records.materials.items() if row.tariff_code == three}
    goods = for_code if tariff and three else {two} if two and not tariff else set(records.materials)
    met = [(site, material) for site, material in places if material in goods and site in records.sites]
    here = {records.country(site) for site, _ in met}
    made = {offer.made_in for offer in records.offers.values() if (offer.site, offer.material) in met}
    leaving, entering = here | (made - {""}), here
    return bool(met) and all(
        not name or any(name in records.known_as(country) for country in countries)
        for name, countries in ((origin, leaving), (importer, entering))
    )


def _works(facts: Facts, each: Difference) -> str:
    """Return where the process or the line runs that a difference is about, "" of anything else."""
    codes, processes = each.record.split("|"), facts.records.processes
    places = {"ramps": codes[1:3], "qualifications": codes[1:2]}
    named = places.get(each.table, codes[:1] if each.table in {"processes", "recipes", "lines"} else [])
    sites = [row.site for code in named if code for row in processes.values() if code in (row.process, row.line)]
    return sites[-1] if sites else ""


def _touches(facts: Facts, each: Difference, row: Row, places: Places) -> bool:
    if each.table in {"tariffs", "licences"}:
        return _at_border(facts, each, places)
    site, material, offer = each.site or _works(facts, each), each.material, facts.records.offers.get(each.offer)
    if each.offer and not material:
        site, material = ("", "") if offer is None else (offer.site, offer.material)
    if each.offer == row["offer"] or (site == "" and material == ""):
        return True
    sites = {site} if each.table != "lanes" else {site, each.record.split("|")[0]}
    return any((not site or at in sites) and (not material or goods == material) for at, goods in places)


def _calls(facts: Facts, each: Difference, row: Row, material: str) -> int:
    """Return 1 where a difference calls for more of an order, -1 for less, 0 where it may do either."""
    here, calls = each.site == row["destination"] and (each.table == "demand" or each.material == material), 0
    match (each.table, each.column):
        case ("offers", "price" | "preference") | ("lanes", "freight"):
            calls = -_side(facts, each, row, material)
        case ("offers" | "lanes", "" | "capacity"):
            calls = _side(facts, each, row, material)
        case ("ramps", "capacity"):
            later = date.fromisoformat(each.record.split("|")[-1]) >= facts.calendar.ends[row["node"]]
            calls = -_side(facts, each, row, material) if later else 0
        case ("demand", "" | "quantity") | ("stocks", "safety" | "safety_days" | "closing" | "cover_days"):
            calls = int(here)
        case ("stocks", "opening") | ("open_orders", "" | "quantity"):
            calls = -int(here)
    return calls * _direction(each)


def _direction(each: Difference) -> int:
    if not each.column:
        return -1 if each.before else 1
    with suppress(ValueError):
        was, now = float(each.before), float(each.after)
        return (now > was) - (now < was)
    return 0


def _side(facts: Facts, each: Difference, row: Row, material: str) -> int:
    """Return 1 where a difference is of the order's own offer or lane, -1 of one that could stand in for it, else 0."""
    if each.table == "lanes":
        origin, destination, carried, mode = each.record.split("|")
        own = facts.records.offers.get(row["offer"])
        if destination != row["destination"] or carried not in ("", material):
            return 0
        return 1 if own is not None and (own.site, row["mode"]) == (origin, mode) else -1
    if each.offer == row["offer"]:
        return 1
    other = facts.records.offers.get(each.offer)
    goods = each.material or ("" if other is None else other.material)
    return -1 if goods == material else 0
