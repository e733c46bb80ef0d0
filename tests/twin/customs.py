"""Customs: what is due on goods that enter a country, by where they were made; own goods keep that until it changes.

Plainly: own goods are of the country in which they were bought to be made, or of that of the own process of which the
tariff heading is another than those of all its inputs. Of goods that nobody knows, the most is due, day by day.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .facts import Row
    from .network import Move, Network

UNTOLD = "(not told)"
UNNAMED = "(a country that no tariff names)"


def duty(network: Network, move: Move, n: int, makers: Iterable[str]) -> float:
    """Return the duty, USD per tonne decided, on what arrives in period n (in the last one: from then on).

    Of several makers the dearest counts on each day.
    """
    worth = move.offer["price"] if move.offer else customs_value(network, move.material)
    falling = [[row for row in network.tables["tariffs"] if falls(network, row, move, maker)] for maker in makers]
    period = network.periods[n]
    after = math.inf if n == network.nodes[-1] else period.end.toordinal()
    placed, total = sum(run.after - run.first for run in move.runs), 0.0
    for run in move.runs:
        first = max(period.start.toordinal(), run.first + run.lead)
        for since, until in cut(network, first, min(after, run.after + run.lead)):
            dearest = max(sum(rate(row, since) * base(row, worth, move.freight) for row in rows) for rows in falling)
            total += dearest * (until - since) / placed
    return total


def cut(network: Network, first: float, end: float) -> Iterator[tuple[float, float]]:
    """Yield the stretches of some days on which no tariff changes."""
    dates = [row[side] for row in network.tables["tariffs"] for side in ("from", "until")]
    edges = sorted({first, *(date.toordinal() for date in dates if date and first < date.toordinal() < end)})
    for since, until in zip(edges, [*edges[1:], end], strict=True):
        if until > since:
            yield since, until


def rate(row: Row, day: float) -> float:
    begun = row["from"] is None or row["from"].toordinal() <= day
    return float(row["rate"]) if begun and (row["until"] is None or day < row["until"].toordinal()) else 0.0


def base(row: Row, worth: float, freight: float) -> float:
    return worth + (freight if row["basis"] == "cif" else 0.0)


def falls(network: Network, row: Row, move: Move | Way, maker: str) -> bool:
    """Whether a tariff falls on what a move brings, made in a country."""
    here, there = (network.sites[site]["country"] for site in (move.origin, move.destination))
    if maker == there or row["tariff_code"] not in ("", network.materials[move.material]["tariff_code"]):
        return False
    if not move.offer and (here == there or (row["importer"] and network.covers(row["importer"], here))):
        return False
    return network.covers(row["importer"], there) and network.covers(row["origin"], maker)


def makers_if_unknown(network: Network) -> list[str]:
    """Return all countries that tariffs name, and one that they do not."""
    named = {row["origin"] for row in network.tables["tariffs"]} - {""}
    return [UNNAMED, *sorted(country for name in named for country in network.groups.get(name, {name}))]


def any_on_own(network: Network) -> bool:
    """Whether own goods that cross a border could owe anything."""
    crossing = any(
        network.sites[start]["country"] != network.sites[end]["country"] for start, end, _, _ in network.sends()
    )
    return crossing and any(row["rate"] > 0 for row in network.tables["tariffs"])


@lru_cache(maxsize=8)
def any_mixed(network: Network) -> bool:
    """Whether goods of several lots can meet where own ones cross a border."""
    if not any_on_own(network):
        return False
    at = makers_at(network)
    for start, end, material, lane in network.sends():
        move = Way(material, start, end, lane["freight"])
        there = {made if made == UNTOLD else levels(network, move, made) for made in at.get((start, material), ())}
        if len(there) > 1 and len({levels(network, move, made) for made in all_makers(network)}) > 1:
            return True
    return False


class Way(NamedTuple):
    """A lane for own goods, as a move that is not dated."""

    material: str
    origin: str
    destination: str
    freight: float
    offer: Row = {}  # noqa: RUF012 - nobody writes into it


def levels(network: Network, move: Way, maker: str) -> tuple[tuple[float, float], ...]:
    """Return the rates by cif and by fob in every stretch of the horizon in which none changes."""
    rows = [row for row in network.tables["tariffs"] if falls(network, row, move, maker)]
    first, end = network.periods[0].start.toordinal(), network.periods[-1].end.toordinal()
    return tuple(
        (
            round(sum(rate(row, since) for row in rows if row["basis"] == "cif"), 9),
            round(sum(rate(row, since) for row in rows if row["basis"] != "cif"), 9),
        )
        for since, _ in cut(network, first, end)
    )


def maker_of(network: Network, offer: Row) -> str:
    return str(offer["made_in"] or network.sites[offer["site"]]["country"])


def all_makers(network: Network) -> set[str]:
    """Return where anything is made, and where what nobody knows could be."""
    found = set(makers_of_all(network))
    return found if UNTOLD not in found else (found - {UNTOLD}) | set(makers_if_unknown(network))


def makers_of_all(network: Network) -> list[str]:
    """Return where anything is made, in order; (not told) is the last."""
    found = {maker_of(network, offer) for offer in network.offers.values()}
    found |= {network.sites[row["site"]]["country"] for row in network.processes.values()}
    opening = [row for row in network.tables["stocks"] if row["opening"] > 0]
    known = all(row["offer"] for row in [*network.tables["open_orders"], *opening])
    return sorted(found) if known else [*sorted(found), UNTOLD]


def makers_at(network: Network) -> dict[tuple[str, str], set[str]]:
    """Return where what can be at each point was made."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for offer in network.offers.values():
        for end, _ in network.ends(offer):
            found[end, offer["material"]].add(maker_of(network, offer))
    there = [row for row in network.tables["stocks"] if row["opening"] > 0]
    for row in [*there, *network.tables["open_orders"]]:
        known = network.offers.get(row["offer"])
        found[row["site"], row["material"]].add(maker_of(network, known) if known else UNTOLD)
    size = -1
    while size != (size := sum(map(len, found.values()))):
        for start, end, material, _ in network.sends():
            found[end, material] |= found[start, material]
        for name, row in network.processes.items():
            for output in network.outputs(name):
                of = kept(network, name, output)
                own = {network.sites[row["site"]]["country"]}
                found[row["site"], output] |= own if of is None else found[row["site"], of]
    return found


def kept(network: Network, process: str, output: str) -> str | None:
    """Return the input whose country an output of a process keeps."""

    def begins(material: str) -> str:
        return network.materials[material]["tariff_code"].replace(".", "").replace(" ", "")[:4]

    own = begins(output)
    alike = [
        (-taken, what)
        for what, taken in network.inputs(process).items()
        if own.startswith(begins(what)) or begins(what).startswith(own)
    ]
    return min(alike)[1] if alike else None


def customs_value(network: Network, material: str) -> float:
    """Return what a tonne of own goods is worth: as written, as offered at most, or as it costs to make."""
    known = {name: row["value"] for name, row in network.worth.items() if row["value"] is not None}
    for name in network.worth.keys() - known.keys():
        prices = [offer["price"] for offer in network.offers.values() if offer["material"] == name]
        if prices:
            known[name] = max(0.0, *prices)
    while True:
        made: dict[str, float] = {}
        for process, row in network.processes.items():
            inputs, outputs = network.inputs(process), network.outputs(process)
            if inputs and inputs.keys() <= known.keys():
                cost = row["cost"] + sum(known[what] * taken for what, taken in inputs.items())
                for what in outputs.keys() - known.keys():
                    made[what] = max(made.get(what, 0.0), cost / sum(outputs.values()))
        if not made:
            return float(known.get(material, 1.0))
        known |= made
