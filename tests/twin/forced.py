"""What minimum numbers of suppliers may force to be bought, whether or not it is needed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from .accounts import reaches, weight, windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network, Point


def forced(network: Network) -> dict[Point, float]:
    """Return t by point: all that a minimum asks for, in every window, wherever it counts anything."""
    found: dict[Point, float] = defaultdict(float)
    for limit in network.limits:
        if limit["measure"] in {"suppliers", "destinations"} and limit["sense"] == "min":
            tonnes = limit["at_least"] * limit["value"] * len(windows(network, limit))
            for site, material in set(arriving(network, limit)):
                part = weight(network, limit, material, site)
                if part > 0:
                    found[site, material] += tonnes / part
    return found


def arriving(network: Network, limit: Row) -> Iterator[Point]:
    """Yield the points where something bought, awaited or made comes in at the limit's stage."""
    stage = limit["stage"]
    for offer in network.offers.values():
        for destination, _ in network.ends(offer):
            if not stage or reaches(network, offer["material"], stage):
                yield destination, offer["material"]
    for order in network.tables["open_orders"]:
        if not stage or reaches(network, order["material"], stage):
            yield order["site"], order["material"]
    for name, process in network.processes.items() if stage else ():
        if not any(reaches(network, taken, stage) for taken in network.inputs(name)):
            for made in network.outputs(name):
                if reaches(network, made, stage):
                    yield process["site"], made
