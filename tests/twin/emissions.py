"""What limits on carbon and on the average lead time count: (node, group, amount, column) over the model's columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .accounts import Counted, lens_of_offer, reaches, weight
from .facts import arrival_shares

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network

Columns = dict[str, Any]


def carbon(network: Network, columns: Columns, limit: Row) -> Iterator[Counted]:
    """Yield t CO2e per unit of every column the limit counts; own doing only where all is counted together."""

    def counts(site: str, *materials: str) -> bool:
        return limit["site"] in ("", site) and (not limit["material"] or limit["material"] in materials)

    for key, move in network.buys.items():
        rate = (move.offer["carbon"] or 0.0) + ((move.lane or {}).get("carbon") or 0.0)
        for group, part in (
            lens_of_offer(network, limit, move.offer, move.material) if counts(key[1], move.material) else ()
        ):
            for n, share in move.arrives.items():
                yield Counted(n, group, rate * part * share, columns["buy"][key])
    for order, n in network.open_orders:
        if order["offer"] and counts(order["site"], order["material"]):
            offer = network.offers[order["offer"]]
            for group, part in lens_of_offer(network, limit, offer, order["material"]):
                yield Counted(n, group, (offer["carbon"] or 0.0) * part * order["quantity"], 1.0)
    if limit["by"]:
        return
    for key, move in network.ships.items():
        for n, share in move.arrives.items() if counts(move.destination, move.material) else ():
            yield Counted(n, "", (move.lane["carbon"] or 0.0) * share, columns["ship"][key])  # type: ignore[index]
    for name, m in network.makes:
        process = network.processes[name]
        if counts(process["site"], *network.outputs(name)):
            yield Counted(m, "", process["carbon"] or 0.0, columns["make"][name, m])


def waits(network: Network, columns: Columns, limit: Row) -> Iterator[tuple[Counted, float]]:
    """Yield the tonnes that arrive of every purchase the limit counts, and the days since their order."""
    for key, move in network.buys.items():
        if limit["stage"] and not reaches(network, move.material, limit["stage"]):
            continue
        tonnes = weight(network, limit, move.material, move.destination)
        for group, part in lens_of_offer(network, limit, move.offer, move.material):
            for run in move.runs:
                placed = (run.after - run.first) / sum(each.after - each.first for each in move.runs)
                for n, share in arrival_shares(network.periods, [run])[0].items():
                    yield Counted(n, group, tonnes * part * placed * share, columns["buy"][key]), run.lead
