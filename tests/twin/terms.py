"""The terms of contracts: their windows, what they ask for there, where they may serve, what they have to bring."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from .facts import year_fraction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from .facts import Row
    from .network import Network, Point


class Term(NamedTuple):
    """A window of a contract: its name and nodes, the part of a node's calls that is its, what it asks for at least
    and at most (t, None: no maximum).
    """

    contract: Row
    window: str
    nodes: list[int]
    called: dict[int, float]
    least: float
    most: float | None

    @property
    def key(self) -> tuple[str, str, int]:
        return self.contract["contract"], self.window, self.nodes[-1]


def terms(network: Network) -> list[Term]:
    """Return the windows of all contracts, day by day."""
    return [term for contract in network.tables["contracts"] for term in terms_of(network, contract)]


def terms_of(network: Network, contract: Row) -> Iterator[Term]:
    first = contract["from"] or network.periods[0].start
    last = contract["until"] or network.periods[-1].end
    days: dict[str, dict[int, list[date]]] = defaultdict(lambda: defaultdict(list))
    for n, period in enumerate(network.periods):
        for day in (period.start + timedelta(days=d) for d in range(period.days)):
            if first <= day < last:
                days[str(day.year) if contract["per"] == "year" else "term"][n].append(day)
    for window, of in days.items():
        every = [day for inside in of.values() for day in inside]
        yearly = sum(year_fraction(day, day + timedelta(days=1)) for day in every)
        part = yearly if contract["per"] == "year" else len(every) / (last - first).days
        called = {n: sum(may_call(network, contract, day) for day in inside) for n, inside in of.items()}
        all_of = {n: sum(may_call(network, contract, day) for each in days.values() for day in each[n]) for n in of}
        shares = {n: number / all_of[n] for n, number in called.items() if number}
        most = None if contract["maximum"] is None else contract["maximum"] * part
        yield Term(contract, window, sorted(of), shares, (contract["minimum"] or 0.0) * part, most)


def may_call(network: Network, contract: Row, day: date) -> bool:
    """Whether the contract's offer is open on a day."""
    offer = network.offers[contract["offer"]]
    return (offer["start"] or day) <= day and (offer["end"] is None or day < offer["end"])


def brought(network: Network) -> dict[Point, float]:
    """Return what minimums that have to be taken may bring to a point."""
    found: dict[Point, float] = defaultdict(float)
    for term in terms(network):
        if term.contract["take_or_pay"] is None:
            offer = network.offers[term.contract["offer"]]
            for destination in {end for end, _ in network.ends(offer)}:
                if not serves(network, term.contract["contract"], (destination, offer["material"])):
                    continue
                found[destination, offer["material"]] += term.least
    return found


def serves(network: Network, contract: str, point: Point) -> bool:
    """Whether nothing at the point could get to a site that the contract excludes."""
    shut = {row["site"] for row in network.tables["exclusions"] if row["contract"] == contract}
    if not shut:
        return True
    steps = {((move.origin, move.material), (move.destination, move.material)) for move in network.ships.values()}
    for name, row in network.processes.items():
        steps |= {((row["site"], a), (row["site"], b)) for a in network.inputs(name) for b in network.outputs(name)}
    reached: set[Point] = {point}
    while more := {end for start, end in steps if start in reached} - reached:
        reached |= more
    return not shut & {site for site, _ in reached}
