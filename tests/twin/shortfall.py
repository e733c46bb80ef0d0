"""What may stay short, and the rows of limits on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from .accounts import windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .accounts import Window
    from .facts import Row
    from .network import Network

Key = tuple[str, str, int]


def looked_at(network: Network, limit: Row, window: Window) -> list[Key]:
    """Return the demand that a limit on shortage counts in a window."""
    return [
        (site, material, n)
        for site, material, n in network.demand
        if n in window.parts and limit["site"] in ("", site) and limit["material"] in ("", material)
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
        for window in windows(network, limit)
        for key in looked_at(network, limit, window)
    }
    return [key for key in network.demand if key in counted]


def shortage(network: Network, short: Any, limit: Row) -> Iterator[tuple[tuple[str, int], Any, float]]:
    """Yield what the key ends with, body and bound of a limit's rows, over what a tonne due counts for on average."""
    for window in windows(network, limit):
        keys = [key for key in looked_at(network, limit, window) if key in short]
        if keys:
            weight = dict.fromkeys(keys, 1.0)
            if limit["counted_in"] == "weighted":
                weight = {key: network.priority[key] * network.materials[key[1]]["value"] for key in keys}
            due = {key: window.parts[key[-1]] * network.demand[key] for key in keys}
            mean = sum(weight[key] * due[key] for key in keys) / sum(due.values())
            body = pyo.quicksum(window.parts[key[-1]] * weight[key] / mean * short[key] for key in keys)
            yield window.end, body, limit["value"] / mean
