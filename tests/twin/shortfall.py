"""What may stay short, and the rows of limits on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from .accounts import windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network

Key = tuple[str, str, int]


def looked_at(network: Network, limit: Row, nodes: list[int]) -> list[Key]:
    """Return the demand that a limit on shortage counts in a window."""
    return [
        (site, material, n)
        for site, material, n in network.demand
        if n in nodes and limit["site"] in ("", site) and limit["material"] in ("", material)
    ]


def may_be_short(network: Network) -> list[Key]:
    """Return the demand that need not be met: all, none, or what some limit on shortage counts."""
    if network.question.shortage == "none":
        return []
    if network.question.shortage != "limited":
        return list(network.demand)
    counted = {
        key
        for limit in network.limits
        if limit["measure"] == "shortage"
        for nodes in windows(network, limit)
        for key in looked_at(network, limit, nodes)
    }
    return [key for key in network.demand if key in counted]


def shortage(network: Network, short: Any, limit: Row) -> Iterator[tuple[int, Any, float]]:
    """Yield last node, body and bound of a limit's rows, both divided by what a tonne due counts for on average."""
    for nodes in windows(network, limit):
        keys = [key for key in looked_at(network, limit, nodes) if key in short]
        if keys:
            weight = dict.fromkeys(keys, 1.0)
            if limit["counted_in"] == "weighted":
                weight = {key: network.priority[key] * network.materials[key[1]]["value"] for key in keys}
            due = {key: network.demand[key] for key in keys}
            mean = sum(weight[key] * due[key] for key in keys) / sum(due.values())
            body = pyo.quicksum(weight[key] / mean * short[key] for key in keys)
            yield nodes[-1], body, limit["value"] / mean
