"""The terms of contracts: their windows, what they ask for there, where they may serve, what they have to bring."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from .facts import year_fraction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network, Point


class Term(NamedTuple):
    """A window of a contract: its nodes, and the t it asks for at least and at most (None: no maximum)."""

    contract: Row
    nodes: list[int]
    least: float
    most: float | None

    @property
    def key(self) -> tuple[str, int]:
        return self.contract["contract"], self.nodes[-1]


def terms(network: Network) -> list[Term]:
    """Return the windows of all contracts, day by day."""
    return [term for contract in network.tables["contracts"] for term in terms_of(network, contract)]


def terms_of(network: Network, contract: Row) -> Iterator[Term]:
    first = contract["from"] or network.periods[0].start
    last = contract["until"] or network.periods[-1].end
    nodes: dict[int, list[int]] = defaultdict(list)
    parts: dict[int, float] = defaultdict(float)
    for n, period in enumerate(network.periods):
        days = [day for d in range(period.days) if first <= (day := period.start + timedelta(days=d)) < last]
        if days:
            window = days[0].year if contract["per"] == "year" else 0
            nodes[window].append(n)
            each = [year_fraction(day, day + timedelta(days=1)) for day in days]
            parts[window] += sum(each) if contract["per"] == "year" else len(days) / (last - first).days
    for window, inside in nodes.items():
        most = None if contract["maximum"] is None else contract["maximum"] * parts[window]
        yield Term(contract, inside, (contract["minimum"] or 0.0) * parts[window], most)


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
