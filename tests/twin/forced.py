"""What minimum numbers of suppliers may force to be bought, whether or not it is needed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from .accounts import lens_of_offer, lens_of_process, reaches, weight, windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network, Point

    Groups = list[tuple[str, float]]


def forced(network: Network) -> dict[Point, float]:
    """Return t by point: all that a minimum asks for, by its smallest part of a period in each window."""
    found: dict[Point, float] = defaultdict(float)
    for limit in network.limits:
        if limit["measure"] in {"suppliers", "destinations"} and limit["sense"] == "min" and limit["counts"] != "use":
            tonnes = (
                limit["at_least"] * limit["value"] * sum(1 / min(w.parts.values()) for w in windows(network, limit))
            )
            least: dict[Point, float] = {}
            for site, material, groups in arriving(network, limit):
                part = weight(network, limit, material, site) * smallest(network, limit, groups)
                if part > 0:
                    least[site, material] = min(part, least.get((site, material), part))
            for point, part in least.items():
                found[point] += tonnes / part
    return found


def smallest(network: Network, limit: Row, groups: Groups) -> float:
    """Return the smallest part that counts for anybody: so much more has to come to bring a tonne of it; 1 for none."""
    inside = network.groups.get(limit["member"], {limit["member"]})
    parts = [part for group, part in groups if part > 0 and (not limit["member"] or group in inside)]
    if limit["measure"] == "destinations" and limit["member"] and parts:
        return sum(parts)
    return min(parts, default=1.0)


def arriving(network: Network, limit: Row) -> Iterator[tuple[str, str, Groups]]:
    """Yield where something bought, awaited or made comes in at the limit's stage, and whose it is."""
    stage = limit["stage"]
    for offer in network.offers.values():
        for destination, _ in network.ends(offer):
            if not stage or reaches(network, offer["material"], stage):
                yield destination, offer["material"], lens_of_offer(network, limit, offer, offer["material"])
    for order in network.tables["open_orders"]:
        if not stage or reaches(network, order["material"], stage):
            groups = [("unknown", 1.0)]
            if order["offer"]:
                groups = lens_of_offer(network, limit, network.offers[order["offer"]], order["material"])
            yield order["site"], order["material"], groups
    for name, process in network.processes.items() if stage else ():
        if not any(reaches(network, taken, stage) for taken in network.inputs(name)):
            for made in network.outputs(name):
                if reaches(network, made, stage):
                    yield process["site"], made, lens_of_process(network, limit["by"], process)
